"""manage.py reconcile_ratings: what Helicone shows, against what was clicked."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from feedback.models import Delivery
from tests.feedback.conftest import Answer, all_settled, click, work_until
from tests.sandbox_process import SandboxProcess


def rate_there(sandbox: SandboxProcess, message: Any, rating: bool) -> None:
    sandbox.http.post(
        f"/v1/request/{message.helicone_id}/feedback",
        json={"rating": rating},
        headers={"Authorization": f"Bearer {sandbox.key}"},
    )


def reconcile(*arguments: str) -> tuple[int, str]:
    """Its exit status and what it printed."""
    out, status = io.StringIO(), 0
    try:
        call_command("reconcile_ratings", *arguments, stdout=out)
    except SystemExit as end:
        status = int(end.code or 0)
    return status, out.getvalue()


@pytest.fixture
def four(answer: Answer, sandbox: SandboxProcess) -> list[Any]:
    """An equal one, a missing one, a different one, and one that Helicone doesn't know."""
    equal, missing, different, unknown = answer(), answer(), answer(), answer(helicone_id=uuid4())
    for message in (equal, missing, different, unknown):
        click(message, 1)
    rate_there(sandbox, equal, True)
    rate_there(sandbox, different, False)
    Delivery.objects.update(state="settled", call="")
    return [equal, missing, different, unknown]


def test_it_tells_apart_what_is_equal_missing_different_and_unknown(four: list[Any]) -> None:
    status, printed = reconcile("--json")
    assert status == 1
    assert json.loads(printed) == {
        "equal": 1,
        "missing": 1,
        "different": 1,
        "unknown_there": 1,
        "repaired": 0,
    }


def test_people_get_a_table(four: list[Any]) -> None:
    status, printed = reconcile()
    assert status == 1
    assert "Helicone shows another rating" in printed
    assert Delivery.objects.filter(state="settled").count() == 4


def test_repair_makes_exactly_the_differences_due_and_they_get_there(
    four: list[Any], sandbox: SandboxProcess
) -> None:
    equal, _missing, _different, unknown = four
    status, printed = reconcile("--repair")
    assert status == 1
    assert "3 made due again." in printed
    assert Delivery.objects.get(rating__message=equal).state == "settled"
    sandbox.add({"helicone_id": str(unknown.helicone_id)})
    work_until(all_settled)
    assert reconcile("--json")[0] == 0


def test_a_rating_without_a_delivery_gets_one(answer: Answer) -> None:
    click(answer(), 1)
    Delivery.objects.all().delete()
    reconcile("--repair")
    work_until(all_settled)
    assert Delivery.objects.count() == 1


def test_a_withdrawn_rating_is_equal_when_it_is_marked(
    answer: Answer, sandbox: SandboxProcess
) -> None:
    message = answer()
    click(message, -1)
    work_until(all_settled)
    click(message, None)
    assert reconcile()[0] == 1
    work_until(all_settled)
    assert reconcile()[0] == 0


def test_older_answers_are_left_out(answer: Answer) -> None:
    click(answer(created_at=timezone.now() - timedelta(days=8)), 1)
    assert json.loads(reconcile("--since", "7d", "--json")[1])["missing"] == 0
    assert json.loads(reconcile("--since", "2020-01-01", "--json")[1])["missing"] == 1


def test_a_query_that_fails_is_not_mistaken_for_missing_ratings(
    answer: Answer, sandbox: SandboxProcess
) -> None:
    click(answer(), 1)
    sandbox.faults({"on": "query", "fault": "status=500"})
    with pytest.raises(CommandError, match="Helicone failed"):
        reconcile()


@pytest.mark.parametrize("since", ["yesterday", "2026-13-45", "7", ""])
def test_a_time_that_is_none_is_refused(db: None, since: str) -> None:
    with pytest.raises(CommandError, match="is no time"):
        call_command("reconcile_ratings", f"--since={since}")
