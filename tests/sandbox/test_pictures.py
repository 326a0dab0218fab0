"""Images in a prompt: seen, counted, and refused where they are none."""

from base64 import b64encode
from typing import Any

import openai
import pytest

from tests.fixtures.pictures import picture


def url(kind: str = "PNG", size: tuple[int, int] = (60, 40), named: str = "") -> str:
    data = b64encode(picture(kind, size)).decode()
    return f"data:image/{named or kind.lower()};base64,{data}"


def image(address: Any) -> dict[str, Any]:
    return {"type": "image_url", "image_url": {"url": address}}


def asked(client: Any, *parts: Any, model: str = "echo", role: str = "user") -> str:
    said = [{"role": role, "content": list(parts)}]
    if role != "user":
        said.append({"role": "user", "content": "Well?"})
    answer = client.chat.completions.create(model=model, messages=said)
    return str(answer.choices[0].message.content)


def test_the_answer_says_how_many_of_which_kind_and_size(client):
    words = [{"type": "text", "text": "what is"}, {"type": "text", "text": "this?"}]
    said = asked(client, words[0], image(url()), image(url("JPEG", (8, 9))), words[1])
    assert said == "I see 2 images: PNG 60x40, JPEG 8x9.\n\nwhat is\nthis?"


def test_an_image_alone_is_a_message(client):
    assert asked(client, image(url("WEBP"))) == "I see 1 image: WEBP 60x40.\n\n"


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("data:image/png;base64,AAAA", "unsupported image"),
        (f"data:image/png;base64,{b64encode(picture()[:-40]).decode()}", "unsupported image"),
        (url("JPEG", named="png"), "unsupported image"),
        ("data:image/png;base64,!!", "Invalid base64"),
        ("data:image/svg+xml;base64,AAAA", "Invalid image_url"),
        ("https://elsewhere.example/cat.png", "Invalid image_url"),
        (None, "Missing required parameter"),
    ],
)
def test_what_is_no_image_is_a_bad_request(client, address, words):
    with pytest.raises(openai.BadRequestError, match=words):
        asked(client, image(address))


def test_a_part_of_another_kind_is_a_bad_request(client):
    with pytest.raises(openai.BadRequestError, match="Supported values"):
        asked(client, {"type": "picture"})


def test_only_a_person_shows_images(client):
    with pytest.raises(openai.BadRequestError, match="role 'user'"):
        asked(client, image(url()), role="assistant")


def test_an_old_model_sees_nothing(client):
    with pytest.raises(openai.BadRequestError, match="only supported by certain models"):
        asked(client, image(url()), model="gpt-3.5-turbo")


def test_the_log_has_the_image_only_in_short(sandbox, client):
    asked(client, image(url("PNG", (300, 300))))
    (part,) = sandbox.requests()[-1]["messages"][0]["content"]
    assert part["image_url"]["url"].startswith("data:image/png;base64,")
    assert len(part["image_url"]["url"]) < 50
