"""/search, and Conversation.objects.search() on whichever database the suite runs."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.urls import reverse

from chatapp.models import Conversation
from chatapp.search.highlight import excerpt
from tests.fixtures.people import HTMX, answered, ended

URL = "/search"


def found(text):
    return [each.title for each in Conversation.objects.search(text)]


@pytest.fixture
def sky(alice):
    return answered(alice, "Why is the sky blue?", "Because of *Rayleigh* scattering.").conversation


@pytest.mark.parametrize(
    "text",
    [
        "rayleigh",
        "RAYLEIGH",
        "scat",
        "because scattering",
        "sky",
        "Sky blue",
        '"rayleigh"',
        "(sky)",
    ],
)
def test_words_of_questions_answers_and_titles_are_found_from_their_beginning(sky, text):
    assert found(text) == ["Why is the sky blue?"]


@pytest.mark.parametrize("text", ["ayleigh", "rayleigh nowhere", "", "  ", "!?", "💙", "_"])
def test_nothing_else_is(sky, text):
    assert found(text) == []


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("See https://docs.example.org/a-b_c?q=1", "example"),
        ("See https://docs.example.org/a-b_c?q=1", "docs.example.org/a-b"),
        ("Grüße aus Köln", "GRÜSSE"[:3]),
        ("Straßenbahn in Köln", "köl"),
        ("今天天气怎么样", "天气"),
        ("नमस्ते दुनिया", "दुनिया"),
        ("สวัสดีครับ", "วัสดี"),
        ("Она живёт в Москве", "москв"),
        ("version 3.14 of it", "3.14"),
        ("Don't panic", "don't"),
    ],
)
def test_in_any_script_and_in_parts_of_what_has_dots(alice, said, text):
    answered(alice, "Q", said)
    assert found(text) == ["Q"]


@pytest.mark.parametrize(
    "text",
    ["'", '"', '" OR 1', "a:*", "a & | !b", "NEAR(a b", "-sky", "sky*", "^sky", "{text}: sky"]
    + ["\0", "\ud800", "%", "_", "\\", "a" * 100_000, "a " * 5000, "AND", "<b>", "%s", "𝔘𝔫𝔦", "²"],
)
@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
def test_no_query_is_a_fault(client_of, alice, sky, text, headers):
    text = text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    answer = client_of(alice).get(URL, {"q": text}, headers=headers)
    assert answer.status_code == 200
    found(text)


def test_a_lone_surrogate_is_no_fault(sky):
    assert found("sky \ud800") == ["Why is the sky blue?"]


def test_the_index_follows_what_changes(alice):
    answer = answered(alice, "Fruit", "", status="streaming")
    ended(answer, "apple", status="streaming")
    assert found("apple") == []  # while it is written
    ended(answer, "apple pear")
    assert found("apple") == found("pear") == ["Fruit"]
    ended(answer, "pear plum")
    assert found("apple") == [] and found("plum") == ["Fruit"]
    answer.conversation.title = "Orchard"
    answer.conversation.save()
    assert found("orchard") == ["Orchard"] and found("plum") == ["Orchard"]
    answer.delete()
    assert found("plum") == []
    answer.conversation.delete()
    assert found("orchard") == []


@pytest.mark.sqlite
def test_a_later_migration_that_replaces_the_table_costs_nothing(sky):
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER chatapp_message_words_update")
        cursor.execute("DELETE FROM chatapp_message_numbers")
    assert "rayleigh" not in found("rayleigh")
    call_command("migrate", verbosity=0)
    assert found("rayleigh") == ["Why is the sky blue?"]


def test_thinking_is_not_searched(alice):
    answered(alice, "Why?", "Because.", thinking="Secretly.")
    assert found("secretly") == []
    assert found("because") == ["Why?"]


def test_each_person_finds_their_own_and_nothing_deleted(client_of, alice, bob, sky):
    answered(bob, "Sky high", "Rayleigh again")
    page = client_of(alice).get(URL, {"q": "rayleigh"}).text.split("<main")[1]
    assert page.count('class="result"') == 1 and sky.get_absolute_url() in page
    assert client_of(None).get(URL, {"q": "rayleigh"}).text.count('class="result"') == 0
    sky.archive()
    assert "archived" in client_of(alice).get(URL, {"q": "rayleigh"}, headers=HTMX).text
    sky.soft_delete()
    assert 'class="result"' not in client_of(alice).get(URL, {"q": "rayleigh"}).text


def test_a_result_leads_to_the_message_and_shows_it_marked_and_escaped(client_of, alice):
    answer = answered(alice, "Tags", "The <b>bold</b> & the needle")
    page = client_of(alice).get(URL, {"q": "needle bold"}, headers=HTMX).text
    assert f"{answer.conversation.get_absolute_url()}?at={answer.pk}#m-{answer.pk}" in page
    assert "&lt;b&gt;<mark>bold</mark>&lt;/b&gt; &amp; the <mark>needle</mark>" in page


def test_what_was_typed_is_escaped(client_of, alice):
    page = client_of(alice).get(URL, {"q": '"><script>alert(1)</script>'}).text
    assert "<script>alert" not in page


def test_an_excerpt_is_cut_at_words_around_the_first_one_found():
    text = "one " * 100 + "needle " + "two " * 100
    html = excerpt(text, ["needle"])
    assert html.startswith("… one") and html.endswith("two …") and "<mark>needle</mark>" in html
    assert len(html) < 260


def test_it_takes_the_same_queries_for_any_number(
    client_of, alice, sky, django_assert_max_num_queries
):
    for number in range(20):
        answered(alice, f"Sky {number}", "rayleigh")
    client = client_of(alice)
    with django_assert_max_num_queries(8):
        page = client.get(reverse("search"), {"q": "rayleigh"})
    assert page.text.count('class="result"') == 21
