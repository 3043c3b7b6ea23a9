"""A rep's day, by keyboard alone: from signing in to the complaint put right."""

import re

from playwright.sync_api import Page, expect

from handoffs.models import Handoff
from tests.cast import PACKET, READ_BACK, Cast
from tests.invariants import broken_invariants
from tests.web.browser.conftest import SignIn, ready
from tickets.models import Ticket


def type_into(page: Page, **said: str) -> None:
    """Fill in the fields of a form by name, with the focus in each."""
    for name, words in said.items():
        field = page.locator(f"[name={name}]:visible")
        field.focus()
        field.fill(words)


def send(page: Page, told: str) -> None:
    """Send the form by Ctrl+Enter, and see that it was done."""
    expect(page.locator("dialog[open] form")).to_be_visible()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#told")).to_contain_text(told)
    expect(page.locator("dialog[open]")).to_have_count(0)


def in_two_hours(page: Page) -> None:
    """Choose the quick choice of two hours, by keyboard."""
    page.locator("[data-quick='120']:visible").first.focus()
    page.keyboard.press("Enter")


def test_a_reps_day_by_keyboard_alone(cast: Cast, at: SignIn) -> None:
    cast.alice.set_password("a long day of calls")
    cast.alice.save()

    # The door.
    page = at(None)
    page.locator("[name=login]").focus()
    page.keyboard.type("alice")
    page.keyboard.press("Tab")
    page.locator("[name=password]").focus()
    page.keyboard.type("a long day of calls")
    page.keyboard.press("Enter")
    expect(ready(page).locator(".lists")).to_contain_text("My tickets")

    # A customer calls: found by her number while it is typed; whoever opens the ticket owns it.
    page.locator("body").press("c")
    expect(page.locator("#id_find")).to_be_focused()
    ready(page)
    page.keyboard.type("+1 212 555 0100")
    expect(page.locator("#found")).to_contain_text("Customer One")
    type_into(page, description="March was taken two times.", subject="Charged twice")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".owner")).to_contain_text("Alice (you)")
    ready(page)
    ticket = Ticket.objects.get()

    # From the desk, beside the list.
    page.keyboard.press("g")
    page.keyboard.press("d")
    expect(page.locator("#rows .row")).to_have_count(1)
    ready(page)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("#pane .owner")).to_contain_text("Alice (you)")

    page.keyboard.press("a")
    type_into(page, message="I am Alice, I do it.")
    in_two_hours(page)
    send(page, "Acknowledged")
    expect(page.locator("#pane .ticket-name")).to_contain_text("Open")

    page.keyboard.press("n")
    type_into(page, text="The card is closed.")
    send(page, "Noted")
    expect(page.locator("#pane .timeline")).to_contain_text("The card is closed.")

    page.keyboard.press("w")
    type_into(page, reason="I look it up.")
    send(page, "On hold")
    expect(page.locator("#pane .thing")).to_contain_text(["On hold, on the line"])
    page.keyboard.press("b")
    send(page, "The hold has ended")

    page.keyboard.press("p")
    type_into(page, what="I call you when it is paid")
    in_two_hours(page)
    send(page, "Promised")

    page.keyboard.press("q")
    page.locator("[name=asked]").select_option(label="Bob")
    type_into(page, question="Which desk at the bank?")
    in_two_hours(page)
    send(page, "The ticket stays yours")

    # Handing it over: what is missing is named, beside its field.
    page.keyboard.press("h")
    expect(page.locator("[data-missing]")).to_contain_text("thing")
    page.locator("[name=to]").select_option(value=str(cast.bob.pk))
    page.locator("[name=reason]").select_option("skill")
    type_into(page, **{name: words for name, words in PACKET.items() if name != "next_action"})
    expect(page.locator("[data-missing]")).to_have_text("1 thing missing")
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-field=next_action] .error")).to_be_visible()
    expect(page.locator("[name=next_action]")).to_be_focused()
    type_into(page, next_action=PACKET["next_action"])
    send(page, "It is yours until it is accepted")
    expect(page.locator("#pane .owner")).to_contain_text("Alice (you)")

    # Bob takes it: he reads, says it back, and promises when the customer hears from him.
    bob = at(cast.bob, "/desk/offered/")
    bob.keyboard.press("j")
    bob.keyboard.press("Enter")
    expect(bob.locator("#pane .owner")).to_contain_text("Alice")
    bob.keyboard.press("a")
    expect(bob.locator("dialog .packet")).to_contain_text(PACKET["need"])
    type_into(bob, read_back=READ_BACK)
    in_two_hours(bob)
    send(bob, "It is yours now")
    expect(bob.locator("#pane .owner")).to_contain_text("Bob (you)")

    # Put right: what was promised is kept, then it is resolved.
    while bob.locator("#pane [data-key=y]").count():
        promises = bob.locator("#pane .thing", has_text="promise due").count()
        bob.keyboard.press("y")
        expect(bob.locator("dialog[open] button[type=submit]")).to_be_focused()
        bob.keyboard.press("Enter")
        expect(bob.locator("#pane .thing", has_text="promise due")).to_have_count(promises - 1)
    bob.keyboard.press("e")
    type_into(bob, resolution="The bank has paid it back.", root_cause="double-booking")
    bob.locator("[name=customer_agreed]").press("Space")
    send(bob, "Resolved")
    expect(bob.locator("#pane .ticket-name")).to_contain_text("Resolved")

    ticket.refresh_from_db()
    assert (ticket.owner, ticket.status, ticket.owner_count) == (cast.bob, "resolved", 2)
    assert Handoff.objects.get().state == "accepted"
    assert broken_invariants() == []


def test_a_form_that_has_become_stale_keeps_what_was_typed(cast: Cast, at: SignIn) -> None:
    ticket = cast.open_ticket()
    alice, bob = at(cast.alice, f"/tickets/{ticket.reference}/"), at(cast.bob, f"/tickets/{ticket.reference}/")
    alice.keyboard.press("p")
    type_into(alice, what="I call you back")
    in_two_hours(alice)

    bob.keyboard.press("t")
    type_into(bob, summary="She rang again, and is angry.")
    send(bob, "Contact written down")

    alice.keyboard.press("Control+Enter")
    expect(alice.locator("dialog .changed")).to_contain_text("She rang again, and is angry.")
    expect(alice.locator("[name=what]")).to_have_value("I call you back")
    send(alice, "Promised")


def test_what_was_typed_survives_a_closed_dialog_and_a_reload(cast: Cast, at: SignIn) -> None:
    ticket = cast.open_ticket()
    page = at(cast.alice, f"/tickets/{ticket.reference}/")
    page.keyboard.press("h")
    type_into(page, next_action="Call the bank before noon.")
    page.wait_for_timeout(600)  # milliseconds: a draft is kept when somebody pauses
    page.keyboard.press("Escape")

    page.reload()
    ready(page)
    page.keyboard.press("h")

    expect(page.locator("[name=next_action]")).to_have_value("Call the bank before noon.")
    expect(page.locator(".draft-note")).to_contain_text("What you had typed before is back.")
    page.get_by_role("button", name="Begin anew").click()
    expect(page.locator("[name=next_action]")).to_have_value("")


def test_what_others_do_is_announced_and_rows_stay_where_they_are(cast: Cast, at: SignIn) -> None:
    first = cast.open_ticket()
    page = at(cast.alice)
    page.keyboard.press("j")
    expect(page.locator("#rows .row").first).to_be_focused()

    cast.open_ticket(channel="phone")
    page.evaluate("document.dispatchEvent(new CustomEvent('live:ask'))")

    expect(page.locator("[data-apply]")).to_have_text("1 update, press r")
    expect(page.locator(".lists [data-list=mine] .count")).to_have_text("2")
    expect(page.locator("#rows .row")).to_have_count(1)
    page.keyboard.press("r")
    expect(page.locator("#rows .row")).to_have_count(2)
    expect(page.locator(f"#rows .row[data-ticket='{first.pk}']")).to_be_focused()


def test_keys_are_shown_switched_off_and_ignored_while_typing(cast: Cast, at: SignIn) -> None:
    ticket = cast.open_ticket()
    page = at(cast.alice, f"/tickets/{ticket.reference}/")
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.type("nap")
    expect(page.locator("dialog[open]")).to_have_count(0)
    page.keyboard.press("Escape")

    page.keyboard.press("Control+k")
    page.keyboard.type("hand o")
    page.keyboard.press("Enter")
    expect(page.locator("#dialog h1")).to_have_text(re.compile("Hand off"))
    page.keyboard.press("Escape")

    page.keyboard.press("?")
    page.get_by_label("Single letters do something").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    expect(page.locator("dialog[open]")).to_have_count(0)


def test_a_verb_opened_as_a_page_of_its_own_is_done_as_well(cast: Cast, at: SignIn) -> None:
    ticket = cast.open_ticket()
    page = at(cast.alice, f"/tickets/{ticket.reference}/do/note/")

    type_into(page, text="From a page of its own.")
    page.keyboard.press("Control+Enter")

    expect(page.locator(".timeline")).to_contain_text("From a page of its own.")
