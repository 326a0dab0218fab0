"""/language/, and the language in which a page, a refusal, a mail and an answer's end come."""

import pytest
from django.conf import settings as site_settings
from django.utils import translation

from chatapp.models import Message
from chatapp.views.stream import AnswerEventStream
from feedback.models import Category, Reason
from tests.fixtures.people import PASSWORD, answered

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
GERMAN = {"Accept-Language": "de-AT,de;q=0.9,en;q=0.5"}
FIRST = {
    "en": "Ask something.",
    "de": "Fragen Sie etwas.",
    "es": "Pregunte algo.",
    "fr": "Posez une question.",
    "zh-hans": "问点什么吧。",
}


@pytest.mark.parametrize("code", FIRST)
def test_a_page_comes_in_the_language_that_was_chosen(client_of, code):
    client = client_of(headers={"Accept-Language": "it"})
    answer = client.post(
        "/language/", {"language": code}, headers={"Referer": "http://testserver/search"}
    )
    assert (answer.status_code, answer.url) == (302, "http://testserver/search")
    page = client.get("/")
    assert f'<html lang="{code}" dir="ltr"' in page.text
    assert FIRST[code] in page.text
    assert page.headers["Content-Language"] == code


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("de-CH", "de"),
        ("zh-CN", "zh-hans"),
        ("zh-TW", "zh-hans"),
        ("fr-CA,en", "fr"),
        ("tlh", "en"),
    ],
)
def test_who_chose_none_gets_what_the_browser_asks_for(client_of, asked, given):
    page = client_of().get("/", headers={"Accept-Language": asked})
    assert FIRST[given] in page.text
    assert {"Cookie", "Accept-Language"} <= {one.strip() for one in page.headers["Vary"].split(",")}


def test_the_sites_own_language_is_for_who_asks_for_none_that_there_is(client_of, settings):
    settings.LANGUAGE_CODE = "es"
    assert FIRST["es"] in client_of().get("/", headers={"Accept-Language": "tlh"}).text
    assert FIRST["en"] in client_of().get("/", headers={"Accept-Language": "en-GB"}).text


def test_the_choice_is_a_cookie_that_outlives_signing_in_and_out(client_of, alice):
    client = client_of()
    client.post("/language/", {"language": "de"})
    cookie = client.cookies["language"]
    assert (cookie["max-age"], cookie["samesite"], cookie["httponly"]) == (31536000, "Lax", True)
    client.post("/accounts/login/", {"login": "alice", "password": PASSWORD})
    assert "Abmelden" in client.get("/").text
    client.post("/accounts/logout/")
    assert FIRST["de"] in client.get("/").text


def test_it_is_taken_from_nobody_who_offers_no_such_language(client_of):
    client = client_of()
    client.post("/language/", {"language": "xx"})
    assert FIRST["en"] in client.get("/").text
    assert client.get("/language/").status_code == 405
    client.cookies["language"] = '"><b>'
    assert FIRST["en"] in client.get("/").text


@pytest.mark.parametrize("back", ["https://elsewhere.example/", "//elsewhere.example", None])
def test_it_leads_nowhere_else(client_of, back):
    headers = {"Referer": back} if back else {}
    assert client_of().post("/language/", {"language": "de"}, headers=headers).url == "/"


def test_it_can_be_chosen_where_guests_are_off(client_of, settings):
    settings.GUESTS = False
    client = client_of()
    page = client.get("/accounts/login/").text
    assert 'value="zh-hans" lang="zh-hans" aria-pressed="false">简体中文</button>' in page
    client.post("/language/", {"language": "fr"})
    assert "Se connecter" in client.get("/accounts/login/").text


def test_of_one_language_there_is_no_choice(client_of, settings):
    settings.LANGUAGES = [("en", "English")]
    assert 'name="language"' not in client_of().get("/").text


def test_from_right_to_left(client_of, settings):
    settings.LANGUAGES = [("en", "English"), ("ar", "العربيّة")]
    assert (
        '<html lang="ar" dir="rtl"' in client_of().get("/", headers={"Accept-Language": "ar"}).text
    )


def test_errors_are_in_the_readers_language(client_of, settings):
    client = client_of(headers=GERMAN)
    assert "Diese Seite wurde nicht gefunden." in client.get("/nowhere").text
    assert (
        "für diese Adresse nicht eingerichtet"
        in client.get("/", headers={"Host": "else.example"}).text
    )
    strict = client_of(headers=GERMAN, enforce_csrf_checks=True)
    assert "Diese Seite war zu lange offen" in strict.post("/").text
    assert "Schreiben Sie erst etwas" in client.post("/", {"message": " "}).text
    settings.MESSAGE_MAX_LENGTH = 1000
    too_long = client.post("/", {"message": "x" * 12_345}).text
    assert "Das sind 12.345 Zeichen; höchstens 1.000 können" in too_long


def test_a_failed_answer_says_so_in_the_readers_language(client_of, alice):
    answer = answered(
        alice, answer="", status=Message.Status.FAILED, error="rate_limited", retry_after=90
    )
    page = client_of(alice, headers=GERMAN).get(answer.conversation.get_absolute_url()).text
    assert "Zu viele Fragen auf einmal." in page
    assert "Versuchen Sie es in 90 Sekunden noch einmal." in page


def test_what_streams_ends_in_the_readers_language(alice, rf):
    """The end is rendered after the request, in another thread."""
    answer = answered(alice)
    request = rf.get("/")
    request.user = alice
    with translation.override("de"):
        reader = AnswerEventStream(request, answer, 0, follows=True)
    assert "Gute Antwort" in reader.final_event()
    assert translation.get_language() == "en"


def test_mail_is_in_the_language_of_who_asked_for_it(client_of, alice, mailoutbox):
    client_of(headers=GERMAN).post("/accounts/password/reset/", {"email": alice.email})
    assert mailoutbox[0].subject == "Rapport: ein neues Passwort"
    assert "Wählen Sie es hier:\n\nhttp://" in mailoutbox[0].body


def test_reasons_and_categories_are_translated_until_somebody_puts_them_otherwise():
    reason, category = Reason.objects.get(slug="too-long"), Category.objects.get(slug="facts")
    assert (reason.label, category.label) == ("Too long", "Facts")
    with translation.override("de"):
        assert (str(reason), str(category)) == ("Zu lang", "Fakten")
        reason.label = "Much too long"
        assert str(reason) == "Much too long"


def test_a_new_sites_reasons_are_english_whatever_it_speaks():
    Reason.objects.all().delete()
    with translation.override("de"):
        Reason.objects.create_defaults()
    assert Reason.objects.get(slug="too-long").label == "Too long"


def test_what_django_names_by_itself_is_translated(client_of, sam, settings):
    page = client_of(sam, headers=GERMAN).get("/admin/").text
    assert "Prompt-Versionen" in page
    assert "Bewertete Antworten" in page or "bewertete Antworten" in page
    assert site_settings.LANGUAGE_CODE == "en"
