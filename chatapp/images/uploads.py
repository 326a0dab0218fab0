"""Images of a submitted form: new uploads, and pending ones of a rejected submission."""

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

from chatapp.images.processing import Image, InvalidImage, process
from chatapp.text.validators import is_plain_text

if TYPE_CHECKING:
    Upload = UploadedFile[bytes]
ALT_MAX_LENGTH = 300


def read_uploads(
    uploads: Sequence[Upload], alts: Sequence[str], pending: Iterable[Image]
) -> tuple[list[Image], list[str]]:
    """Valid images, and a sentence for each problem with the others."""
    images, problems = list(pending), []
    limit = settings.IMAGES_PER_MESSAGE
    if len(images) + len(uploads) > limit:
        problems.append(too_many(len(images) + len(uploads), limit))
        uploads = uploads[: max(limit - len(images), 0)]
    for index, upload in enumerate(uploads):
        try:
            images.append(read_upload(upload, alt_of(upload, alts, index)))
        except InvalidImage as unusable:
            problems.append(str(unusable))
    return images, problems


def read_upload(upload: Upload, alt: str) -> Image:
    """Check and re-encode one upload. Raises InvalidImage."""
    name, size = name_of(upload), upload.size or 0
    if size > settings.IMAGE_MAX_SIZE:
        sentence = _("“%(name)s” has %(size)s; an image may have at most %(limit)s.")
        limit = filesizeformat(settings.IMAGE_MAX_SIZE)
        raise InvalidImage(sentence % {"name": name, "size": filesizeformat(size), "limit": limit})
    assert upload.file is not None  # noqa: S101 - for the type checker
    return replace(process(upload.file, name), alt=alt)


def alt_of(upload: Upload, alts: Sequence[str], index: int) -> str:
    """The alt text by index, or the only one given for all; else the file name."""
    alt = alts[0] if len(alts) == 1 else alts[index] if index < len(alts) else ""
    alt = " ".join(alt.split())[:ALT_MAX_LENGTH]
    return alt if alt and is_plain_text(alt) else name_of(upload)


def name_of(upload: Upload) -> str:
    name = PurePath(upload.name or "").name[:ALT_MAX_LENGTH]
    return name if name and is_plain_text(name) else _("Image")


def too_many(count: int, limit: int) -> str:
    sentence = ngettext(
        "A message takes %(most)d image, and these were %(count)d. The rest was left out.",
        "A message takes %(most)d images, and these were %(count)d. The rest was left out.",
        limit,
    )
    return sentence % {"most": limit, "count": count}
