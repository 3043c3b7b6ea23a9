"""Chain audit: one complaint's whole chain in a picture, with its table, as of any moment, to print and to export."""

from datetime import UTC, datetime

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode

from web.access import PageRequest, page
from web.chain import audit as reads
from web.chain import export as chain_export
from web.chain import legend as chain_legend
from web.chain import moves as chain_moves
from web.chain import telling as chain_picture
from web.chain.form import AsOf
from web.pictures import swimlane
from web.tickets.shown import visible

# The details of so many moves are open from the start; of more, one opens them one by one.
OPEN_UP_TO = 4


@page
def chain(request: PageRequest, number: int) -> HttpResponse:
    """Show the chain as it stands, or as it stood."""
    form = AsOf(request.GET)
    at = form.cleaned_data["as_of"] if form.is_valid() else None
    if at is not None and request.GET["as_of"] != _in_address(at):
        # What was typed is in the reader's time; an address is passed on to others.
        visible(number, request.user)
        return HttpResponseRedirect(f"{request.path}?{urlencode({'as_of': _in_address(at)})}")
    audit = reads.audit(number, request.user, as_of=at)
    moves = chain_moves.moves(audit)
    zone = timezone.get_current_timezone()
    picture = swimlane.layout(chain_picture.tell(audit, moves), zone=zone) if moves else None
    context = {
        "audit": audit,
        "ticket": audit.ticket,
        "chain": audit.chain,
        "checks": chain_moves.checks(audit),
        "moves": moves,
        "picture": picture,
        "legend": chain_legend.legend(picture) if picture else [],
        "form": form if form.errors else AsOf(initial={"as_of": at}),
        "query": f"?{urlencode({'as_of': _in_address(at)})}" if at else "",
        "opened": len(moves) <= OPEN_UP_TO,
    }
    return render(request, "web/chain/chain.html", context)


@page
def chain_json(request: PageRequest, number: int) -> HttpResponse:
    """Hand out the chain as JSON, as the API has it."""
    return _file(request, number, "json")


@page
def chain_csv(request: PageRequest, number: int) -> HttpResponse:
    """Hand out the chain as a table, one row a tenure."""
    return _file(request, number, "csv")


def _file(request: PageRequest, number: int, kind: str) -> HttpResponse:
    form = AsOf(request.GET)
    if not form.is_valid():
        wrong = " ".join(map(str, form.errors["as_of"]))
        return HttpResponse(wrong, status=400, content_type="text/plain; charset=utf-8")
    at = form.cleaned_data["as_of"]
    audit = reads.audit(number, request.user, as_of=at)
    body = audit.written if kind == "json" else chain_export.table(audit.chain)
    types = {"json": "application/json", "csv": "text/csv; charset=utf-8"}
    as_of = f"-as-of-{at.astimezone(UTC):%Y%m%dT%H%M%SZ}" if at else ""
    name = f"{audit.ticket.reference}-chain{as_of}.{kind}"
    return HttpResponse(
        body, content_type=types[kind], headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def _in_address(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
