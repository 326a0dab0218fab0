"""Signing up: an email, a password, and in."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail

from chatapp.models import User
from tests.fixtures.people import PASSWORD

URL = "/accounts/signup/"
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def test_an_email_and_a_password_are_enough(client):
    answer = client.post(URL, {"email": "new@example.org", "password1": PASSWORD})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    new = User.objects.get(email="new@example.org")
    assert new.username
    assert not new.is_guest
    assert client.session["_auth_user_id"] == str(new.pk)


def test_it_goes_on_to_where_one_came_from(client):
    page = client.get(f"{URL}?next=/accounts/email/").content.decode()
    assert 'name="next" value="/accounts/email/"' in page
    sent = {"email": "new@example.org", "password1": PASSWORD, "next": "/accounts/email/"}
    assert client.post(URL, sent).headers["Location"] == "/accounts/email/"


def test_it_never_goes_on_to_another_site(client):
    sent = {"email": "new@example.org", "password1": PASSWORD, "next": "https://evil.example/"}
    assert client.post(URL, sent).headers["Location"] == "/"


@pytest.mark.parametrize(
    ("email", "password", "words"),
    [
        ("new@example.org", "password", "This password is too common."),
        ("new@example.org", "short-1", "This password is too short."),
        ("new@example.org", "", "This field is required."),
        ("no address", PASSWORD, "Enter a valid email address."),
        ("", PASSWORD, "This field is required."),
        ("alice@example.org", PASSWORD, "There is an account with this email already"),
        ("ALICE@example.org", PASSWORD, "There is an account with this email already"),
    ],
)
def test_what_is_wrong_is_said_and_the_email_stays(client, alice, email, password, words):
    answer = client.post(URL, {"email": email, "password1": password})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert words in page
    assert 'aria-invalid="true"' in page
    assert f'value="{email}"' in page or not email
    assert not password or password not in page.replace("password", "")
    assert User.objects.count() == 1


def test_a_user_of_the_same_name_is_no_obstacle(client, alice):
    client.post(URL, {"email": "alice@elsewhere.example", "password1": PASSWORD})
    new = User.objects.get(email="alice@elsewhere.example")
    assert new.username != "alice"


def test_the_email_is_asked_to_be_confirmed_in_plain_words(client):
    client.post(URL, {"email": "new@example.org", "password1": PASSWORD})
    (sent,) = mail.outbox
    assert sent.subject == "Rapport: please confirm your email"
    assert "http://testserver/accounts/confirm-email/" in sent.body
    assert "&" not in sent.body
    assert "example.com" not in sent.body


def test_confirming_takes_a_click_so_that_no_scanner_does_it(client):
    client.post(URL, {"email": "new@example.org", "password1": PASSWORD})
    link = next(word for word in mail.outbox[0].body.split() if "confirm-email" in word)
    address = EmailAddress.objects.get()
    assert "Yes, confirm it" in client.get(link).content.decode()
    address.refresh_from_db()
    assert not address.verified
    client.post(link)
    address.refresh_from_db()
    assert address.verified


def test_where_confirming_is_mandatory_nothing_tells_who_has_an_account(client, alice, settings):
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"

    def said_to(who: str) -> tuple[list[tuple[str, int]], str]:
        sent = {"email": f"{who}@example.org", "password1": PASSWORD}
        answer = client.post(URL, sent, follow=True)
        page = re.sub(r'"csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())
        return answer.redirect_chain, page.replace(who, "")

    assert said_to("alice") == said_to("somebody")
    assert said_to("else")[0] == [("/accounts/confirm-email/", 302)]
    subjects = {sent.to[0]: sent.subject for sent in mail.outbox}
    assert subjects["alice@example.org"] == "Rapport: you have an account already"
    assert "_auth_user_id" not in client.session
