"""The images of a form: chosen now, or kept from when it was refused."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chatapp.images.processing import Image, InvalidImage, clean
from chatapp.validators import is_plain_text

if TYPE_CHECKING:
    Upload = UploadedFile[bytes]
ALT_MAX_LENGTH = 300


def read_uploads(
    uploads: Sequence[Upload], alts: Sequence[str], kept: Iterable[Image]
) -> tuple[list[Image], list[str]]:
    """The images, and a sentence for each thing that is wrong with the others."""
    images, problems = list(kept), []
    most = settings.IMAGES_PER_MESSAGE
    if len(images) + len(uploads) > most:
        problems.append(too_many(len(images) + len(uploads), most))
        uploads = uploads[: max(most - len(images), 0)]
    for place, upload in enumerate(uploads):
        try:
            images.append(read_upload(upload, alt_of(upload, alts, place)))
        except InvalidImage as unusable:
            problems.append(str(unusable))
    return images, problems


def read_upload(upload: Upload, alt: str) -> Image:
    """Raises Unusable."""
    name, size = name_of(upload), upload.size or 0
    if size > settings.IMAGE_MAX_SIZE:
        words = _("“%(name)s” has %(size)s; an image may have at most %(limit)s.")
        limit = filesizeformat(settings.IMAGE_MAX_SIZE)
        raise InvalidImage(words % {"name": name, "size": filesizeformat(size), "limit": limit})
    assert upload.file is not None  # noqa: S101 - for the type checker
    return replace(clean(upload.file, name), alt=alt)


def alt_of(upload: Upload, alts: Sequence[str], place: int) -> str:
    """What the person said it shows, by its place, or once for all; else its name."""
    said = alts[0] if len(alts) == 1 else alts[place] if place < len(alts) else ""
    said = " ".join(said.split())[:ALT_MAX_LENGTH]
    return said if said and is_plain_text(said) else name_of(upload)


def name_of(upload: Upload) -> str:
    name = PurePath(upload.name or "").name[:ALT_MAX_LENGTH]
    return name if name and is_plain_text(name) else _("Image")


def too_many(count: int, most: int) -> str:
    words = ngettext(
        "A message takes %(most)d image, and these were %(count)d. The rest was left out.",
        "A message takes %(most)d images, and these were %(count)d. The rest was left out.",
        most,
    )
    return words % {"most": most, "count": count}
