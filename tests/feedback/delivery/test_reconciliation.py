"""manage.py reconcile_ratings: what Helicone shows, against what was clicked."""

from __future__ import annotations

import io
import json
import sqlite3
import threading
from contextlib import closing
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from chatapp.helicone_settings import helicone_settings
from chatapp.models import Message
from feedback.delivery import reconciliation
from feedback.models import Delivery, Rating
from helicone import Api, ReadBack
from tests.feedback.conftest import Answer, all_settled, click, past, work_until
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
        "not_there": 1,
        "unknown": 0,
        "repaired": 0,
        "not_repaired": 0,
    }


def rated(answer: Answer, sandbox: SandboxProcess, number: int, versions: int) -> None:
    """Ratings that Helicone shows, of requests with so many stored versions each."""
    up = {"scores": {"helicone-score-feedback": 1}}
    ids = sandbox.add(*({"stored_versions": versions, **up} for _ in range(number)))
    first = answer(helicone_id=UUID(ids[0]))
    others = [
        Message(conversation=first.conversation, role="assistant", helicone_id=UUID(one))
        for one in ids[1:]
    ]
    messages = [first, *Message.objects.bulk_create(others)]
    Rating.objects.bulk_create(
        Rating(message=message, user=first.conversation.user, value=1) for message in messages
    )


@pytest.mark.parametrize("versions", [2, 3, 30])
def test_all_of_930_ratings_are_found_however_many_versions_are_not_merged(
    answer: Answer, sandbox: SandboxProcess, versions: int
) -> None:
    rated(answer, sandbox, 930, versions)
    status, printed = reconcile("--json")
    assert (status, json.loads(printed)["equal"]) == (0, 930)


def test_what_cannot_be_known_is_unknown_and_left_as_it_is(
    answer: Answer, sandbox: SandboxProcess
) -> None:
    rated(answer, sandbox, 3, 1)
    rated(answer, sandbox, 1, 1001)
    status, printed = reconcile("--json", "--repair")
    summary = json.loads(printed)
    assert (status, summary["equal"], summary["unknown"], summary["not_there"]) == (1, 3, 1, 0)
    assert (summary["repaired"], Delivery.objects.count()) == (0, 0)
    assert "1 unknown, and left as they are." in reconcile("--repair")[1]


def test_two_that_hide_each_other_are_told_apart_by_asking_singly(
    answer: Answer, sandbox: SandboxProcess
) -> None:
    rated(answer, sandbox, 1, 1)
    rated(answer, sandbox, 1, 1001)
    rated(answer, sandbox, 1, 2)
    click(answer(helicone_id=uuid4()), 1)
    rated(answer, sandbox, 1, 1001)
    summary = json.loads(reconcile("--json")[1])
    assert (summary["equal"], summary["unknown"], summary["not_there"]) == (2, 2, 1)


def test_empty_answers_to_every_query_are_unknown(answer: Answer, sandbox: SandboxProcess) -> None:
    rated(answer, sandbox, 5, 1)
    sandbox.settings(query_max_ids=0)
    assert json.loads(reconcile("--json")[1])["unknown"] == 5


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
    assert "3 queued again." in printed
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


@pytest.mark.parametrize("key", ["sk-helicone-unknown-0000000-0000000-0000009", "two words", ""])
def test_a_wrong_key_ends_it_with_a_sentence(
    four: list[Any], settings: Any, key: str, sandbox: SandboxProcess
) -> None:
    settings.HELICONE_API_KEY = key
    with pytest.raises(CommandError, match="[Kk]ey") as ended:
        reconcile("--repair")
    assert ended.value.returncode == 2
    assert not Delivery.objects.exclude(call="").exists()


on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="locks the whole database")


def another_process() -> sqlite3.Connection:
    """A connection of its own to the database, as another process has it."""
    name = connection.settings_dict["NAME"]
    return sqlite3.connect(name, timeout=30, isolation_level=None, check_same_thread=False)


@on_sqlite
def test_repair_says_what_it_could_not_do_while_the_database_was_locked(four: list[Any]) -> None:
    with closing(another_process()) as other, connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 20")
        other.execute("BEGIN IMMEDIATE")
        status, printed = reconcile("--repair")
        other.execute("ROLLBACK")
    assert status == 1
    assert "0 queued again." in printed
    assert "3 could not be queued: database is locked. Run it again." in printed
    assert "3 queued again." in reconcile("--repair")[1]


@on_sqlite
def test_repair_goes_on_when_the_lock_is_gone(four: list[Any]) -> None:
    with closing(another_process()) as other, connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 20")
        other.execute("BEGIN IMMEDIATE")
        release = threading.Timer(0.3, other.execute, ["ROLLBACK"])
        release.start()
        assert "3 queued again." in reconcile("--repair")[1]
        release.join()


@on_sqlite
def test_repair_writes_though_another_process_writes_between_its_batches(
    answer: Answer, sandbox: SandboxProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reconciliation, "BATCH", 2)
    for _ in range(6):
        click(answer(), 1)
    Delivery.objects.update(state="settled", call="")
    batches = reconciliation.compare(
        Writes(), reconciliation.ratings_since(past() - timedelta(hours=1))
    )
    assert [reconciliation.repair(batch) for batch in batches] == [2, 2, 2]


class Writes:
    """Reads back as the client does, while another process writes to the database."""

    def read(self, request_ids: list[UUID], *, witness: UUID | None = None) -> ReadBack:
        with closing(another_process()) as other:
            other.execute("UPDATE feedback_delivery SET attempts = attempts + 1")
        with Api(helicone_settings()) as api:
            return api.read(request_ids, witness=witness)
