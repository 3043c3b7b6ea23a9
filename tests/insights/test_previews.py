"""What a preview counts: whose flags, of which days, once each; and that it only reads."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from time_machine import TimeMachineFixture

from insights import previews
from insights.previews import Row
from people.errors import Incomplete, NotYours
from tests.cast import MONDAY, Cast, client_of, in_hours
from tests.games.floor import state
from tests.insights.conftest import Given, Wait
from tickets import contacts, flags, promises, resolution, tuning
from tickets.models import Flag, Ticket
from tickets.states import Outcome

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def forget(cast: Cast, wait: Wait) -> Ticket:
    """Return a ticket of Alice's whose promise of an hour she remembers when it is five minutes late."""
    ticket = cast.open_ticket()
    contacts.acknowledge(ticket=ticket.pk, by=cast.alice, message="I call.", next_contact_at=in_hours(1))
    wait(HOUR + 5 * MINUTE)
    keep(ticket, cast)
    wait(MINUTE)
    return ticket


def keep(ticket: Ticket, cast: Cast) -> None:
    """Alice keeps what she promised, and calls."""
    contacts.contact(ticket=ticket.pk, by=cast.alice, direction="outbound", summary="Told her how it stands.")
    for promise in ticket.promises.filter(state="open"):
        promises.keep(promise=promise.pk, by=cast.alice)


def test_it_counts_seven_days_back(cast: Cast, wait: Wait, given: Given) -> None:
    resolution.close(ticket=forget(cast, wait).pk, by=cast.alice, outcome=Outcome.UNREACHABLE)
    wait(6 * DAY)
    assert given() == {"promise_broken amber": (1, 1, 1)}
    wait(DAY)
    assert given() == {}


def test_what_was_up_before_and_rose_within_is_not_raised_within(cast: Cast, wait: Wait, given: Given) -> None:
    ticket = cast.open_ticket()
    contacts.acknowledge(ticket=ticket.pk, by=cast.alice, message="I call.", next_contact_at=in_hours(100))
    promise = ticket.promises.get()
    for _ in range(2):
        wait(HOUR)
        promises.renegotiate(promise=promise.pk, by=cast.alice, due_at=in_hours(9 * 24), told="By phone.")
    wait(MINUTE)
    wait(9 * DAY + HOUR)
    assert Flag.objects.get(kind="promise_broken").level == "red"
    assert "promise_broken red" not in given()


def test_a_level_is_the_one_that_was_reached_by_then(cast: Cast, wait: Wait) -> None:
    ticket = cast.open_ticket()
    wait(30 * MINUTE)
    wait(HOUR)
    assert Flag.objects.get(ticket=ticket).level == "red"
    found = previews.preview(cast.billing, {}, since=MONDAY, until=MONDAY + 45 * MINUTE)
    assert found.rows == [Row("unacknowledged", "amber", 1, 1, 1)]


def test_of_other_teams_nothing_counts(cast: Cast, wait: Wait, given: Given) -> None:
    cast.open_ticket(by=cast.luis, team=cast.logistics)
    wait(2 * HOUR)
    assert Flag.objects.exists()
    assert given() == {}


def test_what_a_manager_closed_may_come_again(cast: Cast, wait: Wait, given: Given) -> None:
    ticket = cast.open_ticket()
    contacts.acknowledge(ticket=ticket.pk, by=cast.alice, message="I call.", next_contact_at=in_hours(1))
    wait(90 * MINUTE)
    keep(ticket, cast)
    promises.make(ticket=ticket.pk, by=cast.alice, what="Another call.", due_at=in_hours(1))
    flags.close(flag=Flag.objects.get().pk, by=cast.maya, note="Spoke with her.")
    wait(90 * MINUTE)
    assert given() == {"promise_broken red": (2, 2, 2)}


def test_one_flag_for_two_causes_at_once(cast: Cast, wait: Wait, given: Given) -> None:
    ticket = cast.open_ticket()
    contacts.acknowledge(ticket=ticket.pk, by=cast.alice, message="I call.", next_contact_at=in_hours(1))
    promises.make(ticket=ticket.pk, by=cast.alice, what="A letter, too.", due_at=in_hours(1.1))
    wait(80 * MINUTE)
    assert given() == {"promise_broken red": (1, 1, 1)}


def test_now_is_what_the_present_thresholds_would_have_given_all_along(cast: Cast, wait: Wait, given: Given) -> None:
    forget(cast, wait)
    tuning.change(team=cast.billing.pk, by=cast.maya, thresholds_now={"promise_red_seconds": 60})
    assert given() == {"promise_broken amber": (1, 0, 1), "promise_broken red": (0, 1, 0)}


def test_what_nobody_was_told_in_time_counts_as_it_happened(
    cast: Cast, wait: Wait, given: Given, monday: TimeMachineFixture
) -> None:
    ticket = cast.open_ticket()
    contacts.acknowledge(ticket=ticket.pk, by=cast.alice, message="Later.", next_contact_at=in_hours(1))
    keep(ticket, cast)
    wait(3 * DAY + 23 * HOUR)
    assert given() == {"silent amber": (1, 1, 1)}
    contacts.contact(ticket=ticket.pk, by=cast.alice, direction="outbound", at=in_hours(-23.5))
    assert given() == {"silent amber": (1, 0, 0)}


def test_it_writes_nothing_and_asks_as_much_of_twenty_tickets_as_of_one(cast: Cast, wait: Wait, given: Given) -> None:
    asked = []
    for count in (1, 19):
        for _ in range(count):
            contacts.acknowledge(
                ticket=cast.open_ticket().pk, by=cast.alice, message="I call.", next_contact_at=in_hours(1)
            )
        wait(2 * HOUR)
        before = state()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            found = previews.preview(cast.billing, {}, since=MONDAY - DAY, until=in_hours(0))
        assert state() == before
        asked.append(len(queries))
    assert found.rows == [Row("promise_broken", "red", 20, 20, 20)]
    assert asked == [9, 9]


def test_whoever_leads_the_team_may_ask(cast: Cast, wait: Wait) -> None:
    for person in (cast.maya, cast.dora, cast.petra):
        assert previews.last_week(team=cast.billing, by=person, thresholds_now={}).rows == []
    for person in (cast.alice, cast.lars, cast.ada, cast.adam):
        with pytest.raises(NotYours):
            previews.last_week(team=cast.billing, by=person, thresholds_now={})


def test_what_cannot_be_set_cannot_be_tried(cast: Cast, wait: Wait) -> None:
    with pytest.raises(Incomplete) as refused:
        previews.last_week(team=cast.billing, by=cast.maya, thresholds_now={"silent_amber_days": 9})
    assert list(refused.value.fields) == ["silent_amber_days"]


def test_over_the_api_a_manager_tries_and_then_sets(cast: Cast, wait: Wait) -> None:
    forget(cast, wait)
    maya = client_of(cast.maya)
    stricter = {"promise_red_seconds": 60}
    answer = maya.post("/api/v1/teams/billing/thresholds/preview/", stricter)
    assert answer.json() == {
        "since": "2027-02-22T10:06:00+00:00",
        "until": "2027-03-01T10:06:00+00:00",
        "rows": [
            {"kind": "promise_broken", "level": "amber", "raised": 1, "now": 1, "then": 0},
            {"kind": "promise_broken", "level": "red", "raised": 0, "now": 0, "then": 1},
        ],
    }
    assert maya.put("/api/v1/teams/billing/thresholds/", stricter).status_code == 200
    assert maya.post("/api/v1/teams/billing/thresholds/preview/", {"promise_red_seconds": 0}).status_code == 400
    wrong = maya.post("/api/v1/teams/billing/thresholds/preview/", {"silent_amber_days": 9})
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "silent_amber_days")
