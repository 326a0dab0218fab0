"""The log's lines about the way to Helicone: one per change, none for a single failed call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from feedback.delivery.health import Health
from feedback.models import Delivery, HeliconeCircuit
from feedback.models.outbox.desired_state import RATING, DesiredState, ReadStep, SendStep
from feedback.models.outbox.outcome import Job, Outcome, Unsent
from helicone import BadKey, RateLimited, ServerError
from tests.feedback.conftest import Answer, all_settled, click, past, work_until
from tests.sandbox_process import SandboxProcess

LOGGER = "feedback.delivery.health"
Lines = Callable[[], list[str]]


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Lines:
    caplog.set_level("INFO", LOGGER)
    return lambda: [record.getMessage() for record in caplog.records if record.name == LOGGER]


def test_an_outage_and_its_end_are_a_line_each(
    answer: Answer, sandbox: SandboxProcess, lines: Lines
) -> None:
    sandbox.faults({"on": "*", "fault": "status=503"})
    for _ in range(3):
        click(answer(), 1)

    def restored() -> bool:
        if lines():
            sandbox.faults()
            Delivery.objects.exclude(call="").update(due_at=past())
        return all_settled()

    work_until(restored)
    first, second = lines()
    assert first.startswith("Helicone can't be reached; ratings wait. Helicone failed (HTTP 503")
    assert second == "Helicone is reached and takes the key again; ratings are delivered."


def test_a_refused_key_and_its_return_are_a_line_each(
    answer: Answer, sandbox: SandboxProcess, lines: Lines
) -> None:
    sandbox.faults({"on": "rate", "fault": "status=401", "count": 1})
    click(answer(), 1)

    def taken_again() -> bool:
        HeliconeCircuit.objects.filter(refused_at__isnull=False, probing=False).update(
            probe_at=past()
        )
        return all_settled()

    work_until(taken_again)
    first, second = lines()
    assert first.startswith("Helicone refuses the key or the address; ratings wait. Helicone doesn")
    assert second.startswith("Helicone is reached and takes the key again")


def test_answers_without_an_id_are_a_line(
    answer: Answer, sandbox: SandboxProcess, lines: Lines
) -> None:
    click(answer(), 1)
    for _ in range(3):
        click(answer(helicone_id=None), 1)
    work_until(lambda: Delivery.objects.filter(state="nowhere").count() == 3)
    (line,) = lines()
    assert line.startswith("Answers come without a Helicone id: the gateway is no Helicone")


@pytest.fixture
def health() -> Health:
    return Health()


def outcome(error: Exception | None = None, step: Any = None, **fields: Any) -> Outcome:
    job = Job(
        1, uuid4(), 1, DesiredState(uuid4(), timezone.now(), 1), step or ReadStep(), timezone.now()
    )
    return Outcome(job, error=error, **fields)


def test_answers_with_an_id_again_are_a_line(health: Health, lines: Lines) -> None:
    for have in (None, True, False, False, None, True, True):
        health.record_ids(have)
    assert [line.split(":")[0] for line in lines()] == [
        "Answers come without a Helicone id",
        "Answers have a Helicone id again.",
    ]


def test_failures_between_successes_are_no_outage(health: Health, lines: Lines) -> None:
    for _ in range(3):
        health.record([outcome(ServerError("Failed.")), outcome(ServerError("Failed."))])
        health.record([outcome()])
    assert lines() == []


def test_a_query_for_many_counts_once(health: Health, lines: Lines) -> None:
    shared = ServerError("Failed.")
    health.record([outcome(shared)] * 100)
    assert lines() == []
    health.record([outcome(ServerError("Failed."))])
    health.record([outcome(ServerError("Failed for good."))])
    assert lines() == ["Helicone can't be reached; ratings wait. Failed for good."]


def test_what_says_nothing_about_the_way_changes_nothing(health: Health, lines: Lines) -> None:
    for _ in range(5):
        health.record([outcome(RateLimited("Slow down.")), outcome(Unsent())])
        health.record([outcome(unknown=True)])
        health.record([])
    assert lines() == []


def test_a_refused_call_is_over_only_when_one_of_its_kind_is_taken(
    health: Health, lines: Lines
) -> None:
    send = SendStep(RATING, "1")
    health.record([outcome(BadKey("No.", status=401), send)])
    health.record([outcome()])
    health.record([outcome(BadKey("No.", status=401), send)])
    assert len(lines()) == 1
    health.record([outcome(step=send)])
    assert len(lines()) == 2
