"""What administrators do for people who cannot sign in."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin, messages
from django.db.models import QuerySet

from people.admin import PersonAdmin
from people.models import Person
from web.accounts.backend import may_sign_in
from web.accounts.forms import ResetPasswordForm


def _end_sign_ins(person: Person) -> None:
    for session in UserSession.objects.filter(user=person):
        session.end()


@admin.action(description="Send a link to choose a password", permissions=["change"])
def send_link(site_of: PersonAdmin, request: Any, people: QuerySet[Person]) -> None:
    """Write to each of them; the link is good for a day."""
    for person in people:
        form = ResetPasswordForm({"email": person.email})
        if not may_sign_in(person) or not form.is_valid():
            site_of.message_user(request, f"{person} gets none: no address, or no sign-in.", messages.WARNING)
            continue
        form.users = [person]  # theirs alone, though others may have the same address
        form.save(request)
        site_of.log_change(request, person, "Sent a link to choose a password.")
        site_of.message_user(request, f"{person} gets a link by mail.", messages.SUCCESS)


@admin.action(description="Take away the second step (a lost phone)", permissions=["change"])
def take_away_second_step(site_of: PersonAdmin, request: Any, people: QuerySet[Person]) -> None:
    """Let each of them in by password alone, until they set it up again; they are signed out everywhere."""
    for person in people:
        Authenticator.objects.filter(user=person).delete()
        _end_sign_ins(person)
        site_of.log_change(request, person, "Took away the second step.")
        site_of.message_user(request, f"{person} signs in with the password alone now.", messages.SUCCESS)


@admin.action(description="Sign out everywhere", permissions=["change"])
def sign_out_everywhere(site_of: PersonAdmin, request: Any, people: QuerySet[Person]) -> None:
    """End every session of each of them."""
    for person in people:
        _end_sign_ins(person)
        site_of.log_change(request, person, "Signed out everywhere.")
        site_of.message_user(request, f"{person} is signed out everywhere.", messages.SUCCESS)


PersonAdmin.actions += [send_link, take_away_second_step, sign_out_everywhere]
