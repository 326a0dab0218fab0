"""Signing in and out, for people and for staff."""

import pytest
from django.core.management import call_command

from chatapp.models import User
from tests.fixtures.people import PASSWORD

URL = "/accounts/login/"
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def sign_in(client, login, password=PASSWORD, **more):
    return client.post(URL, {"login": login, "password": password, **more})


@pytest.mark.parametrize("login", ["alice", "alice@example.org", "ALICE@example.org"])
def test_the_name_is_an_email_or_a_username(client, alice, login):
    assert sign_in(client, login).headers["Location"] == "/"
    assert client.session["_auth_user_id"] == str(alice.pk)


def test_somebody_unknown_and_a_wrong_password_sound_the_same(client, alice):
    pages = [
        sign_in(client, login, "wrong").content.decode().replace(login, "")
        for login in ("alice", "nobody", "alice@example.org", "nobody@example.org")
    ]
    tokens = [page.split('csrfmiddlewaretoken" value="')[1][:64] for page in pages]
    alike = {page.replace(token, "") for page, token in zip(pages, tokens, strict=True)}
    assert len(alike) == 1
    assert "match" in alike.pop()


def test_what_was_typed_stays_but_the_password(client, alice):
    page = sign_in(client, "alice", "Not-my-pass").content.decode()
    assert 'value="alice"' in page
    assert "Not-my-pass" not in page


def test_the_session_key_changes_when_signing_in(client, alice):
    session = client.session
    session["draft"] = "Hello?"
    session.save()
    before = session.session_key
    sign_in(client, "alice")
    assert client.session.session_key != before
    assert not client.session.exists(before)
    assert client.session["draft"] == "Hello?"


def test_signing_out_takes_a_post(client, alice):
    client.force_login(alice)
    assert "Sign out" in client.get("/accounts/logout/").content.decode()
    assert client.session["_auth_user_id"] == str(alice.pk)
    assert client.post("/accounts/logout/").headers["Location"] == "/"
    assert "_auth_user_id" not in client.session


def test_a_closed_account_is_told_so(client, alice):
    alice.is_active = False
    alice.save()
    page = client.post(URL, {"login": "alice", "password": PASSWORD}, follow=True)
    assert "This account is closed" in page.content.decode()
    assert "_auth_user_id" not in client.session


def test_nobody_signs_in_as_a_guest(client):
    guest = User.objects.create_guest()
    for password in ("", guest.password, str(guest.uid)):
        assert sign_in(client, guest.username, password).status_code == 200
    assert "_auth_user_id" not in client.session


# Staff


def test_staff_made_on_the_command_line_sign_in_by_username(client, monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    call_command("createsuperuser", username="ada", email="", interactive=False, verbosity=0)
    login = client.get("/admin/", follow=True)
    assert login.redirect_chain[-1][0] == "/accounts/login/?next=%2Fadmin%2F"
    assert sign_in(client, "ada", next="/admin/").headers["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_staff_without_an_email_sign_in_where_emails_must_be_confirmed(client, sam, settings):
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    sam.email = ""
    sam.save()
    sign_in(client, "sam", next="/admin/")
    assert client.get("/admin/").status_code == 200


def test_staff_and_reviewers_get_in_and_others_are_refused_in_words(client_of, rita, sam, alice):
    assert client_of(sam).get("/admin/").status_code == 200
    assert client_of(rita).get("/admin/").status_code == 200
    refused = client_of(alice).get("/admin/", follow=True)
    assert refused.status_code == 403
    assert "sign in with another account" in refused.content.decode()


def test_the_admins_login_takes_no_password_of_its_own(client, sam):
    answer = client.post("/admin/login/", {"username": "sam", "password": PASSWORD})
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(URL)
    assert "_auth_user_id" not in client.session


# Limits


def test_five_wrong_passwords_close_the_door_for_a_while(client, alice):
    for _ in range(5):
        sign_in(client, "alice", "wrong")
    answer = sign_in(client, "alice")
    assert "Wait five minutes" in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_nobody_can_lock_another_out(client, client_of, alice):
    """Five wrong passwords close the door at the network they come from, and nowhere else."""
    client.defaults["REMOTE_ADDR"] = "2001:db8:0:1::1"
    for _ in range(5):
        sign_in(client, "alice", "wrong")
    client.defaults["REMOTE_ADDR"] = "2001:db8:0:1::2"
    assert "Wait five minutes" in sign_in(client, "alice").text
    client.defaults["REMOTE_ADDR"] = "2001:db8:0:2::1"
    sign_in(client, "alice")
    assert "_auth_user_id" in client.session


def test_too_many_tries_from_one_address_get_a_page_that_says_so(client, alice, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": "2/m/ip"}
    answers = [sign_in(client, f"somebody{n}", "wrong") for n in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].headers["Retry-After"] == "60"
    assert "Wait a minute" in answers[2].content.decode()


def test_a_forged_address_buys_no_further_tries(client, alice, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    tries = [
        client.post(URL, {}, headers={"X-Forwarded-For": f"10.0.0.{n}"}).status_code
        for n in range(2)
    ]
    assert tries == [200, 429]


def test_a_setting_lifts_the_limits(client, alice, settings):
    settings.ACCOUNT_RATE_LIMITS = False
    for _ in range(35):
        assert sign_in(client, "alice", "wrong").status_code == 200
    assert sign_in(client, "alice").status_code == 302
