"""Fills a migrated database of PostgreSQL with the rows of `review_rows`, and says what took long.

Keys and indexes are taken off first and put back after: making an index of what is there takes a
fraction of keeping it row by row.
"""

from __future__ import annotations

import time
from collections import defaultdict
from contextlib import ExitStack
from typing import Any

from bench.review_rows import ASSISTANTS, COLUMNS, MODELS, TABLES, VERSIONS, Rows

CHUNK = 20_000  # lines a table that are sent at once


def fill(ratings: int) -> None:
    from django.db import connection

    from feedback.insights import rollup

    began = time.monotonic()
    known = set_up()
    rows = Rows(ratings, known)
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off; SET maintenance_work_mem = '1GB'")
        put_back = take_off(cursor)
        for statement in defaults():
            cursor.execute(statement)
        copied = Copied(cursor)
        for line in rows.users():
            copied.add("chatapp_user", line)
        for table, line in rows.all():
            copied.add(table, line)
        copied.send()
        told(began, f"{ratings:,} ratings are copied")
        from feedback.list_index import postgresql

        cursor.execute(postgresql.INSERT_WORDS)
        told(began, "their words are found")
        for statement in put_back:
            cursor.execute(statement)
        for table in ("chatapp_user", *(name for name in COLUMNS if name.startswith("feedback"))):
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"  # noqa: S608
            )
        rollup.recount_all(connection)
        told(began, "keys and indexes are made")
        cursor.execute("VACUUM ANALYZE")
        told(began, "analysed")


def defaults() -> list[str]:
    """Of what Django fills in and a COPY doesn't. They stay, and do no harm in a database of our
    own."""
    from django.apps import apps
    from django.db import connection
    from psycopg import sql

    made = []
    for model in apps.get_models():
        table = model._meta.db_table
        given = COLUMNS.get(table, "").split(", ")
        for field in model._meta.concrete_fields if table in COLUMNS else ():
            if field.column not in given and not (field.null or field.primary_key):
                value = field.get_db_prep_save(field.get_default(), connection)
                made.append(
                    sql.SQL("ALTER TABLE {} ALTER {} SET DEFAULT {}")
                    .format(sql.Identifier(table), sql.Identifier(field.column), sql.Literal(value))
                    .as_string(connection.connection)
                )
    return made


def set_up() -> dict[str, Any]:
    """The team, what it set up, and the ids of all that."""
    from django.contrib.auth.models import Group

    from chatapp.models import Assistant, PromptVersion, User
    from feedback.models import Category, Reason

    lead = User.objects.create_user("lead", is_staff=True)
    lead.groups.add(Group.objects.get(name="lead"))
    team = [User.objects.create_user(f"reviewer{n}", is_staff=True) for n in range(8)]
    PromptVersion.objects.all().delete()
    Assistant.objects.all().delete()
    made = [Assistant.objects.create(name=name, slug=name.lower()) for name in ASSISTANTS]
    versions = {}
    for kind, assistant in enumerate(made):
        for number in range(VERSIONS):
            model = MODELS[(kind + number) % len(MODELS)]
            version = PromptVersion.objects.create(assistant=assistant, model=model)
            versions[kind, number] = (version.pk, model)
    reasons = defaultdict(list)
    for pk, value in Reason.objects.order_by("position").values_list("pk", "value"):
        reasons[value].append(pk)
    return {
        "lead": lead.pk,
        "reviewers": [person.pk for person in team],
        "first_person": team[-1].pk + 1,
        "assistants": [assistant.pk for assistant in made],
        "versions": versions,
        "reasons": reasons,
        "categories": list(Category.objects.values_list("pk", flat=True)),
    }


class Copied:
    """Lines on their way, some thousands of a table at once."""

    def __init__(self, cursor: Any) -> None:
        self.cursor, self.waiting = cursor, defaultdict[str, list[str]](list)

    def add(self, table: str, line: str) -> None:
        lines = self.waiting[table]
        lines.append(line)
        if len(lines) >= CHUNK:
            self.send()

    def send(self) -> None:
        for table, lines in self.waiting.items():
            with ExitStack() as stack:
                copy = stack.enter_context(
                    self.cursor.copy(f"COPY {table} ({COLUMNS[table]}) FROM STDIN")
                )
                copy.write("".join(lines))
        self.waiting.clear()


def take_off(cursor: Any) -> list[str]:
    """Triggers, foreign keys and indexes; what puts them back. The chat's own index of all words
    stays off: no page of a review looks into it."""
    names = ", ".join(f"'{name}'::regclass" for name in TABLES)
    cursor.execute(
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "  # noqa: S608
        f"WHERE conrelid IN ({names}) AND contype IN ('f', 'u', 'p') "
        "ORDER BY array_position(ARRAY['p', 'u', 'f'], contype::text)"
    )
    back, drop = [], []
    for table, name, definition in cursor.fetchall():
        if not definition.startswith("PRIMARY"):
            drop.append(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
            back.append(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')
    cursor.execute(
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index "  # noqa: S608
        f"WHERE indrelid IN ({names}) AND NOT EXISTS "
        "(SELECT 1 FROM pg_constraint WHERE conindid = indexrelid)"
    )
    indexes = cursor.fetchall()
    for name, _definition in indexes:
        drop.append(f"DROP INDEX {name}")
    kept = [definition for name, definition in indexes if name != "chatapp_message_words"]
    uniques = [statement for statement in back if "FOREIGN" not in statement]
    keys = [statement for statement in back if "FOREIGN" in statement]
    for statement in reversed(drop):
        cursor.execute(statement)
    for table in TABLES:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    on = [f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in TABLES]
    return [*uniques, *kept, *keys, *on]


def told(began: float, words: str) -> None:
    print(f"{time.monotonic() - began:6.1f} s  {words}", flush=True)
