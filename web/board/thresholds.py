"""The numbers behind a team's flags, and what others would have given last week."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from people.errors import Incomplete, NotYours
from people.models import Team
from tickets import tuning
from web import scopes
from web.access import PageRequest, managers_page
from web.board import previews as reads
from web.board.previews import LastWeek
from web.board.threshold_form import ThresholdsForm


def _team(request: PageRequest, slug: str) -> tuple[Team, bool]:
    """Return a team whose thresholds somebody may see, and whether they set them. Raises UnknownTeam."""
    scope = scopes.of(request.user, slug)
    assert scope.chosen is not None, "a slug chooses a team or is refused"
    return scope.chosen, scope.acts


@managers_page
def thresholds(request: PageRequest, slug: str) -> HttpResponse:
    """Show the thresholds of a team, set them, or show what they would have given (`preview`)."""
    team, acts = _team(request, slug)
    form = ThresholdsForm(request.POST or None, team=team)
    preview = None
    if request.method == "POST":
        if not acts:
            raise NotYours
        if "preview" in request.POST:
            preview = _preview(request, team, form)
        elif _saved(request, team, form):
            return redirect("thresholds", slug)
    context = {"team": team, "form": form, "acts": acts, "preview": preview, "changes": reads.changes(team)}
    return render(request, "web/board/thresholds.html", context, status=422 if form.errors else 200)


def _saved(request: PageRequest, team: Team, form: ThresholdsForm) -> bool:
    if not form.is_valid():
        return False
    before = team.thresholds
    try:
        after = tuning.change(team=team.pk, by=request.user, thresholds_now=form.numbers())
    except Incomplete as refusal:
        form.refuse(refusal)
        return False
    told = _("They hold from now on.") if after.thresholds != before else _("Nothing has changed.")
    messages.success(request, told)
    return True


@managers_page
@require_POST
def preview(request: PageRequest, slug: str) -> HttpResponse:
    """Show what thresholds would have given last week, while somebody still thinks about them."""
    team, acts = _team(request, slug)
    if not acts:
        raise NotYours
    form = ThresholdsForm(request.POST, team=team)
    found = _preview(request, team, form)
    return render(request, "web/board/preview.html", {"preview": found, "form": form, "team": team})


def _preview(request: PageRequest, team: Team, form: ThresholdsForm) -> LastWeek | None:
    """Return the preview; None, with what is wrong in the form, when the numbers cannot be."""
    if not form.is_valid():
        return None
    try:
        return reads.last_week(team, form.numbers(), by=request.user)
    except Incomplete as refusal:
        form.refuse(refusal)
        return None
