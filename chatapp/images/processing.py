"""Re-encoding of uploaded images: size, orientation, WebP, without metadata.

Type and size come from the content, not from the sender's headers. Each image is decoded in a
process of its own, which ends with its limits of CPU time and memory, or is killed.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore
from typing import IO

from django.conf import settings
from django.utils.translation import gettext as _

SUFFIX, CONTENT_TYPE = ".webp", "image/webp"
LONGEST_SIDE = 2048  # pixels; providers scale images down further
START_OF_SCAN = b"\xff\xda"
DECODER = Path(__file__).with_name("decoder.py")
# Exit statuses of the decoder; another one is that of a limit.
TOO_MANY_PIXELS, NO_IMAGE = 3, 4
# Decoding a large image takes up to 100 MB. Requests with files have waited before they got here,
# without a thread: see chatapp/http/upload_queue.py.
slots = BoundedSemaphore(settings.IMAGES_AT_ONCE)
MAX_WAIT_SECONDS = 1


class InvalidImage(Exception):
    """An image that can't be used; the message is a sentence for the user."""


@dataclass(frozen=True)
class Image:
    data: bytes
    width: int
    height: int
    alt: str = ""


def process(file: IO[bytes], name: str) -> Image:
    """Re-encode the first frame, upright, at most `LONGEST_SIDE` pixels long. Raises InvalidImage."""
    data = file.read()
    # Compressed pixels never contain these two bytes, so that they need no parser to be counted.
    if data.startswith(b"\xff\xd8") and data.count(START_OF_SCAN) > settings.IMAGE_MAX_SCANS:
        raise InvalidImage(too_much_work(name))
    with wait_for_slot(name):
        return decoded(data, name)


@contextmanager
def wait_for_slot(name: str, seconds: float = MAX_WAIT_SECONDS) -> Iterator[None]:
    if not slots.acquire(timeout=seconds):
        raise InvalidImage(
            _("“%(name)s” was not read: too many images come at once. Send it again in a moment.")
            % {"name": name}
        )
    try:
        yield
    finally:
        slots.release()


def decoded(data: bytes, name: str) -> Image:
    """What the decoder makes of the file. Raises InvalidImage."""
    limits = (settings.IMAGE_SECONDS, settings.IMAGE_MAX_PIXELS, LONGEST_SIDE)
    command = [sys.executable, "-I", str(DECODER), *(str(int(limit)) for limit in limits)]
    try:
        done = subprocess.run(  # noqa: S603 - nothing of it is from outside
            command,
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=4 * settings.IMAGE_SECONDS,  # on a busy machine a second of CPU takes longer
            check=False,
        )
    except subprocess.TimeoutExpired as expired:
        raise InvalidImage(too_much_work(name)) from expired
    if done.returncode == TOO_MANY_PIXELS:
        raise InvalidImage(too_many_pixels(name))
    if done.returncode:
        is_none = done.returncode == NO_IMAGE
        raise InvalidImage(no_image(name) if is_none else too_much_work(name))
    size, _newline, webp = done.stdout.partition(b"\n")
    width, height = map(int, size.split())
    return Image(webp, width, height)


def too_many_pixels(name: str) -> str:
    sentence = _("“%(name)s” has too many pixels; an image may have at most %(limit)d million.")
    return sentence % {"name": name, "limit": settings.IMAGE_MAX_PIXELS // 1_000_000}


def too_much_work(name: str) -> str:
    return _(
        "“%(name)s” takes too long to read here. Save it again as a plain PNG or JPEG, then send it."
    ) % {"name": name}


def no_image(name: str) -> str:
    return _("“%(name)s” is no image that can be read here: send a PNG, JPEG, WebP or GIF.") % {
        "name": name
    }
