"""Rated answers, the staff who review them, a sandbox that knows them and a worker that delivers."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.utils import timezone

from chatapp.models import Assistant, Conversation, Message, User
from feedback import rating_flow
from feedback.delivery import deliver
from feedback.models import Delivery, HeliconeCircuit, Rating, Reason
from tests.fixtures.patience import DEADLINE
from tests.sandbox_process import SandboxProcess


@pytest.fixture
def sandbox(sandbox_server: SandboxProcess, settings: Any) -> Iterator[SandboxProcess]:
    """Reset, without second writes at first, and where the settings lead."""
    sandbox_server.reset()
    sandbox_server.settings(second_write=0)
    settings.HELICONE_API_URL = settings.HELICONE_GATEWAY_URL = sandbox_server.url
    settings.HELICONE_GATEWAY_URL += "/v1"
    settings.HELICONE_API_KEY = sandbox_server.key
    settings.OPENAI_API_KEY = "sk-any"
    settings.HELICONE_RATE_LIMIT = 0
    settings.HELICONE_TIMEOUT = 2.0
    settings.HELICONE_SECOND_WRITE_SECONDS = 0
    yield sandbox_server
    sandbox_server.reset()


Answer = Callable[..., Message]
UNSET: Any = object()


@pytest.fixture
def answer(transactional_db: None, sandbox: SandboxProcess) -> Answer:
    """answer() is alice's newest one, which the sandbox knows; helicone_id=None is not proxied."""

    def answer(helicone_id: UUID | None = UNSET, **fields: Any) -> Message:
        if not Assistant.objects.exists():
            Assistant.objects.create_default()
        alice, _created = User.objects.get_or_create(username="alice")
        talk = Conversation.objects.start(alice, Assistant.objects.get())
        if helicone_id is UNSET:
            helicone_id = UUID(sandbox.add()[0])
        fields = {"role": "assistant", "text": "So.", "status": "complete"} | fields
        return Message.objects.create(conversation=talk, helicone_id=helicone_id, **fields)

    return answer


def click(message: Message, value: int | None) -> Rating:
    return rating_flow.rate(message, message.conversation.user, value)


def past() -> datetime:
    """Surely not later than the database's clock, which may count milliseconds only."""
    return timezone.now() - timedelta(seconds=1)


def work_until(done: Callable[[], Any], seconds: float = DEADLINE) -> None:
    """Run a worker until `done`, which may look into the database, is true. Fails when it isn't
    within `seconds`, and shows how far it came."""
    asyncio.run(_work_until(done, time.monotonic() + seconds))


async def _work_until(done: Callable[[], Any], deadline: float) -> None:
    stop = asyncio.Event()
    worker = asyncio.create_task(deliver(stop))
    try:
        while not await asyncio.to_thread(asked, done):
            assert not worker.done(), worker.exception()
            assert time.monotonic() < deadline, await asyncio.to_thread(asked, state)
            await asyncio.sleep(0.05)
    finally:
        stop.set()
        await worker


def asked(question: Callable[[], Any]) -> Any:
    try:
        return question()
    finally:
        connection.close()


def state() -> list[Any]:
    return [*Delivery.objects.values(), *HeliconeCircuit.objects.values()]


def all_settled() -> bool:
    return not Delivery.objects.exclude(state=Delivery.State.SETTLED).exists()


def delivery_of(message: Message) -> Delivery:
    return Delivery.objects.get(rating__message=message)


@pytest.fixture
def rita(rita):
    """A reviewer: may look at everything and change nothing."""
    may = Permission.objects.filter(
        codename__startswith="view_", content_type__app_label__in=["feedback", "chatapp"]
    )
    rita.user_permissions.set(may)
    return rita


@pytest.fixture
def rita_client(rita, client_of):
    return client_of(rita)


@pytest.fixture
def sam_client(sam, client_of):
    return client_of(sam)


@pytest.fixture
def ask(db):
    """ask(person, question, answer, **fields of the answer): a finished answer."""

    def answered(person, question="Why?", text="Because.", conversation=None, **fields):
        conversation = conversation or Conversation.objects.start(
            person, Assistant.objects.get(slug="assistant")
        )
        answer = conversation.ask(question)
        values = {"text": text, "status": Message.Status.COMPLETE, "helicone_id": uuid4(), **fields}
        Message.objects.filter(pk=answer.pk).update(**values)
        return Message.objects.get(pk=answer.pk)

    return answered


@pytest.fixture
def rate(ask, alice):
    """rate(value, comment=…, reasons=[slug, …], by=person, **as for ask): a rating."""
    numbers = itertools.count()

    def rated(value=-1, comment="", reasons=(), by=None, answer=None, **said):
        person = by or alice
        answer = answer or ask(person, **{"question": f"Question {next(numbers)}", **said})
        rating = rating_flow.rate(answer, person, value or 1)
        rating_flow.explain(rating, Reason.objects.filter(slug__in=reasons), comment)
        return rating_flow.rate(answer, person, value)

    return rated


ROLES = ["viewer", "reviewer", "lead", "operator"]


@pytest.fixture(params=ROLES)
def role(request):
    return request.param


@pytest.fixture
def make_roles(db):
    """What the migrations do; a test that empties the database takes the roles with it."""

    def make_roles():
        first = import_module("feedback.migrations.0001_squashed_0019_narrow_words")
        first.make_roles(apps, connection.schema_editor())
        # The first migration gives it under its name of then; a later one renames it.
        access_log = Permission.objects.get(codename="view_staffaccess")
        Group.objects.get(name="lead").permissions.add(access_log)

    return make_roles


@pytest.fixture
def roles(make_roles):
    make_roles()


@pytest.fixture
def member(roles, client_of):
    """member("lead") is the browser of somebody who has this role; member("") has none."""

    def member(role):
        person = User.objects.create_user(f"the-{role}", is_staff=True)
        person.groups.set(Group.objects.filter(name=role))
        return client_of(person)

    return member
