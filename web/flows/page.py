"""Flows and trends: where complaints are passed around, and how long customers wait."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render

from insights import flows as moves
from insights import scopes
from web.access import PageRequest, managers_page
from web.flows import lists as flow_lists
from web.flows import moves as reads
from web.flows import trends
from web.flows.filters import VIEWS, Filters, FlowsForm

TEMPLATES = {"hops": "web/flows/hops.html", "weeks": "web/flows/weeks.html"}


@managers_page
def flows(request: PageRequest) -> HttpResponse:
    """Show who hands to whom, or the figures over time, by team or by category."""
    form = FlowsForm(request.GET, request.user)
    filters = form.filters()
    context = {
        "form": form,
        "filters": filters,
        "views": [(slug, label, filters.page(view=slug)) for slug, label in VIEWS.items()],
        "presets": _presets(form, filters),
        "described": flow_lists.described(filters, list(form.teams.rows)),
        **_shown(request, form, filters),
    }
    return render(request, TEMPLATES.get(filters.view, "web/flows/groups.html"), context)


def _shown(request: PageRequest, form: FlowsForm, filters: Filters) -> dict[str, Any]:
    teams = form.teams.rows
    if filters.view == "weeks":
        table, chapters = trends.over_time(filters)
        return {"table": table, "chapters": chapters}
    if filters.view == "teams":
        return {"table": trends.by_team(filters, teams)}
    if filters.view == "categories":
        return {"table": trends.by_category(filters)}
    found = moves.flows(filters.scope, reads.cast(filters, request.user))
    return {
        "total": found.total(),
        "total_text": f"{found.total():,}",
        "matrix": reads.matrix(found, filters, teams),
        "hops": reads.hops(found, filters, teams),
        "all_url": filters.list("changes"),
    }


def _presets(form: FlowsForm, filters: Filters) -> list[tuple[str, str, bool]]:
    """Return the spans of time that are one click away: words, address, whether it is the present one."""
    usual = {"since": "", "until": "", "period": "", "imported": ""}
    said = {name: filters.params.get(name, "") for name in usual}
    presets = [("weeks", usual), ("all", {**usual, "period": "all"})]
    if scopes.has_imported(form.teams.ids):
        presets.append(("imported", {**usual, "period": "all", "imported": "only"}))
    return [(name, filters.page(**params), params == said) for name, params in presets]


@managers_page
def tickets(request: PageRequest) -> HttpResponse:
    """List what a mark of the flows has counted, each with its ticket."""
    form = FlowsForm(request.GET, request.user)
    filters = form.filters()
    if form.errors:
        raise Http404
    teams = list(form.teams.rows)
    listed = flow_lists.listed(filters, request.GET.dict(), request.user, teams)
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "listed": listed,
        "described": flow_lists.described(filters, teams),
        "query": query.urlencode(),
        "filters": filters,
    }
    return render(request, "web/flows/tickets.html", context)
