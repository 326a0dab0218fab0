"""Pages of a list that may be long: reading it stops where nobody would go on leafing."""

from typing import Any

from django.db.models import QuerySet

from feedback.admin.generic import AnyPaginator
from feedback.admin.planning import for_the_first_rows


class BoundedPaginator(AnyPaginator):
    """Knows the ids of the first MOST rows, in one query that both counts and orders them.

    Counting a million rows takes longer than reading the fifty that are shown, and counting
    first would search a text twice. What lies beyond MOST is reached by filters.
    """

    MOST = 1_000

    def __init__(self, object_list: QuerySet[Any], *args: Any, **kwargs: Any) -> None:
        with for_the_first_rows():
            found = list(object_list.values_list("pk", flat=True)[: self.MOST + 1])
        self.is_cut = len(found) > self.MOST
        super().__init__(found[: self.MOST], *args, **kwargs)
