"""Image files: a folder per conversation, outside of what a web server serves.

`Message.images` refers to files; several messages may refer to one, since an edited question keeps
its images. Files are deleted with their conversation; orphans of crashes and rejected questions
are deleted by `delete_orphans`.
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
from chatapp.io.files import write_whole
from chatapp.models import Conversation, Message, WaitingMessage

log = logging.getLogger(__name__)
PENDING_FOLDER = "waiting"
BATCH = 100
# A file is written before the transaction that refers to it commits.
ORPHAN_SECONDS = 3600.0
PENDING_SECONDS = 24 * 3600


def root() -> Path:
    return Path(settings.MEDIA_ROOT)


def folder(conversation: UUID) -> Path:
    return root() / str(conversation)


def path(conversation: UUID, file: str) -> Path:
    return folder(conversation) / Path(file).name


def write(directory: Path, image: Image) -> str:
    """Write the image to a new file; returns its name."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = directory / f"{uuid4()}{SUFFIX}"
    write_whole(file, image.data)
    return file.name


def save_images(conversation: UUID, images: Iterable[Image]) -> list[dict[str, Any]]:
    """Store images; returns the value of `Message.images`. Call in the message's transaction."""
    return [
        {
            "file": write(folder(conversation), image),
            "width": image.width,
            "height": image.height,
            "alt": image.alt,
        }
        for image in images
    ]


def equal_stored(
    conversation: UUID, stored: Iterable[dict[str, Any]], images: Iterable[Image]
) -> bool:
    """Whether the stored images have exactly the content of `images`."""
    return [read(conversation, each["file"]) for each in stored] == [each.data for each in images]


def load_images(conversation: UUID, stored: Iterable[dict[str, Any]]) -> list[Image]:
    """The stored images whose files can be read."""
    read_images = [(read(conversation, each["file"]), each) for each in stored]
    return [
        Image(data, each["width"], each["height"], each["alt"])
        for data, each in read_images
        if data is not None
    ]


def read(conversation: UUID, file: str) -> bytes | None:
    """The file's content; None if it is missing."""
    try:
        return path(conversation, file).read_bytes()
    except OSError as error:
        log.warning("An image of conversation %s can't be read: %s", conversation, error)
        return None


def delete_files(sender: type[Conversation], instance: Conversation, **kwargs: Any) -> None:
    """Delete a conversation's folder, once its deletion is committed."""
    transaction.on_commit(partial(shutil.rmtree, folder(instance.pk), ignore_errors=True))


def delete_orphans() -> int:
    """Delete expired pending images and files without references; returns their number."""
    if not root().is_dir():
        return 0
    deleted = sum(map(delete_file, old_files(root() / PENDING_FOLDER, PENDING_SECONDS)))
    directories = [directory for directory in root().iterdir() if is_uuid(directory.name)]
    for start in range(0, len(directories), BATCH):
        batch = directories[start : start + BATCH]
        referenced = referenced_files([UUID(directory.name) for directory in batch])
        for directory in batch:
            old = old_files(directory, ORPHAN_SECONDS)
            orphans = [file for file in old if file.name not in referenced]
            deleted += sum(map(delete_file, orphans))
            if not any(directory.iterdir()) and is_old(directory, ORPHAN_SECONDS):
                directory.rmdir()
    return deleted


def referenced_files(conversations: list[UUID]) -> set[str]:
    messages = Message.objects.filter(conversation__in=conversations)
    waiting = WaitingMessage.objects.filter(answer__conversation__in=conversations)
    lists = [
        *messages.exclude(images=[]).values_list("images", flat=True),
        *waiting.exclude(images=[]).values_list("images", flat=True),
    ]
    return {image["file"] for images in lists for image in images}


def old_files(directory: Path, seconds: float) -> Iterator[Path]:
    yield from [file for file in directory.glob(f"*{SUFFIX}") if is_old(file, seconds)]


def is_old(file: Path, seconds: float) -> bool:
    return file.stat().st_mtime < time.time() - seconds


def delete_file(file: Path) -> int:
    file.unlink(missing_ok=True)
    return 1


def is_uuid(name: str) -> bool:
    try:
        return str(UUID(name)) == name
    except ValueError:
        return False
