"""Re-encoding of uploaded images: size, orientation, WebP, without metadata.

Type and size come from the content, not from the sender's headers. Pillow is loaded with the
first image: it would be a tenth of the idle server's memory.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from threading import BoundedSemaphore
from typing import IO

from django.conf import settings
from django.utils.translation import gettext as _

FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
SUFFIX, CONTENT_TYPE = ".webp", "image/webp"
LONGEST_SIDE = 2048  # pixels; providers scale images down further
QUALITY = 88
# Decoding a large image takes up to 100 MB.
slots = BoundedSemaphore(2)
MAX_WAIT_SECONDS = 10


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
    with wait_for_slot(name):
        return read(file, name)


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


def read(file: IO[bytes], name: str) -> Image:
    # Pillow takes a while to import: only a process that is sent an image pays for it.
    from PIL import Image as Pillow
    from PIL import ImageOps, UnidentifiedImageError
    from PIL import WebPImagePlugin as _loaded  # noqa: F401 - so that it can read and write them

    try:
        with warnings.catch_warnings():
            # The number of pixels is checked below, before any is decoded.
            warnings.simplefilter("ignore", Pillow.DecompressionBombWarning)
            with Pillow.open(file, formats=FORMATS) as source:
                if source.width * source.height > settings.IMAGE_MAX_PIXELS:
                    raise InvalidImage(too_many_pixels(name))
                # Decodes a photograph at half or a quarter of its size, where that is enough.
                source.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
                upright = ImageOps.exif_transpose(source)
                converted = upright.convert("RGBA" if has_alpha(upright) else "RGB")
            converted.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            output = BytesIO()
            converted.save(
                output, "WEBP", quality=QUALITY, method=2, exif=b"", icc_profile=b"", xmp=b""
            )
    except Pillow.DecompressionBombError as error:
        raise InvalidImage(too_many_pixels(name)) from error
    except (UnidentifiedImageError, OSError) as error:
        raise InvalidImage(no_image(name)) from error
    except (ValueError, SyntaxError, EOFError, IndexError, KeyError, TypeError) as error:
        raise InvalidImage(
            no_image(name)
        ) from error  # Pillow's decoders raise these for hostile files
    return Image(output.getvalue(), *converted.size)


def has_alpha(image: object) -> bool:
    return bool(getattr(image, "has_transparency_data", False))


def too_many_pixels(name: str) -> str:
    sentence = _("“%(name)s” has too many pixels; an image may have at most %(limit)d million.")
    return sentence % {"name": name, "limit": settings.IMAGE_MAX_PIXELS // 1_000_000}


def no_image(name: str) -> str:
    return _("“%(name)s” is no image that can be read here: send a PNG, JPEG, WebP or GIF.") % {
        "name": name
    }
