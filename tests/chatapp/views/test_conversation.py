"""/c/<uuid>/ : a conversation, read and continued."""

import pytest
from django.urls import reverse

from chatapp.models import Message, WaitingMessage
from feedback import rating_flow
from tests.fixtures.people import HTMX, answered, ended


@pytest.mark.parametrize("method", ["get", "post"])
def test_it_belongs_to_its_owner(client_of, alice, bob, sam, method):
    url = answered(alice).conversation.get_absolute_url()
    for stranger in (bob, sam, None):
        answer = getattr(client_of(stranger), method)(url, {"message": "Mine?"})
        assert answer.status_code == 404
        assert "belongs to another account" in answer.text
    assert client_of(alice).get(url).status_code == 200


def test_it_shows_questions_as_typed_and_answers_as_markdown(client_of, alice):
    answer = answered(alice, "*not* marked up", "**marked** up")
    page = client_of(alice).get(answer.conversation.get_absolute_url())
    assert "*not* marked up" in page.text
    assert "<strong>marked</strong> up" in page.text


def test_with_htmx_the_exchange_is_added(client_of, alice):
    conversation = answered(alice).conversation
    answer = client_of(alice).post(
        conversation.get_absolute_url(), {"message": "And at night?"}, headers=HTMX
    )
    running = Message.objects.running().get()
    assert answer.status_code == 200
    assert "And at night?" in answer.text
    assert f'hx-sse:connect="{reverse("stream", args=[running.pk])}"' in answer.text
    assert "Rayleigh" not in answer.text
    assert "<form id=" not in answer.text


def test_without_htmx_one_comes_back_to_the_new_answer(client_of, alice):
    conversation = answered(alice).conversation
    answer = client_of(alice).post(conversation.get_absolute_url(), {"message": "And at night?"})
    running = Message.objects.running().get()
    assert answer.status_code == 303
    assert answer.url == f"{conversation.get_absolute_url()}#m-{running.pk}"


def test_without_scripts_a_running_answer_shows_what_came_and_reloads(client_of, alice):
    running = answered(alice, answer="So **far**", status="streaming")
    page = client_of(alice).get(running.conversation.get_absolute_url()).text
    assert '<noscript><meta http-equiv="refresh"' in page
    assert "So <strong>far</strong>" in page
    ended(running, "All of it")
    assert "refresh" not in client_of(alice).get(running.conversation.get_absolute_url()).text


def test_while_an_answer_runs_a_page_without_scripts_is_refused_and_keeps_the_text(
    client_of, alice
):
    running = answered(alice, status="streaming")
    url = running.conversation.get_absolute_url()
    answer = client_of(alice).post(url, {"message": "Too early"})
    assert answer.status_code == 409
    assert "still being written" in answer.text
    assert Message.objects.count() == 2
    assert WaitingMessage.objects.count() == 0
    assert "Too early</textarea>" in answer.text


def test_who_sends_too_much_is_told_to_wait(client_of, alice, settings):
    settings.MESSAGES_PER_MINUTE = 1
    conversation = answered(alice).conversation
    answer = client_of(alice).post(conversation.get_absolute_url(), {"message": "More"})
    assert answer.status_code == 429
    assert "Wait a moment" in answer.text
    assert "More</textarea>" in answer.text


def test_a_form_as_old_as_another_session_is_refused_in_words(alice):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    url = answered(alice).conversation.get_absolute_url()
    page = client.post(url, {"message": "Hello"})
    fragment = client.post(url, {"message": "Hello"}, headers=HTMX)
    assert page.status_code == fragment.status_code == 403
    assert "<html" in page.text and "reload the page" in page.text
    assert "<html" not in fragment.text and "reload the page" in fragment.text


def test_a_long_thread_with_ratings_takes_a_handful_of_queries(
    client_of, alice, django_assert_max_num_queries
):
    conversation = answered(alice).conversation
    for number in range(12):
        answer = ended(conversation.ask(f"Question {number}"), "An answer")
        rating_flow.rate(answer, alice, 1)
    client = client_of(alice)
    with django_assert_max_num_queries(10):
        client.get(conversation.get_absolute_url())


@pytest.mark.parametrize("kind", ["stopped", "interrupted", "failed", "complete"])
def test_an_answer_says_how_it_ended(client_of, alice, kind):
    words = {
        "stopped": "Stopped. The rest was not written.",
        "interrupted": "What had arrived so far is saved.",
        "failed": "broke off in the middle",
        "complete": "Good answer",
    }
    answer = answered(alice, status=kind, error="cut" if kind == "failed" else "")
    page = client_of(alice).get(answer.conversation.get_absolute_url()).text
    assert [other for other in words if words[other] in page] == sorted(
        {kind} | ({"complete"} if kind in ("stopped", "interrupted") else set()),
        key=list(words).index,
    )


def test_a_wait_that_the_provider_named_is_named(client_of, alice):
    answer = answered(alice, answer="", status="failed", error="rate_limited", retry_after=20)
    page = client_of(alice).get(answer.conversation.get_absolute_url())
    assert "Try again in 20 seconds." in page.text


def test_what_was_left_out_of_the_context_is_said(client_of, alice):
    answer = answered(alice, left_out=4)
    page = client_of(alice).get(answer.conversation.get_absolute_url())
    assert "its 4 oldest messages were left out" in page.text


def test_nothing_inline_reaches_the_page(client_of, alice):
    answer = answered(alice, answer="# Title\n\n```python\nx = 1\n```\n\n$$x^2$$\n\n|a|\n|-|\n|1|")
    page = client_of(alice).get(answer.conversation.get_absolute_url()).text
    assert " style=" not in page and "<style" not in page
    assert "onclick" not in page
    assert all("src=" in tag for tag in page.split("<script")[1:])
