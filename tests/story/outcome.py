"""What has come of it: read over REST as anybody could, and compared with what arrived outside."""

from collections import defaultdict
from collections.abc import Set
from typing import Any

from notices import letters, webhooks
from notices.models import Notice
from tests.ownership_tracker.product import WORKER
from tests.story.stage import Stage

MOST_SECONDS_BEHIND = 5


def chain(stage: Stage, ticket: str) -> dict[str, Any]:
    """Return who owned a ticket when, and what happened meanwhile."""
    return dict(stage.people["ada"].get(f"tickets/{ticket}/chain/"))


def holds(stage: Stage, ticket: str) -> list[dict[str, Any]]:
    """Return the holds of a ticket, in their order."""
    return [hold for tenure in chain(stage, ticket)["tenures"] for hold in tenure["holds"]]


def open_promises(stage: Stage, ticket: str) -> list[int]:
    """Return the numbers of the promises of a ticket that nobody has kept yet."""
    promises = [promise for tenure in chain(stage, ticket)["tenures"] for promise in tenure["promises"]]
    return [promise["id"] for promise in promises if promise["state"] == "open"]


def lines(stage: Stage, ticket: str) -> list[str]:
    """Return the timeline of a ticket: who did what, and which flag reached which level."""
    entries = stage.people["ada"].get(f"tickets/{ticket}/timeline/?page_size=200")["results"]
    return [_line(entry) for entry in entries]


def _line(entry: dict[str, Any]) -> str:
    if entry["kind"] in ("flag_raised", "flag_rose"):
        return f"{entry['data']['flag_kind']} {entry['data']['level']}"
    return f"{entry['by']['username'] if entry['by'] else 'the clock'} {entry['kind']}"


def steps_of_flags(stage: Stage, ticket: str) -> dict[str, list[str]]:
    """Return the levels of each flag on a ticket, in the order in which the webhook was told of them."""
    steps: dict[str, list[str]] = defaultdict(list)
    for told in stage.told(ticket):
        if told.kind in ("flag_raised", "flag_rose"):
            steps[told.data["flag_kind"]].append(told.data["level"])
    return dict(steps)


def has_come_to_rest(stage: Stage) -> None:
    """Wait until everything is delivered and the clocks have struck again, which finds nothing to do."""
    product, adam = stage.product, stage.people["adam"]
    product.wait_for(lambda: not adam.get("notices/deliveries/?state=queued")["results"])
    struck = _sweeps(stage)
    product.wait_for(lambda: _sweeps(stage) >= struck + 3)
    assert adam.get("notices/deliveries/?state=queued")["results"] == []
    status, _, health = product.ask("GET", "/health/ready")
    assert (status, health["database"], health["broker"]) == (200, True, True)
    assert health["sweep_lag_seconds"] <= MOST_SECONDS_BEHIND
    assert health["outbox_lag_seconds"] <= MOST_SECONDS_BEHIND


def _sweeps(stage: Stage) -> int:
    return sum(line["task"] == "tickets.tasks.sweep_tickets" for line in stage.product.lines("task", WORKER))


def webhook_got_everything(stage: Stage) -> None:
    """Each of its notices came once, as the database has it, those about one ticket in their order.

    And no two of them say the same: nothing that the clocks found was found twice.
    """
    told = stage.told()
    said = [(each.kind, each.data) for each in told]
    assert [each for each in said if said.count(each) > 1] == []
    notices = list(Notice.objects.filter(webhook__isnull=False).select_related("webhook").order_by("number"))
    assert {notice.state for notice in notices} == {"delivered"}
    for about in {notice.about for notice in notices}:
        ours = [str(notice.pk) for notice in notices if notice.about == about]
        assert [each.id for each in told if each.data["about"] == about] == ours
    bodies = {received.id: received.body for received in stage.receiver.received}
    assert bodies == {str(notice.pk): webhooks.body(notice) for notice in notices}


def everybody_got_their_letters(stage: Stage, *, unasked: Set[str]) -> None:
    """Each notice to a person, and each receipt to a customer, came once as a letter, in order, as it should read.

    All but those of the kinds that their receivers need not get, and have not asked for.
    """
    notices = list(Notice.objects.filter(webhook=None).select_related("person").order_by("number"))
    unwanted = [notice for notice in notices if notice.state != "delivered"]
    assert {(notice.kind, notice.state, notice.last_error) for notice in unwanted} == {
        (kind, "skipped", "does not want it") for kind in unasked
    }
    expected: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for notice in notices:
        if notice not in unwanted:
            to = notice.person.email if notice.person else notice.address
            facts = {"about": notice.about, "payload": notice.payload, "to_staff": notice.person is not None}
            subject = letters.write(notice.kind, **facts).subject
            expected[to, notice.about].append((str(notice.pk), subject))
    abouts = {str(notice.pk): notice.about for notice in notices}
    got: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for letter in stage.mailbox.letters:
        number = letter["Message-ID"].strip("<>").partition("@")[0]
        got[letter["To"], abouts[number]].append((number, letter["Subject"]))
    assert got == expected
