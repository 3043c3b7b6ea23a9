"""Doing something with a ticket: one page for every verb, as a dialog on top of another page or by itself."""

import json
from datetime import UTC, datetime

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from people.errors import NotVisible, Refusal, Stale
from tickets.models import Ticket
from web import refusals
from web.access import PageRequest, page
from web.tickets import shown as reads
from web.tickets import verbs
from web.tickets.sentences import Line
from web.tickets.verb_forms import VerbForm
from web.tickets.verbs import Verb


@page
def do(request: PageRequest, number: int, slug: str, about: int | None = None) -> HttpResponse:
    """Show a verb's form, and do it.

    about: the number of the hold, promise, flag … that it is about. What is refused, and what others changed
    meanwhile, stands in the form, which keeps everything that was typed.
    """
    verb = verbs.BY_SLUG.get(slug)
    if verb is None or (verb.names == "ticket") != (about is None):
        raise Http404
    shown = reads.Shown(reads.visible(number, request.user), request.user)
    if request.method != "POST":
        initial = {name: value for name, value in request.GET.items() if name in verb.form.base_fields}
        form = verb.form(shown=shown, initial=initial)
        return _form(request, verb, form, about)
    form = verb.form(request.POST, shown=shown)
    if form.is_valid():
        try:
            verb.call(**{verb.names: about or number}, by=request.user, **form.said(), **_version(request, verb))
        except NotVisible:
            raise
        except Stale:
            news = _news(request, number)
            form.shown = reads.Shown(reads.visible(number, request.user), request.user)
            return _form(request, verb, form, about, news=news)
        except Refusal as refusal:
            refusals.write_into(form, refusal)
        else:
            return _done(request, verb, shown.ticket)
    return _form(request, verb, form, about)


def _version(request: PageRequest, verb: Verb) -> dict[str, int]:
    """Return the version that the person has seen, for a verb that asks for it."""
    said = request.POST.get("version", "")
    return {"version": int(said)} if verb.careful and said.isdecimal() else {}


def _news(request: PageRequest, number: int) -> list[Line]:
    """Return what others have written down since the form was opened."""
    try:
        seen = datetime.fromisoformat(request.POST.get("seen_at", "")).astimezone(UTC)
    except (ValueError, OverflowError):
        seen = timezone.now()
    return reads.changes_since(number, seen, but_by=request.user)


def _form(
    request: PageRequest, verb: Verb, form: VerbForm, about: int | None, *, news: list[Line] | None = None
) -> HttpResponse:
    """Show the form; 422 says that something in it must be looked at again."""
    ticket = form.shown.ticket
    # What was seen first stays what was seen, until what has changed since is shown.
    first = news is not None or not form.is_bound
    context = {
        "verb": verb,
        "form": form,
        "shown": form.shown,
        "ticket": ticket,
        "about": about,
        "handoff": next((one for one in form.shown.handoffs if one.pk == about), None),
        "also": verbs.BY_SLUG.get(verb.also),
        "news": news,
        "version": ticket.version if first else request.POST.get("version", ""),
        "seen_at": timezone.now().isoformat() if first else request.POST.get("seen_at", ""),
    }
    return render(request, verb.template, context, status=422 if form.errors or news is not None else 200)


def _done(request: PageRequest, verb: Verb, ticket: Ticket) -> HttpResponse:
    """Say that it is done: the page under the dialog hears of it and shows what has changed."""
    if request.htmx:
        told = {"done": {"ticket": ticket.pk, "told": str(verb.done)}}
        return HttpResponse(status=204, headers={"HX-Trigger": json.dumps(told)})
    messages.success(request, str(verb.done))
    # Whoever gave a ticket away may not see it any more.
    seen = Ticket.objects.visible_to(request.user).filter(pk=ticket.pk).exists()
    return redirect("ticket", ticket.pk) if seen else redirect("desk")
