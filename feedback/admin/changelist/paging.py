"""Pages of a list that may be long: reading it stops where nobody would go on leafing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from feedback.admin.generic import AnyPaginator


class BoundedPaginator(AnyPaginator):
    """Of the ids of the first rows, of which it takes MOST + 1 to know that there are more.

    Counting a million rows takes longer than reading the fifty that are shown. What lies beyond
    MOST is reached by filters.
    """

    MOST = 1_000

    def __init__(self, found: Sequence[int], *args: Any, **kwargs: Any) -> None:
        self.is_cut = len(found) > self.MOST
        super().__init__(found[: self.MOST], *args, **kwargs)
