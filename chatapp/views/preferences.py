"""Preferences of one browser, kept in cookies: theme and language."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from chatapp.context_processors import THEME_COOKIE, THEMES
from chatapp.current_user import HtmxRequest
from chatapp.views import responses

YEAR = 365 * 24 * 3600  # seconds


@login_not_required
@require_POST
def theme(request: HtmxRequest) -> HttpResponse:
    chosen = request.POST.get("theme", "")
    if chosen not in (*THEMES, ""):
        return responses.problem(request, _("That is neither light nor dark."), 422)
    response = shown(request, chosen)
    if chosen:
        secure = settings.SESSION_COOKIE_SECURE
        response.set_cookie(
            THEME_COOKIE, chosen, max_age=YEAR, samesite="Lax", secure=secure, httponly=True
        )
    else:
        response.delete_cookie(THEME_COOKIE, samesite="Lax")
    return response


def shown(request: HtmxRequest, chosen: str) -> HttpResponse:
    """The switch as it now stands; without htmx, the page it was on."""
    back = request.POST.get("next", "")
    if request.htmx:
        return render(request, "chat/theme.html", {"theme": chosen, "back": back})
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure())
    return responses.SeeOther(back if safe else reverse("home"))


# Back to the page that it was chosen on, by the browser's word: htmx may have changed the address
# since the form came.
language = login_not_required(require_POST(set_language))
