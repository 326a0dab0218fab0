"""Images of a rejected message, stored for a day so that it can be sent again.

A page without scripts can't refill a file field, so the form carries a signed token per image
instead. A valid token proves that its bearer sent the image.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.core import signing

from chatapp.images import storage
from chatapp.images.processing import Image

SALT = "chatapp.images.waiting"
# So that repeated rejected messages can't fill the disk.
MAX_PENDING = 500


@dataclass(frozen=True)
class PendingImage:
    """A stored image and the signed `token` for the form."""

    token: str
    alt: str
    width: int
    height: int


def stash(images: Iterable[Image], limit: int = MAX_PENDING) -> list[PendingImage]:
    """Store images, as many as there is room for; returns those stored."""
    directory = storage.root() / storage.PENDING_FOLDER
    room = limit - (sum(1 for _ in directory.iterdir()) if directory.is_dir() else 0)
    stored = list(images)[: max(room, 0)]
    return [pending_image(storage.write(directory, image), image) for image in stored]


def pending_image(file: str, image: Image) -> PendingImage:
    token = signing.dumps([file, image.width, image.height, image.alt], salt=SALT)
    return PendingImage(token, image.alt, image.width, image.height)


def restore(tokens: Iterable[str]) -> list[Image]:
    """The images of these tokens; expired and forged tokens are skipped."""
    images = []
    for token in tokens:
        try:
            file, width, height, alt = signing.loads(
                token, salt=SALT, max_age=storage.PENDING_SECONDS
            )
            data = (storage.root() / storage.PENDING_FOLDER / str(file)).read_bytes()
        except (signing.BadSignature, OSError, ValueError):
            continue
        images.append(Image(data, width, height, alt))
    return images
