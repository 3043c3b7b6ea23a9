"""The manager's board stays true while it is open, and lets nobody lose their place."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.cast import Cast
from tests.web.browser.conftest import SignIn
from tickets import flags
from tickets.bounces import Finding
from tickets.kinds import FlagKind, FlagState, Level
from tickets.models import Flag, Ticket


def flag(ticket: Ticket, kind: FlagKind, level: Level = Level.RED) -> Flag:
    evidence = {"owners": 4, "heard_at": timezone.now().isoformat()}
    with transaction.atomic():
        return flags.raise_for(ticket, [Finding(kind, level, evidence)], at=timezone.now() - timedelta(hours=1))[0]


def ask(page: Page) -> None:
    """Let the page ask what has changed, as it does when it is told to."""
    with page.expect_response(lambda answer: answer.url.endswith("/board/")):
        page.evaluate("document.dispatchEvent(new Event('live:ask'))")


def test_a_manager_takes_a_flag_on_and_hears_of_the_next(cast: Cast, at: SignIn) -> None:
    ticket = cast.hand(cast.open_ticket(), cast.bob, cast.carol)
    cast.offer(ticket, cast.alice)
    first = flag(ticket, FlagKind.BOUNCED)
    page = at(cast.maya, "/board/")
    row = page.locator(f"[data-row='flag-{first.pk}']")
    packet = page.locator("#approvals details")
    packet.locator("summary").click()

    row.get_by_role("link", name="Take on").focus()
    page.keyboard.press("Enter")
    expect(page.locator("dialog[open] button[type=submit]")).to_be_focused()
    page.keyboard.press("Control+Enter")
    expect(row).to_contain_text("Maya is on it")
    expect(page.locator("dialog[open]")).to_have_count(0)
    assert Flag.objects.get(pk=first.pk).status == FlagState.TAKEN_ON
    expect(packet).not_to_have_attribute("open", "")

    # What stood in its place has the focus, and keeps it while the board changes around it.
    here = row.get_by_role("link", name="Close")
    expect(here).to_be_focused()
    flag(cast.open_ticket(), FlagKind.SILENT)
    ask(page)
    expect(page.locator("#told")).to_contain_text("1 new on the board: Red: Silence")
    expect(here).to_be_focused()
    ask(page)
    expect(page.locator("#told > *", has_text="new on the board")).to_have_count(1)
