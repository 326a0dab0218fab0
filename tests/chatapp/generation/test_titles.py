"""Titles by a model: who is named, by what, and who never is."""

import pytest
from django.urls import reverse

from chatapp.generation.titles import clean_title, first_answer, is_title_expected
from chatapp.models import Conversation
from tests.fixtures.people import HTMX, answered, ended


@pytest.fixture(autouse=True)
def model(settings):
    settings.TITLE_MODEL = "small"


def test_only_the_first_answer_of_a_kept_unnamed_conversation_asks_for_a_title(alice, settings):
    first = answered(alice)
    assert first_answer(first.pk) == first
    assert first_answer(ended(first.conversation.ask("More?"), "Yes").pk) is None
    assert first_answer(answered(alice, status="stopped").pk) is None
    settings.TITLE_MODEL = ""
    assert first_answer(first.pk) is None


def test_a_reader_asks_for_the_title_of_a_model_that_was_faster(alice):
    first = answered(alice)
    first.conversation.set_generated_title("The sky")
    first.conversation.refresh_from_db()
    assert is_title_expected(first)
    assert not is_title_expected(ended(first.conversation.ask("More?"), "Yes"))
    first.conversation.rename("Mine")
    assert not is_title_expected(first)


def test_a_title_that_a_person_gave_is_never_touched(client_of, alice):
    conversation = answered(alice).conversation
    client_of(alice).post(reverse("rename", args=[conversation.pk]), {"title": "Mine"})
    assert not conversation.set_generated_title("By a model")
    conversation.refresh_from_db()
    assert conversation.title == "Mine" and not conversation.needs_title


def test_it_is_named_once(alice):
    conversation = answered(alice).conversation
    assert conversation.set_generated_title("First") and not conversation.set_generated_title(
        "Second"
    )
    assert Conversation.objects.get().title == "First"


def test_the_page_asks_until_there_is_one_and_not_for_ever(client_of, alice):
    conversation = answered(alice).conversation
    url, client = reverse("title", args=[conversation.pk]), client_of(alice)
    assert "?tries=2" in client.get(url, {"tries": "1"}, headers=HTMX).text
    for tries in ("6", "x", ""):
        assert "hx-get" not in client.get(url, {"tries": tries}, headers=HTMX).text
    conversation.set_generated_title("The <sky>")
    named = client.get(url, {"tries": "1"}, headers=HTMX).text
    assert named.count("The &lt;sky&gt;") == 3 and "tries" not in named


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ('"Blue sky."\n\nBecause…', "Blue sky"),
        ("**The sky**", "The sky"),
        ("", ""),
        ("  \n", ""),
        ("x" * 81, ""),
        ("a\0b", ""),
    ],
)
def test_what_models_put_around_a_title_goes(said, title):
    assert clean_title(said) == title
