"""URLs of names with one id or none: Django's `reverse`, asked once for each name."""

from functools import cache
from uuid import UUID

from django.urls import get_script_prefix, get_urlconf, reverse

PLACE = UUID(int=0)


def url_of(name: str, pk: UUID | None = None) -> str:
    """The URL of this name, or of this name and id. It holds no character that HTML escapes."""
    known = pattern(name, pk is not None, get_script_prefix(), get_urlconf())
    return known if pk is None else known.replace(str(PLACE), str(pk))


@cache
def pattern(name: str, has_id: bool, prefix: str, urlconf: str | None) -> str:
    return reverse(name, urlconf=urlconf, args=[PLACE] if has_id else [])
