"""Sessions: listed to their user alone, ended one by one or all."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from chatapp.accounts.data_export import all_parts
from chatapp.retention import purge_sessions
from tests.fixtures.people import PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
URL = "/accounts/sessions/"


def signed_in(name: str, browser: str) -> Client:
    client = Client(headers={"User-Agent": browser})
    client.post("/accounts/login/", {"login": name, "password": PASSWORD})
    assert is_signed_in(client)
    return client


def is_signed_in(client: Client) -> bool:
    return client.get("/accounts/email/").status_code == 200


@pytest.fixture
def here(alice) -> Client:
    return signed_in("alice", "Here")


@pytest.fixture
def phone(alice) -> Client:
    return signed_in("alice", "Phone")


def test_one_is_ended(here, phone):
    third = signed_in("alice", "Third")
    page = here.get(URL).text
    assert page.count("Sign out there") == 2
    assert "This browser" in page and "Phone" in page and "127.0.0.1" in page
    chosen = UserSession.objects.get(user_agent="Phone")
    assert here.post(URL, {"session": chosen.pk}).status_code == 303
    assert (is_signed_in(here), is_signed_in(phone), is_signed_in(third)) == (True, False, True)


def test_all_others_are_ended(here, phone):
    here.post(URL)
    assert is_signed_in(here) and not is_signed_in(phone)
    assert "Sign out there" not in here.get(URL).text


@pytest.mark.parametrize("chosen", ["x", "-1", "999999999"])
def test_what_is_no_session_ends_none(here, phone, chosen):
    here.post(URL, {"session": chosen})
    assert is_signed_in(phone)


def test_those_of_others_are_neither_listed_nor_ended(here, bob):
    other = signed_in("bob", "Bobs-own")
    assert "Bobs-own" not in here.get(URL).text
    here.post(URL, {"session": UserSession.objects.get(user=bob).pk})
    here.post(URL)
    assert is_signed_in(other)


def test_visitors_sign_in_first(client, client_of, alice):
    assert client.get(URL).headers["Location"].startswith("/accounts/login/")
    guest = client_of(type(alice).objects.create_guest())
    assert guest.get(URL).headers["Location"].startswith("/accounts/login/")


def test_a_session_from_before_is_listed_where_it_looks(client_of, alice):
    client = client_of(alice)
    assert not UserSession.objects.exists()
    assert "This browser" in client.get(URL).text


def test_what_has_ended_is_listed_no_longer_than_it_was(here, phone):
    key = phone.session.session_key
    Session.objects.filter(pk=key).update(expire_date=timezone.now() - timedelta(seconds=1))
    purge_sessions()
    assert [session.user_agent for session in UserSession.objects.all()] == ["Here"]


def test_they_are_in_ones_data_and_go_with_the_account(here, alice):
    parts = {name: list(rows) for name, rows in all_parts(alice)}
    assert [row["user_agent"] for row in parts["sessions.json"]] == ["Here"]
    here.post("/accounts/delete/", {"proof": PASSWORD})
    assert not UserSession.objects.exists()
