"""Login by the site's OpenID Connect provider. Imported only if one is configured."""

import logging

from allauth.socialaccount import views as social
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect import views
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import path, reverse_lazy
from django.views.generic import RedirectView
from requests import RequestException

from chatapp.accounts.oidc_adapter import CheckedAdapter

log = logging.getLogger(__name__)
callback_view = OAuth2CallbackView.adapter_view
PROVIDER = {"provider_id": settings.OIDC_ID}


@login_not_required
def login(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Redirect to the provider, or an error page with status 502 if it is unavailable."""
    try:
        response: HttpResponseBase = views.login(request, provider_id)
    except (RequestException, OAuth2Error) as error:
        log.warning("The OpenID Connect provider can't be used: %r", error)
        return render(request, "socialaccount/authentication_error.html", status=502)
    return response


@login_not_required
def callback(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Log in by the provider's answer, or an error page with status 401."""
    try:
        response: HttpResponseBase = callback_view(CheckedAdapter(request, provider_id))(request)
    except (RequestException, OAuth2Error) as error:
        log.warning("The OpenID Connect provider can't be used: %r", error)
        return render(request, "socialaccount/authentication_error.html", status=502)
    return response


urlpatterns = [
    path("login/", login, PROVIDER, name="openid_connect_login"),
    path("login/callback/", callback, PROVIDER, name="openid_connect_callback"),
    path("cancelled/", social.login_cancelled, name="socialaccount_login_cancelled"),
    path("signup/", social.signup, name="socialaccount_signup"),
    path(
        "accounts/",
        RedirectView.as_view(url=reverse_lazy("account_profile")),
        name="socialaccount_connections",
    ),
]
