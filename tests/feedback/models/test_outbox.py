"""The outbox without any Helicone: what is due, who may claim it, and what its ratings want."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from django.utils import timezone

from chatapp.models import Message
from feedback import rating_flow
from feedback.models import Delivery, HeliconeCircuit, Rating, Reason
from feedback.models.outbox.delivery import became_due, desired_state, lease
from feedback.models.outbox.desired_state import RATING, DesiredState, ReadStep, SendStep
from feedback.models.outbox.outcome import Job, Outcome
from feedback.models.outbox.state_machine import Call, State
from helicone import Reading, ServerError
from tests.feedback.conftest import past

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
REQUEST = UUID("11111111-1111-4111-8111-111111111111")
HOLDER = UUID(int=7)


@pytest.fixture(autouse=True)
def unlimited(settings: Any) -> None:
    settings.HELICONE_RATE_LIMIT = 0


@pytest.fixture
def due(rate: Any) -> Any:
    """due(**fields) is the delivery of a new rating, due to be sent, with these fields."""

    def due(**fields: Any) -> Delivery:
        rating = rate(1)
        known = {"ingested_at": past(), "call": Call.SEND, "due_at": past(), "held_until": past()}
        Delivery.objects.filter(rating=rating).update(**known | fields)
        return Delivery.objects.get(rating=rating)

    return due


def ids(jobs: list[Job]) -> list[int]:
    return [job.pk for job in jobs]


def seconds_from_now(moment: datetime) -> float:
    return (moment - HeliconeCircuit.objects.now()).total_seconds()


# What becomes due


def test_a_rating_saved_says_once_committed_that_something_is_due(
    transactional_db: None, rate: Any
) -> None:
    rating = rate(1)
    heard: list[int] = []

    def hear(**_: Any) -> None:
        heard.append(Delivery.objects.get(rating=rating).revision)

    became_due.connect(hear)
    try:
        with transaction.atomic():
            Delivery.objects.make_due(rating)
            assert heard == []
        assert heard == [Delivery.objects.get(rating=rating).revision]
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            Delivery.objects.make_due(rating)
            raise ZeroDivisionError
        assert len(heard) == 1
    finally:
        became_due.disconnect(hear)


@pytest.mark.parametrize(("ingested", "call"), [(False, Call.READ), (True, Call.SEND)])
def test_a_request_not_known_yet_is_read_first_and_a_known_one_is_sent_to(
    due: Any, ingested: bool, call: Call
) -> None:
    ended = due(
        state=State.FAILED,
        call="",
        ingested_at=past() if ingested else None,
        due_at=NOW,
        wanted_at=NOW,
        settled_at=NOW,
        attempts=4,
        last_error="Refused.",
    )
    assert Delivery.objects.filter(pk=ended.pk).reset() == 1
    again = Delivery.objects.get(pk=ended.pk)
    assert (again.state, again.call, again.revision) == (State.DUE, call, ended.revision + 1)
    assert (again.attempts, again.last_error, again.settled_at) == (0, "", None)
    assert -5 < seconds_from_now(again.due_at) <= 0
    assert again.wanted_at == again.due_at


def test_what_has_got_its_id_since_is_revived_and_nothing_else(due: Any) -> None:
    gone = {"state": State.NOWHERE, "call": ""}
    with_id, without = due(**gone), due(**gone)
    failed = due(state=State.FAILED, call="")
    without.rating.message.helicone_id = None
    without.rating.message.save()
    assert Delivery.objects.revive() == 1
    states = {row.pk: row.state for row in Delivery.objects.all()}
    assert states == {
        with_id.pk: State.DUE,
        without.pk: State.NOWHERE,
        failed.pk: State.FAILED,
    }


# Who may claim what


def test_the_longest_due_is_claimed_first_and_what_is_due_later_not_yet(due: Any) -> None:
    later = due(due_at=timezone.now() + timedelta(hours=1))
    held = due(held_until=timezone.now() + timedelta(hours=1))
    to_read = due(call=Call.READ, ingested_at=None)
    second = due(due_at=past() - timedelta(seconds=5))
    first = due(due_at=past() - timedelta(seconds=9))
    third = due()
    assert ids(Delivery.objects.claim(Call.SEND, 2)) == [first.pk, second.pk]
    assert ids(Delivery.objects.claim(Call.SEND, 9)) == [third.pk]
    assert ids(Delivery.objects.claim(Call.READ, 9)) == [to_read.pk]
    left = Delivery.objects.filter(holder=None).values_list("pk", flat=True)
    assert set(left) == {later.pk, held.pk}


@pytest.mark.parametrize(("call", "seconds"), [(Call.READ, 30), (Call.SEND, 37)])
def test_a_claim_is_held_for_three_timeouts_and_to_send_until_late_calls_are_over(
    due: Any, settings: Any, call: Call, seconds: float
) -> None:
    settings.HELICONE_TIMEOUT = 10.0
    known = past() if call == Call.SEND else None
    due(call=call, ingested_at=known)
    [job] = Delivery.objects.claim(call, 1)
    row = Delivery.objects.get()
    assert (row.holder, row.revision) == (job.holder, job.revision)
    assert row.held_until == job.claimed_at + timedelta(seconds=seconds)
    sent_at = job.claimed_at + timedelta(seconds=35) if call == Call.SEND else None
    assert (row.up_sent_at, row.sent_at, row.down_sent_at) == (sent_at, sent_at, None)


def test_a_query_of_many_costs_one_call_and_each_post_its_own(due: Any, settings: Any) -> None:
    settings.HELICONE_RATE_LIMIT, settings.HELICONE_RATE_WINDOW = 100, 1e9
    for _ in range(5):
        due(call=Call.READ, ingested_at=None)
        due()

    def left_of(budget: float, call: Call, limit: int) -> tuple[int, int]:
        """How many are claimed with so much of a budget, and what is left of it."""
        HeliconeCircuit.objects.current()
        HeliconeCircuit.objects.update(budget=budget, counted_at=timezone.now())
        claimed = len(Delivery.objects.claim(call, limit))
        Delivery.objects.update(holder=None, held_until=past())
        return claimed, int(HeliconeCircuit.objects.get().budget)

    assert left_of(3.5, Call.READ, 4) == (4, 2)
    assert left_of(0.5, Call.READ, 4) == (0, 0)
    assert left_of(3.5, Call.SEND, 2) == (2, 1)
    assert left_of(3.5, Call.SEND, 9) == (3, 0)
    assert left_of(0.5, Call.SEND, 9) == (0, 0)


def test_where_nothing_is_due_no_call_is_counted(due: Any, settings: Any) -> None:
    settings.HELICONE_RATE_LIMIT, settings.HELICONE_RATE_WINDOW = 100, 1e9
    HeliconeCircuit.objects.current()
    HeliconeCircuit.objects.update(budget=3.5, counted_at=timezone.now())
    due(due_at=timezone.now() + timedelta(hours=1))
    assert Delivery.objects.claim(Call.SEND, 9) == Delivery.objects.claim(Call.READ, 9) == []
    assert HeliconeCircuit.objects.get().budget == 3.5


def test_what_turns_out_to_need_another_call_or_none_is_stored_as_such(due: Any) -> None:
    to_send, to_read = due(call=Call.READ), due(call=Call.SEND, ingested_at=None)
    withdrawn = due(call=Call.SEND)
    Rating.objects.filter(pk=withdrawn.rating_id).update(value=None)
    assert Delivery.objects.claim(Call.READ, 9) == []
    assert ids(Delivery.objects.claim(Call.SEND, 9)) == [to_send.pk]
    assert ids(Delivery.objects.claim(Call.READ, 9)) == [to_read.pk]
    ended = Delivery.objects.get(pk=withdrawn.pk)
    assert (ended.state, ended.call) == (State.SETTLED, "")
    assert ended.settled_at is not None


def take(value: int | None = 1, **fields: Any) -> tuple[Delivery, Job | None]:
    """A row, and the job that somebody gets who takes it at NOW."""
    row = Delivery(pk=4, **{"ingested_at": NOW, "call": Call.SEND, "held_until": NOW} | fields)
    return row, row.claim_step(DesiredState(REQUEST, NOW, value), HOLDER, NOW)


def test_a_job_says_what_was_wanted_when_it_was_claimed() -> None:
    row, job = take(revision=3)
    assert job == Job(4, HOLDER, 3, DesiredState(REQUEST, NOW, 1), SendStep(RATING, "1"), NOW)
    assert (row.holder, row.held_until) == (HOLDER, NOW + timedelta(seconds=37))
    assert row.up_sent_at == NOW + timedelta(seconds=35)
    row, job = take(call=Call.READ, ingested_at=None)
    assert job == Job(4, HOLDER, 1, DesiredState(REQUEST, NOW, 1), ReadStep(), NOW)
    assert (row.holder, row.held_until) == (HOLDER, NOW + timedelta(seconds=30))
    assert row.up_sent_at is None


def test_who_claims_another_kind_of_call_gets_no_job_and_holds_nothing() -> None:
    for fields, call in (({"call": Call.READ}, Call.SEND), ({"ingested_at": None}, Call.READ)):
        row, job = take(**fields)
        assert (job, row.call) == (None, call)
        assert (row.holder, row.held_until, row.up_sent_at) == (None, NOW, None)
    row, job = take(value=None)
    assert (job, row.state, row.call, row.holder) == (None, State.SETTLED, "", None)


# What calls brought


def test_each_row_is_told_of_its_own_call_and_the_channel_of_all(due: Any) -> None:
    first, second = due(call=Call.READ, ingested_at=None), due(call=Call.READ, ingested_at=None)
    jobs = {job.pk: job for job in Delivery.objects.claim(Call.READ, 9)}
    found = Outcome(jobs[first.pk], Reading(jobs[first.pk].request_id))
    failed = Outcome(jobs[second.pk], error=ServerError("It failed.", status=500))
    Delivery.objects.record([failed, found])
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.call, first.attempts, first.holder) == (Call.SEND, 0, None)
    assert (second.call, second.attempts, second.holder) == (Call.READ, 1, None)
    assert second.last_error == "It failed."


def test_who_lost_its_lease_to_another_is_not_believed(due: Any) -> None:
    row = due(call=Call.READ, ingested_at=None)
    [late] = Delivery.objects.claim(Call.READ, 1)
    Delivery.objects.update(held_until=past())
    [holder] = Delivery.objects.claim(Call.READ, 1)
    Delivery.objects.record([Outcome(late, Reading(late.request_id))])
    row.refresh_from_db()
    assert (row.holder, row.ingested_at) == (holder.holder, None)


def test_what_is_stored_of_a_row_leaves_its_revision_alone(due: Any) -> None:
    row = due()
    Delivery.objects.filter(pk=row.pk).update(revision=7)
    row.attempts = 5
    Delivery.objects.upsert([row])
    row.refresh_from_db()
    assert (row.attempts, row.revision) == (5, 7)


# What a rating wants


def test_a_wish_is_what_the_rating_says_now(rate: Any) -> None:
    for value in (1, -1, None):
        rating = rate(value)
        message = rating.message
        assert desired_state(rating) == DesiredState(
            message.helicone_id, message.created_at, value, {}
        )


@pytest.mark.parametrize("send", [True, False])
def test_why_leaves_the_house_only_where_the_settings_say_so(
    rate: Any, settings: Any, send: bool
) -> None:
    settings.HELICONE_SEND_REASONS = send
    reasons = Reason.objects.filter(slug__in=["wrong", "style"])
    rating = rate(-1)
    assert rating_flow.explain(rating, reasons, "No.", "Yes.")
    Delivery.objects.update(ingested_at=past(), call=Call.SEND, due_at=past())
    [job] = Delivery.objects.claim(Call.SEND, 1)
    said = {
        "rating-reasons": "style,wrong",
        "rating-comment": "No.",
        "rating-correction": "Yes.",
    }
    assert job.desired.properties == (said if send else {})


def test_a_lease_is_three_timeouts_long(settings: Any) -> None:
    settings.HELICONE_TIMEOUT = 2.0
    assert lease() == timedelta(seconds=6)


# What the Helicone of this site can't know


@pytest.mark.parametrize(
    ("origin", "sandbox", "reason"),
    [
        ("real", False, ""),
        ("sandbox", True, ""),
        ("sandbox", False, "came from the sandbox"),
        ("real", True, "once the keys are set again"),
        ("demo", False, "demo data"),
        ("demo", True, "demo data"),
    ],
)
@pytest.mark.parametrize("call", list(Call))
def test_an_answer_is_delivered_to_the_helicone_that_knows_it_and_to_no_other(
    due: Any, settings: Any, origin: str, sandbox: bool, reason: str, call: Call
) -> None:
    settings.SANDBOX = sandbox
    row = due(call=call, state=State.DUE if call == Call.SEND else State.SEEN)
    Message.objects.filter(ratings__delivery=row).update(origin=origin)
    jobs = Delivery.objects.claim(call, 5)
    row.refresh_from_db()
    assert ids(jobs) == ([] if reason else [row.pk])
    assert (row.state == State.NOWHERE, row.call == "") == (bool(reason), bool(reason))
    assert reason in row.last_error


def test_a_rating_waits_while_its_helicone_is_not_the_site_s(due: Any, settings: Any) -> None:
    real, made_up = due(), due()
    Message.objects.filter(ratings__delivery=made_up).update(origin="sandbox")
    settings.SANDBOX = True
    Delivery.objects.claim(Call.SEND, 5)
    assert Delivery.objects.get(state=State.NOWHERE) == real
    assert Delivery.objects.revive() == 0
    settings.SANDBOX = False
    assert Delivery.objects.revive() == 1
    assert Delivery.objects.get(pk=real.pk).state == State.DUE


def test_the_witness_of_a_query_is_a_request_of_the_same_helicone(due: Any, settings: Any) -> None:
    row = due(state=State.SETTLED, settled_at=past(), shown=1)
    known = row.rating.message.helicone_id
    assert Delivery.objects.known_request() == known
    settings.SANDBOX = True
    assert Delivery.objects.known_request() is None
