"""Images in a prompt, decoded and validated as by a provider."""

import base64
import binascii
import re
from dataclasses import dataclass
from io import BytesIO
from typing import Any

_DATA_URL = re.compile(r"data:image/(png|jpeg|webp|gif);base64,(.*)", re.DOTALL)
_KINDS = {"png": "PNG", "jpeg": "JPEG", "webp": "WEBP", "gif": "GIF"}
TOKENS = 765  # what OpenAI counts for a picture of usual size


class BadPicture(Exception):
    """An invalid image, answered 400 with this message."""


@dataclass(frozen=True)
class Picture:
    kind: str
    width: int
    height: int

    def __str__(self) -> str:
        return f"{self.kind} {self.width}x{self.height}"


def pictures_in(messages: list[dict[str, Any]]) -> list[Picture]:
    """All images of a conversation, the oldest first. Raises BadPicture."""
    return [
        picture(part, message["role"])
        for message in messages
        for part in parts(message.get("content"))
        if part.get("type") == "image_url"
    ]


def parts(content: Any) -> list[dict[str, Any]]:
    if not isinstance(content, list):
        return []
    for part in content:
        if not isinstance(part, dict) or part.get("type") not in ("text", "image_url"):
            kind = part.get("type") if isinstance(part, dict) else part
            raise BadPicture(f"Invalid value: {kind!r}. Supported values are: 'text', 'image_url'.")
        if part["type"] == "text" and not isinstance(part.get("text"), str):
            raise BadPicture("Missing required parameter: 'text'.")
    return content


def picture(part: dict[str, Any], role: str) -> Picture:
    if role != "user":
        raise BadPicture(
            f"Image URLs are only allowed for messages with role 'user', not {role!r}."
        )
    image = part.get("image_url")
    url = image.get("url") if isinstance(image, dict) else None
    if not isinstance(url, str):
        raise BadPicture("Missing required parameter: 'image_url.url'.")
    found = _DATA_URL.fullmatch(url)
    if found is None:
        raise BadPicture(
            "Invalid image_url: the sandbox takes data URLs of a PNG, JPEG, WebP or GIF."
        )
    try:
        return decode(found[1], base64.b64decode(found[2], validate=True))
    except binascii.Error as error:
        raise BadPicture("Invalid base64 image_url.") from error


def decode(kind: str, data: bytes) -> Picture:
    from PIL import Image  # only loaded for prompts with images

    try:
        with Image.open(BytesIO(data), formats=[_KINDS[kind]]) as image:
            image.load()
            return Picture(_KINDS[kind], *image.size)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        unsupported = "You uploaded an unsupported image. Please make sure your image is valid."
        raise BadPicture(unsupported) from error


def without_data(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The messages with their image URLs cut short, so that the log doesn't hold every image."""
    return [{**message, "content": short(message.get("content"))} for message in messages]


def short(content: Any) -> Any:
    if not isinstance(content, list):
        return content
    return [
        {**part, "image_url": {"url": f"{part['image_url']['url'][:40]}…"}}
        if part.get("type") == "image_url"
        else part
        for part in content
    ]


def description(pictures: list[Picture]) -> str:
    """The start of an answer: the number of images, their kinds and sizes."""
    many = f"{len(pictures)} image{'s' if len(pictures) > 1 else ''}"
    return f"I see {many}: {', '.join(map(str, pictures))}.\n\n" if pictures else ""
