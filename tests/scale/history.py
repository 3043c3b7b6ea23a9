"""What years leave behind: closed tickets, and what had happened on them.

Who owned a ticket before is read by no sweep, as the test says: the chains of the ten thousand are there,
a million tickets do without, for to write them takes as long as all the rest.
"""

from collections.abc import Sequence

from django.db.models import Model

from handoffs.models import Handoff, HelpRequest, ManagerRequest
from notices.models import Notice
from people.models import Cover
from phones.models import Call
from tests.scale.loading import insert
from tests.scale.present import OWNER, REPS, SECOND, TEAM
from tickets.models import Customer, Entry, Flag, Hold, Promise, Tenure, Text, Ticket

TABLES: Sequence[type[Model]] = (
    *(Customer, Ticket, Text, Entry, Promise, Hold, Flag, Handoff, HelpRequest, ManagerRequest, Notice, Cover),
    Call,
)
# One was opened each minute, back from a week before now.
OPENED, LATER, CLOSED = "opened", "opened + interval '1 hour'", "opened + interval '48 hours'"
TICKET = "1000000 + n"
# Ten tickets are one customer's.
CUSTOMER = f"{TICKET} + mod(10 - mod(n, 10), 10)"
# One in five had a second owner.
HANDED_OVER = f"mod(n / {REPS}, 5) = 0"


def rows(first: int, last: int, every: int = 1) -> str:
    """Return one in so many of the closed tickets, of each rep alike, as a table (n, opened)."""
    return f"""(SELECT n, timestamptz '2027-02-22 10:00+00' - n * interval '1 minute' AS opened
                FROM generate_series({first}, {last}) AS n WHERE mod(n / {REPS}, {every}) = 0 OFFSET 0) closed"""


def write(first: int, last: int) -> None:
    """Write the closed tickets from `first` to `last`, whose number is a multiple of ten, without their chains."""
    insert(Customer, f"{rows(first, last)} WHERE mod(n, 10) = 0", id=TICKET, anonymous="true", created_at=OPENED)
    insert(
        Ticket,
        rows(first, last),
        id=TICKET,
        customer_id=CUSTOMER,
        team_id=TEAM,
        owner_id=f"CASE WHEN {HANDED_OVER} THEN {SECOND} ELSE {OWNER} END",
        owner_since=f"CASE WHEN {HANDED_OVER} THEN {LATER} ELSE {OPENED} END",
        tenure_seq=f"CASE WHEN {HANDED_OVER} THEN 2 ELSE 1 END",
        owner_count=f"CASE WHEN {HANDED_OVER} THEN 2 ELSE 1 END",
        change_count=f"CASE WHEN {HANDED_OVER} THEN 1 ELSE 0 END",
        status="'closed'",
        outcome="'resolved'",
        root_cause="'booking'",
        opened_at=OPENED,
        acknowledged_at=OPENED,
        acknowledge_by=LATER,
        last_contact_at=LATER,
        resolved_at=CLOSED,
        closed_at=CLOSED,
        judged_at=LATER,
        version="6",
    )
    insert(Entry, rows(first, last), ticket_id=TICKET, kind="'opened'", at=OPENED, by_id=OWNER)
    # What was typed has been erased by now: it was promised, asked, handed over.
    insert(Text, rows(first, last), id=TICKET, ticket_id=TICKET, part="'promise'", written_at=OPENED, erased_at=CLOSED)
    insert(
        Promise,
        rows(first, last, 2),
        ticket_id=TICKET,
        what_id=TICKET,
        made_by_id=OWNER,
        made_at=OPENED,
        due_at=LATER,
        first_due_at=LATER,
        state="'kept'",
        ended_at=LATER,
    )
    insert(
        Hold,
        rows(first, last, 5),
        ticket_id=TICKET,
        kind="'call'",
        by_id=OWNER,
        started_at=OPENED,
        return_by=LATER,
        ended_at=LATER,
        how="'returned'",
    )
    insert(
        Flag,
        rows(first, last, 4),
        ticket_id=TICKET,
        kind="'promise_broken'",
        level="'red'",
        status="'closed'",
        raised_at=LATER,
        closed_at=CLOSED,
        closed_by_id=OWNER,
    )
    insert(
        Notice,
        rows(first, last),
        id=f"lpad(({TICKET})::text, 32, '0')::uuid",
        kind="'ticket_assigned'",
        person_id=OWNER,
        about=f"'T-' || {TICKET}",
        queued_at=OPENED,
        state="'delivered'",
        attempts="1",
        next_attempt_at="NULL",
        delivered_at=LATER,
    )
    insert(
        Call,
        rows(first, last, 5),
        source_id="1",
        call_id=f"'c-' || {TICKET}",
        team_id=TEAM,
        began_at=OPENED,
        heard_at=LATER,
        answered_at=OPENED,
        answered_by_id=OWNER,
        ended_at=LATER,
        ended_by="'caller'",
        ticket_id=TICKET,
        linked="'by_number'",
        wrap_up="'complaint'",
        wrapped_up_at=LATER,
        wrapped_up_by_id=OWNER,
    )
    _write_what_colleagues_asked(first, last)


def _write_what_colleagues_asked(first: int, last: int) -> None:
    insert(
        Handoff,
        rows(first, last, 5),
        id=TICKET,
        ticket_id=TICKET,
        kind="'offer'",
        state="'accepted'",
        giver_id=OWNER,
        made_by_id=OWNER,
        receiver_id=SECOND,
        accepted_by_id=SECOND,
        to_team_id=TEAM,
        tenure_seq="1",
        reason="'skill'",
        urgency="'hour'",
        packet_id=TICKET,
        read_back_id=TICKET,
        fields_filled="4",
        made_at=OPENED,
        due_at=LATER,
        ended_at=LATER,
    )
    insert(Entry, rows(first, last, 5), ticket_id=TICKET, kind="'handoff_accepted'", at=LATER, by_id=SECOND)
    insert(
        HelpRequest,
        rows(first, last, 20),
        ticket_id=TICKET,
        asked_by_id=OWNER,
        asked_id=SECOND,
        question_id=TICKET,
        answer_id=TICKET,
        state="'answered'",
        asked_at=OPENED,
        answer_by=LATER,
        ended_at=LATER,
    )
    insert(
        ManagerRequest,
        rows(first, last, 50),
        ticket_id=TICKET,
        asked_by_id=OWNER,
        asked_id=SECOND,
        answered_by_id=SECOND,
        state="'answered'",
        asked_at=OPENED,
        call_back_by=LATER,
        ended_at=LATER,
    )
    insert(
        Cover,
        rows(first, last, 100),
        absent_id=OWNER,
        covering_id=SECOND,
        asked_by_id=OWNER,
        asked_at=OPENED,
        starts_at=OPENED,
        until=CLOSED,
        accepted_at=OPENED,
        ended_at=CLOSED,
        how="'over'",
    )


def write_chains(first: int, last: int) -> None:
    """Write who owned those tickets when."""
    insert(
        Tenure,
        rows(first, last),
        ticket_id=TICKET,
        seq="1",
        owner_id=OWNER,
        started_at=OPENED,
        ended_at=f"CASE WHEN {HANDED_OVER} THEN {LATER} END",
        began_by="'opened'",
    )
    insert(
        Tenure,
        rows(first, last, 5),
        ticket_id=TICKET,
        seq="2",
        owner_id=SECOND,
        started_at=LATER,
        began_by="'accepted'",
        reason="'skill'",
        counted="true",
        handoff_id=TICKET,
    )
