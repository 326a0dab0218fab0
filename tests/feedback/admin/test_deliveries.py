"""The operator's page: counts, reasons, trying again, resuming."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from chatapp.models import User
from feedback.models import Delivery, HeliconeCircuit
from tests.feedback.conftest import Answer, click

PAGE = "/admin/feedback/delivery/"


@pytest.fixture
def sam_at_work(answer: Answer) -> Client:
    sam = User.objects.create_superuser("sam", "sam@example.org")
    client = Client()
    client.force_login(sam)
    return client


@pytest.fixture
def rita_at_work(answer: Answer) -> Client:
    """She may look at deliveries, and no more."""
    rita = User.objects.create_user("rita", is_staff=True)
    rita.user_permissions.add(Permission.objects.get(codename="view_delivery"))
    client = Client()
    client.force_login(rita)
    return client


def failed(answer: Answer, words: str = "It is older than 30 days.") -> Delivery:
    rating = click(answer(), 1)
    Delivery.objects.filter(rating=rating).update(state="failed", call="", last_error=words)
    return Delivery.objects.get(rating=rating)


def test_it_counts_by_state_and_says_why(answer: Answer, sam_at_work: Client) -> None:
    failed(answer)
    failed(answer)
    click(answer(), -1)
    page = sam_at_work.get(PAGE)
    assert dict(page.context["states"])["failed"] == 2
    assert page.context["errors"] == [{"words": "It is older than 30 days.", "number": 2}]
    assert "It is older than 30 days." in page.content.decode()
    assert "rating-withdrawn" in page.content.decode()


def test_the_selected_ones_are_tried_again(answer: Answer, sam_at_work: Client) -> None:
    chosen, other = failed(answer), failed(answer)
    data = {"action": "retry", "_selected_action": [chosen.pk]}
    page = sam_at_work.post(PAGE, data, follow=True)
    assert "1 rating will be delivered again." in page.content.decode()
    chosen.refresh_from_db()
    other.refresh_from_db()
    assert (chosen.state, other.state) == ("due", "failed")


def test_all_failed_ones_are_tried_again(answer: Answer, sam_at_work: Client) -> None:
    failed(answer)
    failed(answer)
    page = sam_at_work.post(reverse("admin:feedback_delivery_retry_failed"), follow=True)
    assert "2 ratings will be delivered again." in page.content.decode()
    assert set(Delivery.objects.values_list("state", "call")) == {("due", "read")}


def test_a_pause_is_shown_with_its_reason_and_can_be_ended(
    answer: Answer, sam_at_work: Client
) -> None:
    circuit = HeliconeCircuit.objects.current()
    circuit.refuse("Helicone doesn't know the key.", "send")
    circuit.save()
    assert "Helicone doesn&#x27;t know the key." in sam_at_work.get(PAGE).content.decode()
    sam_at_work.post(reverse("admin:feedback_delivery_resume"))
    assert not HeliconeCircuit.objects.current().is_refused


@pytest.mark.parametrize("name", ["retry_failed", "resume"])
def test_who_may_only_look_changes_nothing(answer: Answer, rita_at_work: Client, name: str) -> None:
    failed(answer)
    assert rita_at_work.get(PAGE).status_code == 200
    rita_at_work.post(reverse(f"admin:feedback_delivery_{name}"))
    rita_at_work.post(PAGE, {"action": "retry", "_selected_action": [Delivery.objects.get().pk]})
    assert Delivery.objects.get().state == "failed"


@pytest.mark.parametrize("name", ["retry_failed", "resume"])
def test_nothing_is_changed_by_a_link(sam_at_work: Client, name: str) -> None:
    assert sam_at_work.get(reverse(f"admin:feedback_delivery_{name}")).status_code == 405


def test_nobody_adds_edits_or_deletes_a_delivery_by_hand(
    answer: Answer, sam_at_work: Client
) -> None:
    delivery = failed(answer)
    assert sam_at_work.get(f"{PAGE}add/").status_code == 403
    assert sam_at_work.post(f"{PAGE}{delivery.pk}/delete/").status_code == 403
    assert 'name="state"' not in sam_at_work.get(f"{PAGE}{delivery.pk}/change/").content.decode()
