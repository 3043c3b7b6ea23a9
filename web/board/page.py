"""The board: what is on fire, who needs a decision, who is drowning, who is away."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from people.models import Person
from web import scopes
from web.access import PageRequest, managers_page
from web.board import fires as reads
from web.board import loads
from web.scopes import Scope

# Loaded again within so long, it is the same visit: what was new in it stays new.
VISIT = timedelta(minutes=30)
YEAR = 365 * 24 * 60 * 60
# So many complaints of a kind are shown, unless all are asked for: the longest waiting come first.
SHOWN = 20


@managers_page
def board(request: PageRequest) -> HttpResponse:
    """Show the board, of all of one's teams or of one and those below it; htmx asks for its fresh state."""
    now = timezone.now()
    scope = scopes.of(request.user, request.GET.get("team", ""))
    looked_at, last = _visit(request, now)
    by_overdue = request.GET.get("sort") == "overdue"
    response = render(request, "web/board/board.html", _shown(request, scope, looked_at, by_overdue, now))
    if not request.htmx:
        _remember(response, request.user, looked_at or now, last)
    return response


def _shown(
    request: PageRequest, scope: Scope, looked_at: datetime | None, by_overdue: bool, now: datetime
) -> dict[str, object]:
    cases = reads.cases(scope, looked_at=looked_at)
    people = loads.of_teams(scope, at=now)
    capacities = loads.capacities(scope, people)
    wanted, to_approve = reads.wanted(scope), reads.to_approve(scope)
    red, amber = ([case for case in cases if case.level == level] for level in ("red", "amber"))
    late = reads.overdue(scope, at=now)
    all_shown = "all" in request.GET
    flags = [flag for case in cases for flag in case.flags]
    asks = {"team": scope.chosen.slug if scope.chosen else "", "sort": "overdue" if by_overdue else ""}
    return {
        "scope": scope,
        "now": now,
        "looked_at": looked_at,
        "wanted": wanted,
        "levels": [
            {
                "level": level,
                "cases": found if all_shown else found[:SHOWN],
                "count": len(found),
                "flags": sum(raised.flag.level == level for raised in flags),
            }
            for level, found in (("red", red), ("amber", amber))
        ],
        "flag_count": len(flags),
        "to_approve": to_approve,
        "late": late if all_shown else late[:SHOWN],
        "late_count": len(late),
        "overdue": sum(len(each.owed) for each in late),
        "waiting": reads.waiting(scope, at=now),
        "people": sorted(people, key=lambda load: -load.overdue) if by_overdue else people,
        "by_overdue": by_overdue,
        "behind": sum(load.is_over or load.overdue > 0 for load in people),
        "capacities": capacities,
        "absent": loads.absent(people),
        "left_alone": sum(load.is_left_alone for load in people),
        "news": {
            "raised": sum(flag.is_new and not flag.has_risen for flag in flags),
            "risen": sum(flag.is_new and flag.has_risen for flag in flags),
            "wanted": sum(looked_at is not None and wish.asked_at > looked_at for wish in wanted),
            "to_approve": sum(looked_at is not None and each.handoff.made_at > looked_at for each in to_approve),
        },
        "asks": urlencode({name: value for name, value in asks.items() if value}),
        "asks_all": urlencode({**{name: value for name, value in asks.items() if value}, "all": "1"}),
    }


def _cookie(person: Person) -> str:
    return f"board_{person.pk}"


def _visit(request: PageRequest, now: datetime) -> tuple[datetime | None, datetime]:
    """Return up to when the person has seen everything, None on the first visit, and when they look now."""
    try:
        said = request.COOKIES.get(_cookie(request.user), "").split(".")
        before, last = (datetime.fromtimestamp(int(each) / 1000, UTC) for each in said)
    except (ValueError, OverflowError, OSError):
        return None, now
    return (last if now - last > VISIT and not request.htmx else before), now


def _remember(response: HttpResponse, person: Person, before: datetime, last: datetime) -> None:
    response.set_cookie(
        _cookie(person),
        ".".join(str(round(moment.timestamp() * 1000)) for moment in (before, last)),
        max_age=YEAR,
        path=reverse("board"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


@managers_page
@require_POST
def looked(request: PageRequest) -> HttpResponse:
    """Take everything as seen: nothing on the board is new any more."""
    now = timezone.now()
    scope = scopes.of(request.user, request.POST.get("team", ""))
    asks = "?" + urlencode({"team": scope.chosen.slug}) if scope.chosen else ""
    response = redirect(reverse("board") + asks)
    _remember(response, request.user, now, now)
    return response
