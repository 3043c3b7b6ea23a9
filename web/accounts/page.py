"""One's own account: password, second step, sign-ins, tokens."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.usersessions.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from people import tokens
from people.roles import Scope
from web.access import PageRequest, page
from web.accounts import mine as reads
from web.accounts import second_factor
from web.accounts.token_form import TokenForm


@page
@never_cache
def account(request: PageRequest) -> HttpResponse:
    """Show who one is, how one signs in, and where one is signed in."""
    context = {
        "teams": request.user.teams.all(),
        "has_second_factor": reads.has_second_factor(request.user),
        "must_have_second_factor": second_factor.must_have(request.user),
        "sign_ins": reads.sign_ins(request.user),
        "tokens": reads.tokens(request.user),
    }
    return render(request, "web/account/account.html", context)


@page
@require_POST
def end_sign_in(request: PageRequest, number: int) -> HttpResponse:
    """Sign out elsewhere."""
    # Of one's own only, and this one by signing out, which clears the browser as well.
    found = [each for each in UserSession.objects.filter(user=request.user, pk=number) if not each.is_current()]
    if not found:
        raise Http404
    get_adapter().end_sessions(found)
    messages.success(request, _("Signed out there."))
    return redirect("account")


@page
@require_POST
def end_other_sign_ins(request: PageRequest) -> HttpResponse:
    """Sign out everywhere else."""
    others = [each for each in UserSession.objects.filter(user=request.user) if not each.is_current()]
    get_adapter().end_sessions(others)
    words = ngettext("Signed out at %(n)d other place.", "Signed out at %(n)d other places.", len(others))
    messages.success(request, words % {"n": len(others)})
    return redirect("account")


def _tokens_page(request: PageRequest, form: TokenForm, **more: Any) -> HttpResponse:
    context = {"form": form, "tokens": reads.tokens(request.user), **more}
    return render(request, "web/account/tokens.html", context)


@page
@never_cache
def account_tokens(request: PageRequest) -> HttpResponse:
    """Show one's tokens, and how to get another."""
    return _tokens_page(request, TokenForm())


@page
@never_cache
@require_POST
# A token outlives the session: whoever finds a desk unlocked must not take one along.
@reauthentication_required  # type: ignore[untyped-decorator]
def create_token(request: PageRequest) -> HttpResponse:
    """Make a token and show it, this once."""
    form = TokenForm(request.POST)
    if not form.is_valid():
        return _tokens_page(request, form)
    scopes = [Scope(scope) for scope in form.cleaned_data["scopes"]]
    token = tokens.create(request.user, scopes=scopes, good_for=form.cleaned_data["good_for"])
    return _tokens_page(request, TokenForm(), new=token)


@page
@require_POST
def revoke_token(request: PageRequest, begins_with: str) -> HttpResponse:
    """Take one's token away; from now on it opens nothing."""
    if not tokens.revoke(request.user, begins_with=begins_with):
        raise Http404
    messages.success(request, _("That token opens nothing any more."))
    return redirect("account_tokens")
