"""/m/<uuid>/edit/ : a question worded otherwise, and /m/<uuid>/, the place of a message."""

import pytest
from django.urls import reverse

from chatapp.models import Message
from tests.fixtures.people import HTMX, answered, ended


@pytest.fixture
def answer(alice) -> Message:
    answer = answered(alice, "Why is the sky blue?", "Rayleigh.")
    ended(answer.conversation.ask("And at night?"), "Black.")
    return answer


def url_of(question: Message) -> str:
    return reverse("edit", args=[question.pk])


def shown(message: Message) -> list[str]:
    message.conversation.refresh_from_db()
    return [each.text for each in message.conversation.path()]


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
def test_another_wording_branches_there(client_of, alice, answer, headers):
    response = client_of(alice).post(
        url_of(answer.parent), {"message": "Why is the sea blue?"}, headers=headers
    )
    assert shown(answer) == ["Why is the sea blue?", ""]
    fresh = Message.objects.get(text="Why is the sea blue?")
    assert fresh.versions == [answer.parent_id, fresh.pk]
    if headers:
        assert "Version 2 of 2" in response.text
        assert "Rayleigh" not in response.text
    else:
        assert response.url.endswith(f"#m-{fresh.pk}")


def test_paging_back_shows_the_first_wording_and_all_below(client_of, alice, answer):
    client_of(alice).post(url_of(answer.parent), {"message": "Why is the sea blue?"})
    client_of(alice).post(reverse("show", args=[answer.parent_id]))
    assert shown(answer) == ["Why is the sky blue?", "Rayleigh.", "And at night?", "Black."]


def test_the_form_is_in_the_questions_place(client_of, alice, answer):
    page = client_of(alice).get(url_of(answer.parent))
    fragment = client_of(alice).get(url_of(answer.parent), headers=HTMX)
    assert "<html" in page.text and "<html" not in fragment.text
    for response in (page, fragment):
        assert response.text.count('class="edit"') == 1
        assert "Why is the sky blue?</textarea>" in response.text
    assert "And at night?</p>" in page.text


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
def test_nothing_is_no_question(client_of, alice, answer, headers):
    response = client_of(alice).post(url_of(answer.parent), {"message": " "}, headers=headers)
    assert response.status_code == 422
    assert "Write something first" in response.text
    assert Message.objects.count() == 4


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
def test_while_an_answer_runs_it_waits_and_keeps_the_words(client_of, alice, answer, headers):
    answer.conversation.ask("More")
    response = client_of(alice).post(
        url_of(answer.parent), {"message": "In other words"}, headers=headers
    )
    assert response.status_code == 409
    assert "still being written" in response.text
    if not headers:
        assert "In other words</textarea>" in response.text
        assert "refresh" not in response.text


def test_an_answer_cannot_be_edited(client_of, alice, answer):
    assert client_of(alice).post(url_of(answer), {"message": "Mine"}).status_code == 404


def test_a_message_has_a_place(client_of, alice, answer):
    url = reverse("message", args=[answer.pk])
    place = f"{answer.conversation.get_absolute_url()}#m-{answer.pk}"
    assert client_of(alice).get(url).url == place
    fragment = client_of(alice).get(url, headers=HTMX)
    assert fragment.text.strip().startswith(f'<article id="m-{answer.pk}"')
