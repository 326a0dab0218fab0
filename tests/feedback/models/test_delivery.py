"""Claims and records: who may do what, and what is left behind by who dies."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from feedback.models import Delivery, HeliconeCircuit, Rating
from feedback.models.outbox.circuit import LONGEST_PROBE
from feedback.models.outbox.delivery import lease
from feedback.models.outbox.desired_state import SendStep
from feedback.models.outbox.outcome import Outcome
from helicone import BadKey, RateLimited, Reading
from helicone import Rating as Thumb
from tests.feedback.conftest import Answer, click, delivery_of, past

State = Delivery.State


def ingested(message: Any) -> Delivery:
    """The message's delivery, as if Helicone had been seen to know the request."""
    Delivery.objects.filter(rating__message=message).update(
        ingested_at=timezone.now(), call="send", due_at=past()
    )
    return delivery_of(message)


def test_a_click_and_its_delivery_are_one_transaction(answer: Answer) -> None:
    message = answer()
    click(message, 1)
    assert delivery_of(message).state == State.DUE
    click(message, -1)
    assert Delivery.objects.get().revision == 2


def test_the_same_click_again_makes_nothing_due(answer: Answer) -> None:
    message = answer()
    click(message, 1)
    Delivery.objects.update(state=State.SETTLED, call="")
    click(message, 1)
    assert delivery_of(message).state == State.SETTLED


def test_what_one_holds_nobody_else_gets(answer: Answer) -> None:
    message = answer()
    click(message, 1)
    assert len(Delivery.objects.claim("read", 10)) == 1
    assert Delivery.objects.claim("read", 10) == []


def test_a_claim_that_outlived_its_lease_may_be_taken_over_and_its_outcome_is_ignored(
    answer: Answer,
) -> None:
    message = answer()
    click(message, 1)
    (dead,) = Delivery.objects.claim("read", 10)
    Delivery.objects.update(held_until=past())
    (alive,) = Delivery.objects.claim("read", 10)
    Delivery.objects.record([Outcome(dead, Reading(dead.request_id))])
    assert delivery_of(message).ingested_at is None
    Delivery.objects.record([Outcome(alive, Reading(alive.request_id))])
    assert delivery_of(message).ingested_at is not None


def test_what_is_about_to_be_sent_is_stored_before_it_is_sent(answer: Answer) -> None:
    message = answer()
    click(message, 1)
    ingested(message)
    (job,) = Delivery.objects.claim("send", 10)
    assert job.step == SendStep("rating", "1")
    left = delivery_of(message)
    assert left.up_sent_at is not None
    assert left.up_sent_at >= job.claimed_at + lease()
    assert left.held_until > left.up_sent_at


def test_a_change_while_the_older_value_is_under_way_is_not_lost(answer: Answer) -> None:
    message = answer()
    click(message, 1)
    ingested(message)
    jobs = Delivery.objects.claim("send", 10)
    click(message, -1)
    Delivery.objects.record([Outcome(job) for job in jobs])
    after = delivery_of(message)
    assert after.state == State.DUE
    assert after.call == "send"
    assert after.up_sent_at is not None
    assert after.held_until > timezone.now() + timedelta(seconds=1)
    Delivery.objects.update(held_until=past())
    (job,) = Delivery.objects.claim("send", 10)
    assert job.step == SendStep("rating", "-1")


def test_after_an_answer_there_are_two_quiet_seconds(answer: Answer) -> None:
    message = answer()
    click(message, 1)
    ingested(message)
    Delivery.objects.record([Outcome(job) for job in Delivery.objects.claim("send", 10)])
    click(message, -1)
    assert Delivery.objects.claim("send", 10) == []


def test_two_readings_in_a_row_settle_a_rating_that_only_ever_had_one_value(
    answer: Answer,
) -> None:
    message = answer()
    click(message, 1)
    ingested(message)
    Delivery.objects.record([Outcome(job) for job in Delivery.objects.claim("send", 10)])
    Delivery.objects.update(held_until=past(), due_at=past())
    (job,) = Delivery.objects.claim("read", 10)
    reading = Reading(job.request_id, Thumb.POSITIVE, 1.0)
    Delivery.objects.record([Outcome(job, reading)])
    settled = delivery_of(message)
    assert (settled.state, settled.call, settled.shown) == (State.SETTLED, "", 1)


def test_workers_at_once_never_share_a_delivery(answer: Answer) -> None:
    for _ in range(40):
        click(answer(), 1)
    claimed: list[int] = []
    start = threading.Barrier(4)

    def work() -> None:
        start.wait()
        try:
            for _ in range(10):
                claimed.extend(job.pk for job in Delivery.objects.claim("read", 7))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(claimed) == sorted(Delivery.objects.values_list("pk", flat=True))


@pytest.mark.django_db
def test_refusals_are_probed_less_and_less_often(settings: Any) -> None:
    settings.HELICONE_RATE_LIMIT = 0
    circuit = HeliconeCircuit.objects.current()
    waits = []
    for _ in range(8):
        circuit.refuse("Helicone doesn't know the key.", "send")
        assert circuit.probe_at is not None
        waits.append(circuit.probe_at - circuit.read_at)
        vars(circuit)["clock"] = circuit.probe_at
        assert circuit.spend("send", 5) == 1
    assert waits[:3] == [timedelta(seconds=30), timedelta(seconds=60), timedelta(seconds=120)]
    assert waits[-1] == LONGEST_PROBE


@pytest.mark.django_db
def test_refusals_of_calls_made_at_once_count_as_one() -> None:
    circuit = HeliconeCircuit.objects.current()
    circuit.refuse("No.", "send")
    first = circuit.probe_at
    circuit.refuse("No.", "send")
    assert (circuit.probe_at, circuit.refusals) == (first, 1)


def test_only_the_refused_kind_of_call_is_probed_and_only_one(answer: Answer) -> None:
    for _ in range(5):
        click(answer(), 1)
        ingested(Rating.objects.first().message)  # type: ignore[union-attr]
    jobs = Delivery.objects.claim("send", 1)
    Delivery.objects.record([Outcome(jobs[0], error=BadKey("No key.", status=401))])
    assert Delivery.objects.claim("send", 5) == []
    HeliconeCircuit.objects.update(probe_at=past())
    assert len(Delivery.objects.claim("send", 5)) == 1
    assert Delivery.objects.claim("send", 5) == []


@pytest.mark.django_db
def test_the_budget_flows_evenly_and_never_exceeds_the_limit(settings: Any) -> None:
    settings.HELICONE_RATE_LIMIT, settings.HELICONE_RATE_WINDOW = 1000, 300.0
    circuit = HeliconeCircuit.objects.current()
    circuit.counted_at = circuit.read_at - timedelta(hours=1)
    spent = 0
    for _ in range(300):
        spent += circuit.spend("send", 50)
        vars(circuit)["clock"] += timedelta(seconds=1)
    assert 900 <= spent <= 1000


def test_a_no_counts_for_all_kinds_of_calls(answer: Answer, settings: Any) -> None:
    message = answer()
    click(message, 1)
    (job,) = Delivery.objects.claim("read", 1)
    error = RateLimited("Too fast.", status=429, retry_after=60)
    Delivery.objects.record([Outcome(job, error=error)])
    assert delivery_of(message).attempts == 0
    assert HeliconeCircuit.objects.allow("send", 5) == HeliconeCircuit.objects.allow("read", 1) == 0


def test_only_given_up_deliveries_are_left_out_of_pending(answer: Answer) -> None:
    for state, call in [("settled", ""), ("failed", ""), ("seen", "read"), ("due", "send")]:
        message = answer()
        click(message, 1)
        Delivery.objects.filter(rating__message=message).update(state=state, call=call)
    assert sorted(Delivery.objects.pending().values_list("state", flat=True)) == ["due", "seen"]
