"""The desk: what needs somebody now, in order."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from web.access import PageRequest, page
from web.desk import lists as reads

# Nobody owns more; PostgreSQL counts rows only so far.
MOST_PAGES = 10_000


def shown(request: PageRequest, slug: str, number: int = 1) -> dict[str, Any]:
    """Return what a page of one of the desk's lists shows. Raises Http404 for a list that there is not."""
    which = reads.BY_SLUG.get(slug)
    if which is None:
        raise Http404
    due = reads.due_now(request.user, timezone.now())
    counts = reads.counts(request.user, due)
    if slug == "due":
        rows, more = reads.duty_rows(due, page=number)
    else:
        rows, more = reads.rows(request.user, which, page=number)
    lists = [(each, counts[each.slug]) for each in reads.LISTS if each.always or counts[each.slug]]
    return {"lists": lists, "which": which, "rows": rows, "next_page": number + 1 if more else None}


@page
def desk(request: PageRequest, slug: str = "mine") -> HttpResponse:
    """Show the desk with one of its lists; htmx asks for the list alone."""
    said = request.GET.get("page", "1")
    number = int(said) if said.isdecimal() else 1
    context = shown(request, slug, number if 0 < number <= MOST_PAGES else 1)
    part = "web/desk/rows.html" if "page" in request.GET else "web/desk/list.html"
    return render(request, part if request.htmx else "web/desk/desk.html", context)
