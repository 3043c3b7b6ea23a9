"""Every page and every dialog: nothing for axe to find in light and dark, nothing cut off at 320 pixels."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import transaction
from playwright.sync_api import Page

from handoffs import covers, help_requests, manager_requests
from people import presence
from people.models import Person
from phones.models import Call
from tests.cast import Cast, in_hours
from tests.phones.lines import call_story, report, source_of
from tests.web.browser.conftest import SIZE, SignIn, ready
from tickets import contacts, flags, holds, promises
from tickets.bounces import Finding
from tickets.kinds import FlagKind, HoldKind, Level
from tickets.models import Ticket
from web.tickets.verbs import VERBS

# WCAG 2.2 AA, and what axe recommends beside it; in the dark only colours are other ones.
RULES: dict[str, list[str]] = {
    "light": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "dark": ["color-contrast"],
}


@pytest.fixture
def busy(cast: Cast) -> Ticket:
    """A ticket on which everything is open, in a company that has something on every page."""
    ticket = cast.hand(cast.open_ticket(severity="critical"), cast.bob, cast.alice)
    contacts.acknowledge(ticket=ticket.pk, by=cast.alice, message="I do it.", next_contact_at=in_hours(5))
    holds.start(ticket=ticket.pk, by=cast.alice, kind=HoldKind.TICKET, reason="The bank answers tomorrow.")
    promises.make(ticket=ticket.pk, by=cast.alice, what="I call you back", due_at=in_hours(0.1))
    help_requests.ask(ticket=ticket.pk, by=cast.alice, asked=cast.bob, question="Which desk?", answer_by=in_hours(1))
    manager_requests.ask(ticket=ticket.pk, by=cast.alice, reason="She has had enough.")
    ticket.refresh_from_db()
    found = [Finding(FlagKind.SILENT, Level.AMBER, {}), Finding(FlagKind.BOUNCED, Level.RED, {})]
    with transaction.atomic():
        flags.raise_for(ticket, found, at=ticket.opened_at)
    cast.offer(cast.open_ticket(), cast.bob)
    covers.ask(by=cast.carol, covering=cast.alice, until=in_hours(9))
    presence.take_extension(person=cast.alice, extension="101")
    source, answered = source_of(cast), (5, "answered", {"agent": "101"})
    report(source, *call_story("over", in_hours(-0.2), answered, (60, "ended", {"ended_by": "caller"})))
    gave_up = [(1, "queued", {"queue": "500"}), (90, "ended", {"ended_by": "caller"})]
    report(source, *call_story("gave up", in_hours(-0.1), *gave_up, caller="+12125550199"))
    report(source, *call_story("on the line", in_hours(-0.01), answered))
    return ticket


class Inspector:
    """Looks at a page in light, dark and narrow, and remembers what is wrong with it."""

    def __init__(self) -> None:
        self.axe = Axe()
        self.wrong: list[str] = []

    def look(self, page: Page, name: str, *, narrow: bool = True) -> None:
        for scheme, rules in RULES.items():
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            found: dict[str, Any] = self.axe.run(page, options={"runOnly": rules}).response
            for violation in found["violations"]:
                places = [node["html"][:120] for node in violation["nodes"][:3]]
                self.wrong.append(f"{name}, {scheme}: {violation['id']} {places}")
        if narrow:
            page.set_viewport_size({"width": 320, "height": 800})
            width = page.evaluate("document.documentElement.scrollWidth")
            if width > 320:
                self.wrong.append(f"{name}: {width} pixels wide at 320")
            page.set_viewport_size(SIZE)  # type: ignore[arg-type]


PAGES = {
    "alice": """/ /desk/due/ /desk/wrap-up/ /desk/call-back/ /desk/asking/ /tickets/new/ /search/?q=march /going-home/
        /calls/{over}/wrap-up/ /calls/{gave_up}/call-back/ /account/ /account/tokens/ /accounts/password/change/
        /accounts/2fa/totp/activate/ /nothing-here/""",
    "maya": """/board/ /board/people/{alice}/ /board/thresholds/billing/ /flows/ /flows/tickets/ /tickets/{ticket}/
        /tickets/{ticket}/chain/""",
}


@pytest.mark.parametrize("who", PAGES)
def test_every_page(who: str, cast: Cast, busy: Ticket, at: SignIn) -> None:
    person: Person = getattr(cast, who)
    inspector = Inspector()
    page = at(person)
    over, gave_up = (Call.objects.get(call_id=name).pk for name in ("over", "gave up"))
    for path in PAGES[who].split():
        page.goto(path.format(ticket=busy.reference, over=over, gave_up=gave_up, alice=cast.alice.pk))
        inspector.look(ready(page), path)

    assert inspector.wrong == []


def test_the_door(cast: Cast, at: SignIn) -> None:
    inspector = Inspector()
    page = at(None, "/accounts/login/")
    inspector.look(page, "the door")
    page.goto("/accounts/password/reset/")
    inspector.look(page, "a new password")

    assert inspector.wrong == []


def test_every_dialog(cast: Cast, busy: Ticket, at: SignIn) -> None:
    inspector = Inspector()
    page = at(cast.maya, f"/tickets/{busy.reference}/")
    ours = {verb.slug for verb in VERBS if verb.names == "ticket"}
    links = page.locator("[data-dialog]")
    seen = set()
    for path in sorted({link.get_attribute("href") or "" for link in links.all()}):
        slug = path.split("/")[4]
        if slug in seen:
            continue
        seen.add(slug)
        page.locator(f"[data-dialog][href='{path}']").first.click()
        page.wait_for_selector("dialog[open] form")
        inspector.look(page, slug, narrow=slug == "offer")
        page.keyboard.press("Escape")
    for key in ("?", "Control+k"):
        page.keyboard.press(key)
        page.wait_for_selector("dialog[open]")
        inspector.look(page, key, narrow=False)
        page.keyboard.press("Escape")

    assert inspector.wrong == []
    assert len(seen & ours) >= 8
