"""Another email for the account."""

import pytest
from django.core import mail

from tests.fixtures.people import PASSWORD

URL = "/accounts/email/"
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def signed_in(client, alice):
    """Somebody with a confirmed email who has just entered the password again."""
    alice.emailaddress_set.create(email=alice.email, verified=True, primary=True)
    client.force_login(alice)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


def test_the_new_email_counts_once_it_is_confirmed(signed_in, alice):
    signed_in.post(URL, {"action_add": "", "email": "new@example.org"})
    alice.refresh_from_db()
    assert alice.email == "alice@example.org"
    assert "is not confirmed yet" in signed_in.get(URL).content.decode()
    link = next(w for sent in mail.outbox for w in sent.body.split() if "confirm-email" in w)
    signed_in.post(link)
    alice.refresh_from_db()
    assert alice.email == "new@example.org"


def test_the_password_is_asked_for_first_and_nothing_has_to_be_typed_twice(client, alice):
    client.force_login(alice)
    asked = client.post(URL, {"action_add": "", "email": "new@example.org"}, follow=True)
    assert "Is it you?" in asked.content.decode()
    assert not alice.emailaddress_set.filter(email="new@example.org").exists()
    client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": URL})
    assert alice.emailaddress_set.filter(email="new@example.org").exists()


def test_an_address_that_is_none_is_refused_and_stays(signed_in):
    page = signed_in.post(URL, {"action_add": "", "email": "none"}).content.decode()
    assert "Enter a valid email address." in page
    assert 'value="none"' in page


def test_the_folder_of_the_account_leads_to_its_pages(signed_in, client_of):
    assert f'href="{URL}"' in signed_in.get("/accounts/").text
    assert client_of().get("/accounts/").headers["Location"] == "/accounts/login/?next=/accounts/"
