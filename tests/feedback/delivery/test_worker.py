"""Ratings delivered by a real worker to a sandbox over real HTTP, with each of its traps."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from feedback import rating_flow
from feedback.delivery import run
from feedback.models import Delivery, HeliconeCircuit, Rating, Reason
from feedback.models.outbox.outcome import Outcome
from tests.feedback.conftest import (
    Answer,
    all_settled,
    asked,
    click,
    delivery_of,
    past,
    work_until,
)
from tests.fixtures.patience import DEADLINE, patience
from tests.sandbox_process import SandboxProcess

State = Delivery.State


def shown(sandbox: SandboxProcess, message: Any) -> bool | None:
    rating: bool | None = sandbox.request(id=str(message.helicone_id))["rating"]
    return rating


def properties(sandbox: SandboxProcess, message: Any) -> dict[str, str]:
    found: dict[str, str] = sandbox.request(id=str(message.helicone_id))["properties"]
    return {name: value for name, value in found.items() if value}


def test_a_thumb_arrives_and_is_settled_once_it_was_read_back(
    answer: Answer, sandbox: SandboxProcess
) -> None:
    up, down = answer(), answer()
    click(up, 1)
    click(down, -1)
    work_until(all_settled)
    assert shown(sandbox, up) is True
    assert shown(sandbox, down) is False
    assert sandbox.calls()["rate 201"] == 2


def test_nothing_is_posted_before_the_request_is_ingested(
    answer: Answer, sandbox: SandboxProcess
) -> None:
    click(answer(), 1)
    work_until(all_settled)
    sandbox.settings(ingest_delay_min=60, ingest_delay_max=60)
    message = answer()
    click(message, 1)
    work_until(lambda: delivery_of(message).attempts >= 2)
    assert sandbox.calls()["rate 201"] == 1
    assert "doesn't know" in delivery_of(message).last_error
    sandbox.advance(60)
    work_until(all_settled)
    assert shown(sandbox, message) is True


def test_where_nothing_was_ever_read_back_an_empty_answer_is_unknown(
    answer: Answer, sandbox: SandboxProcess
) -> None:
    sandbox.settings(ingest_delay_min=60, ingest_delay_max=60)
    message = answer()
    click(message, 1)
    work_until(lambda: delivery_of(message).attempts >= 2)
    assert not [name for name in sandbox.calls() if name.startswith("rate")]
    assert "can't be told" in delivery_of(message).last_error
    sandbox.advance(60)
    work_until(all_settled)


def test_versions_that_are_never_merged_hide_no_rating(
    answer: Answer, sandbox: SandboxProcess
) -> None:
    """Some 30 requests of 90 fit under the limit of one query."""
    for _ in range(90):
        (known,) = sandbox.add({"stored_versions": 30})
        click(answer(helicone_id=UUID(known)), 1)
    work_until(all_settled)
    assert set(sandbox.ratings().values()) == {True}


def test_a_request_with_more_versions_than_can_be_read_is_never_called_absent(
    answer: Answer, sandbox: SandboxProcess
) -> None:
    (known,) = sandbox.add({"stored_versions": 1001})
    message = answer(helicone_id=UUID(known))
    others = [answer(), answer()]
    for one in (message, *others):
        click(one, 1)
    work_until(lambda: all(delivery_of(one).state == State.SETTLED for one in others))
    work_until(lambda: delivery_of(message).attempts >= 2)
    assert "can't be told" in delivery_of(message).last_error
    sandbox.merge()
    Delivery.objects.update(due_at=past())
    work_until(all_settled)


def test_a_changed_rating_is_delivered_again(answer: Answer, sandbox: SandboxProcess) -> None:
    message = answer()
    click(message, 1)
    work_until(all_settled)
    click(message, -1)
    assert delivery_of(message).state == State.DUE
    work_until(all_settled)
    assert shown(sandbox, message) is False


def test_a_changed_rating_is_settled_only_after_the_older_ones_second_write(
    answer: Answer, sandbox: SandboxProcess, settings: Any
) -> None:
    settings.HELICONE_SECOND_WRITE_SECONDS = patience(5)
    sandbox.settings(second_write=patience(5))
    message = answer()
    click(message, 1)
    work_until(all_settled)
    click(message, -1)
    work_until(lambda: delivery_of(message).state == State.SEEN)
    assert delivery_of(message).due_at > timezone.now()
    work_until(all_settled, 3 * DEADLINE)
    sandbox.advance(3600)
    assert shown(sandbox, message) is False


def test_a_rating_that_was_overturned_is_posted_again(
    answer: Answer, sandbox: SandboxProcess, settings: Any
) -> None:
    settings.HELICONE_SECOND_WRITE_SECONDS = patience(6)
    message = answer()
    click(message, 1)
    work_until(all_settled)
    click(message, -1)
    work_until(lambda: delivery_of(message).state == State.SEEN)
    sandbox.advance(2)
    sandbox.http.post(
        f"/v1/request/{message.helicone_id}/feedback",
        json={"rating": True},
        headers={"Authorization": f"Bearer {sandbox.key}"},
    )
    assert shown(sandbox, message) is True
    work_until(all_settled, 3 * DEADLINE)
    assert shown(sandbox, message) is False


def test_a_withdrawn_rating_is_marked_and_a_new_one_clears_the_mark(
    answer: Answer, sandbox: SandboxProcess
) -> None:
    message = answer()
    click(message, 1)
    work_until(all_settled)
    click(message, None)
    work_until(all_settled)
    assert properties(sandbox, message) == {"rating-withdrawn": "true"}
    click(message, 1)
    work_until(all_settled)
    assert properties(sandbox, message) == {}
    assert shown(sandbox, message) is True


def test_what_was_withdrawn_before_it_was_sent_is_never_spoken_of(
    answer: Answer, sandbox: SandboxProcess
) -> None:
    message = answer()
    click(message, 1)
    click(message, None)
    work_until(all_settled)
    assert sandbox.calls() == {}


def test_why_stays_here_unless_the_settings_say_otherwise(
    answer: Answer, sandbox: SandboxProcess, settings: Any
) -> None:
    if not Reason.objects.exists():
        Reason.objects.create_defaults()
    message = answer()
    rating = click(message, -1)
    reasons = Reason.objects.filter(slug__in=["wrong", "style"])
    assert rating_flow.explain(
        rating, reasons, "Paris is in France.", "In France.\n\nNot in Texas…"
    )
    work_until(all_settled)
    assert properties(sandbox, message) == {}
    settings.HELICONE_SEND_REASONS = True
    Delivery.objects.make_due(rating)
    work_until(all_settled)
    assert properties(sandbox, message) == {
        "rating-reasons": "style,wrong",
        "rating-comment": "Paris is in France.",
        "rating-correction": "In France.\n\nNot in Texas…",
    }


@pytest.mark.parametrize("fault", ["status=500", "drop", "hang", "status=429 retry_after=1"])
def test_a_call_that_fails_is_made_again(
    answer: Answer, sandbox: SandboxProcess, settings: Any, fault: str
) -> None:
    settings.HELICONE_TIMEOUT = 0.5
    message = answer()
    sandbox.faults({"on": "rate", "fault": fault, "count": 1})
    click(message, 1)
    work_until(lambda: delivery_of(message).last_error)
    work_until(all_settled)
    assert shown(sandbox, message) is True
    assert delivery_of(message).last_error == ""


def test_a_query_that_fails_as_an_empty_one_says_nothing_about_the_requests(
    answer: Answer, sandbox: SandboxProcess
) -> None:
    first = answer()
    click(first, 1)
    work_until(all_settled)
    sandbox.settings(query_max_ids=1)
    second = answer()
    click(second, 1)
    work_until(lambda: delivery_of(second).ingested_at)
    sandbox.settings(query_max_ids=1500)
    work_until(all_settled)


def test_a_refused_key_pauses_everything_and_fails_nothing(
    answer: Answer, sandbox: SandboxProcess, settings: Any
) -> None:
    for _ in range(30):
        click(answer(), 1)
    settings.HELICONE_API_KEY = "sk-helicone-unknown-0000000-0000000-0000009"
    work_until(lambda: HeliconeCircuit.objects.current().is_refused)
    calls = sum(sandbox.calls().values())
    assert calls <= 2
    later = time.monotonic() + 2.5
    work_until(lambda: time.monotonic() > later)
    assert sum(sandbox.calls().values()) == calls
    assert "know the key" in HeliconeCircuit.objects.current().refusal
    assert not Delivery.objects.filter(state=State.FAILED).exists()
    settings.HELICONE_API_KEY = sandbox.key
    work_until(all_settled)


def test_a_key_that_is_taken_again_resumes_by_itself(
    answer: Answer, sandbox: SandboxProcess
) -> None:
    sandbox.faults({"on": "rate", "fault": "status=401", "count": 1})
    message = answer()
    click(message, 1)
    work_until(lambda: HeliconeCircuit.objects.current().is_refused)
    HeliconeCircuit.objects.update(probe_at=past())
    work_until(all_settled)
    assert not HeliconeCircuit.objects.current().is_refused


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"helicone_id": UUID("018f3f5e-7e57-7000-8000-000000000000")}, "version 1 to 5"),
        ({"created_at": timezone.now() - timedelta(days=31)}, "30 days"),
    ],
)
def test_what_can_never_arrive_fails_with_its_reason(
    answer: Answer, sandbox: SandboxProcess, fields: dict[str, Any], words: str
) -> None:
    message = answer(**fields)
    click(message, 1)
    work_until(lambda: delivery_of(message).state == State.FAILED)
    assert words in delivery_of(message).last_error
    assert sandbox.calls() == {}


def test_an_answer_without_an_id_waits_until_it_has_one(
    answer: Answer, sandbox: SandboxProcess
) -> None:
    message = answer(helicone_id=None)
    click(message, 1)
    work_until(lambda: delivery_of(message).state == State.NOWHERE)
    message.helicone_id = UUID(sandbox.add()[0])
    message.save()
    work_until(all_settled)
    assert shown(sandbox, message) is True


def test_the_budget_is_kept_and_helicone_never_has_to_say_no(
    answer: Answer, sandbox: SandboxProcess, settings: Any
) -> None:
    settings.HELICONE_RATE_LIMIT, settings.HELICONE_RATE_WINDOW = 60, 6
    sandbox.settings(rate_limit=60, rate_limit_window=6)
    for _ in range(70):
        click(answer(), 1)
    work_until(all_settled)
    calls = sandbox.calls()
    assert calls["rate 201"] == 70
    assert not [name for name in calls if "429" in name]
    assert calls["query 201"] < 20


def test_a_no_from_helicone_makes_every_worker_wait_as_long_as_it_says(
    answer: Answer, sandbox: SandboxProcess
) -> None:
    sandbox.settings(rate_limit=5, rate_limit_window=4)
    for _ in range(8):
        click(answer(), 1)
    work_until(lambda: HeliconeCircuit.objects.current().quiet_until > timezone.now())
    assert Delivery.objects.claim("read", 10) == []
    assert Delivery.objects.claim("send", 10) == []
    work_until(all_settled)


def test_a_click_wakes_the_worker_of_its_own_process(
    answer: Answer, sandbox: SandboxProcess, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("feedback.delivery.worker.POLL", 4 * DEADLINE)  # it doesn't look by itself
    settings.DELIVER_IN_SERVER = True
    message = answer()

    async def click_while_it_runs() -> None:
        stop = asyncio.Event()
        loop = asyncio.create_task(run(stop))
        await asyncio.sleep(1.2)
        await asyncio.to_thread(asked, lambda: click(message, 1))
        async with asyncio.timeout(DEADLINE):
            while not await asyncio.to_thread(shown, sandbox, message):
                await asyncio.sleep(0.02)
        stop.set()
        await loop

    asyncio.run(click_while_it_runs())


def test_the_loop_of_the_server_outlives_a_missing_key(
    transactional_db: None, settings: Any
) -> None:
    settings.HELICONE_API_KEY = ""
    settings.DELIVER_IN_SERVER = True

    async def start_and_stop() -> None:
        stop = asyncio.Event()
        loop = asyncio.create_task(run(stop))
        await asyncio.sleep(0)
        assert not loop.done()
        stop.set()
        await asyncio.wait_for(loop, DEADLINE)

    asyncio.run(start_and_stop())


def test_a_deleted_rating_is_no_trouble(answer: Answer, sandbox: SandboxProcess) -> None:
    message = answer()
    click(message, 1)
    jobs = Delivery.objects.claim("read", 10)
    Rating.objects.all().delete()
    Delivery.objects.record([Outcome(job) for job in jobs])
    assert not Delivery.objects.exists()
