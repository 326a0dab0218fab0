"""URLs of the account pages, and of those django-allauth pages that this site has templates for."""

from allauth.account import views
from django.conf import settings
from django.urls import include, path, re_path

from chatapp.accounts.data_export import download
from chatapp.accounts.deletion import delete_account
from chatapp.accounts.helicone_requests import requests
from chatapp.accounts.profile import profile
from chatapp.accounts.sessions import sessions

urlpatterns = [
    path("", profile, name="account_profile"),
    path("data/", download, name="account_data"),
    path("requests/", requests, name="account_requests"),
    path("delete/", delete_account, name="account_delete"),
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("signup/", views.signup, name="account_signup"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("email/", views.email, name="account_email"),
    path("confirm-email/", views.email_verification_sent, name="account_email_verification_sent"),
    path("confirm-email/<str:key>/", views.confirm_email, name="account_confirm_email"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("password/set/", views.password_set, name="account_set_password"),
    path("password/reset/", views.password_reset, name="account_reset_password"),
    path("password/reset/done/", views.password_reset_done, name="account_reset_password_done"),
    path(
        "password/reset/key/done/",
        views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("sessions/", sessions, name="account_sessions"),
    path("second-factor/", include("chatapp.accounts.mfa_urls")),
]

if settings.OIDC:
    urlpatterns.append(path("oidc/", include("chatapp.accounts.oidc")))
