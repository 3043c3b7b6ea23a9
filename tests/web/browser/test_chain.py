"""The chain in a real browser: from a bar to its row by keyboard, and everything on paper."""

from playwright.sync_api import expect

from tests.cast import READ_BACK, Cast
from tests.web.browser.conftest import SignIn


def test_a_bar_leads_to_its_row_and_paper_shows_what_is_closed_on_the_screen(cast: Cast, at: SignIn) -> None:
    ticket = cast.hand(cast.open_ticket(), cast.bob, cast.alice, cast.bob, cast.carol)
    page = at(cast.maya, f"/tickets/{ticket.reference}/chain/")
    said = page.get_by_text(READ_BACK)
    expect(said.nth(0)).to_be_hidden()

    page.emulate_media(media="print")
    for place in range(4):
        expect(page.locator("blockquote", has_text=READ_BACK).nth(place)).to_be_visible()
    expect(page.get_by_role("link", name="Desk")).to_be_hidden()
    page.emulate_media(media="screen")

    page.locator(".pic-bars a").nth(2).focus()
    page.keyboard.press("Enter")
    row = page.locator("#move-3")
    expect(row.locator("blockquote")).to_be_visible()
    expect(row).to_be_in_viewport()
    expect(page.locator("#move-2 blockquote")).to_be_hidden()
