"""HELICONE=off: ratings stay here, nothing waits for a delivery, and every place says so."""

from __future__ import annotations

import asyncio
import io
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from chatapp.generation.client import answer_headers, title_headers
from chatapp.models import Assistant, Conversation, User
from feedback.delivery import service
from feedback.models import Delivery, Rating
from tests.feedback.conftest import past
from tests.sandbox_process import SandboxProcess

NOWHERE = Delivery.State.NOWHERE
HERE = "This site runs without Helicone"


@pytest.fixture(autouse=True)
def off(settings: Any) -> None:
    settings.HELICONE = "off"


def delivery_of(rating: Rating) -> Delivery:
    return Delivery.objects.get(rating=rating)


def test_a_rating_stays_here_and_waits_for_nothing(rate: Any, settings: Any) -> None:
    rating = rate(1, helicone_id=None)
    assert (delivery_of(rating).state, delivery_of(rating).call) == (NOWHERE, "")
    rate(-1, answer=rating.message)
    assert (delivery_of(rating).state, delivery_of(rating).call) == (NOWHERE, "")
    assert Delivery.objects.reset() == 1
    assert delivery_of(rating).state == NOWHERE
    # Nor is it delivered when Helicone is set up later: the answer has no id there.
    settings.HELICONE = "on"
    settings.HELICONE_RATE_LIMIT = 0
    assert Delivery.objects.revive() == 0
    Delivery.objects.reset()
    Delivery.objects.update(due_at=past(), held_until=past())
    assert Delivery.objects.claim("read", 10) == []
    assert delivery_of(rating).state == NOWHERE


def test_the_rating_of_an_answer_from_the_time_before_waits(rate: Any) -> None:
    rating = rate(1, helicone_id=uuid4())
    assert (delivery_of(rating).state, delivery_of(rating).call) == ("due", "read")


def test_the_server_starts_no_delivery_and_warns_of_nothing(
    settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.DELIVER_IN_SERVER, settings.HELICONE_API_KEY = True, ""

    async def run() -> None:
        stop = asyncio.Event()
        stop.set()
        await service.run(stop)

    asyncio.run(run())
    assert caplog.messages == []
    settings.HELICONE = "on"
    asyncio.run(run())
    assert "Ratings are kept but not delivered." in caplog.text


@pytest.mark.parametrize("command", ["deliver_ratings", "reconcile_ratings"])
def test_the_commands_of_the_delivery_say_why_they_do_nothing(db: None, command: str) -> None:
    with pytest.raises(CommandError, match="HELICONE is off: ratings stay here"):
        call_command(command)


def test_requests_carry_nothing_for_helicone(db: None, alice: User) -> None:
    talk = Conversation.objects.start(alice, Assistant.objects.get(slug="assistant"))
    assert answer_headers(talk.ask("Why?")) == {}
    assert title_headers(talk, uuid4()) == {}


def test_readyz_says_so(rate: Any, client: Client) -> None:
    rate(1, helicone_id=uuid4())
    Delivery.objects.update(wanted_at="2026-01-01T00:00Z")
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.content == b"ready\nHELICONE is off: ratings stay here.\n"


def test_the_pages_of_the_staff_say_so_and_offer_no_retry(rate: Any, sam_client: Client) -> None:
    rating = rate(1, helicone_id=None)
    old = rate(1, helicone_id=uuid4())
    for url in ("/admin/feedback/delivery/", "/admin/feedback/rating/"):
        page = sam_client.get(url).content.decode()
        assert f"{HERE}: ratings stay here." in page
        assert "etry" not in page.replace("retry-failed", "")
    page = sam_client.get(f"/admin/feedback/rating/{rating.pk}/change/").content.decode()
    assert f"{HERE}: the rating stays here." in page
    assert "Retry delivery" not in page
    page = sam_client.get(f"/admin/feedback/rating/{old.pk}/change/").content.decode()
    assert f"{HERE}: the rating waits until that changes." in page
    assert sam_client.post("/admin/feedback/delivery/retry-failed/").status_code == 403


def test_users_are_told_nothing_of_helicone(ask: Any, alice: User, client_of: Any) -> None:
    answer = ask(alice, helicone_id=None)
    browser = client_of(alice)
    talk = answer.conversation
    pages = [f"/c/{talk.pk}/", "/accounts/profile/", "/accounts/delete/"]
    texts = [browser.get(page).content.decode() for page in pages]
    talk.is_temporary = True
    talk.save()
    texts.append(browser.get(pages[0]).content.decode())
    assert [text.count("Helicone") for text in texts] == [0, 0, 0, 0]
    assert "Your ratings stay here." in texts[2]
    assert "receives it as usual" in texts[3]
    assert len(browser.get("/accounts/requests/").content.decode().splitlines()) == 1


def test_requests_from_the_time_before_are_still_listed(
    ask: Any, alice: User, client_of: Any
) -> None:
    ask(alice, helicone_id=None)
    before = ask(alice)
    browser = client_of(alice)
    assert "1 request" in browser.get("/accounts/delete/").content.decode()
    _head, *rows = browser.get("/accounts/requests/").content.decode().splitlines()
    assert len(rows) == 1
    assert rows[0].startswith(str(before.helicone_id))


def check() -> str:
    out = io.StringIO()
    call_command("check_helicone", stdout=out)
    return out.getvalue()


def test_check_helicone_asks_the_provider_and_says_that_ratings_stay(
    sandbox: SandboxProcess, settings: Any
) -> None:
    settings.PROVIDER_URL = f"{sandbox.url}/local/v1"
    settings.OPENAI_API_KEY = settings.HELICONE_API_KEY = ""
    said = check()
    assert f"{sandbox.url}/local/v1 answers" in said
    assert "HELICONE is off: ratings stay here." in said
    assert sandbox.request()["logged"] is False


def test_check_helicone_finds_a_server_that_is_not_there(settings: Any) -> None:
    settings.PROVIDER_URL = "http://127.0.0.1:9/v1"
    with pytest.raises(CommandError, match="no provider behind.*Look at PROVIDER_URL"):
        check()


def test_check_helicone_needs_a_key_for_openai_itself(settings: Any) -> None:
    settings.OPENAI_API_KEY = ""
    with pytest.raises(CommandError, match="^OPENAI_API_KEY must be set"):
        check()
