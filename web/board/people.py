"""One of the people of one's teams: taking over what they cannot do, and having them covered while they are away."""

import json

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from handoffs import covers, takeovers
from people.errors import NotYours, Refusal
from people.models import Cover
from web import refusals, scopes
from web.access import PageRequest, managers_page
from web.board import fires as reads
from web.board import loads
from web.board.forms import CoverFor, Nothing, TakeOverMany
from web.scopes import Scope


def _load(request: PageRequest, number: int) -> tuple[Scope, loads.Load]:
    """Return one of the people of the teams that somebody sees. Raises Http404 for anybody else."""
    scope = scopes.of(request.user)
    found = next((load for load in loads.of_teams(scope, at=timezone.now()) if load.person.pk == number), None)
    if found is None:
        raise Http404
    return scope, found


def _deciding(request: PageRequest, number: int) -> loads.Load:
    """Return one of the people whom somebody manages. Raises Http404, and NotYours for who only reads."""
    scope, load = _load(request, number)
    if not scope.acts:
        raise NotYours
    return load


@managers_page
def person(request: PageRequest, number: int) -> HttpResponse:
    """Show what somebody owns in one's teams, and take over what they cannot do: all that is chosen, or nothing."""
    scope, load = _load(request, number)
    owned = reads.owned(load.person, scope)
    elsewhere = load.numbers.get("owned", 0) - len(owned)
    acts = scope.acts and load.person != request.user
    form = TakeOverMany(request.POST or None, owned=owned)
    if request.method == "POST":
        if not acts:
            raise NotYours
        if form.is_valid():
            try:
                taken = takeovers.take_over_many(by=request.user, **form.cleaned_data)
            except Refusal as refusal:
                refusals.write_into(form, refusal)
            else:
                words = ngettext("%(n)d ticket is yours now.", "%(n)d tickets are yours now.", len(taken))
                messages.success(request, words % {"n": len(taken)})
                return redirect("board")
    context = {"load": load, "owned": owned, "form": form, "acts": acts, "elsewhere": elsewhere, "scope": scope}
    return render(request, "web/board/person.html", context, status=422 if form.errors else 200)


@managers_page
def cover(request: PageRequest, number: int) -> HttpResponse:
    """Ask somebody to answer for one of one's people who is away."""
    load = _deciding(request, number)
    form = CoverFor(request.POST or None, person=load.person, initial={"until": load.back_at})
    if request.method == "POST" and form.is_valid():
        said = {name: value for name, value in form.cleaned_data.items() if value is not None}
        try:
            made = covers.ask(by=request.user, absent=load.person, **said)
        except Refusal as refusal:
            refusals.write_into(form, refusal)
        else:
            told = _("%(name)s has been asked. It counts once they say yes.") % {"name": made.covering.name}
            return _done(request, told)
    return render(request, "web/board/cover.html", {"load": load, "form": form}, status=422 if form.errors else 200)


@managers_page
def end_cover(request: PageRequest, number: int) -> HttpResponse:
    """End a cover of one of one's people."""
    found = Cover.objects.visible_to(request.user).select_related("absent", "covering").filter(pk=number).first()
    if found is None:
        raise Http404
    load = _deciding(request, found.absent_id)
    form = Nothing(request.POST or None)
    if request.method == "POST":
        try:
            covers.end(cover=number, by=request.user)
        except Refusal as refusal:
            form = Nothing({})
            refusals.write_into(form, refusal)
        else:
            return _done(request, _("The cover has ended."))
    context = {"load": load, "cover": found, "form": form}
    return render(request, "web/board/end_cover.html", context, status=422 if form.errors else 200)


def _done(request: PageRequest, told: str) -> HttpResponse:
    """Say that it is done: the board under the dialog hears of it and shows what has changed."""
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Trigger": json.dumps({"done": {"told": told}})})
    messages.success(request, told)
    return redirect("board")
