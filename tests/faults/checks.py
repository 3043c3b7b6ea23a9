"""What must be true after any fault, once all is calm: nothing lost, nothing doubled, everybody told.

Each query returns the rows for which its sentence is false.
"""

from collections import defaultdict

from django.db import connection

from notices.models import Notice
from tests.faults.letters import Letters
from tests.invariants import INVARIANTS, broken_invariants
from tests.notices.receivers import Receiver

ONCE = {
    "a flag is raised once, and rises once": """
        SELECT data ->> 'flag' FROM tickets_entry WHERE kind IN ('flag_raised', 'flag_rose')
        GROUP BY kind, data ->> 'flag' HAVING count(*) > 1""",
    "a flag has the entry of its raising": """
        SELECT flag.id FROM tickets_flag flag WHERE NOT EXISTS (
            SELECT FROM tickets_entry entry WHERE entry.kind = 'flag_raised' AND entry.ticket_id = flag.ticket_id
                AND (entry.data ->> 'flag')::bigint = flag.id)""",
    "an offer expires once": """
        SELECT data ->> 'handoff' FROM tickets_entry WHERE kind = 'handoff_expired'
        GROUP BY data ->> 'handoff' HAVING count(*) > 1""",
    "somebody and every webhook are told of a flag that was raised or rose": """
        SELECT entry.id FROM tickets_entry entry LEFT JOIN notices_notice notice
            ON notice.kind = entry.kind AND notice.payload ->> 'flag' = entry.data ->> 'flag'
        WHERE entry.kind IN ('flag_raised', 'flag_rose') GROUP BY entry.id
        HAVING count(notice.person_id) = 0 OR count(notice.webhook_id) <> (SELECT count(*) FROM notices_webhook)""",
    "nobody is told the same twice": """
        SELECT min(id::text) FROM notices_notice GROUP BY kind, about, payload, person_id, webhook_id, address
        HAVING count(*) > 1""",
    "every notice is delivered, unless its receiver did not want it": """
        SELECT id FROM notices_notice
        WHERE state NOT IN ('delivered', 'skipped') OR state = 'skipped' AND last_error <> 'does not want it'""",
    "no clock stands still": """
        SELECT id FROM tickets_ticket WHERE live AND check_at < now() - interval '5 seconds'
        UNION ALL SELECT ticket_id FROM handoffs_handoff WHERE check_at < now() - interval '5 seconds'
            OR state IN ('requested', 'offered', 'claimed') AND due_at < now() - interval '5 seconds'
        UNION ALL SELECT ticket_id FROM handoffs_helprequest WHERE check_at < now() - interval '5 seconds'""",
}
CHECKED = [
    *INVARIANTS,
    *ONCE,
    "every answer that a rep got stands in the database once, and nothing else that they asked for",
    "whatever fell due was seen once, and not too early",
    "webhooks and mailboxes got every notice; what came twice was the same, under the same id",
    "webhooks got what concerns a ticket in its order",
]


def broken() -> list[str]:
    """Return a sentence for whatever is not as it must be; [] when all is."""
    wrong = broken_invariants()
    with connection.cursor() as cursor:
        for sentence, query in ONCE.items():
            cursor.execute(query)
            if rows := sorted({str(row[0]) for row in cursor.fetchall()}):
                wrong.append(f"Not so: {sentence} ({', '.join(rows)})")
    return wrong


def assert_arrived(receiver: Receiver, letters: Letters) -> None:
    """All that was delivered has arrived, each webhook's in the order of its ticket; nothing else has."""
    sent = Notice.objects.filter(state=Notice.State.DELIVERED)
    assert set(letters.ids) == {str(number) for number in sent.filter(webhook=None).values_list("pk", flat=True)}

    posted = sent.filter(webhook__isnull=False).order_by("number").values_list("about", "pk")
    queued, arrived = defaultdict(list), defaultdict(list)
    for about, number in posted:
        queued[about].append(str(number))
    about_of = {number: about for about, numbers in queued.items() for number in numbers}
    for number in dict.fromkeys(each.id for each in receiver.received):
        arrived[about_of.get(number)].append(number)
    assert arrived == queued
    assert len({each.id for each in receiver.received}) == len({(each.id, each.body) for each in receiver.received})
