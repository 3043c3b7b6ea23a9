"""From the events of a case to its chain, holds, ownerless stretches and flags: literals in, literals out."""

from datetime import UTC, datetime, timedelta
from itertools import groupby, pairwise

from hypothesis import given
from hypothesis import strategies as st

from handoffs.history.events import Event
from handoffs.history.replay import Held, Owned, Ownerless, Replayed, replay
from tickets.kinds import HoldEnd
from tickets.states import Status

START = datetime(2024, 3, 4, tzinfo=UTC)
STATES = {
    "open": Status.OPEN,
    "hold": Status.ON_HOLD,
    "resolved": Status.RESOLVED,
    "closed": Status.CLOSED,
}
# "-" names nobody, "!" is a system account.
PERSONS = {"-": "", "!": None}


def at(hour: float) -> datetime:
    return START + timedelta(hours=hour)


def case(*events: str) -> Replayed:
    """Replay events written as "hour person state"."""
    rows = []
    for place, event in enumerate(events):
        hour, person, state = event.split()
        rows.append(Event(0, place, at(float(hour)), PERSONS.get(person, person), "", "", STATES[state]))
    return replay("case", rows)


def chain(replayed: Replayed) -> str:
    """Write a chain as "ana 0-3, ben 3-"."""
    hours = [
        (
            tenure.person or "(fallback)",
            (tenure.started_at - START) / timedelta(hours=1),
            tenure.ended_at and (tenure.ended_at - START) / timedelta(hours=1),
        )
        for tenure in replayed.tenures
    ]
    return ", ".join(f"{person} {start:g}-{'' if end is None else f'{end:g}'}" for person, start, end in hours)


def flags(replayed: Replayed) -> dict[str, str]:
    return {flag.kind.value: flag.level.value for flag in replayed.flags}


def test_equal_neighbours_are_one_tenure() -> None:
    assert chain(case("0 ana open", "1 ana open", "2 ben open", "3 ben closed")) == "ana 0-2, ben 2-"


def test_where_nobody_is_named_the_last_person_stays_the_owner() -> None:
    replayed = case("0 ana open", "2 - open", "5 - open", "6 ana open", "7 - open", "9 ben open")
    assert chain(replayed) == "ana 0-9, ben 9-"
    assert replayed.ownerless == (Ownerless(at(2), at(6)), Ownerless(at(7), at(9)))


def test_the_first_named_person_owns_it_from_the_start() -> None:
    replayed = case("0 - open", "4 ana open", "5 ben open")
    assert chain(replayed) == "ana 0-5, ben 5-"
    assert replayed.ownerless == (Ownerless(at(0), at(4)),)
    assert replayed.named_at == at(4)


def test_a_case_that_never_names_anybody_goes_to_the_fallback_owner() -> None:
    replayed = case("0 - open", "4 ! closed")
    assert chain(replayed) == "(fallback) 0-"
    assert replayed.persons == frozenset()
    assert replayed.ownerless == (Ownerless(at(0), None),)
    assert replayed.lasted(*replayed.ownerless[0]) == timedelta(hours=4)


def test_a_system_account_moves_no_ownership_and_begins_no_ownerless_stretch() -> None:
    replayed = case("0 ! open", "1 ana open", "2 ! hold", "3 - open", "4 ! open", "5 ana open")
    assert chain(replayed) == "ana 0-"
    assert replayed.ownerless == (Ownerless(at(0), at(1)), Ownerless(at(3), at(5)))
    assert replayed.holds == (Held("ana", at(2), at(3), HoldEnd.RETURNED),)


def test_a_run_of_hold_states_is_one_hold_of_whoever_owned_it_then() -> None:
    replayed = case("0 ana open", "1 ana hold", "2 ben hold", "5 ben open", "6 ben hold", "8 ben closed")
    assert replayed.holds == (
        Held("ana", at(1), at(5), HoldEnd.RETURNED),
        Held("ben", at(6), at(8), HoldEnd.CLOSED),
    )


def test_a_hold_at_the_end_of_the_log_is_open() -> None:
    replayed = case("0 ana open", "1 ana hold", "4 ana hold")
    assert replayed.status == Status.ON_HOLD
    assert replayed.holds == (Held("ana", at(1), None, None),)
    assert replayed.lasted(at(1), None) == timedelta(hours=3)


def test_backward_times_are_clamped_and_counted() -> None:
    replayed = case("5 ana open", "3 ben open", "4 cem open", "6 cem closed")
    assert chain(replayed) == "ana 5-5, ben 5-5, cem 5-"
    assert replayed.clamped == 2


def test_resolved_and_closed_since_the_last_time_that_it_was() -> None:
    replayed = case("0 ana resolved", "1 ana open", "2 ana resolved", "3 ana closed", "4 ana closed")
    assert (replayed.status, replayed.resolved_at, replayed.closed_at) == (Status.CLOSED, at(2), at(3))
    closed_at_once = case("0 ana open", "1 ana closed")
    assert (closed_at_once.resolved_at, closed_at_once.closed_at) == (at(1), at(1))
    reopened = case("0 ana open", "1 ana closed", "2 ana open")
    assert (reopened.status, reopened.resolved_at, reopened.closed_at) == (Status.OPEN, None, None)


def test_returns() -> None:
    there_and_back = case("0 ana open", "1 ben open", "2 ana open")
    assert (there_and_back.returns_directly, there_and_back.returns) == (True, True)
    round_about = case("0 ana open", "1 ben open", "2 cem open", "3 ana open")
    assert (round_about.returns_directly, round_about.returns) == (False, True)
    straight_on = case("0 ana open", "1 ben open", "2 cem open")
    assert (straight_on.returns_directly, straight_on.returns) == (False, False)


def test_the_rules_run_over_the_history() -> None:
    assert flags(case("0 ana open", "1 ben open")) == {}
    # Over days: three owners are amber, and no hot potato.
    assert flags(case("0 ana open", "48 ben open", "96 cem open")) == {"bounced": "amber"}
    assert flags(case("0 ana open", "1 ben open", "2 cem open")) == {"bounced": "amber", "hot_potato": "amber"}


def test_a_flag_keeps_its_highest_level_and_evidence_and_says_when_it_rose() -> None:
    replayed = case("0 ana open", "1 ben open", "2 ana open", "3 ben open", "90 ana open")
    (ping_pong,) = (flag for flag in replayed.flags if flag.kind == "ping_pong")
    assert (ping_pong.level, ping_pong.raised_at, ping_pong.rose_at) == ("red", at(2), at(3))
    assert ping_pong.evidence == {"returns": 3}
    # A red hot potato does not fall to what a later, slower day would give.
    hot = case("0 a open", "1 b open", "2 c open", "3 d open", "20 e open", "26.5 c open", "27.5 b open")
    (potato,) = (flag for flag in hot.flags if flag.kind == "hot_potato")
    assert (potato.level, potato.rose_at) == ("red", at(3))


EVENTS = st.lists(
    st.tuples(st.integers(0, 100), st.sampled_from(["a", "b", "c", "", None]), st.sampled_from(list(STATES.values()))),
    min_size=1,
    max_size=30,
)


@given(EVENTS)
def test_any_history_gives_a_whole_chain(rows: list[tuple[int, str | None, Status]]) -> None:
    """Whatever happened: no gap, no overlap, the persons in order, and as many holds as there are runs."""
    replayed = replay(
        "case", [Event(0, place, at(hour), person, "", "", state) for place, (hour, person, state) in enumerate(rows)]
    )
    assert replayed.tenures[0].started_at == replayed.opened_at == at(rows[0][0])
    assert replayed.tenures[-1].ended_at is None
    assert all(isinstance(tenure, Owned) for tenure in replayed.tenures)
    for one, other in pairwise(replayed.tenures):
        assert one.started_at <= one.ended_at == other.started_at
    persons = [person for person, _ in groupby(person for _, person, _ in rows if person)]
    assert [tenure.person for tenure in replayed.tenures] == (persons or [""])
    runs = [on_hold for on_hold, _ in groupby(state == Status.ON_HOLD for _, _, state in rows)]
    assert len(replayed.holds) == sum(runs)
    assert (replayed.status == Status.ON_HOLD) == any(hold.ended_at is None for hold in replayed.holds)
    assert (replayed.resolved_at is None) == (replayed.status not in ("resolved", "closed"))
    assert (replayed.closed_at is None) == (replayed.status != "closed")
    assert all(since <= (until or replayed.last_at) for since, until in replayed.ownerless)
    returns = [earlier == later for earlier, later in zip(persons, persons[2:], strict=False)]
    assert replayed.returns_directly == any(returns)
