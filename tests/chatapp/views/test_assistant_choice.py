"""More than one assistant: chosen where a conversation begins, named where it answers."""

import pytest

from chatapp.models import Assistant, Conversation, PromptVersion
from tests.fixtures.people import answered

pytestmark = pytest.mark.sqlite


@pytest.fixture
def poet(db) -> Assistant:
    poet = Assistant.objects.create(name="Poet", slug="poet", description="Answers in verse")
    PromptVersion(assistant=poet, model="gpt-poem").save()
    return poet


def test_one_is_not_worth_a_choice_or_a_name(client_of, alice):
    page = client_of(alice).get(answered(alice).conversation.get_absolute_url()).text
    assert 'name="assistant"' not in client_of(alice).get("/").text
    assert "byline" not in page


def test_it_is_chosen_by_what_it_does(client_of, alice, poet):
    assert "Poet – Answers in verse" in client_of(alice).get("/").text
    client_of(alice).post("/", {"message": "Sing", "assistant": "poet"})
    conversation = Conversation.objects.get()
    assert conversation.assistant == poet
    assert conversation.path()[-1].model == "gpt-poem"


def test_an_answer_says_who_gave_it(client_of, alice, poet, django_assert_max_num_queries):
    client = client_of(alice)
    client.post("/", {"message": "Sing", "assistant": "poet"})
    with django_assert_max_num_queries(12):
        page = client.get(Conversation.objects.get().get_absolute_url()).text
    assert "Answer from </span>Poet</h2>" in page


def test_an_assistant_no_longer_offered_is_refused(client_of, alice, poet):
    Assistant.objects.filter(pk=poet.pk).update(is_active=False)
    answer = client_of(alice).post("/", {"message": "Sing", "assistant": "poet"})
    assert answer.status_code == 422
