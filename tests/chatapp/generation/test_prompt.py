"""What a model is given."""

import pytest
from pytest_django import Settings

from chatapp.generation.prompt import alternating, prompt_for, truncate_to_context
from chatapp.models import Assistant, Conversation, Message, User

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def conversation() -> Conversation:
    assistant = Assistant.objects.get()
    return Conversation.objects.start(User.objects.create_guest(), assistant)


def say(conversation: Conversation, question: str, answer: str) -> Message:
    message = conversation.ask(question)
    Message.objects.filter(pk=message.pk).update(text=answer, status=Message.Status.COMPLETE)
    message.refresh_from_db()
    return message


def test_it_is_the_instructions_and_then_what_was_said(conversation: Conversation) -> None:
    say(conversation, "one", "two")
    answer = conversation.ask("three")
    prompt = prompt_for(answer)
    version = answer.prompt_version
    assert version
    assert prompt.messages == [
        {"role": "system", "content": version.instructions},
        {"role": "user", "content": "one"},
        {"role": "assistant", "content": "two"},
        {"role": "user", "content": "three"},
    ]
    assert prompt.left_out == 0


def test_an_answer_that_failed_without_a_word_is_not_mentioned(conversation: Conversation) -> None:
    say(conversation, "one", "")
    _, *turns = prompt_for(conversation.ask("two")).messages
    assert turns == [{"role": "user", "content": "one\n\ntwo"}]


def test_questions_without_an_answer_are_one_turn_with_all_their_images() -> None:
    image = {"type": "image_url", "image_url": {"url": "data:,"}}
    text = {"type": "text", "text": "and this?"}
    turns = alternating(
        [
            {"role": "user", "content": "What is this?"},
            {"role": "assistant", "content": "A cat."},
            {"role": "user", "content": [image]},
            {"role": "user", "content": "and this?"},
            {"role": "user", "content": [text, image]},
        ]
    )
    assert [turn["role"] for turn in turns] == ["user", "assistant", "user"]
    assert turns[-1]["content"] == [image, text, text, image]


def test_thinking_is_not_mentioned(conversation: Conversation) -> None:
    answer = say(conversation, "one", "two")
    Message.objects.filter(pk=answer.pk).update(thinking="A secret thought.")
    alone = conversation.ask("three")
    Message.objects.filter(pk=alone.pk).update(thinking="Another.", status=Message.Status.FAILED)
    prompt = prompt_for(conversation.ask("four"))
    assert [message["content"] for message in prompt.messages[1:]] == [
        "one",
        "two",
        "three\n\nfour",
    ]


def test_a_sibling_is_not_part_of_the_history(conversation: Conversation) -> None:
    first = say(conversation, "one", "a first try")
    assert first.parent
    second = conversation.answer(first.parent)
    assert "a first try" not in str(prompt_for(second).messages)


def test_the_oldest_turns_leave_first(conversation: Conversation, settings: Settings) -> None:
    say(conversation, "a" * 10, "b" * 10)
    say(conversation, "c" * 10, "d" * 10)
    answer = conversation.ask("e" * 10)
    settings.CONTEXT_MAX_LENGTH = 30
    prompt = prompt_for(answer)
    assert [message["content"][0] for message in prompt.messages[1:]] == ["c", "d", "e"]
    assert prompt.left_out == 2


@pytest.mark.parametrize(("limit", "kept"), [(5, 1), (29, 1), (30, 3), (49, 3), (50, 5)])
def test_it_starts_with_what_a_person_said(limit: int, kept: int) -> None:
    roles = [Message.Role.USER, Message.Role.ASSISTANT] * 2 + [Message.Role.USER]
    said = [Message(role=role, text="x" * 10) for role in roles]
    assert len(truncate_to_context(said, limit)) == kept
