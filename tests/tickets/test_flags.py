"""Flags: they rise, never silently fall, and a manager deals with them."""

from datetime import timedelta

import pytest
from django.utils import timezone
from time_machine import TimeMachineFixture

from people.errors import Incomplete, NotYours
from tests.cast import Cast, entries, flags_of, told
from tests.invariants import broken_invariants
from tickets import errors, flags
from tickets.bounces import Finding
from tickets.kinds import FlagKind, Level
from tickets.models import Flag, Ticket


def find(ticket: Ticket, level: Level, **evidence: int) -> list[Flag]:
    """Let the rules find the ticket bounced."""
    return flags.raise_for(ticket, [Finding(FlagKind.BOUNCED, level, evidence)], at=timezone.now())


@pytest.fixture
def amber(ticket: Ticket) -> Flag:
    """An amber flag on Alice's ticket."""
    return find(ticket, Level.AMBER, owners=3)[0]


@pytest.fixture
def red(ticket: Ticket) -> Flag:
    """A red one."""
    return find(ticket, Level.RED, owners=4)[0]


def test_being_passed_on_raises_it_in_the_same_breath(cast: Cast, ticket: Ticket) -> None:
    cast.hand(ticket, cast.bob, cast.carol)
    assert flags_of(ticket) == {"bounced": "amber", "hot_potato": "amber"}
    cast.hand(ticket, cast.luis)
    assert flags_of(ticket) == {"bounced": "red", "hot_potato": "red"}
    cast.hand(ticket, cast.alice)
    assert flags_of(ticket)["ping_pong"] == "amber"
    assert broken_invariants() == []


def test_the_manager_of_the_team_is_told_with_the_evidence(cast: Cast, ticket: Ticket, amber: Flag) -> None:
    assert told(cast.maya) == ["flag_raised"]
    assert amber.evidence == {"owners": 3}
    entry = ticket.entries.get(kind="flag_raised")
    assert (entry.by, entry.data["flag"], entry.data["level"], entry.data["owners"]) == (None, amber.pk, "amber", 3)


def test_found_again_it_does_not_double(ticket: Ticket, amber: Flag) -> None:
    assert find(ticket, Level.AMBER, owners=3) == []
    assert Flag.objects.count() == 1


def test_it_rises(cast: Cast, ticket: Ticket, amber: Flag) -> None:
    (risen,) = find(ticket, Level.RED, owners=4)
    assert (risen.pk, risen.level, risen.rose_at is None) == (amber.pk, "red", False)
    assert entries(ticket)[-2:] == ["flag_raised", "flag_rose"]
    assert told(cast.maya) == ["flag_raised", "flag_rose"]


def test_it_does_not_fall(ticket: Ticket, red: Flag) -> None:
    assert find(ticket, Level.AMBER, owners=3) == []
    red.refresh_from_db()
    assert red.level == "red"


def test_a_manager_is_on_it_and_it_stays_open(cast: Cast, ticket: Ticket, amber: Flag) -> None:
    taken = flags.take_on(flag=amber.pk, by=cast.maya)
    assert (taken.status, taken.taken_on_by, taken.is_open) == ("taken_on", cast.maya, True)
    assert entries(ticket)[-1] == "flag_taken_on"
    assert find(ticket, Level.AMBER) == []


def test_closed_with_a_note(cast: Cast, ticket: Ticket, amber: Flag) -> None:
    closed = flags.close(flag=amber.pk, by=cast.dora, note="Carol keeps it now.")
    assert closed.note is not None
    assert (closed.status, closed.closed_by, closed.note.content) == (
        "closed",
        cast.dora,
        {"note": "Carol keeps it now."},
    )
    assert entries(ticket)[-1] == "flag_closed"


def test_after_it_was_closed_the_next_is_a_new_one(cast: Cast, ticket: Ticket, amber: Flag) -> None:
    flags.close(flag=amber.pk, by=cast.maya, note="Carol keeps it now.")
    assert find(ticket, Level.AMBER)[0].pk != amber.pk


def test_on_a_historical_ticket_nothing_falls_due_by_it(cast: Cast, ticket: Ticket, amber: Flag) -> None:
    Ticket.objects.filter(pk=ticket.pk).update(historical=True, next_due_at=None, next_due_kind="")
    flags.close(flag=amber.pk, by=cast.maya, note="Long ago.")
    ticket.refresh_from_db()
    assert (ticket.next_due_at, ticket.next_due_kind) == (None, "")


def test_a_red_one_may_be_a_false_alarm_an_amber_one_not(cast: Cast, red: Flag) -> None:
    assert flags.call_false_alarm(flag=red.pk, by=cast.maya, note="One family.").status == "false_alarm"


def test_an_amber_one_is_closed_not_called_false(cast: Cast, amber: Flag) -> None:
    with pytest.raises(Incomplete):
        flags.call_false_alarm(flag=amber.pk, by=cast.maya, note="One family.")


@pytest.mark.parametrize(
    ("who", "refusal"),
    [("alice", NotYours), ("bob", NotYours), ("ada", NotYours), ("form", NotYours), ("lars", errors.UnknownTicket)],
)
def test_only_who_leads_the_team_deals_with_it(cast: Cast, amber: Flag, who: str, refusal: type[Exception]) -> None:
    for deal in (
        lambda by: flags.take_on(flag=amber.pk, by=by),
        lambda by: flags.close(flag=amber.pk, by=by, note="Fine."),
    ):
        with pytest.raises(refusal):
            deal(getattr(cast, who))


def test_what_was_dealt_with_is_dealt_with(cast: Cast, red: Flag) -> None:
    flags.close(flag=red.pk, by=cast.maya, note="Carol keeps it now.")
    for deal in (
        lambda: flags.take_on(flag=red.pk, by=cast.maya),
        lambda: flags.close(flag=red.pk, by=cast.maya, note="Again."),
        lambda: flags.call_false_alarm(flag=red.pk, by=cast.maya, note="Again."),
    ):
        with pytest.raises(errors.FlagHasEnded):
            deal()


def test_a_flag_that_does_not_exist_is_not_found(cast: Cast) -> None:
    with pytest.raises(errors.UnknownFlag):
        flags.take_on(flag=0, by=cast.maya)


def test_slow_bounces_are_no_hot_potato(cast: Cast, ticket: Ticket, time_machine: TimeMachineFixture) -> None:
    for to in (cast.bob, cast.carol):
        time_machine.move_to(timezone.now() + timedelta(days=2))
        cast.hand(ticket, to)
    assert flags_of(ticket) == {"bounced": "amber"}
