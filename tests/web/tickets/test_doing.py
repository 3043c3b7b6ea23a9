"""Doing something with a ticket on a page: every verb, what it refuses, and what changed meanwhile."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.timezone import localtime

from handoffs import help_requests, manager_requests
from handoffs.models import Handoff, HelpRequest, ManagerRequest
from tests.cast import PACKET, READ_BACK, Cast, client_of, in_hours
from tests.invariants import broken_invariants
from tests.web.screens import do, read, signed_in
from tickets import contacts, flags, holds, promises
from tickets.bounces import Finding
from tickets.kinds import FlagKind, HoldKind, Level
from tickets.models import Entry, Flag, Promise, Ticket
from web.tickets.verbs import VERBS


def at(hours: float) -> str:
    """Return a moment as a browser sends it."""
    return localtime(in_hours(hours)).strftime("%Y-%m-%dT%H:%M")


def said_of(verb: str) -> dict[str, object]:
    """Return what a person types into a verb's form."""
    forms: dict[str, dict[str, object]] = {
        "acknowledge": {"message": "I am Alice, I do it.", "next_contact_at": at(2)},
        "note": {"text": "The card is closed."},
        "contact": {"direction": "outbound", "channel": "phone", "summary": "She agrees."},
        "help": {"question": "Which desk?", "answer_by": at(1)},
        "hold": {"kind": "call", "reason": "I look."},
        "promise": {"what": "I call you back.", "due_at": at(2)},
        "manager": {"reason": "She has had enough."},
        "claim": {"read_back": READ_BACK, "next_contact_at": at(2), "urgency": "hour"},
        "take-over": {"reason": "It burns."},
        "edit": {"subject": "Charged three times", "severity": "serious", "description": "", "category": ""},
        "resolve": {"resolution": "Paid back.", "root_cause": "billing-error", "customer_agreed": "on"},
        "close": {"outcome": "spam"},
    }
    return forms[verb]


@pytest.mark.parametrize(
    ("verb", "who", "kind"),
    [
        ("acknowledge", "alice", "acknowledged"),
        ("note", "bob", "note"),
        ("contact", "alice", "contact"),
        ("help", "alice", "help_asked"),
        ("hold", "alice", "hold_started"),
        ("promise", "alice", "promised"),
        ("manager", "bob", "manager_asked"),
        ("claim", "bob", "handoff_claimed"),
        ("take-over", "maya", "taken_over"),
        ("edit", "alice", "details_changed"),
        ("resolve", "alice", "resolved"),
        ("close", "alice", "closed"),
    ],
)
def test_a_verb_is_done(verb: str, who: str, kind: str, cast: Cast, ticket: Ticket) -> None:
    said = said_of(verb) | ({"asked": cast.bob.pk} if verb == "help" else {})

    answer = do(signed_in(getattr(cast, who)), ticket, verb, version=ticket.version, **said)

    assert answer.status_code == 204, answer.content.decode()
    assert json.loads(answer["HX-Trigger"])["done"]["ticket"] == ticket.pk
    assert kind in Entry.objects.filter(ticket=ticket).values_list("kind", flat=True)
    assert broken_invariants() == []


def test_every_verb_shows_its_form_to_whoever_sees_the_ticket(cast: Cast, offer: Handoff) -> None:
    client = signed_in(cast.maya)
    ticket = offer.ticket

    for verb in VERBS:
        path = f"/tickets/{ticket.reference}/do/{verb.slug}/" + (
            "" if verb.names == "ticket" else f"{offer.pk if verb.names == 'handoff' else 1}/"
        )
        assert str(verb.title).replace("'", "&#x27;") in read(client, path), verb.slug


def test_a_stranger_gets_no_form(cast: Cast, ticket: Ticket) -> None:
    client = signed_in(cast.lena)

    assert client.get(f"/tickets/{ticket.reference}/do/note/").status_code == 404
    assert do(client, ticket, "note", text="I was here.").status_code == 404


def test_what_is_not_yours_is_said_in_the_form(cast: Cast, ticket: Ticket) -> None:
    answer = do(signed_in(cast.bob), ticket, "resolve", **said_of("resolve"))

    assert answer.status_code == 422
    assert "That is not yours to do." in answer.content.decode()
    assert "Paid back." in answer.content.decode()


def test_a_missing_field_is_named_and_nothing_is_lost(cast: Cast, ticket: Ticket) -> None:
    answer = do(signed_in(cast.alice), ticket, "acknowledge", message="I am Alice.", next_contact_at="")

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "This field is required." in page
    assert "I am Alice." in page
    assert Entry.objects.filter(ticket=ticket, kind="acknowledged").count() == 0


def test_what_a_verb_finds_wrong_stands_beside_the_field(cast: Cast, ticket: Ticket) -> None:
    said = {"to": cast.bob.pk, "reason": "skill", "urgency": "today", **PACKET, "need": "asap", "next_action": ""}

    answer = do(signed_in(cast.alice), ticket, "offer", version=ticket.version, **said)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "2 things missing" in page
    assert page.count('class="error"') == 2


def test_an_offer_is_prefilled_from_the_timeline(cast: Cast, ticket: Ticket) -> None:
    contacts.note(ticket=ticket.pk, by=cast.alice, text="The card is closed.")
    promises.make(ticket=ticket.pk, by=cast.alice, what="I call you back", due_at=in_hours(2))

    page = read(signed_in(cast.alice), f"/tickets/{ticket.reference}/do/offer/")

    for words in ("The March invoice was taken", "The card is closed.", "Promised: I call you back, by"):
        assert words in page


def test_offer_and_acceptance(cast: Cast, ticket: Ticket) -> None:
    said = {"to": cast.bob.pk, "reason": "skill", "urgency": "today", **PACKET}
    assert do(signed_in(cast.alice), ticket, "offer", version=ticket.version, **said).status_code == 204
    handoff = Handoff.objects.get(ticket=ticket)
    bob = signed_in(cast.bob)

    form = read(bob, f"/tickets/{ticket.reference}/do/accept/{handoff.pk}/")
    for words in PACKET.values():
        assert words.replace("'", "&#x27;") in form
    copied = do(bob, ticket, "accept", handoff.pk, read_back=PACKET["need"], next_contact_at=at(2))
    assert copied.status_code == 422
    assert do(bob, ticket, "accept", handoff.pk, read_back=READ_BACK, next_contact_at=at(2)).status_code == 204

    ticket.refresh_from_db()
    assert ticket.owner == cast.bob


def test_a_live_offer_asks_for_two_fields(cast: Cast, ticket: Ticket) -> None:
    said = {"to": cast.bob.pk, "reason": "skill", "urgency": "today", "on_call": "on", "history": "prefilled"}
    two = {name: PACKET[name] for name in ("need", "next_action")}

    assert do(signed_in(cast.alice), ticket, "offer", version=ticket.version, **said, **two).status_code == 204

    handoff = Handoff.objects.get(ticket=ticket)
    assert handoff.on_call
    assert handoff.said() == two


def test_a_stale_form_says_what_changed_and_keeps_what_was_typed(cast: Cast, ticket: Ticket) -> None:
    seen, seen_at = ticket.version, (timezone.now() - timedelta(seconds=1)).isoformat()
    contacts.note(ticket=ticket.pk, by=cast.bob, text="She rang again.")

    said = {**said_of("promise"), "seen_at": seen_at}
    stale = do(signed_in(cast.alice), ticket, "promise", version=seen, **said)

    page = stale.content.decode()
    ticket.refresh_from_db()
    assert stale.status_code == 422
    assert "It has changed since you opened this." in page
    assert "She rang again." in page
    assert "I call you back." in page
    assert f'name="version" value="{ticket.version}"' in page
    assert not Promise.objects.filter(ticket=ticket).exists()
    again = do(signed_in(cast.alice), ticket, "promise", version=ticket.version, **said)
    assert again.status_code == 204


def test_a_note_goes_through_whatever_changed(cast: Cast, ticket: Ticket) -> None:
    contacts.note(ticket=ticket.pk, by=cast.bob, text="She rang again.")

    assert do(signed_in(cast.alice), ticket, "note", version=ticket.version, text="So I hear.").status_code == 204


@pytest.mark.parametrize("version", ["", "x", "-1", "99999999999999999999"])
def test_a_version_that_is_none_does_no_harm(version: str, cast: Cast, ticket: Ticket) -> None:
    answer = do(signed_in(cast.alice), ticket, "promise", version=version, seen_at="yesterday", **said_of("promise"))

    assert answer.status_code in (204, 422)


def test_what_is_open_is_ended_from_beside_it(cast: Cast, ticket: Ticket) -> None:
    alice, bob, maya = (signed_in(person) for person in (cast.alice, cast.bob, cast.maya))
    hold = holds.start(ticket=ticket.pk, by=cast.alice, kind=HoldKind.CALL)
    promise = promises.make(ticket=ticket.pk, by=cast.alice, what="I call.", due_at=in_hours(1))
    question = help_requests.ask(
        ticket=ticket.pk, by=cast.alice, asked=cast.bob, question="Which desk?", answer_by=in_hours(1)
    )
    wish = manager_requests.ask(ticket=ticket.pk, by=cast.alice)
    ticket.refresh_from_db()
    (flag,) = flags.raise_for(ticket, [Finding(FlagKind.SILENT, Level.RED, {})], at=timezone.now())

    done = [
        do(alice, ticket, "later", hold.pk, return_by=at(1)),
        do(alice, ticket, "back", hold.pk, how="returned"),
        do(alice, ticket, "another-time", promise.pk, due_at=at(3), told="By phone."),
        do(alice, ticket, "keep", promise.pk),
        do(bob, ticket, "answer", question.pk, answer="The dispute desk."),
        do(maya, ticket, "manager-answer", wish.pk, answer="I call her tomorrow as well."),
        do(maya, ticket, "take-on", flag.pk),
        do(maya, ticket, "close-flag", flag.pk, note="She has been called."),
    ]

    assert [answer.status_code for answer in done] == [204] * len(done)
    hold.refresh_from_db()
    promise.refresh_from_db()
    assert (hold.how, promise.state) == ("returned", "kept")
    assert HelpRequest.objects.get().state == "answered"
    assert ManagerRequest.objects.get().state == "answered"
    assert Flag.objects.get(pk=flag.pk).status == "closed"


def test_without_a_script_it_is_a_page_that_leads_back(cast: Cast, ticket: Ticket) -> None:
    answer = signed_in(cast.alice).post(f"/tickets/{ticket.reference}/do/note/", {"text": "Noted."})

    assert answer.status_code == 302
    assert answer["Location"] == f"/tickets/{ticket.reference}/"


@pytest.mark.parametrize("path", ["nothing/", "note/7/", "accept/", "keep/"])
def test_what_cannot_be_done_is_not_there(path: str, cast: Cast, ticket: Ticket) -> None:
    assert signed_in(cast.alice).get(f"/tickets/{ticket.reference}/do/{path}").status_code == 404


def test_the_owner_of_the_surviving_ticket_says_whether_it_is_a_duplicate(cast: Cast, ticket: Ticket) -> None:
    survivor = cast.open_ticket(by=cast.bob)
    said = {"outcome": "duplicate_of", "root_cause": "billing", "duplicate_of": survivor.reference}
    assert do(signed_in(cast.alice), ticket, "close", version=ticket.version, **said).status_code == 204
    path = f"/tickets/{ticket.reference}/do/duplicate/"
    assert path not in read(signed_in(cast.alice), f"/tickets/{ticket.reference}/")
    assert path in read(signed_in(cast.bob), f"/tickets/{ticket.reference}/")

    assert do(signed_in(cast.bob), ticket, "duplicate", yes="yes").status_code == 204

    ticket.refresh_from_db()
    assert (ticket.status, ticket.outcome, ticket.duplicate_of) == ("closed", "duplicate_of", survivor)


def test_until_there_are_translations_everything_is_in_one_language(cast: Cast, ticket: Ticket) -> None:
    german = {"headers": {"Accept-Language": "de"}}

    page = signed_in(cast.alice).post(f"/tickets/{ticket.reference}/do/note/", {"text": ""}, **german)
    answer = client_of(cast.alice).post(f"/api/v1/tickets/{ticket.reference}/notes/", {}, **german)

    assert "This field is required." in page.content.decode()
    assert "This field is required." in answer.content.decode()
