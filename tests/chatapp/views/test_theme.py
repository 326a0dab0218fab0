"""/theme/"""

import pytest

from tests.fixtures.people import HTMX

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def test_the_choice_is_kept_and_the_page_comes_as_chosen(client_of):
    client = client_of()
    assert "data-theme" not in client.get("/").text
    answer = client.post("/theme/", {"theme": "dark", "next": "/?x=1"})
    assert (answer.status_code, answer.url) == (303, "/?x=1")
    assert '<html lang="en" dir="ltr" data-theme="dark">' in client.get("/").text
    client.post("/theme/", {"theme": ""})
    assert "data-theme" not in client.get("/").text


def test_with_htmx_the_switch_comes_back(client_of):
    answer = client_of().post("/theme/", {"theme": "light", "next": "/"}, headers=HTMX)
    assert 'data-chosen="light"' in answer.text
    assert "<html" not in answer.text


@pytest.mark.parametrize("back", ["https://elsewhere.example/", "//elsewhere.example", ""])
def test_it_leads_nowhere_else(client_of, back):
    assert client_of().post("/theme/", {"theme": "dark", "next": back}).url == "/"


def test_what_is_no_theme_is_refused_and_a_forged_cookie_ignored(client_of):
    client = client_of()
    assert client.post("/theme/", {"theme": '"><b>'}).status_code == 422
    client.cookies["theme"] = "pink"
    assert "data-theme" not in client.get("/").text


def test_it_can_be_switched_where_guests_are_off(client_of, settings):
    settings.GUESTS = False
    assert client_of().post("/theme/", {"theme": "dark"}).url == "/"
