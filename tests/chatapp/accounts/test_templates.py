"""Every account page that can be reached is ours; what allauth brings besides has no address."""

from pathlib import Path

import allauth.account
import pytest

from chatapp.accounts.urls import urlpatterns
from tests.architecture.imports import ROOT

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
}
FILES = {"account_data", "account_requests"}
PAGES = [pattern for pattern in urlpatterns if pattern.name not in FILES]
FOR_SIGNED_IN = (
    "account_logout",
    "account_email",
    "account_change_password",
    "account_profile",
    "account_delete",
    "account_set_password",
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


def test_every_mail_is_in_our_words():
    """But for those about what isn't offered: codes."""
    theirs = {file.name for file in (THEIRS / "email").iterdir()}
    not_offered = {n for n in theirs if "code" in n}
    # Both take their text from the mail without "signup" in its name.
    shared = {n for n in theirs if n.startswith("email_confirmation_signup")}
    assert theirs - not_offered - shared == {file.name for file in (OURS / "email").iterdir()}
