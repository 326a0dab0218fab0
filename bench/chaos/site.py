"""A site for benchmarks: settings, a database of its own, and answers that can be rated."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID, uuid4

from tests.sandbox_process import SandboxProcess

TIMEOUT = 1.5


@contextlib.contextmanager
def database(address: str) -> Iterator[str]:
    """A new database, dropped afterwards."""
    if address == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite:///{folder}/chaos.sqlite3"
        return
    import psycopg

    name = f"chaos_{uuid4().hex[:12]}"
    server = urlunsplit(urlsplit(address)._replace(path="/postgres"))
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        try:
            yield urlunsplit(urlsplit(address)._replace(path=f"/{name}"))
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def environment(sandbox: SandboxProcess, second_write: int, database_url: str) -> dict[str, str]:
    return {
        "DJANGO_SETTINGS_MODULE": "chatapp.settings",
        "DATABASE_URL": database_url,
        "HELICONE_API_URL": sandbox.api_url,
        "HELICONE_API_KEY": sandbox.key,
        "HELICONE_RATE_LIMIT": "0",
        "HELICONE_TIMEOUT": str(TIMEOUT),
        "HELICONE_SECOND_WRITE_SECONDS": str(second_write),
        "LOG_LEVEL": "ERROR",
    }


def set_up() -> None:
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def answers(sandbox: SandboxProcess, talk: Any, number: int) -> list[Any]:
    """New answers of a conversation, whose requests the sandbox has logged."""
    from chatapp.models import Message

    ids = sandbox.add(*[{} for _ in range(number)]) if number else []
    done = {"conversation": talk, "role": "assistant", "text": "So.", "status": "complete"}
    return Message.objects.bulk_create(Message(helicone_id=UUID(i), **done) for i in ids)
