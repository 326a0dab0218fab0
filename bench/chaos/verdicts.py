"""What became of each rating, by the sandbox's own log."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

from feedback.models import Rating
from sandbox.request_rows import RATING
from tests.sandbox_process import SandboxProcess


def compare(sandbox: SandboxProcess, second_write: int) -> Counter[str]:
    """The number of ratings by verdict, after all second writes. `crowded` counts the posts that
    came within 2 s of the one before, or while that was under way."""
    sandbox.advance(10 * second_write)
    requests = {request["helicone_id"]: request for request in sandbox.requests()}
    found: Counter[str] = Counter()
    for helicone_id, value, settled_at in Rating.objects.values_list(
        "message__helicone_id", "value", "delivery__settled_at"
    ):
        request = requests[str(helicone_id)]
        found[verdict(request, value, settled_at)] += 1
        found["crowded"] += crowded(request)
    return found


def verdict(request: dict[str, Any], value: int | None, settled_at: datetime | None) -> str:
    """lost: no thumb is shown. reverted: the right one was when the delivery settled, and a later
    write showed another, even if only for a while. stale: another was or is shown. Else equal."""
    marked = request["properties"].get("rating-withdrawn") == "true"
    if value is None:
        return "equal" if marked or request["rating"] is None else "stale"
    if request["rating"] is None:
        return "lost"
    end = settled_at.timestamp() + 0.01 if settled_at else 0.0  # SQLite counts milliseconds
    stored = [w for w in request["writes"] if w["key"] == RATING and w["outcome"] == "stored"]
    stored.sort(key=lambda write: float(write["due_at"]))
    wanted = int(value == 1)
    until = [write["value"] for write in stored if write["due_at"] <= end]
    since = [write["value"] for write in stored if write["due_at"] > end]
    if until[-1:] == [wanted] and not set(since) <= {wanted}:
        return "reverted"
    right = until[-1:] == [wanted] and request["rating"] == (value == 1)
    return "equal" if right and not marked else "stale"


def crowded(request: dict[str, Any]) -> int:
    posts = [(w["received_at"], w["answered_at"]) for w in request["writes"] if w["turn"] == 1]
    ends = [max(post) for post in posts]
    return sum(start < end + 2 for (start, _), end in zip(posts[1:], ends, strict=False))


def differing(patience: float) -> int:
    """The number of ratings that `reconcile_ratings` doesn't find equal, read from Helicone while
    no version of a row was ever merged."""
    from feedback.chat.runtime import helicone_settings
    from feedback.delivery import reconciliation
    from feedback.models import Delivery
    from helicone import Api

    with Api(helicone_settings(), timeout=patience) as api:
        witness = Delivery.objects.known_request()
        found: Counter[str] = Counter()
        for batch in reconciliation.compare(api, Rating.objects.order_by("pk"), witness):
            found += reconciliation.count_verdicts(batch)
    return found.total() - found[reconciliation.EQUAL]
