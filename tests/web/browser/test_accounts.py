"""The administration under our policy, and what signing out leaves in a browser."""

from tests.cast import Cast
from tests.web.browser.conftest import SignIn, ready


def test_an_administrator_comes_in_by_the_door_and_leaves_nothing_behind(cast: Cast, at: SignIn) -> None:
    """What the security policy stops would be a complaint in the console, and fail this."""
    cast.adam.set_password("a long sentence of his")
    cast.adam.save()
    page = at(None, "/admin/people/person/add/")
    page.fill("[name=login]", "adam")
    page.fill("[name=password]", "a long sentence of his")
    page.keyboard.press("Enter")
    page.fill("#id_username", "nina")
    page.fill("#id_name", "Nina")
    page.select_option("#id_role", "rep")
    page.select_option("#id_teams_from", label="Billing")
    page.click("#id_teams_add")  # a script of the page
    page.click("[name=_save]")
    assert "Nina (nina)" in page.inner_text(".messagelist")
    assert cast.billing.members.filter(username="nina").exists()

    page.goto("/account/")
    ready(page)
    page.evaluate("localStorage.setItem('draft', 'what a customer said')")
    page.click("[popovertarget=person-menu]")
    page.click("#person-menu form button")
    page.wait_for_url("**/accounts/login/")
    assert page.evaluate("localStorage.getItem('draft')") is None
