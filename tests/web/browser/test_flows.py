"""The flows in a real browser: its marks by keyboard, and nothing for axe to find."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.cast import Cast
from tests.web.browser.conftest import SignIn


def test_the_marks_are_reached_by_keyboard_and_axe_finds_nothing(cast: Cast, at: SignIn) -> None:
    cast.hand(cast.open_ticket(), cast.bob, cast.alice)
    cast.hand(cast.open_ticket(), cast.bob)
    page = at(cast.maya, "/flows/?who=people")
    assert Axe().run(page).response["violations"] == []

    # The picture's first band follows the way round it.
    page.get_by_role("link", name="Skip the picture").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Owner 1, Alice to Bob: 2")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Changes of owner: 2")
    assert Axe().run(page).response["violations"] == []

    page.set_viewport_size({"width": 320, "height": 700})
    for view in ("weeks", "teams"):
        page.goto(f"/flows/?view={view}")
        assert Axe().run(page).response["violations"] == []
        assert page.evaluate("document.documentElement.scrollWidth") == 320
