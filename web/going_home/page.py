"""Going home without abandoning anybody: what falls due, who covers, being there."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from handoffs import covers, duties
from handoffs.presence import set_presence
from people import presence
from people.errors import Refusal
from people.models import Cover, Person
from web import refusals
from web.access import PageRequest, page
from web.going_home.forms import AskForCover, Away, Extension


@page
def going_home(request: PageRequest) -> HttpResponse:
    """Show what falls due before somebody is back, and who covers; ask somebody to."""
    person = request.user
    form = AskForCover(request.POST or None, person=person, initial={"until": _back_at(person)})
    if request.method == "POST" and form.is_valid():
        said = {name: value for name, value in form.cleaned_data.items() if value is not None}
        if _did(request, form, lambda: covers.ask(by=person, **said), _("Asked. It counts once they say yes.")):
            return redirect("going_home")
    return _shown(request, cover_form=form)


def _back_at(person: Person) -> Any:
    return duties.back_at(person, at=timezone.now())


def _shown(request: PageRequest, **forms_with_errors: forms.Form) -> HttpResponse:
    person, now = request.user, timezone.now()
    back_at = _back_at(person)
    theirs = Cover.objects.open().select_related("absent", "covering", "asked_by").order_by("starts_at")
    context = {
        "back_at": back_at,
        "due": duties.due(person, before=back_at),
        "covers_of_me": theirs.filter(absent=person),
        "covers_by_me": theirs.filter(covering=person),
        "cover_form": AskForCover(person=person, initial={"until": back_at}),
        "away_form": Away(initial={"away_until": back_at}),
        "extension_form": Extension(initial={"extension": person.extension or ""}),
        "is_present": person.is_present(now),
        **forms_with_errors,
    }
    wrong = any(form.errors for form in forms_with_errors.values())
    return render(request, "web/people/going_home.html", context, status=422 if wrong else 200)


def _did(request: PageRequest, form: forms.Form, act: Callable[[], Any], told: str) -> bool:
    """Do it and say so; what is refused is written into the form."""
    try:
        act()
    except Refusal as refusal:
        refusals.write_into(form, refusal)
        return False
    messages.success(request, told)
    return True


@page
@require_POST
def answer_cover(request: PageRequest, number: int, answer: str) -> HttpResponse:
    """Say yes to covering somebody, or end a cover."""
    act = {"accept": covers.accept, "end": covers.end}.get(answer)
    if act is None:
        raise Http404
    told = _("You answer what falls due.") if answer == "accept" else _("The cover has ended.")
    try:
        act(cover=number, by=request.user)
    except Refusal as refusal:
        messages.error(request, refusal.detail)
    else:
        messages.success(request, told)
    return redirect("going_home")


@page
@require_POST
def here_or_away(request: PageRequest, presence_now: str) -> HttpResponse:
    """Say that one is there, or away and until when."""
    if presence_now not in Person.Presence.values:
        raise Http404
    form = Away(request.POST)
    if form.is_valid():
        until = form.cleaned_data["away_until"] if presence_now == Person.Presence.AWAY else None
        told = _("Welcome.") if presence_now == Person.Presence.PRESENT else _("You are away. Nobody is sent to you.")

        def act() -> Person:
            return set_presence(person=request.user, presence_now=presence_now, away_until=until)

        if _did(request, form, act, told):
            return redirect("going_home")
    return _shown(request, away_form=form)


@page
@require_POST
def extension(request: PageRequest) -> HttpResponse:
    """Take an extension, or give it up: calls to it are then one's own."""
    form = Extension(request.POST)
    if form.is_valid():
        said = form.cleaned_data["extension"]
        told = (
            _("Calls to %(extension)s are yours.") % {"extension": said} if said else _("You have no extension now.")
        )
        if _did(request, form, lambda: presence.take_extension(person=request.user, extension=said), told):
            return redirect("going_home")
    return _shown(request, extension_form=form)
