"""GET and POST /accounts/: who one is here."""

import pytest

from chatapp.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def test_it_says_who_one_is_and_leads_to_all_that_is_ones_own(client_of, alice):
    page = client_of(alice).get("/accounts/").text
    assert "alice@example.org" in page
    for way in ("email/", "password/change/", "data/", "delete/", "logout/"):
        assert f'href="/accounts/{way}"' in page
    assert 'action="/theme/"' in page


def test_a_name_is_shown_in_place_of_the_email(client_of, alice):
    client = client_of(alice)
    answer = client.post("/accounts/", {"name": "Alice of the <Wood>"}, follow=True)
    assert answer.redirect_chain == [("/accounts/", 303)]
    assert "Saved." in answer.text
    assert "Alice of the &lt;Wood&gt;</a>" in client.get("/").text
    client.post("/accounts/", {"name": ""})
    assert "alice@example.org</a>" in client.get("/").text


@pytest.mark.parametrize("name", ["x" * 101, "a\x07b"])
def test_a_name_that_is_none_is_refused_and_kept_in_its_field(client_of, alice, name):
    answer = client_of(alice).post("/accounts/", {"name": name})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    alice.refresh_from_db()
    assert alice.first_name == ""


def test_a_guest_reads_that_only_this_browser_knows_them(client_of):
    guest = User.objects.create_guest()
    page = client_of(guest).get("/accounts/").text
    assert guest.username[:14] in page
    assert 'href="/accounts/signup/"' in page and "/accounts/delete/" in page
    client_of(guest).post("/accounts/", {"name": "Somebody"})
    guest.refresh_from_db()
    assert guest.first_name == ""


def test_without_a_password_the_way_to_change_it_sets_one(client_of, alice):
    alice.set_unusable_password()
    alice.save()
    client = client_of(alice)
    assert client.get("/accounts/password/change/").headers["Location"] == "/accounts/password/set/"
    new = {"password1": "Brand-new-pass-1", "password2": "Brand-new-pass-1"}
    assert client.post("/accounts/password/set/", new).status_code == 302
    alice.refresh_from_db()
    assert alice.check_password("Brand-new-pass-1")
