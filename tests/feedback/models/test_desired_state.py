"""For what nothing can be sent: answers without an id, with one Helicone refuses, and old ones."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from feedback.models.outbox.desired_state import DesiredState

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)


def hopeless(request_id: str | None = "11111111-1111-4111-8111-111111111111", **age: float) -> str:
    known = UUID(request_id) if request_id else None
    return DesiredState(known, NOW - timedelta(**age), 1).undeliverable_reason(NOW)


@pytest.mark.parametrize("version", range(9))
def test_ids_of_the_versions_one_to_five_are_taken(version: int) -> None:
    why = hopeless(f"11111111-1111-{version}111-8111-111111111111")
    assert why == ("" if 1 <= version <= 5 else "Helicone takes UUIDs of version 1 to 5 only.")


@pytest.mark.parametrize("variant", "08abcf")
def test_ids_of_another_variant_are_not(variant: str) -> None:
    why = hopeless(f"11111111-1111-4111-{variant}111-111111111111")
    assert bool(why) is (variant not in "89ab")


def test_an_answer_without_an_id_can_not_be_rated_however_new() -> None:
    assert hopeless(None) == "The answer has no Helicone id, so there is nothing to rate."


def test_an_answer_can_be_rated_for_thirty_days() -> None:
    assert hopeless(days=30) == ""
    assert "older than 30 days" in hopeless(days=30, microseconds=1)
