"""A manager's audit: from what is on fire to the whole chain of one complaint, by keyboard."""

import re

from django.db import transaction
from playwright.sync_api import expect

from tests.cast import READ_BACK, Cast
from tests.web.browser.conftest import SignIn, ready
from tickets import flags
from tickets.bounces import Finding
from tickets.kinds import FlagKind, Level
from tickets.models import Look


def test_a_manager_reads_a_bounced_complaint_from_the_board_to_the_proof(cast: Cast, at: SignIn) -> None:
    ticket = cast.hand(cast.open_ticket(), cast.bob, cast.carol)
    with transaction.atomic():
        flags.raise_for(ticket, [Finding(FlagKind.SILENT, Level.RED, {})], at=ticket.opened_at)
    page = at(cast.maya)
    page.keyboard.press("g")
    page.keyboard.press("b")
    page.wait_for_url("**/board/")

    page.get_by_role("link", name=re.compile(ticket.reference)).first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".owner")).to_contain_text("Carol")
    ready(page).keyboard.press("v")

    expect(page.locator("main")).to_contain_text("Verified")
    expect(page.locator(".chain-moves")).to_contain_text(READ_BACK)
    for name in ("Alice", "Bob", "Carol"):
        expect(page.locator(".chain-picture svg").first).to_contain_text(name)
    assert Look.objects.filter(ticket=ticket, person=cast.maya).exists()
