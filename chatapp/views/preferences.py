"""Preferences in cookies: theme and language."""

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
    theme_name = request.POST.get("theme", "")
    if theme_name not in (*THEMES, ""):
        return responses.problem(request, _("That is neither light nor dark."), 422)
    response = theme_response(request, theme_name)
    if theme_name:
        secure = settings.SESSION_COOKIE_SECURE
        response.set_cookie(
            THEME_COOKIE, theme_name, max_age=YEAR, samesite="Lax", secure=secure, httponly=True
        )
    else:
        response.delete_cookie(THEME_COOKIE, samesite="Lax")
    return response


def theme_response(request: HtmxRequest, theme_name: str) -> HttpResponse:
    """The updated theme switch; without htmx, a redirect back to the page."""
    back = request.POST.get("next", "")
    if request.htmx:
        return render(request, "chat/theme.html", {"theme": theme_name, "back": back})
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure())
    return responses.SeeOther(back if safe else reverse("home"))


# Redirects to the Referer, not to a form field: htmx may have changed the URL since the form was
# rendered.
language = login_not_required(require_POST(set_language))
