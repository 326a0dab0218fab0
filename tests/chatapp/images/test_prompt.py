"""What of the images the model is given."""

from io import BytesIO
from typing import Any

import pytest

from chatapp.generation.prompt import IMAGE_LENGTH, prompt_for
from chatapp.images import storage
from chatapp.images.processing import process
from chatapp.models import Assistant, Conversation, Message, User
from tests.fixtures.pictures import picture

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def conversation() -> Conversation:
    return Conversation.objects.start(User.objects.create_guest(), Assistant.objects.get())


def ask(conversation: Conversation, text: str, images: int = 0) -> Message:
    image = process(BytesIO(picture()), "cat.png")
    kept = storage.save_images(conversation.pk, [image] * images)
    for number, one in enumerate(kept):
        one["alt"] = f"{text} {number}"
    answer = conversation.ask(text, images=kept)
    Message.objects.filter(pk=answer.pk).update(text="Yes.", status="complete")
    return answer


def given(answer: Message) -> list[Any]:
    """What people said, with each image as its type."""
    said = [m["content"] for m in prompt_for(answer).messages if m["role"] == "user"]
    return [said if isinstance(said, str) else [part_of(p) for p in said] for said in said]


def part_of(part: dict[str, Any]) -> str:
    said = part["text"] if part["type"] == "text" else part["image_url"]["url"]
    return str(said).partition(",")[0]


def test_the_text_and_then_the_images_as_data(conversation):
    answer = ask(conversation, "What?", 2)
    url = "data:image/webp;base64"
    assert given(answer) == [["What?", url, url]]


def test_a_conversation_without_images_is_as_ever(conversation):
    ask(conversation, "one")
    assert given(ask(conversation, "two")) == ["one", "two"]


def test_images_without_words_are_parts_too(conversation):
    assert given(ask(conversation, "", 1)) == [["data:image/webp;base64"]]


def test_of_many_the_newest_go_along_and_the_others_are_named(conversation, settings):
    settings.IMAGES_IN_CONTEXT = 3
    url = "data:image/webp;base64"
    ask(conversation, "first", 1)
    ask(conversation, "second", 2)
    assert given(ask(conversation, "third", 2)) == [
        "[An image that you can't see: first 0]\nfirst",
        ["[An image that you can't see: second 0]\nsecond", url],
        ["third", url, url],
    ]


def test_those_of_the_question_itself_go_along_whatever_the_limit(conversation, settings):
    settings.IMAGES_IN_CONTEXT = 1
    (said,) = given(ask(conversation, "What?", 3))
    assert len(said) == 4


def test_an_image_takes_its_part_of_the_context(conversation, settings):
    settings.CONTEXT_MAX_LENGTH = IMAGE_LENGTH + 20
    ask(conversation, "first", 1)
    answer = ask(conversation, "second", 1)
    assert len(given(answer)) == 1
    assert prompt_for(answer).left_out == 2


def test_an_assistant_that_sees_no_more_is_told_what_it_misses(conversation):
    answer = ask(conversation, "What?", 1)
    Assistant.objects.update(sees_images=False)
    answer = Message.objects.get(pk=answer.pk)
    assert given(answer) == ["[An image that you can't see: What? 0]\nWhat?"]


def test_a_file_that_is_gone_does_not_stop_the_answer(conversation):
    answer = ask(conversation, "What?", 1)
    for file in storage.folder(conversation.pk).iterdir():
        file.unlink()
    assert given(answer) == ["[An image that you can't see: What? 0]\nWhat?"]
