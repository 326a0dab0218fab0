"""A form that is sent twice is one question: whoever sends again may have been heard already."""

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

import pytest
from django.db import connection
from django.urls import reverse

from chatapp.models import Assistant, Conversation, Message, User
from tests.fixtures.patience import DEADLINE
from tests.fixtures.people import HTMX, answered, ended

FIELD = re.compile(
    r'<input type="hidden" name="idempotency_key" value="([^"]*)" autocomplete="off">'
)
BOTH = pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
KEY = str(UUID(int=7))


def form(text: str = "And at night?", once: str = KEY, **more: str) -> dict[str, str]:
    return {"message": text, "idempotency_key": once, **more}


def questions() -> list[Message]:
    return list(Message.objects.filter(role=Message.Role.USER).order_by("created_at"))


@pytest.fixture
def url(alice) -> str:
    """Of her conversation, in which one question was answered."""
    return answered(alice).conversation.get_absolute_url()


@BOTH
def test_the_first_question_sent_twice_is_one_conversation(client_of, alice, headers):
    client = client_of(alice, headers=headers)
    first, second = client.post("/", form()), client.post("/", form())
    assert [question.pk for question in questions()] == [UUID(KEY)]
    (conversation,) = Conversation.objects.all()
    assert first.status_code == second.status_code == (200 if headers else 303)
    where = "HX-Push-Url" if headers else "Location"
    assert second.headers[where] == first.headers[where] == conversation.get_absolute_url()
    if headers:
        assert f'id="m-{KEY}"' in second.text and second.text.count("And at night?</p>") == 1


@BOTH
def test_another_question_sent_twice_is_one_while_its_answer_is_written(
    client_of, alice, url, headers, settings
):
    settings.MESSAGES_PER_MINUTE = 2
    settings.ANSWERS_AT_ONCE = 1
    client = client_of(alice, headers=headers)
    first, second = client.post(url, form()), client.post(url, form())
    running = Message.objects.running().get()
    assert len(questions()) == 2 and running.parent_id == UUID(KEY)
    assert first.status_code == second.status_code == (200 if headers else 303)
    for response in (first, second):
        place = f'id="m-{running.pk}"' if headers else f"{url}#m-{running.pk}"
        assert place in (response.text if headers else response.url)
    assert not headers or 'hx-sse:connect="' in second.text


def test_sent_again_it_shows_what_has_become_of_the_answer(client_of, alice, url):
    client = client_of(alice, headers=HTMX)
    client.post(url, form())
    answer = Message.objects.running().get()
    ended(answer, "It is *black*.")
    whole = client.post(url, form()).text
    assert "<em>black</em>" in whole and "Good answer" in whole
    ended(answer, "", "interrupted", error=Message.ABANDONED)
    assert "Try again" in client.post(url, form()).text
    client.post(reverse("retry", args=[answer.pk]))
    again = Message.objects.running().get()
    assert f'id="m-{again.pk}"' in client.post(url, form()).text
    assert len(questions()) == 2


@BOTH
def test_another_wording_sent_twice_is_one_version(client_of, alice, headers):
    answered(alice)
    (question,) = questions()
    client, url = client_of(alice, headers=headers), reverse("edit", args=[question.pk])
    first, second = client.post(url, form()), client.post(url, form())
    assert [each.pk for each in questions()] == [question.pk, UUID(KEY)]
    assert first.status_code == second.status_code == (200 if headers else 303)
    assert not headers or "Version 2 of 2" in second.text


@pytest.mark.parametrize("once", ["", "nonsense", "-" * 5000])
def test_without_a_key_everything_is_as_ever(client_of, alice, once):
    client = client_of(alice)
    for _ in range(2):
        assert client.post("/", form(once=once)).status_code == 303
    assert Conversation.objects.count() == 2


def test_what_was_put_in_other_words_meanwhile_is_another_question(client_of, alice, url):
    client = client_of(alice)
    client.post(url, form())
    Message.objects.running().update(status="complete")
    assert client.post(url, form("And at dawn?")).status_code == 303
    assert [each.text for each in questions()][1:] == ["And at night?", "And at dawn?"]
    assert client.post("/", form("And at dawn?")).status_code == 303
    assert len({each.pk for each in questions()}) == 4


def test_in_another_conversation_it_is_another_question(client_of, alice, url):
    client = client_of(alice)
    client.post(url, form())
    client.post(answered(alice).conversation.get_absolute_url(), form())
    client.post("/", form())
    said = [each for each in questions() if each.text == "And at night?"]
    assert len({each.conversation_id for each in said}) == 3


def test_somebody_elses_stays_theirs_and_untold(client_of, alice, bob, url):
    client_of(alice).post(url, form("Mine"))
    ended(Message.objects.running().get(), "Secret")
    before = Message.objects.filter(conversation__user=alice).values()
    seen = list(before)
    for place in ("/", answered(bob).conversation.get_absolute_url()):
        response = client_of(bob, headers=HTMX).post(place, form("Mine"))
        assert response.status_code == 200
        assert KEY not in response.text and "Secret" not in response.text
    assert list(before.all()) == seen
    theirs = Message.objects.filter(conversation__user=bob, text="Mine")
    assert theirs.count() == 2 and not theirs.filter(pk=KEY).exists()
    assert client_of(bob).post(url, form("Mine")).status_code == 404


def test_an_answers_id_is_no_key(client_of, alice, url):
    answer = Message.objects.answers().get()
    client_of(alice).post(url, form(answer.text, once=str(answer.pk)))
    answer.refresh_from_db()
    assert answer.is_answer and len(questions()) == 2


def test_what_was_deleted_meanwhile_is_asked_anew(client_of, alice):
    client = client_of(alice)
    client.post("/", form())
    Conversation.objects.get().soft_delete()
    assert client.post("/", form()).status_code == 303
    assert Conversation.objects.not_deleted().count() == 1 and len(questions()) == 2


def test_another_assistant_or_a_temporary_chat_is_another_form(client_of, alice):
    first = Assistant.objects.get()
    other = Assistant.objects.create(name="Other", slug="other")
    other.versions.create(number=1, model="m")
    client = client_of(alice)
    for _ in range(2):
        client.post("/", form(assistant=first.slug))
    client.post("/", form(assistant=other.slug))
    client.post("/", form(assistant=first.slug, temporary="1"))
    made = Conversation.objects.order_by("created_at").values_list("assistant", "is_temporary")
    assert list(made) == [(first.pk, False), (other.pk, False), (first.pk, True)]


def test_each_page_brings_a_key_of_its_own(client_of, alice, url):
    (question,) = questions()
    places = ["/", "/", url, url]
    found = [FIELD.findall(client_of(alice).get(place).text) for place in places]
    assert [len(keys) for keys in found] == [1, 1, 1, 1]
    edit = client_of(alice, headers=HTMX).get(reverse("edit", args=[question.pk]))
    keys = {str(UUID(key)) for (key,) in [*found, FIELD.findall(edit.text)]}
    assert len(keys) == 5


def test_a_refusal_keeps_it_and_success_brings_the_next(client_of, alice, url):
    assert FIELD.findall(client_of(alice).post("/", form(" ")).text) == [KEY]
    assert FIELD.findall(client_of(alice).post(url, form(" ")).text) == [KEY]
    for place in ("/", url):
        sent = client_of(alice, headers=HTMX).post(place, form())
        assert len(FIELD.findall(sent.text)) == 1 and FIELD.findall(sent.text) != [KEY]


def test_going_on_where_an_answer_was_cut_has_one_too(client_of, alice):
    cut = answered(alice, error="length")
    page = client_of(alice).get(cut.conversation.get_absolute_url()).text
    assert len(set(FIELD.findall(page))) == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("place", ["/", "a conversation"])
def test_sent_many_times_at_once_it_is_one_question(client_of, place):
    alice = User.objects.create_user("alice")
    url = place if place == "/" else answered(alice).conversation.get_absolute_url()
    clients = [client_of(alice, headers=HTMX) for _ in range(6)]
    start = Barrier(len(clients))

    def send(client) -> tuple[int, str]:
        try:
            start.wait(DEADLINE)
            response = client.post(url, form())
            return response.status_code, response.headers.get("HX-Push-Url", "")
        finally:
            connection.close()

    with ThreadPoolExecutor(len(clients)) as people:
        heard = set(people.map(send, clients))
    assert len(heard) == 1 and heard.pop()[0] == 200
    assert [each.text for each in questions()].count("And at night?") == 1
    assert Message.objects.running().get().parent_id == UUID(KEY)
    assert Conversation.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_visitors_with_one_key_at_once_each_is_taken(client_of):
    """Who is new and presses twice without scripts is two guests for a moment."""
    clients = [client_of() for _ in range(4)]
    start = Barrier(len(clients))

    def send(client) -> int:
        try:
            start.wait(DEADLINE)
            return int(client.post("/", form()).status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(clients)) as people:
        assert set(people.map(send, clients)) == {303}
    assert len({each.conversation.user_id for each in questions()}) == len(clients)
