"""Every URL of the site, walked from the resolver: the material of test_ownership.py."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True)
class Route:
    """`group` is the first folder of what is mounted as a whole ("admin"), else empty."""

    path: str
    name: str
    group: str

    def with_id(self, pk: UUID | str) -> str:
        """What is counted below it is its first."""
        path = re.sub(r"<int:[^>]+>", "1", self.path)
        return "/" + re.sub(r"<[^>]+>", str(pk), path)


def routes() -> list[Route]:
    return list(walk(get_resolver(), "", ""))


def walk(resolver: URLResolver, prefix: str, group: str) -> Iterator[Route]:
    for pattern in resolver.url_patterns:
        path = prefix + readable(str(pattern.pattern))
        if isinstance(pattern, URLResolver):
            yield from walk(pattern, path, group or pattern.namespace or "")
        elif isinstance(pattern, URLPattern):
            yield Route(path, pattern.name or "", group)


def readable(pattern: str) -> str:
    """A regular expression as a path with its groups as <name>."""
    return re.sub(r"\(\?P<(\w+)>[^)]*\)", r"<\1>", pattern).strip("^$")
