"""The page of numbers in `make bench-review`: which choices of its form, and how soon after changes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

NUMBERS = "/admin/feedback/rating/numbers/"
CHANGES = 10


def count_all() -> None:
    """What the server does in the background after a fill or a migration."""
    from feedback.insights.rollup.update import is_current, update_rollup

    began = time.monotonic()
    if not is_current():
        while not update_rollup(60):
            pass
        print(f"{time.monotonic() - began:6.1f} s  the days are counted", flush=True)


def choices() -> Iterator[tuple[str, list[dict[str, Any]], Callable[[], Any]]]:
    """(name, queries, what is done before each)"""
    from chatapp.models import Assistant, PromptVersion

    versions = PromptVersion.objects.order_by("pk")
    yield "numbers: default", [{}], bool
    yield "numbers: all time", [{"since": ""}], bool
    slugs = Assistant.objects.values_list("slug", flat=True)
    yield "numbers: assistant", [{"since": "", "assistant": slug} for slug in slugs], bool
    yield "numbers: version", [{"since": "", "version": one.pk} for one in versions[:8]], bool
    names = versions.order_by("model").values_list("model", flat=True).distinct()
    yield "numbers: model", [{"since": "", "model": name} for name in names], bool
    yield "numbers: person", [{"since": "", "person": one} for one in ("guest", "signed-up")], bool
    yield f"numbers: {CHANGES} changes later", [{}], change


def change() -> None:
    """Thumbs here and there, as those who rate would turn them while nobody looks."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE feedback_rating SET value = -value WHERE value IS NOT NULL AND id IN "
            "(SELECT 1 + floor(random() * (SELECT max(id) FROM feedback_rating))::bigint "
            "FROM generate_series(1, %s))",
            [CHANGES],
        )
