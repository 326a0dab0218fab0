"""Second factors: set up, asked for, lost; and what staff must prove again."""

import base64
import hmac
import json
import re
import struct
import time
from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from allauth.core.context import request_context
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client

from chatapp.accounts.data_export import all_parts
from chatapp.models import User
from tests.fixtures.people import PASSWORD, confirm

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105 - of tests only
INDEX = "/accounts/second-factor/"
SIGN_IN = f"{INDEX}sign-in/"
CONFIRM = f"{INDEX}confirm/"
CONFIRMED = [
    "/admin/feedback/rating/export/",
    "/admin/chatapp/user/add/",
    "/admin/chatapp/user/{pk}/change/",
    "/admin/chatapp/user/{pk}/delete/",
    "/admin/chatapp/user/{pk}/password/",
    "/admin/auth/group/add/",
]


def code(secret: str) -> str:
    """What an authenticator app shows now: RFC 6238."""
    moment = struct.pack(">Q", int(time.time()) // 30)
    digest = hmac.digest(base64.b32decode(secret), moment, "sha1")
    start = digest[-1] & 15
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**6:06}"


@pytest.fixture
def with_app() -> Callable[[User], User]:
    def with_app(user: User) -> User:
        TOTP.activate(user, SECRET)
        RecoveryCodes.activate(user)
        return user

    return with_app


def sign_in(client: Client, name: str, **more: str):
    return client.post("/accounts/login/", {"login": name, "password": PASSWORD, **more})


def test_an_app_is_set_up_and_asked_for(
    client, alice, mailoutbox, django_capture_on_commit_callbacks
):
    EmailAddress.objects.create(user=alice, email=alice.email, primary=True, verified=True)
    sign_in(client, "alice")
    asked = client.get(f"{INDEX}app/")
    assert asked.headers["Location"].startswith("/accounts/reauthenticate/")
    client.post(asked.headers["Location"], {"password": PASSWORD})
    page = client.get(f"{INDEX}app/")
    (secret,) = re.findall(r"<code>([A-Z2-7]+)</code>", page.text)
    assert 'src="data:image/svg+xml;base64,' in page.text
    assert "isn&#x27;t right" in client.post(f"{INDEX}app/", {"code": "000000"}).text
    with django_capture_on_commit_callbacks() as committed:
        answer = client.post(f"{INDEX}app/", {"code": code(secret)})
    with request_context(answer.wsgi_request):
        for callback in committed:
            callback()
    assert answer.headers["Location"] == f"{INDEX}codes/"
    codes = re.findall(r"<code>(\d+)</code>", client.get(f"{INDEX}codes/").text)
    assert len(codes) == 10
    assert client.get(f"{INDEX}codes/download/").text.split() == codes
    other = Client()
    assert sign_in(other, "alice").headers["Location"] == SIGN_IN
    assert "_auth_user_id" not in other.session
    assert "isn&#x27;t right" in other.post(SIGN_IN, {"code": "000000"}).text
    assert other.post(SIGN_IN, {"code": codes[0]}).headers["Location"] == "/"
    assert other.session["_auth_user_id"] == str(alice.pk)
    third = Client()
    sign_in(third, "alice")
    third.post(SIGN_IN, {"code": codes[0]})
    assert "_auth_user_id" not in third.session  # each code works once
    subjects = [mail.subject for mail in mailoutbox]
    assert "Rapport: an authenticator app was set up" in subjects


@pytest.mark.parametrize("guests", [True, False])
def test_its_page_is_there_for_who_is_not_signed_in_yet(client, alice, with_app, settings, guests):
    settings.GUESTS = guests
    with_app(alice)
    sign_in(client, "alice")
    assert client.get(SIGN_IN).status_code == 200


def test_removing_it_takes_proof_and_its_codes_along(client_of, alice, with_app):
    client = client_of(with_app(alice))
    assert client.post(f"{INDEX}app/remove/").status_code == 302
    assert Authenticator.objects.filter(user=alice).count() == 2
    confirm(client, alice, "mfa")
    client.post(f"{INDEX}app/remove/")
    assert not Authenticator.objects.filter(user=alice).exists()


def test_guessing_codes_is_under_a_limit(client, alice, with_app):
    with_app(alice)
    sign_in(client, "alice")
    for _ in range(12):
        page = client.post(SIGN_IN, {"code": "000000"})
    assert "Too many" in page.text


def test_nobody_removes_the_passkey_of_another(client_of, alice, bob):
    passkey = Authenticator.objects.create(user=bob, type="webauthn", data={"name": "Bobs"})
    client = client_of(alice)
    confirm(client, alice, "mfa")
    url = f"{INDEX}passkeys/{passkey.pk}/remove/"
    assert (client.get(url).status_code, client.post(url).status_code) == (404, 404)
    assert Authenticator.objects.filter(pk=passkey.pk).exists()


# In the database


@pytest.fixture
def keys(settings, alice, with_app) -> list[str]:
    """The data of a user's second factors as stored, from before SECRET_KEY was changed."""
    settings.SECRET_KEY = "the-first-key-of-this-site-0123456789"
    with_app(alice)
    settings.SECRET_KEY = "the-second-key-of-this-site-0123456789"
    settings.SECRET_KEY_FALLBACKS = ["the-first-key-of-this-site-0123456789"]
    return [json.dumps(each.data) for each in Authenticator.objects.filter(user=alice)]


def can_sign_in(name: str, code: str) -> bool:
    client = Client()
    sign_in(client, name)
    answer = client.post(SIGN_IN, {"code": code})
    return answer.status_code == 302 and "_auth_user_id" in client.session


def recovery_codes(user: User) -> list[str]:
    stored = Authenticator.objects.get(user=user, type="recovery_codes")
    return list(RecoveryCodes(stored).get_unused_codes())


def test_secrets_are_encrypted_in_the_database(keys, alice):
    app, codes = keys
    assert SECRET not in app
    assert json.loads(app)["secret"].startswith("fernet:")
    assert json.loads(codes)["seed"].startswith("fernet:")
    assert not any(code in codes for code in recovery_codes(alice))


def test_what_an_earlier_key_encrypted_is_read(keys, alice):
    assert can_sign_in("alice", code(SECRET))
    assert can_sign_in("alice", recovery_codes(alice)[0])


def test_what_no_key_reads_lets_nobody_in_and_the_log_says_what_to_do(
    keys, alice, settings, caplog
):
    one = recovery_codes(alice)[0]
    settings.SECRET_KEY_FALLBACKS = []
    for given in (code(SECRET), code(""), one):
        assert not can_sign_in("alice", given)
    assert "add the earlier one to SECRET_KEY_FALLBACKS" in caplog.text
    settings.SECRET_KEY_FALLBACKS = ["the-first-key-of-this-site-0123456789"]
    assert can_sign_in("alice", one)


def test_what_was_set_up_before_encryption_is_read(alice):
    Authenticator.objects.create(user=alice, type="totp", data={"secret": SECRET})
    seed = {"seed": "ab" * 40, "used_mask": 0}
    Authenticator.objects.create(user=alice, type="recovery_codes", data=seed)
    assert can_sign_in("alice", code(SECRET))
    assert can_sign_in("alice", recovery_codes(alice)[0])


# Staff


def test_where_it_is_required_staff_are_led_to_set_one_up(client_of, rita, alice, settings):
    assert client_of(rita).get("/admin/").status_code == 200
    settings.STAFF_MFA = "required"
    client = client_of(rita)
    for url in ("/admin/", "/admin/feedback/rating/", "/admin/password_change/"):
        answer = client.get(url, follow=True)
        assert answer.redirect_chain == [(INDEX, 302)]
        assert "Staff need a second factor" in answer.text
    assert client.get("/").status_code == 200
    assert client.post("/admin/logout/").headers["Location"] == "/"
    assert client_of(alice).get("/accounts/").status_code == 200


def test_a_session_without_it_is_asked_for_it(client_of, rita, settings, with_app):
    settings.STAFF_MFA = "required"
    client = client_of(with_app(rita))
    asked = client.get("/admin/").headers["Location"]
    assert asked == f"{CONFIRM}?next=/admin/".replace("=/admin/", "=%2Fadmin%2F")
    assert client.get(asked).status_code == 200
    answer = client.post(asked, {"code": code(SECRET), "next": "/admin/"})
    assert answer.headers["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_who_signed_in_with_it_is_not_asked_for_it(client, rita, settings, with_app):
    settings.STAFF_MFA = "required"
    with_app(rita)
    sign_in(client, "rita")
    client.post(SIGN_IN, {"code": code(SECRET)})
    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize("url", CONFIRMED)
def test_exports_and_permissions_ask_again(client_of, sam, url):
    url = url.format(pk=sam.pk)
    client = client_of(sam, confirmed=False)
    asked = client.get(url).headers["Location"]
    assert asked.startswith("/accounts/reauthenticate/?next=")
    back = client.post(asked, {"password": PASSWORD, "next": url}).headers["Location"]
    assert back == url
    assert client.get(url).status_code == 200
    confirm(client, sam, seconds_ago=16 * 60)
    assert client.get(url).status_code == 302


def test_a_second_factor_is_what_is_asked_for(client_of, sam, with_app):
    client = client_of(with_app(sam))
    url = "/admin/chatapp/user/add/"
    assert client.get(url).headers["Location"].startswith(CONFIRM)  # a password is not enough
    confirm(client, sam, "mfa")
    assert client.get(url).status_code == 200


def test_a_post_without_proof_changes_nothing(client_of, sam, alice):
    client = client_of(sam, confirmed=False)
    form = {"action": "delete_selected", "_selected_action": str(alice.pk), "post": "yes"}
    answer = client.post("/admin/chatapp/user/", form)
    assert answer.headers["Location"].startswith("/accounts/reauthenticate/")
    assert User.objects.filter(pk=alice.pk).exists()
    answer = client.post("/admin/feedback/rating/export/csv/")
    assert answer.headers["Location"].endswith("?next=%2Fadmin%2Ffeedback%2Frating%2Fexport%2F")
    assert client.get("/admin/chatapp/user/").status_code == 200


def test_who_signs_in_by_a_provider_alone_has_nothing_to_prove_it_with(client_of, sam):
    sam.set_unusable_password()
    sam.save()
    assert client_of(sam, confirmed=False).get("/admin/chatapp/user/add/").status_code == 200


def test_the_admin_shows_who_has_one_and_no_secret(client_of, sam, alice, with_app):
    with_app(alice)
    factor = Authenticator.objects.get(user=alice, type="totp")
    client = client_of(sam)
    pages = [
        client.get(f"/admin/mfa/authenticator/{path}") for path in ("", f"{factor.pk}/change/")
    ]
    for page in pages:
        assert page.status_code == 200
        assert "alice" in page.text
        assert factor.data["secret"] not in page.text
    client.post(f"/admin/mfa/authenticator/{factor.pk}/delete/", {"post": "yes"})
    assert not Authenticator.objects.filter(pk=factor.pk).exists()


def test_it_is_in_ones_data_without_its_secret_and_goes_with_the_account(
    client_of, alice, with_app
):
    with_app(alice)
    parts = {name: list(rows) for name, rows in all_parts(alice)}
    assert {row["type"] for row in parts["second_factors.json"]} == {"totp", "recovery_codes"}
    assert SECRET not in json.dumps(parts["second_factors.json"], default=str)
    client_of(alice).post("/accounts/delete/", {"proof": PASSWORD})
    assert not Authenticator.objects.exists()
