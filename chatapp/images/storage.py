"""The files of images: a folder for each conversation, where no web server looks.

A file is named by its message, in `Message.images`; several may name the same one, since an edited
question keeps its images. Files go with their conversation; what was left over by a crash, or by a
question that was refused at last, is swept up.
"""

from __future__ import annotations

import logging
import shutil
import time
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction

from chatapp.images.processing import SUFFIX, Image
from chatapp.models import Conversation, Message

log = logging.getLogger(__name__)
WAITING = "waiting"
BATCH = 100
# Seconds. A file is older than the transaction that names it.
SETTLED = 3600.0
PATIENCE = 24 * 3600


def root() -> Path:
    return Path(settings.MEDIA_ROOT)


def folder(conversation: UUID) -> Path:
    return root() / str(conversation)


def path(conversation: UUID, file: str) -> Path:
    return folder(conversation) / Path(file).name


def write(place: Path, image: Image) -> str:
    """Returns the name that the file has there."""
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = place / f"{uuid4()}{SUFFIX}"
    file.touch(mode=0o600)
    file.write_bytes(image.data)
    return file.name


def save_images(conversation: UUID, images: Iterable[Image]) -> list[dict[str, Any]]:
    """What a message remembers of each. Called in the transaction that makes the message."""
    return [
        {
            "file": write(folder(conversation), image),
            "width": image.width,
            "height": image.height,
            "alt": image.alt,
        }
        for image in images
    ]


def are_kept(conversation: UUID, kept: Iterable[dict[str, Any]], images: Iterable[Image]) -> bool:
    """Whether what a message remembers is these images and no others."""
    return [read(conversation, each["file"]) for each in kept] == [each.data for each in images]


def read(conversation: UUID, file: str) -> bytes | None:
    """None where it is gone."""
    try:
        return path(conversation, file).read_bytes()
    except OSError as error:
        log.warning("An image of conversation %s can't be read: %s", conversation, error)
        return None


def delete_files(sender: type[Conversation], instance: Conversation, **kwargs: Any) -> None:
    """With the conversation, once it is certain that it goes."""
    transaction.on_commit(partial(shutil.rmtree, folder(instance.pk), ignore_errors=True))


def delete_orphans() -> int:
    """Remove what nothing names any more. Returns how many files it was."""
    if not root().is_dir():
        return 0
    swept = sum(map(remove, old(root() / WAITING, PATIENCE)))
    places = [place for place in root().iterdir() if is_id(place.name)]
    for start in range(0, len(places), BATCH):
        some = places[start : start + BATCH]
        named = named_in([UUID(place.name) for place in some])
        for place in some:
            left = [file for file in old(place, SETTLED) if file.name not in named]
            swept += sum(map(remove, left))
            if not any(place.iterdir()) and is_old(place, SETTLED):
                place.rmdir()
    return swept


def named_in(conversations: list[UUID]) -> set[str]:
    messages = Message.objects.filter(conversation__in=conversations).exclude(images=[])
    return {
        image["file"] for images in messages.values_list("images", flat=True) for image in images
    }


def old(place: Path, seconds: float) -> Iterator[Path]:
    yield from [file for file in place.glob(f"*{SUFFIX}") if is_old(file, seconds)]


def is_old(file: Path, seconds: float) -> bool:
    return file.stat().st_mtime < time.time() - seconds


def remove(file: Path) -> int:
    file.unlink(missing_ok=True)
    return 1


def is_id(name: str) -> bool:
    try:
        return str(UUID(name)) == name
    except ValueError:
        return False
