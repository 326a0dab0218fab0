"""/metrics and /readyz."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from feedback.models import Delivery, HeliconeCircuit
from tests.feedback.conftest import Answer, click

BEARER = {"Authorization": "Bearer let-me-in"}


def test_there_are_no_metrics_without_a_token(db: None, client: Client) -> None:
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


@pytest.mark.parametrize("given", ["", "Bearer wrong", "Bearer é", "let-me-in-not"])
def test_another_token_sees_no_metrics(db: None, client: Client, settings: Any, given: str) -> None:
    settings.METRICS_TOKEN = "let-me-in"
    assert client.get("/metrics", headers={"Authorization": given}).status_code == 404


def test_metrics_count_deliveries_by_state(answer: Answer, client: Client, settings: Any) -> None:
    settings.METRICS_TOKEN = "let-me-in"
    click(answer(), 1)
    click(answer(), -1)
    Delivery.objects.filter(pk=Delivery.objects.earliest("pk").pk).update(
        state="settled", call="", settled_at=timezone.now()
    )
    Delivery.objects.filter(state="due").update(wanted_at=timezone.now() - timedelta(seconds=90))
    lines = client.get("/metrics", headers=BEARER).content.decode().splitlines()
    assert 'rapport_deliveries{state="due"} 1.0' in lines
    assert 'rapport_deliveries{state="settled"} 1.0' in lines
    assert 'rapport_deliveries{state="failed"} 0.0' in lines
    assert "rapport_deliveries_settled_per_minute 1.0" in lines
    assert "rapport_delivery_paused 0.0" in lines
    (lag,) = [line.split()[1] for line in lines if line.startswith("rapport_delivery_lag_seconds ")]
    assert 90 <= float(lag) < 120


def test_a_site_that_keeps_up_is_ready(answer: Answer, client: Client) -> None:
    click(answer(), 1)
    response = client.get("/readyz")
    assert (response.status_code, response.content) == (200, b"ready\n")


def test_a_site_whose_ratings_wait_for_too_long_is_not(
    answer: Answer, client: Client, settings: Any
) -> None:
    click(answer(), 1)
    Delivery.objects.update(wanted_at=timezone.now() - timedelta(hours=1))
    response = client.get("/readyz")
    assert response.status_code == 503
    assert b"waiting for Helicone" in response.content
    settings.HELICONE_API_KEY = ""
    assert client.get("/readyz").status_code == 200


@pytest.mark.parametrize("state", ["seen", "settled", "failed", "nowhere"])
def test_what_no_longer_waits_is_not_late(answer: Answer, client: Client, state: str) -> None:
    click(answer(), 1)
    Delivery.objects.update(state=state, wanted_at=timezone.now() - timedelta(hours=1))
    assert client.get("/readyz").status_code == 200


def test_a_refused_key_is_told_without_its_details(answer: Answer, client: Client) -> None:
    circuit = HeliconeCircuit.objects.current()
    circuit.refuse("Helicone doesn't know the key (HTTP 401).", "send")
    circuit.save()
    response = client.get("/readyz")
    assert response.status_code == 503
    assert b"401" not in response.content


@pytest.mark.parametrize("path", ["/metrics", "/readyz"])
def test_they_are_only_read(db: None, client: Client, path: str) -> None:
    assert client.post(path).status_code == 405


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_probes_come_by_ip_address_and_without_tls(
    db: None, client: Client, settings: Any, path: str
) -> None:
    settings.METRICS_TOKEN, settings.SECURE_SSL_REDIRECT = "let-me-in", True
    settings.ALLOWED_HOSTS = ["rapport.example"]
    settings.A_HOST = "rapport.example"
    headers = BEARER | {"Host": "10.0.0.7:8000"}
    assert client.get(path, headers=headers).status_code == 200
    assert client.get(f"{path}/x", headers=headers).status_code in (301, 400)
    assert client.get("/search", headers=headers).status_code == 400


def test_metrics_tell_about_this_process_too(db: None, client: Client, settings: Any) -> None:
    settings.METRICS_TOKEN = "let-me-in"
    text = client.get("/metrics", headers=BEARER).content.decode()
    assert "rapport_answers_running 0.0" in text
    assert 'rapport_build_info{django="' in text and 'version="0.1.0"' in text
    assert "rapport_answer_first_token_seconds_bucket" in text
