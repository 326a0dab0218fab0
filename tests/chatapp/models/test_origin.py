"""Where an answer came from: marked when it is made, and removed again with all that hangs on it."""

from uuid import UUID

import pytest

from chatapp.models import Conversation, Message, Origin, SharedCopy
from chatapp.models.message_tree import without_answers

pytestmark = pytest.mark.django_db


@pytest.fixture
def say(alice, talk, settings):
    """say("Why?", origin=…, to=talk) is an answer; the first one begins the conversation."""

    def say(question, origin="sandbox", to=None, below=None, replaces=None):
        settings.SANDBOX = origin == "sandbox"
        if to is None:
            return talk(alice, question).messages.get(role="assistant")
        conversation = Conversation.objects.get(pk=to.conversation_id)
        if below:
            conversation.head = below
        asked = replaces and replaces.parent
        answer = conversation.answer(asked) if asked else conversation.ask(question)
        assert answer.claim()
        answer.save_result(text=f"On {question}", status="complete")
        return answer

    return say


def left(answer):
    """The texts of the conversation's messages, each with its parent's."""
    messages = Message.objects.filter(conversation=answer.conversation_id)
    return {one.text: one.parent and one.parent.text for one in messages.select_related("parent")}


@pytest.mark.parametrize("sandbox", [True, False])
def test_an_answer_is_marked_when_it_is_asked_for(alice, talk, settings, sandbox):
    settings.SANDBOX = sandbox
    answer = talk(alice).messages.get(role="assistant")
    assert answer.origin == ("sandbox" if sandbox else "real")


@pytest.mark.parametrize("sandbox", [True, False])
def test_who_generates_an_answer_decides_not_who_queued_it(alice, talk, settings, sandbox):
    settings.SANDBOX = not sandbox
    answer = talk(alice).answer(Message.objects.get(role="user"))
    settings.SANDBOX = sandbox
    assert answer.claim()
    answer.refresh_from_db()
    assert answer.origin == ("sandbox" if sandbox else "real")


def test_an_answer_of_the_release_before_is_real(alice, talk):
    answer = talk(alice).messages.get(role="assistant")
    old = {f.attname for f in Message._meta.fields} - {"origin", "id"}
    copied = Message.objects.bulk_create([Message(**{name: getattr(answer, name) for name in old})])
    assert Message.objects.get(pk=copied[0].pk).origin == "real"


def test_a_conversation_with_nothing_else_goes(say):
    first = say("Why?")
    say("And then?", to=first)
    first.conversation.remove_answers(Origin.SANDBOX)
    assert not Conversation.objects.exists()


def test_a_question_goes_with_its_only_answer_and_what_follows_moves_up(say):
    real = say("One", origin="real")
    made_up = say("Two", to=real)
    say("Three", origin="real", to=made_up)
    real.conversation.remove_answers(Origin.SANDBOX)
    assert left(real) == {
        "One": None,
        "Hi there.": "One",
        "Three": "Hi there.",
        "On Three": "Three",
    }


def test_a_question_that_was_answered_again_stays(say):
    made_up = say("One")
    again = say("", origin="real", to=made_up, replaces=made_up)
    say("Two", origin="real", to=made_up, below=made_up)
    made_up.conversation.remove_answers(Origin.SANDBOX)
    assert left(again) == {"One": None, "On ": "One", "Two": None, "On Two": "Two"}


def test_what_is_shown_ends_where_something_is_left(say):
    real = say("One", origin="real")
    made_up = say("Two", to=real)
    real.conversation.remove_answers(Origin.SANDBOX)
    conversation = Conversation.objects.get()
    assert conversation.head == real
    assert [message.text for message in conversation.path()] == ["One", "Hi there."]
    assert not Message.objects.filter(pk=made_up.pk).exists()


def test_a_title_that_quotes_what_went_is_made_anew_and_one_that_was_given_is_not(say):
    for title, given in (("Two", False), ("Mine", True)):
        made_up = say("One")
        say("Two", origin="real", to=made_up)
        conversation = Conversation.objects.get(pk=made_up.conversation_id)
        if given:
            conversation.rename("Mine")
        conversation.remove_answers(Origin.SANDBOX)
        assert Conversation.objects.get(pk=conversation.pk).title == title


def test_a_shared_copy_of_what_went_is_revoked(say):
    made_up = say("One")
    say("Two", origin="real", to=made_up)
    SharedCopy.objects.get_or_create_for(made_up.conversation)
    made_up.conversation.remove_answers(Origin.SANDBOX)
    assert not SharedCopy.objects.live().exists()


def test_one_that_was_deleted_meanwhile_is_nobody_s_business(say):
    made_up = say("One")
    conversation = made_up.conversation
    Conversation.objects.all().delete()
    conversation.remove_answers(Origin.SANDBOX)


Q1, A1, Q2, A2, Q3 = (UUID(int=n) for n in range(1, 6))


def test_several_in_a_row_lead_to_the_nearest_that_stays():
    parents = {Q1: None, A1: Q1, Q2: A1, A2: Q2, Q3: A2}
    assert without_answers(parents, {A1, A2}) == ({Q1, A1, Q2, A2}, {Q3: None})
    assert without_answers(parents, {A2}) == ({Q2, A2}, {Q3: A1})


def test_an_answer_without_a_question_goes_alone():
    assert without_answers({A1: None, Q2: A1}, {A1}) == ({A1}, {Q2: None})
