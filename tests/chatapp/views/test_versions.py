"""/m/<uuid>/regenerate/ and /m/<uuid>/show/ : versions of an answer, and paging through them."""

import pytest
from django.urls import reverse

from chatapp.models import Message
from feedback import rating_flow
from tests.fixtures.people import HTMX, answered, ended


@pytest.fixture
def first(alice) -> Message:
    return answered(alice, answer="The first answer")


@pytest.fixture
def second(first) -> Message:
    return ended(first.conversation.answer(first.parent), "The second answer")


def regenerate(client, answer, **options):
    return client.post(reverse("regenerate", args=[answer.pk]), **options)


def show(client, message, **options):
    return client.post(reverse("show", args=[message.pk]), **options)


def shown(message: Message) -> list[str]:
    message.conversation.refresh_from_db()
    return [each.text for each in message.conversation.path()]


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
def test_another_answer_is_written_beside_the_first(client_of, alice, first, headers):
    response = regenerate(client_of(alice), first, headers=headers)
    fresh = Message.objects.running().get()
    assert fresh.parent_id == first.parent_id
    if headers:
        assert f'id="m-{fresh.pk}"' in response.text
        assert "The first answer" not in response.text
        assert "Version 2 of 2" in response.text
    else:
        assert response.url.endswith(f"#m-{fresh.pk}")
    assert Message.objects.filter(pk=first.pk, text="The first answer").exists()


def test_an_answer_in_the_middle_branches_there(client_of, alice, first):
    ended(first.conversation.ask("And then?"), "Later")
    regenerate(client_of(alice), first)
    assert shown(first) == ["Why is the sky blue?", ""]


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
def test_while_an_answer_runs_there_is_no_other(client_of, alice, first, headers):
    regenerate(client_of(alice), first)
    refusal = regenerate(client_of(alice), first, headers=headers)
    assert refusal.status_code == 409
    assert "still being written" in refusal.text
    assert Message.objects.answers().count() == 2


def test_who_asks_too_much_is_told_to_wait(client_of, alice, first, settings):
    settings.MESSAGES_PER_MINUTE = 1
    assert regenerate(client_of(alice), first).status_code == 429


def test_a_question_cannot_be_regenerated(client_of, alice, first):
    assert regenerate(client_of(alice), first.parent).status_code == 404


def test_paging_shows_the_version_and_what_was_last_said_below_it(client_of, alice, first):
    ended(first.conversation.ask("One"), "Answer to one")
    ended(first.conversation.ask("Two"), "Answer to two")
    ended(first.conversation.answer(first.parent), "The second answer")
    assert shown(first)[1:] == ["The second answer"]
    response = show(client_of(alice), first, headers=HTMX)
    assert "Answer to two" in response.text
    assert "The second answer" not in response.text
    assert shown(first)[1:] == ["The first answer", "One", "Answer to one", "Two", "Answer to two"]


def test_the_next_question_follows_what_is_shown(client_of, alice, first, second):
    show(client_of(alice), first)
    url = first.conversation.get_absolute_url()
    client_of(alice).post(url, {"message": "Go on"})
    assert shown(first) == ["Why is the sky blue?", "The first answer", "Go on", ""]


def test_each_version_has_its_own_rating(client_of, alice, first, second):
    rating_flow.rate(first, alice, -1)
    url = first.conversation.get_absolute_url()
    pressed = 'aria-pressed="true" aria-label="Bad answer"'
    assert pressed not in client_of(alice).get(url).text
    show(client_of(alice), first)
    assert pressed in client_of(alice).get(url).text


def test_the_ends_of_the_versions_lead_nowhere(first, second):
    assert (first.version.number, first.version.previous, first.version.next) == (
        1,
        None,
        second.pk,
    )
    assert (second.version.number, second.version.previous, second.version.next) == (
        2,
        first.pk,
        None,
    )


def test_an_answer_that_came_to_nothing_is_no_version(first, second):
    empty = ended(first.conversation.answer(first.parent), "", status="failed")
    assert first.version.count == 2
    assert (empty.version.number, empty.version.count) == (3, 3)


def test_versions_cost_no_queries(client_of, alice, first, second, django_assert_max_num_queries):
    for number in range(8):
        answer = ended(first.conversation.ask(f"Question {number}"), "An answer")
        ended(first.conversation.answer(answer.parent), "Another")
    client = client_of(alice)
    with django_assert_max_num_queries(9):
        page = client.get(first.conversation.get_absolute_url())
    assert page.text.count("Version 2 of 2") == 9


def test_an_answer_that_was_deleted_since_it_was_read_is_still_one_of_its_versions(alice):
    answer = answered(alice)
    answer.conversation.delete()
    assert answer.versions == [answer.pk] and answer.version.count == 1
