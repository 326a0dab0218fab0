"""Images of a message that was refused: they wait a day for it to be sent again.

A page without scripts can't give a file back to its field, so the form carries a signed note of
each instead. Who has the note sent the image.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.core import signing

from chatapp.images import storage
from chatapp.images.processing import Image

SALT = "chatapp.images.waiting"
# Whoever sends what is refused again and again fills no disk.
MOST = 500


@dataclass(frozen=True)
class PendingImage:
    """`token` is what the form carries."""

    token: str
    alt: str
    width: int
    height: int


def stash(images: Iterable[Image], most: int = MOST) -> list[PendingImage]:
    """Notes of those that there is room for."""
    place = storage.root() / storage.WAITING
    room = most - (sum(1 for _ in place.iterdir()) if place.is_dir() else 0)
    return [note(storage.write(place, image), image) for image in list(images)[: max(room, 0)]]


def note(file: str, image: Image) -> PendingImage:
    token = signing.dumps([file, image.width, image.height, image.alt], salt=SALT)
    return PendingImage(token, image.alt, image.width, image.height)


def restore(tokens: Iterable[str]) -> list[Image]:
    """The images of these notes; one that is too old, or not ours, is none."""
    images = []
    for token in tokens:
        try:
            file, width, height, alt = signing.loads(token, salt=SALT, max_age=storage.PATIENCE)
            data = (storage.root() / storage.WAITING / str(file)).read_bytes()
        except (signing.BadSignature, OSError, ValueError):
            continue
        images.append(Image(data, width, height, alt))
    return images
