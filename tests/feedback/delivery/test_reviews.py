"""Reviews delivered by a real worker to a sandbox over real HTTP, and by one that is killed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from chatapp.models import User
from feedback.models import Category, Delivery, Rating, Review
from tests.feedback.conftest import Answer, all_settled, click, work_until
from tests.feedback.delivery.test_reconciliation import reconcile
from tests.feedback.delivery.test_worker import properties, shown
from tests.feedback.delivery.test_worker_process import address_of_test_database as address
from tests.feedback.delivery.test_worker_process import wait_for, worker
from tests.fixtures.patience import DEADLINE
from tests.sandbox_process import SandboxProcess


@pytest.fixture(autouse=True)
def sends_reviews(settings: Any) -> None:
    settings.HELICONE_SEND_REVIEWS = True


def decide(rating: Rating, **changes: Any) -> None:
    reviewer, _created = User.objects.get_or_create(username="rita", is_staff=True)
    Review.objects.filter(rating=rating).decide(reviewer, **changes)


def score(sandbox: SandboxProcess, message: Any) -> int | None:
    found: dict[str, int] = sandbox.request(id=str(message.helicone_id))["scores"]
    return found.get("review")


def test_verdict_and_category_follow_the_thumb_and_go_again(
    answer: Answer, sandbox: SandboxProcess
) -> None:
    message = answer()
    rating = click(message, -1)
    work_until(all_settled)
    assert "score 201" not in sandbox.calls()
    facts = Category.objects.create(slug="wrong-facts", label="Wrong facts")
    decide(rating, verdict="agree", category=facts)
    work_until(all_settled)
    assert (shown(sandbox, message), score(sandbox, message)) == (False, 0)
    assert properties(sandbox, message)["review-category"] == "wrong-facts"
    decide(rating, verdict="", category=None)
    work_until(all_settled)
    assert (shown(sandbox, message), score(sandbox, message)) == (False, -1)
    assert "review-category" not in properties(sandbox, message)
    assert sandbox.calls()["rate 201"] == 1


def test_no_two_calls_for_a_request_come_within_two_seconds(
    answer: Answer, sandbox: SandboxProcess
) -> None:
    message = answer()
    decide(click(message, 1), verdict="disagree")
    work_until(all_settled)
    assert score(sandbox, message) == 0
    writes = sandbox.request(id=str(message.helicone_id))["writes"]
    thumb, review = sorted(writes, key=lambda write: write["received_at"])
    assert (thumb["key"], review["key"]) == ("helicone-score-feedback", "review")
    assert review["received_at"] - thumb["answered_at"] >= 2


def test_a_score_that_helicone_drops_is_sent_again(answer: Answer, sandbox: SandboxProcess) -> None:
    message = answer()
    rating = click(message, 1)
    work_until(all_settled)
    sandbox.faults({"on": "score", "fault": "status=500", "count": 1})
    decide(rating, verdict="agree")
    work_until(all_settled)
    assert score(sandbox, message) == 1


def test_an_older_score_that_comes_back_is_overwritten(
    answer: Answer, sandbox: SandboxProcess, settings: Any
) -> None:
    message = answer()
    rating = click(message, 1)
    work_until(all_settled)
    settings.HELICONE_SECOND_WRITE_SECONDS = 4
    sandbox.settings(second_write=4)
    decide(rating, verdict="agree")
    work_until(lambda: score(sandbox, message) == 1)
    decide(rating, verdict="disagree")
    work_until(all_settled)
    sandbox.advance(60)
    assert score(sandbox, message) == 0


def test_a_worker_killed_while_it_sends_a_score_leaves_it_to_the_next(
    answer: Answer, sandbox: SandboxProcess, tmp_path: Path
) -> None:
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "chatapp.settings",
        "DATABASE_URL": address(),
        "HELICONE_API_URL": sandbox.api_url,
        "HELICONE_API_KEY": sandbox.key,
        "HELICONE_RATE_LIMIT": "0",
        "HELICONE_TIMEOUT": "2",
        "HELICONE_SECOND_WRITE_SECONDS": "0",
        "HELICONE_SEND_REVIEWS": "true",
    }
    message = answer()
    rating = click(message, 1)
    work_until(all_settled)
    sandbox.faults({"on": "score", "fault": "hang", "count": 1})
    decide(rating, verdict="agree")
    with worker(environment, tmp_path / "first") as process:
        wait_for(lambda: sandbox.calls().get("score broken"))
        process.kill()
    sent = Delivery.objects.get()
    assert sent.good_sent_at and sent.shown_review is None, "stored before it was sent"
    with worker(environment, tmp_path / "second", "--until-settled") as process:
        assert process.wait(DEADLINE) == 0
    assert (shown(sandbox, message), score(sandbox, message)) == (True, 1)


def test_reconciliation_compares_reviews_too(answer: Answer, sandbox: SandboxProcess) -> None:
    message = answer()
    rating = click(message, 1)
    decide(rating, verdict="agree")
    work_until(all_settled)
    assert reconcile()[0] == 0
    Review.objects.filter(rating=rating).update(verdict="disagree")  # past every rule
    assert reconcile("--repair")[0] == 1
    work_until(all_settled)
    assert score(sandbox, message) == 0
    assert reconcile()[0] == 0
