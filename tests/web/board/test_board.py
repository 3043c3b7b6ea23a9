"""The board: what is on fire, in order; whose it is to see and to decide."""

from datetime import timedelta

import pytest
from django.utils import timezone
from time_machine import TimeMachineFixture

from handoffs import manager_requests
from people.models import Person, Team
from tests.cast import PACKET, Cast, in_hours
from tests.web.board.conftest import Section, words
from tests.web.screens import do, read, signed_in
from tickets import contacts, flags, holds, promises
from tickets.bounces import Finding
from tickets.kinds import FlagKind, HoldKind, Level
from tickets.models import Flag, Ticket

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def flag(
    ticket: Ticket, kind: FlagKind = FlagKind.BOUNCED, level: Level = Level.RED, *, ago: timedelta = HOUR
) -> Flag:
    """Return a flag that was raised some time ago."""
    evidence = {"owners": 4, "chased": False}
    return flags.raise_for(ticket, [Finding(kind, level, evidence)], at=timezone.now() - ago)[0]


def test_a_rep_has_no_board(cast: Cast) -> None:
    assert signed_in(cast.alice).get("/board/").status_code == 403


def test_a_manager_sees_the_teams_below_and_no_others(cast: Cast, section: Section) -> None:
    billing, logistics = cast.open_ticket(), cast.open_ticket(by=cast.luis, team=cast.logistics)
    flag(billing), flag(logistics)

    shown = {person.username: section(person, "flags") for person in (cast.maya, cast.lars, cast.petra, cast.ada)}

    seen = {
        name: [ticket for ticket in (billing, logistics) if ticket.reference in flagged]
        for name, flagged in shown.items()
    }
    both = [billing, logistics]
    assert seen == {"maya": [billing], "lars": [logistics], "petra": both, "ada": both}
    assert "Luis" not in read(signed_in(cast.maya), "/board/")
    assert "Luis" in read(signed_in(cast.lars), "/board/")


def test_a_team_is_chosen_in_the_address(cast: Cast, section: Section) -> None:
    billing, logistics = cast.open_ticket(), cast.open_ticket(by=cast.luis, team=cast.logistics)
    flag(billing), flag(logistics)

    shown = section(cast.petra, "flags", "/board/?team=logistics")

    assert logistics.reference in shown
    assert billing.reference not in shown
    assert signed_in(cast.maya).get("/board/?team=logistics").status_code == 404
    assert signed_in(cast.maya).get("/board/?team=nonsense").status_code == 404


def test_who_only_reads_is_offered_nothing_to_decide(cast: Cast) -> None:
    ticket = cast.open_ticket()
    flag(ticket)
    cast.hand(ticket, cast.bob, cast.carol)
    cast.offer(ticket, cast.alice)

    mayas, adas, adams = (read(signed_in(person), "/board/") for person in (cast.maya, cast.ada, cast.adam))

    assert "/do/take-on/" in mayas
    assert "/do/approve/" in mayas
    for page in (adas, adams):
        assert f'data-row="case-{ticket.pk}"' in page
        assert "/do/" not in page
        assert "Read only" in page


def test_red_stands_before_amber_and_what_nobody_is_on_before_what_somebody_is(cast: Cast) -> None:
    tickets = [cast.open_ticket() for _ in range(5)]
    amber, taken, old, new, both = tickets
    flag(amber, level=Level.AMBER, ago=9 * HOUR)
    flags.take_on(flag=flag(taken, ago=8 * HOUR).pk, by=cast.maya)
    flag(old, ago=2 * HOUR)
    flag(new)
    flag(both, FlagKind.SILENT, Level.AMBER, ago=7 * HOUR)
    flag(both, ago=3 * HOUR)

    page = read(signed_in(cast.maya), "/board/")

    order = sorted(tickets, key=lambda ticket: page.index(f'data-row="case-{ticket.pk}"'))
    assert order == [both, old, new, taken, amber]
    assert page.count(f'data-row="case-{both.pk}"') == 1


def test_a_flag_says_why_since_when_who_is_on_it_and_where_it_goes_next(
    cast: Cast, section: Section, monday: TimeMachineFixture
) -> None:
    ticket = cast.open_ticket()
    raised = flag(ticket, level=Level.AMBER, ago=3 * HOUR)
    flag(ticket, level=Level.RED, ago=10 * MINUTE)

    before = section(cast.maya, "flags")
    flags.take_on(flag=raised.pk, by=cast.dora)
    after = section(cast.maya, "flags")

    assert "Red: Bounced It has had 4 owners raised 3 h ago, red since 10 min ago goes to Petra in 50 min" in before
    assert f"{ticket.reference} Customer One Charged twice in March Owner Alice" in before
    assert "Dora is on it" in after
    assert "goes to Petra" not in after
    assert "Take on" not in after


def test_capacity_is_named_as_a_cause(cast: Cast, section: Section) -> None:
    Team.objects.filter(pk=cast.billing.pk).update(thresholds={"load_limit_tickets": 1})
    tickets = [cast.open_ticket() for _ in range(4)]
    flag(Ticket.objects.get(pk=tickets[0].pk))

    assert "Too much for the team: 4 open tickets, 3 reps, at most 1 each" in section(cast.maya, "flags")
    assert "4 open tickets, 3 reps, at most 1 each: 1 too many" in section(cast.maya, "people")


def test_whoever_asked_for_a_manager_stands_first_with_the_number_to_call(cast: Cast, section: Section) -> None:
    ticket = cast.open_ticket()
    asked = manager_requests.ask(ticket=ticket.pk, by=cast.alice, reason="She has told it three times.")

    shown = section(cast.maya, "wanted")

    assert "call customer in" in shown
    assert "+12125550100" in shown
    assert "She has told it three times." in shown
    assert (
        do(signed_in(cast.maya), ticket, "manager-answer", asked.pk, answer="A refund by Friday.").status_code == 204
    )
    assert "No customer waits for a manager" in section(cast.maya, "wanted")


def test_an_offer_that_waits_for_approval_is_read_and_answered_in_place(cast: Cast, section: Section) -> None:
    ticket = cast.hand(cast.open_ticket(), cast.bob, cast.carol)
    offer = cast.offer(ticket, cast.alice)

    shown = section(cast.maya, "approvals")

    assert "Carol → Alice Needs another skill" in shown
    assert PACKET["history"] in shown
    assert do(signed_in(cast.maya), ticket, "approve", offer.pk).status_code == 204
    assert "No offer waits" in section(cast.maya, "approvals")


def test_its_receiver_does_not_see_an_offer_before_it_is_approved(cast: Cast, section: Section) -> None:
    ticket = cast.hand(cast.open_ticket(), cast.bob, cast.carol)
    cast.offer(ticket, cast.maya)

    assert "No offer waits" in section(cast.maya, "approvals")
    assert "Carol → Maya" in section(cast.petra, "approvals")


def test_overdue_holds_and_promises_come_from_the_rows_whether_or_not_a_sweep_has_run(
    cast: Cast, section: Section, monday: TimeMachineFixture
) -> None:
    ticket = cast.open_ticket()
    contacts.acknowledge(ticket=ticket.pk, by=cast.alice, message="Mine.", next_contact_at=in_hours(9))
    promises.make(ticket=ticket.pk, by=cast.alice, what="I call about the refund.", due_at=in_hours(1))
    holds.start(ticket=ticket.pk, by=cast.alice, kind=HoldKind.TICKET, return_by=in_hours(2), reason="The bank.")
    assert "Every hold and every promise is in time" in section(cast.maya, "overdue")
    monday.shift(3 * HOUR)

    shown = section(cast.maya, "overdue")

    assert shown.startswith("Overdue holds and promises 2")
    assert "promise due 2 h late “I call about the refund.” promised by Alice" in shown
    assert "back from hold 1 h late On hold: “The bank.” put on hold by Alice" in shown
    assert not Flag.objects.exists()


def test_an_offer_stands_here_when_half_of_its_time_has_passed(
    cast: Cast, section: Section, monday: TimeMachineFixture
) -> None:
    cast.offer(cast.open_ticket(), cast.bob, urgency="hour")
    monday.shift(29 * MINUTE)
    assert "Offers that wait too long 0" in section(cast.maya, "overdue")
    monday.shift(2 * MINUTE)

    assert "answer offer in 29 min Alice → Bob" in section(cast.maya, "overdue")


def test_half_of_the_time_is_working_time(cast: Cast, section: Section, monday: TimeMachineFixture) -> None:
    office = {day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
    Team.objects.filter(pk=cast.billing.pk).update(hours=office)
    monday.shift(7 * HOUR)
    cast.offer(cast.open_ticket(), Person.objects.get(pk=cast.bob.pk), urgency="today")
    # Tuesday, 9:30: one and a half hours of four have passed, though seventeen and a half of twenty.
    monday.shift(17.5 * HOUR)

    assert "Offers that wait too long 0" in section(cast.maya, "overdue")
    monday.shift(HOUR)
    assert "Alice → Bob" in section(cast.maya, "overdue")


def test_who_leads_nothing_is_told_how_that_changes(cast: Cast) -> None:
    Team.objects.filter(pk=cast.logistics.pk).update(manager=cast.petra)

    assert "You lead no team" in words(read(signed_in(cast.lars), "/board/"))


def test_imported_flags_are_of_the_past(cast: Cast, section: Section) -> None:
    ticket = cast.open_ticket()
    raised = flag(ticket)
    Ticket.objects.filter(pk=ticket.pk).update(historical=True)
    Flag.objects.filter(pk=raised.pk).update(historical=True)

    assert ticket.reference not in section(cast.maya, "flags")


def test_a_resolved_ticket_is_not_taken_over(cast: Cast, section: Section) -> None:
    ticket = cast.open_ticket()
    flag(ticket)
    assert "Take over" in section(cast.maya, "flags")
    contacts.acknowledge(ticket=ticket.pk, by=cast.alice, message="Done.", next_contact_at=in_hours(1))
    promises.keep(promise=ticket.promises.get().pk, by=cast.alice)
    answer = do(
        signed_in(cast.alice), ticket, "resolve", resolution="Paid back.", root_cause="double-charge",
        customer_agreed="on", version=Ticket.objects.get().version,
    )  # fmt: skip
    assert answer.status_code == 204

    shown = section(cast.maya, "flags")
    assert "Resolved" in shown
    assert "Take over" not in shown
    assert "Close" in shown


@pytest.mark.parametrize("path", ["/board/", "/board/?team=billing&sort=overdue&all"])
def test_a_strict_policy_allows_everything_on_it(cast: Cast, path: str) -> None:
    flag(cast.open_ticket())
    page = read(signed_in(cast.maya), path)

    assert " style=" not in page
    assert " onclick=" not in page
    assert "<script>" not in page
    assert "hx-on" not in page
