"""Promises: dated, by name, kept or openly changed."""

from datetime import datetime

import pytest
from time_machine import TimeMachineFixture

from people.errors import Incomplete, NotYours
from tests.cast import Cast, entries, in_hours
from tests.invariants import broken_invariants
from tickets import errors, promises, resolution
from tickets.models import Promise, Ticket
from tickets.states import Outcome


def promise(cast: Cast, ticket: Ticket, due_at: datetime | None = None) -> Promise:
    """Return a promise of Alice's."""
    return promises.make(ticket=ticket.pk, by=cast.alice, what="A call back.", due_at=due_at or in_hours(0.5))


def test_a_promise_is_due_by_somebody(cast: Cast, ticket: Ticket) -> None:
    made = promise(cast, ticket)
    ticket.refresh_from_db()
    assert (made.made_by, made.state, made.first_due_at) == (cast.alice, "open", made.due_at)
    assert made.what.content == {"what": "A call back."}
    assert (ticket.next_due_at, ticket.next_due_kind) == (made.due_at, "promise")
    assert entries(ticket) == ["opened", "promised"]


def test_what_falls_due_first_is_due_next(cast: Cast, ticket: Ticket) -> None:
    promise(cast, ticket, in_hours(9))
    ticket.refresh_from_db()
    assert ticket.next_due_kind == "acknowledge"
    first, _ = promise(cast, ticket, in_hours(0.2)), promise(cast, ticket, in_hours(0.4))
    ticket.refresh_from_db()
    assert ticket.next_due_at == first.due_at
    assert broken_invariants() == []


def test_a_promise_is_about_the_future(cast: Cast, ticket: Ticket) -> None:
    with pytest.raises(Incomplete) as refused:
        promise(cast, ticket, in_hours(-1))
    assert list(refused.value.fields) == ["due_at"]


def test_a_ticket_that_is_over_promises_nothing(cast: Cast, ticket: Ticket) -> None:
    resolution.close(ticket=ticket.pk, by=cast.alice, outcome=Outcome.SPAM)
    with pytest.raises(errors.StateDoesNotAllow):
        promise(cast, ticket)


@pytest.mark.parametrize("who", ["ada", "form"])
def test_nobody_from_outside_the_team_promises(cast: Cast, ticket: Ticket, who: str) -> None:
    assert promises.make(ticket=ticket.pk, by=cast.maya, what="A call back.", due_at=in_hours(1))
    with pytest.raises(NotYours):
        promises.make(ticket=ticket.pk, by=getattr(cast, who), what="A call back.", due_at=in_hours(1))


def test_kept_in_time_or_late_is_written_down(cast: Cast, ticket: Ticket, time_machine: TimeMachineFixture) -> None:
    in_time, late = promise(cast, ticket, in_hours(2)), promise(cast, ticket, in_hours(1))
    time_machine.move_to(in_hours(1.5))
    for made in (in_time, late):
        assert promises.keep(promise=made.pk, by=cast.alice).state == "kept"
    assert [entry.data["in_time"] for entry in ticket.entries.filter(kind="promise_kept").order_by("pk")] == [
        True,
        False,
    ]
    assert broken_invariants() == []


def test_the_new_owner_keeps_what_the_first_promised(cast: Cast, ticket: Ticket) -> None:
    made = promise(cast, ticket)
    cast.hand(ticket, cast.bob)
    with pytest.raises(NotYours):
        promises.keep(promise=made.pk, by=cast.alice)
    assert promises.keep(promise=made.pk, by=cast.bob).made_by == cast.alice


def test_renegotiated_the_first_time_stays(cast: Cast, ticket: Ticket) -> None:
    made, later, latest = promise(cast, ticket), in_hours(9), in_hours(20)
    promises.renegotiate(promise=made.pk, by=cast.alice, due_at=later, told="By telephone.")
    changed = promises.renegotiate(promise=made.pk, by=cast.alice, due_at=latest, told="By mail.")
    entry = ticket.entries.filter(kind="promise_renegotiated").latest("pk")
    assert (changed.due_at, changed.first_due_at, changed.renegotiations) == (latest, made.due_at, 2)
    assert (entry.data["was"], entry.data["due_at"]) == (later.isoformat(), latest.isoformat())
    assert entry.text is not None
    assert entry.text.content == {"told": "By mail."}


def test_it_is_not_renegotiated_into_the_past(cast: Cast, ticket: Ticket) -> None:
    with pytest.raises(Incomplete):
        promises.renegotiate(promise=promise(cast, ticket).pk, by=cast.alice, due_at=in_hours(-1), told="By mail.")


def test_withdrawn_with_a_reason(cast: Cast, ticket: Ticket) -> None:
    made = promises.withdraw(promise=promise(cast, ticket).pk, by=cast.alice, reason="She wants no call.")
    entry = ticket.entries.get(kind="promise_withdrawn")
    assert entry.text is not None
    assert (made.state, entry.text.content) == ("withdrawn", {"reason": "She wants no call."})


def test_a_promise_ends_once(cast: Cast, ticket: Ticket) -> None:
    made = promise(cast, ticket)
    promises.keep(promise=made.pk, by=cast.alice)
    for change in (
        lambda: promises.keep(promise=made.pk, by=cast.alice),
        lambda: promises.withdraw(promise=made.pk, by=cast.alice, reason="No call."),
        lambda: promises.renegotiate(promise=made.pk, by=cast.alice, due_at=in_hours(3), told="By mail."),
    ):
        with pytest.raises(errors.PromiseHasEnded):
            change()


def test_a_promise_that_does_not_exist_is_not_found(cast: Cast) -> None:
    with pytest.raises(errors.UnknownPromise):
        promises.keep(promise=0, by=cast.alice)


def test_a_colleague_promises_and_keeps_what_they_do_themselves(cast: Cast, ticket: Ticket) -> None:
    theirs = promises.make(ticket=ticket.pk, by=cast.bob, what="I send her the form.", due_at=in_hours(2))
    owners = promises.make(ticket=ticket.pk, by=cast.alice, what="I call her.", due_at=in_hours(2))
    promises.keep(promise=theirs.pk, by=cast.bob)
    with pytest.raises(NotYours):
        promises.keep(promise=owners.pk, by=cast.bob)
    ticket.refresh_from_db()
    assert ticket.owner == cast.alice
