"""The desk: what needs somebody now, in order."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from web.access import PageRequest, page
from web.desk import lists as reads


def shown(request: PageRequest, slug: str, number: int = 1) -> dict[str, Any]:
    """Return what a page of one of the desk's lists shows. Raises Http404 for a list that there is not."""
    which = reads.BY_SLUG.get(slug)
    if which is None:
        raise Http404
    now = timezone.now()
    due = reads.due_now(request.user, now)
    counts = reads.counts(request.user, due)
    if slug == "due":
        rows, more = reads.duty_rows(due, page=number)
    else:
        rows, more = reads.rows(request.user, which, page=number)
    lists = [(each, counts[each.slug]) for each in reads.LISTS if each.always or counts[each.slug]]
    return {"lists": lists, "which": which, "rows": rows, "next_page": number + 1 if more else None, "now": now}


@page
def desk(request: PageRequest, slug: str = "mine") -> HttpResponse:
    """Show the desk with one of its lists; htmx asks for the list alone."""
    number = request.GET.get("page", "1")
    context = shown(request, slug, int(number) if number.isdecimal() and number != "0" else 1)
    part = "web/desk/rows.html" if "page" in request.GET else "web/desk/list.html"
    return render(request, part if request.htmx else "web/desk/desk.html", context)
