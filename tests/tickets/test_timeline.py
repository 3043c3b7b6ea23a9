"""The timeline: every verb leaves its entry, and says when it happened and when it was written down."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from time_machine import TimeMachineFixture

from handoffs import (
    answers,
    approvals,
    claims,
    departures,
    expiry,
    help_requests,
    manager_requests,
    offers,
    ringing,
    takeovers,
)
from handoffs.protocol import Reason
from tests.cast import PACKET, READ_BACK, Cast, in_hours
from tests.scene import Scene, make_scene
from tickets import (
    climbing,
    contacts,
    customers,
    duplicates,
    errors,
    flags,
    holds,
    ownership,
    promises,
    resolution,
    timeline,
)
from tickets.bounces import Finding
from tickets.kinds import EntryKind, FlagKind, HoldKind, Level
from tickets.models import Ticket
from tickets.states import Outcome

LIVE = {"need": "Her money back.", "next_action": "Carol rings the bank."}
REST = {"expectation": "An answer today.", "history": "She called before."}


def _offer(scene: Scene, **details: object) -> int:
    said = {"packet": PACKET, "reason": Reason.SKILL, "to": scene.cast.carol, **details}
    return offers.offer(ticket=scene.moved.pk, by=scene.cast.bob, **said).pk  # type: ignore[arg-type]


def _completed(scene: Scene) -> None:
    live = _offer(scene, packet=LIVE, on_call=True)
    answers.complete(handoff=live, by=scene.cast.bob, **REST)


def _third(scene: Scene) -> int:
    scene.cast.hand(scene.moved, scene.cast.carol)
    return scene.cast.offer(scene.moved, scene.cast.luis).pk


def _climbed(scene: Scene) -> None:
    _third(scene)
    expiry.sweep(at=in_hours(4.1))


def _flag_climbed(scene: Scene) -> None:
    flags.raise_for(scene.moved, [Finding(FlagKind.PING_PONG, Level.RED)], at=timezone.now())
    climbing.sweep(at=in_hours(1.1))


def _claim(scene: Scene) -> int:
    return claims.claim(
        ticket=scene.moved.pk, by=scene.cast.carol, read_back=READ_BACK, next_contact_at=in_hours(2)
    ).pk


def _duplicate(scene: Scene) -> None:
    resolution.close(
        ticket=scene.asked.pk,
        by=scene.cast.alice,
        outcome=Outcome.DUPLICATE_OF,
        duplicate_of=scene.moved.pk,
        root_cause="x",
    )


def _linked(scene: Scene) -> None:
    answers.withdraw(handoff=scene.offer.pk, by=scene.cast.alice)
    _duplicate(scene)
    duplicates.confirm(ticket=scene.asked.pk, by=scene.cast.bob, yes=True)


def _declined_duplicate(scene: Scene) -> None:
    _duplicate(scene)
    duplicates.confirm(ticket=scene.asked.pk, by=scene.cast.bob, yes=False)


def _resolved(scene: Scene) -> None:
    for promise in scene.moved.promises.filter(state="open"):
        promises.keep(promise=promise.pk, by=scene.cast.bob)
    resolution.resolve(
        ticket=scene.moved.pk, by=scene.cast.bob, resolution="Paid.", root_cause="x", customer_agreed=True
    )


def _found(level: Level, kind: FlagKind = FlagKind.BOUNCED) -> Callable[[Scene], object]:
    return lambda scene: flags.raise_for(scene.moved, [Finding(kind, level)], at=timezone.now())


SOON, LATER = in_hours(1), in_hours(30)

# What is done, on which ticket of the scene, and the one entry that it leaves last.
VERBS: list[tuple[EntryKind, str, Callable[[Scene], object]]] = [
    (
        EntryKind.DETAILS_CHANGED,
        "moved",
        lambda s: ownership.edit(ticket=s.moved.pk, by=s.cast.bob, severity="critical"),
    ),
    (
        EntryKind.ACKNOWLEDGED,
        "asked",
        lambda s: contacts.acknowledge(
            ticket=s.asked.pk, by=s.cast.alice, message="Mine.", next_contact_at=in_hours(3)
        ),
    ),
    (EntryKind.NOTE, "moved", lambda s: contacts.note(ticket=s.moved.pk, by=s.cast.bob, text="Still there.")),
    (EntryKind.CONTACT, "moved", lambda s: contacts.contact(ticket=s.moved.pk, by=s.cast.bob, direction="inbound")),
    (EntryKind.HOLD_STARTED, "moved", lambda s: holds.start(ticket=s.moved.pk, by=s.cast.bob, kind=HoldKind.TICKET)),
    (EntryKind.HOLD_EXTENDED, "moved", lambda s: holds.extend(hold=s.hold.pk, by=s.cast.bob, return_by=in_hours(0.8))),
    (EntryKind.HOLD_ENDED, "moved", lambda s: holds.end(hold=s.hold.pk, by=s.cast.bob)),
    (
        EntryKind.PROMISED,
        "moved",
        lambda s: promises.make(ticket=s.moved.pk, by=s.cast.bob, what="A call.", due_at=SOON),
    ),
    (EntryKind.FLAG_CLIMBED, "moved", lambda s: _flag_climbed(s)),
    (EntryKind.MANAGER_ASKED, "asked", lambda s: manager_requests.ask(ticket=s.asked.pk, by=s.cast.alice)),
    (EntryKind.MANAGER_RUNG, "moved", lambda s: ringing.sweep(at=in_hours(0.04))),
    (
        EntryKind.MANAGER_ANSWERED,
        "moved",
        lambda s: manager_requests.answer(manager_request=s.wanted.pk, by=s.cast.maya, answer="It is paid today."),
    ),
    (
        EntryKind.MANAGER_UNASKED,
        "moved",
        lambda s: manager_requests.withdraw(manager_request=s.wanted.pk, by=s.cast.bob, reason="She is content."),
    ),
    (EntryKind.PROMISE_KEPT, "moved", lambda s: promises.keep(promise=s.promise.pk, by=s.cast.bob)),
    (
        EntryKind.PROMISE_RENEGOTIATED,
        "moved",
        lambda s: promises.renegotiate(promise=s.promise.pk, by=s.cast.bob, due_at=LATER, told="By mail."),
    ),
    (
        EntryKind.PROMISE_WITHDRAWN,
        "moved",
        lambda s: promises.withdraw(promise=s.promise.pk, by=s.cast.bob, reason="No call wanted."),
    ),
    (EntryKind.FLAG_RAISED, "moved", _found(Level.AMBER, FlagKind.PING_PONG)),
    (EntryKind.FLAG_ROSE, "moved", _found(Level.RED)),
    (EntryKind.FLAG_TAKEN_ON, "moved", lambda s: flags.take_on(flag=s.flag.pk, by=s.cast.maya)),
    (EntryKind.FLAG_CLOSED, "moved", lambda s: flags.close(flag=s.flag.pk, by=s.cast.maya, note="Spoke with Bob.")),
    (EntryKind.RESOLVED, "moved", _resolved),
    (EntryKind.REOPENED, "spam", lambda s: resolution.reopen(ticket=s.spam.pk, by=s.cast.bob, reason="No spam.")),
    (EntryKind.DUPLICATE_PROPOSED, "asked", _duplicate),
    (EntryKind.DUPLICATE_DECLINED, "asked", _declined_duplicate),
    (EntryKind.DUPLICATE_LINKED, "moved", _linked),
    (EntryKind.CLOSED, "asked", _linked),
    (EntryKind.HANDOFF_REQUESTED, "moved", _third),
    (EntryKind.HANDOFF_APPROVED, "moved", lambda s: approvals.approve(handoff=_third(s), by=s.cast.maya)),
    (
        EntryKind.HANDOFF_REFUSED,
        "moved",
        lambda s: approvals.refuse(handoff=_third(s), by=s.cast.maya, reason="Bob is the one who knows the bank."),
    ),
    (EntryKind.APPROVAL_CLIMBED, "moved", _climbed),
    (EntryKind.HANDOFF_OFFERED, "moved", _offer),
    (EntryKind.HANDOFF_CLAIMED, "moved", _claim),
    (EntryKind.HANDOFF_ACCEPTED, "moved", lambda s: claims.release(handoff=_claim(s), by=s.cast.bob)),
    (EntryKind.HANDOFF_ACCEPTED, "asked", lambda s: s.cast.accept(s.offer)),
    (
        EntryKind.HANDOFF_DECLINED,
        "asked",
        lambda s: answers.decline(handoff=s.offer.pk, by=s.cast.bob, reason="No access to the bank."),
    ),
    (EntryKind.HANDOFF_WITHDRAWN, "asked", lambda s: answers.withdraw(handoff=s.offer.pk, by=s.cast.alice)),
    (EntryKind.HANDOFF_EXPIRED, "asked", lambda s: expiry.expire(handoff=s.offer.pk, at=in_hours(9))),
    (EntryKind.HANDOFF_COMPLETED, "moved", _completed),
    (
        EntryKind.HANDOFF_CORRECTED,
        "moved",
        lambda s: answers.correct(handoff=s.accepted.pk, by=s.cast.alice, correction="The card issuer."),
    ),
    (
        EntryKind.TAKEN_OVER,
        "moved",
        lambda s: takeovers.take_over(ticket=s.moved.pk, by=s.cast.maya, reason="Too slow."),
    ),
    (EntryKind.INHERITED, "moved", lambda s: departures.leave(person=s.cast.bob.pk, by=s.cast.adam)),
    (
        EntryKind.HELP_ASKED,
        "moved",
        lambda s: help_requests.ask(
            ticket=s.moved.pk, by=s.cast.bob, asked=s.cast.lars, question="Which depot?", answer_by=SOON
        ),
    ),
    (
        EntryKind.HELP_ANSWERED,
        "moved",
        lambda s: help_requests.answer(help_request=s.question.pk, by=s.cast.luis, answer="At Hull."),
    ),
    (EntryKind.HELP_WITHDRAWN, "moved", lambda s: help_requests.withdraw(help_request=s.question.pk, by=s.cast.bob)),
    (
        EntryKind.CUSTOMER_FORGOTTEN,
        "moved",
        lambda s: customers.forget(customer=s.cast.customer.pk, by=s.cast.adam),
    ),
]


@pytest.mark.django_db
def test_every_verb_leaves_its_entry(subtests: pytest.Subtests) -> None:
    scene = make_scene()
    for kind, name, act in VERBS:
        ticket: Ticket = getattr(scene, name)
        with subtests.test(str(kind)), transaction.atomic():
            before = ticket.entries.latest("pk").pk
            act(scene)
            written = list(ticket.entries.filter(pk__gt=before).order_by("pk").values_list("kind", flat=True))
            assert written.count(kind) == 1
            # What the rules find is written after what they find it in.
            assert kind.startswith("flag_") or [one for one in written if not one.startswith("flag_")][-1] == kind
            transaction.set_rollback(True)


def test_every_kind_of_entry_is_left_by_some_verb() -> None:
    assert {kind for kind, _, _ in VERBS} == set(EntryKind) - {
        EntryKind.OPENED,
        EntryKind.IMPORTED,
        EntryKind.FLAG_CLEARED,
        # What telephone systems tell: tests/phones.
        EntryKind.CALL_LINKED,
        EntryKind.CALL_UNLINKED,
        EntryKind.CALL_ENDED,
        EntryKind.CALL_CORRECTED,
    }


def test_an_entry_is_never_changed_and_never_deleted(ticket: Ticket) -> None:
    entry = ticket.entries.get()
    entry.kind = EntryKind.NOTE
    for change in (entry.save, entry.delete):
        with pytest.raises(IntegrityError, match="never changed and never deleted"), transaction.atomic():
            change()


def test_what_is_written_down_late_says_so(cast: Cast, ticket: Ticket) -> None:
    earlier = in_hours(-3)
    contacts.note(ticket=ticket.pk, by=cast.alice, text="She called while we were closed.", at=earlier)
    entry = ticket.entries.get(kind="note")
    assert entry.at == earlier
    assert entry.recorded_at - entry.at >= timedelta(hours=3)


def test_who_and_what_stand_in_the_entry_as_data(cast: Cast, ticket: Ticket) -> None:
    entry = ticket.entries.get()
    assert entry.by == cast.alice
    assert entry.data == {"owner": "alice", "because": "opened_it", "team": "billing", "channel": "phone"}


def test_a_verb_never_happens_before_the_present_tenure(cast: Cast, time_machine: TimeMachineFixture) -> None:
    ticket = cast.open_ticket()
    time_machine.move_to(ticket.owner_since - timedelta(minutes=5), tick=False)
    contacts.note(ticket=ticket.pk, by=cast.alice, text="A clock runs behind.")
    assert ticket.entries.get(kind="note").at == ticket.owner_since


@pytest.mark.parametrize("seconds", [-60, 60])
def test_ownership_moves_neither_before_the_tenure_nor_in_the_future(
    cast: Cast, ticket: Ticket, time_machine: TimeMachineFixture, seconds: int
) -> None:
    time_machine.move_to(ticket.owner_since, tick=False)
    at = ticket.owner_since + timedelta(seconds=seconds)
    with pytest.raises(errors.BeforeTheTenure):
        cast.offer(ticket, cast.bob, at=at)
    with pytest.raises(errors.BeforeTheTenure):
        takeovers.take_over(ticket=ticket.pk, by=cast.maya, reason="Too slow.", at=at)


def test_a_move_may_be_reported_afterwards_within_the_tenure(cast: Cast) -> None:
    ticket, moved_at = cast.open_ticket(at=in_hours(-9)), in_hours(-5)
    assert takeovers.take_over(ticket=ticket.pk, by=cast.maya, reason="Too slow.", at=moved_at).owner_since == moved_at


@pytest.mark.parametrize("hours", [1, -25])
def test_over_the_api_one_reports_a_day_back_and_nothing_ahead(hours: float) -> None:
    with pytest.raises(errors.NotSoLate):
        timeline.moment_reported(in_hours(hours))


def test_over_the_api_one_may_report_yesterday_evening() -> None:
    evening = in_hours(-20)
    assert timeline.moment_reported(evening) == evening
    assert timeline.moment_reported(None) is None
