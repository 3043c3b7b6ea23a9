"""What is going on at one instant: the people, and five thousand live tickets with what is open on them.

Of all of it some has just fallen due: a thousand tickets that a sweep must judge, and for each of the
other sweeps some dozens or hundreds of rows.
"""

import json
from collections.abc import Sequence
from datetime import timedelta

from django.db.models import Model

from notices.models import Notice, Webhook
from people.models import Cover, Person, Team
from phones.models import Source
from tests.cast import ALWAYS, make_cast, utc
from tests.scale.loading import insert
from tickets.models import Customer, Entry, Flag, Hold, Promise, Tenure, Text, Ticket, Viewer

TABLES: Sequence[type[Model]] = (Person, Team, Tenure, Viewer)

NOW = utc(2027, 3, 1, 10)  # a Monday
LIVE = 5000
REPS, TEAMS = 120, 10

# Live tickets by their number, the first and the last of each kind. On the first thousand a sweep finds this:
UNACKNOWLEDGED, STILL_UNACKNOWLEDGED = (1, 250), (251, 350)
PROMISED_BEFORE_NOW, PROMISED_SOON = (351, 650), (651, 800)
ON_HOLD_TOO_LONG, SILENT, HEARD_AGAIN = (801, 900), (901, 950), (951, 1000)
# On all others the customer is promised something for tomorrow; on some of them this is open as well:
QUIET = (1001, 4950)
CLIMBING, OFFERED, ASKING, WANTING_MANAGER = (4001, 4200), (4201, 4250), (4301, 4350), (4401, 4450)
MOVED = (4951, LIVE)

TICKET = "100000 + n"
OWNER, SECOND, TEAM = f"1000 + mod(n, {REPS})", f"1000 + mod(n + 1, {REPS})", f"1000 + mod(n, {TEAMS})"


def rows(span: tuple[int, int], every: int = 1) -> str:
    """Return every so manieth number of a span, as a table (n)."""
    return f"generate_series({span[0]}, {span[1]}) AS n WHERE mod(n, {every}) = 0"


def at(minutes: float) -> str:
    """Return the moment so many minutes from now."""
    return f"timestamptz '{NOW + timedelta(minutes=minutes)}'"


def due(minutes: float) -> str:
    """Return about the same for a row that must be looked at: no two at once, so that their order is certain."""
    return f"{at(minutes)} - n * interval '1 millisecond'"


def write() -> None:
    """Write the people and their tickets; what colleagues ask of each other is `colleagues`'."""
    _write_people()
    insert(Customer, rows((1, LIVE)), id=TICKET, anonymous="true", created_at=at(-9000))
    insert(Text, rows((1, LIVE)), id=TICKET, ticket_id=TICKET, part="'promise'", content='\'{"what": "I call you."}\'')
    _write_tickets()
    opened = "(SELECT opened_at FROM tickets_ticket ticket WHERE ticket.id = 100000 + n)"
    insert(Entry, rows((1, LIVE)), ticket_id=TICKET, kind="'opened'", at=opened, by_id=OWNER)
    _write_covers()
    # A thousand notices are due; of some the first try failed, and they have to wait.
    insert(
        Notice,
        rows((1001, 2200)),
        id=f"lpad(({TICKET})::text, 32, '0')::uuid",
        kind="'ticket_assigned'",
        person_id=OWNER,
        about=f"'T-' || {TICKET}",
        queued_at=at(-2),
        next_attempt_at=f"CASE WHEN n > 2000 THEN {at(60)} ELSE {due(-1)} END",
    )


def _write_people() -> None:
    """Beside the cast ten teams of twelve, and a program that wants to hear of some flags."""
    cast = make_cast()
    teams, reps = rows((0, TEAMS - 1)), rows((0, REPS - 1))
    insert(
        Team,
        teams,
        id="1000 + n",
        slug="'team-' || n",
        name="'Team ' || n",
        manager_id=str(cast.maya.pk),
        deputy_id=str(cast.dora.pk),
        parent_id=str(cast.care.pk),
        hours=f"'{json.dumps(ALWAYS)}'",
    )
    insert(Person, reps, id="1000 + n", username="'rep-' || n", name="'Rep ' || n", role="'rep'")
    insert(Person.teams.through, reps, person_id="1000 + n", team_id=TEAM)
    Source.objects.create(id=1, slug="pbx", team=cast.billing, secrets=["-"], digest="-", created_by=cast.adam)
    Webhook.objects.create(url="https://crm.example.com", kinds=["flag_rose"], secrets=["-"], created_by=cast.adam)


def _write_tickets() -> None:
    _write_new(UNACKNOWLEDGED, opened=-35, judged_at="NULL")
    _write_new(STILL_UNACKNOWLEDGED, opened=-65, judged_at=at(-30))
    _write_flags(STILL_UNACKNOWLEDGED, "unacknowledged", raised_at=at(-35))
    _write_promised(PROMISED_BEFORE_NOW, at(-5), check_at=due(-5), judged_at=at(-19))
    _write_promised(PROMISED_SOON, at(10), check_at=due(-5))
    _write_open(ON_HOLD_TOO_LONG, status="'on_hold'", next_due_at=at(-5), next_due_kind="'hold'", check_at=due(-5))
    insert(
        Hold,
        rows(ON_HOLD_TOO_LONG),
        ticket_id=TICKET,
        kind="'ticket'",
        by_id=OWNER,
        started_at=at(-250),
        return_by=at(-5),
    )
    # Three working days without a word end with a Sunday.
    _write_open(SILENT, last_contact_at=at(-5700), check_at=due(-600), judged_at=at(-700))
    _write_open(HEARD_AGAIN, last_contact_at=at(-10), check_at=due(-10), judged_at=at(-60))
    _write_flags(HEARD_AGAIN, "silent", raised_at=at(-600))
    tomorrow = f"{at(24 * 60)} + n * interval '1 minute'"
    later = f"{tomorrow} - interval '15 minutes'"
    _write_promised(QUIET, tomorrow, check_at=later, judged_at=at(-60))
    _write_flags(QUIET, "refused", raised_at=at(-200), every=10)
    _write_flags(CLIMBING, "bounced", level="'red'", raised_at=at(-65), climbs_at=due(-5))
    _write_promised(
        MOVED,
        tomorrow,
        check_at=later,
        judged_at=at(-10),
        owner_id=SECOND,
        owner_since=at(-20),
        introduced_at=at(-20),
        tenure_seq="2",
        owner_count="2",
        change_count="1",
    )


def _write_new(span: tuple[int, int], *, opened: float, **columns: str) -> None:
    limit = {"acknowledge_by": at(opened + 60), "next_due_at": at(opened + 60), "next_due_kind": "'acknowledge'"}
    started = {"opened_at": at(opened), "owner_since": at(opened), "check_at": due(-5)}
    _write(span, status="'new'", **started, **limit, **columns)


def _write_promised(span: tuple[int, int], due_at: str, **columns: str) -> None:
    _write_open(span, next_due_at=due_at, next_due_kind="'promise'", **columns)
    promised = {"made_at": at(-290), "due_at": due_at, "first_due_at": due_at}
    insert(Promise, rows(span), ticket_id=TICKET, what_id=TICKET, made_by_id=OWNER, **promised)


def _write_open(span: tuple[int, int], **columns: str) -> None:
    met = {"acknowledged_at": at(-290), "last_contact_at": at(-290)}
    _write(span, **{"status": "'open'", "opened_at": at(-300), "owner_since": at(-300), **met, **columns})


def _write(span: tuple[int, int], **columns: str) -> None:
    whose = {"id": TICKET, "customer_id": TICKET, "team_id": TEAM, "owner_id": OWNER}
    insert(Ticket, rows(span), subject="'Charged twice in March'", **{**whose, **columns})


def _write_flags(span: tuple[int, int], kind: str, *, every: int = 1, level: str = "'amber'", **columns: str) -> None:
    insert(Flag, rows(span, every), ticket_id=TICKET, kind=f"'{kind}'", level=level, **columns)


def _write_covers() -> None:
    """Half of them are over, and to half of them nobody has said yes."""
    who = {"absent_id": OWNER, "covering_id": SECOND, "asked_by_id": OWNER, "check_at": due(-5)}
    insert(Cover, rows((0, 24)), asked_at=at(-300), starts_at=at(-300), accepted_at=at(-290), until=due(-5), **who)
    insert(Cover, rows((25, 49)), asked_at=at(-20), starts_at=at(-20), until=at(300), **who)


def write_chains() -> None:
    """Write who owned the live tickets when."""
    opened = "(SELECT opened_at FROM tickets_ticket ticket WHERE ticket.id = 100000 + n)"
    moved = f"n BETWEEN {MOVED[0]} AND {MOVED[1]}"
    first = {"seq": "1", "owner_id": OWNER, "started_at": opened, "began_by": "'opened'"}
    insert(Tenure, rows((1, LIVE)), ticket_id=TICKET, ended_at=f"CASE WHEN {moved} THEN {at(-20)} END", **first)
    second = {"seq": "2", "owner_id": SECOND, "started_at": at(-20), "began_by": "'accepted'"}
    insert(Tenure, rows(MOVED), ticket_id=TICKET, handoff_id=TICKET, reason="'skill'", counted="true", **second)
