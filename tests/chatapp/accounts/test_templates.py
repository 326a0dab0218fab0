"""Every account page that can be reached is ours; what allauth brings besides has no address."""

from pathlib import Path

import allauth.account
import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.urls import URLPattern, reverse

from chatapp.accounts import mfa_urls
from chatapp.accounts.urls import urlpatterns
from tests.architecture.imports import ROOT
from tests.fixtures.people import confirm

pytestmark = pytest.mark.sqlite

THEIRS = Path(allauth.account.__file__).parent.parent / "templates/account"
OURS = ROOT / "templates/account"
VISITED = {  # what a visitor, or somebody signed in, gets when asking for each page
    "account_login": "login",
    "account_signup": "signup",
    "account_inactive": "account_inactive",
    "account_email_verification_sent": "verification_sent",
    "account_confirm_email": "email_confirm",
    "account_reset_password": "password_reset",
    "account_reset_password_done": "password_reset_done",
    "account_reset_password_from_key": "password_reset_from_key",
    "account_reset_password_from_key_done": "password_reset_from_key_done",
    "account_logout": "logout",
    "account_email": "email_change",
    "account_change_password": "password_change",
    "account_reauthenticate": "reauthenticate",
    "account_profile": "profile",
    "account_delete": "delete",
    "account_set_password": "password_set",
    "account_sessions": "sessions",
}
FILES = {"account_data", "account_requests"}
PAGES = [p for p in urlpatterns if isinstance(p, URLPattern) and p.name not in FILES]
MFA_PAGES = {
    "mfa_index": "index",
    "mfa_reauthenticate": "reauthenticate",
    "mfa_activate_totp": "totp/activate_form",
    "mfa_deactivate_totp": "totp/deactivate_form",
    "mfa_view_recovery_codes": "recovery_codes/index",
    "mfa_generate_recovery_codes": "recovery_codes/generate",
    "mfa_download_recovery_codes": "recovery_codes/download",
    "mfa_add_webauthn": "webauthn/add_form",
    "mfa_remove_webauthn": "webauthn/authenticator_confirm_delete",
}
# Only while signing in, a redirect, and what needs a real passkey: see tests/e2e/test_passkeys.py.
ELSEWHERE = {"mfa_authenticate", "mfa_list_webauthn", "mfa_reauthenticate_webauthn"}
FOR_SIGNED_IN = (
    "account_logout",
    "account_email",
    "account_change_password",
    "account_profile",
    "account_delete",
    "account_set_password",
    "account_sessions",
)
SAMPLES = {
    "account_confirm_email": "confirm-email/1/",
    "account_reset_password_from_key": "password/reset/key/1-abc/",
}


@pytest.mark.parametrize("pattern", PAGES, ids=lambda pattern: pattern.name)
def test_a_page_is_drawn_by_our_template(pattern, client, alice):
    if pattern.name in (*FOR_SIGNED_IN, "account_reauthenticate"):
        if pattern.name == "account_set_password":
            alice.set_unusable_password()
            alice.save()
        client.force_login(alice)
    page = client.get(f"/accounts/{SAMPLES.get(pattern.name, pattern.pattern)}")
    assert page.status_code == 200
    drawn = {template.name for template in page.templates}
    assert {f"account/{VISITED[pattern.name]}.html", "narrow.html"} <= drawn
    origins = {template.origin.name for template in page.templates if template.origin}
    assert all(Path(name).is_relative_to(ROOT / "templates") for name in origins)


@pytest.mark.parametrize("name", MFA_PAGES)
def test_a_page_of_second_factors_is_drawn_by_our_template(name, client, alice):
    passkey = {"user": alice, "type": Authenticator.Type.WEBAUTHN, "data": {"name": "Blue key"}}
    if name in ("mfa_index", "mfa_remove_webauthn"):
        Authenticator.objects.create(**passkey)
    if name != "mfa_activate_totp":
        TOTP.activate(alice, "JBSWY3DPEHPK3PXP")
        RecoveryCodes.activate(alice)
    client.force_login(alice)
    confirm(client, alice, "mfa")
    keys = list(Authenticator.objects.filter(type="webauthn").values_list("pk", flat=True))
    page = client.get(reverse(name, args=keys if name == "mfa_remove_webauthn" else ()))
    assert page.status_code == 200
    assert f"mfa/{MFA_PAGES[name]}." in " ".join(t.name for t in page.templates if t.name)
    origins = {template.origin.name for template in page.templates if template.origin}
    assert all(Path(origin).is_relative_to(ROOT / "templates") for origin in origins)


def test_every_page_of_second_factors_is_known():
    assert {pattern.name for pattern in mfa_urls.urlpatterns} == {*MFA_PAGES, *ELSEWHERE}


def test_every_mail_is_in_our_words():
    """But for those about what isn't offered: codes."""
    theirs = {file.name for file in (THEIRS / "email").iterdir()}
    not_offered = {n for n in theirs if "code" in n}
    # Both take their text from the mail without "signup" in its name.
    shared = {n for n in theirs if n.startswith("email_confirmation_signup")}
    assert theirs - not_offered - shared == {file.name for file in (OURS / "email").iterdir()}
    about_factors = {file.name for file in (THEIRS.parent / "mfa/email").iterdir()}
    assert about_factors == {file.name for file in (OURS.parent / "mfa/email").iterdir()}
