"""What colleagues ask of each other on the live tickets: an offer, a question, a packet, a manager."""

from handoffs.models import Handoff, HelpRequest, ManagerRequest
from people.models import Team
from tests.scale.loading import insert
from tests.scale.present import ASKING, MOVED, OFFERED, OWNER, SECOND, TEAM, TICKET, WANTING_MANAGER, at, due, rows
from tickets.models import Entry, Viewer

# Of ten offers one waits for a manager's approval, and one is made while the customer is on the line.
UNAPPROVED, LIVE = "mod(n, 10) = 0", "mod(n, 10) = 1"


def write() -> None:
    """Write all of it, just due."""
    manager = str(Team.objects.get(slug="team-0").manager_id)
    offer = {"id": TICKET, "ticket_id": TICKET, "kind": "'offer'", "tenure_seq": "1", "reason": "'skill'"}
    parties = {"giver_id": OWNER, "made_by_id": OWNER, "receiver_id": SECOND, "to_team_id": TEAM}
    insert(
        Handoff,
        rows(OFFERED),
        state=f"CASE WHEN {UNAPPROVED} THEN 'requested' ELSE 'offered' END",
        approver_id=f"CASE WHEN {UNAPPROVED} THEN {manager} END",
        on_call=LIVE,
        urgency="'now'",
        packet_id=TICKET,
        made_at=at(-20),
        due_at=due(-5),
        **offer,
        **parties,
    )
    _show(f"{rows(OFFERED)} AND NOT {UNAPPROVED}", "offered")
    insert(
        Handoff,
        rows(MOVED),
        state="'accepted'",
        accepted_by_id=SECOND,
        on_call="true",
        urgency="'now'",
        packet_id=TICKET,
        read_back_id=TICKET,
        made_at=at(-21),
        due_at=at(-19),
        ended_at=at(-20),
        packet_owed_by=at(-5),
        check_at=due(-5),
        **offer,
        **parties,
    )
    insert(Entry, rows(MOVED), ticket_id=TICKET, kind="'handoff_accepted'", at=at(-20), by_id=SECOND)
    insert(
        HelpRequest,
        rows(ASKING),
        id=TICKET,
        ticket_id=TICKET,
        asked_by_id=OWNER,
        asked_id=SECOND,
        question_id=TICKET,
        asked_at=at(-100),
        answer_by=at(-5),
        check_at=due(-5),
    )
    _show(rows(ASKING), "asked")
    insert(
        ManagerRequest,
        rows(WANTING_MANAGER),
        ticket_id=TICKET,
        asked_by_id=OWNER,
        asked_id=manager,
        asked_at=at(-10),
        call_back_by=at(50),
        check_at=due(-8),
    )


def _show(to: str, because: str) -> None:
    insert(Viewer, to, ticket_id=TICKET, person_id=SECOND, because=f"'{because}'", source=TICKET)
