"""`make screenshots`: the pictures of the README, of the demonstration's contact centre, into docs/pictures.

Not one of the tests: pytest takes it only when it is asked for by name.
"""

from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db.models import Count
from playwright.sync_api import Page

from tests.web.browser.conftest import SignIn, ready
from tickets.models import Flag, Ticket

PICTURES = Path(settings.BASE_DIR) / "docs" / "pictures"


def test_take_screenshots(at: SignIn) -> None:
    call_command("demo", verbosity=0)
    # The story of the customer whom nobody helped: the ticket with the most flags.
    flagged = Ticket.objects.live().filter(flags__status__in=Flag.OPEN).annotate(number=Count("flags"))
    story = flagged.select_related("owner", "team__manager").order_by("-number").first()
    assert story is not None
    owner, manager = story.owner, story.team.manager
    PICTURES.mkdir(exist_ok=True)

    def take(page: Page, name: str, path: str, press: str = "", *, whole: bool = False) -> None:
        page.goto(path)
        ready(page)
        if press:
            page.keyboard.press(press)
            page.wait_for_selector("dialog[open] form")
        page.wait_for_timeout(800)  # milliseconds: for what comes after the page
        page.evaluate("document.getElementById('live').remove()")  # here it has no stream
        page.screenshot(path=PICTURES / f"{name}.png", full_page=whole)

    page = at(owner)
    take(page, "desk", f"/desk/mine/#{story.reference}")
    take(page, "handoff", f"/tickets/{story.reference}/", press="h")
    take(at(owner, viewport={"width": 390, "height": 844}, color_scheme="dark"), "narrow", "/")
    managers = at(manager)
    take(managers, "board", "/board/")
    take(managers, "chain", f"/tickets/{story.reference}/chain/")
    take(managers, "flows", "/flows/")
