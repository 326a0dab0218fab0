"""Database triggers for PostgreSQL and SQLite."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Trigger:
    """A trigger that runs the statements `do` after `event` on `table`, for each affected row.

    With `changed`, only rows in which one of these columns has a new value, and the event names
    these columns; with `condition`, only rows for which it holds. `at_once` is a statement that
    PostgreSQL runs instead, once for all deleted rows: it reads them from the table `gone`.
    """

    name: str
    table: str
    event: str
    do: tuple[str, ...]
    changed: tuple[str, ...] = ()
    condition: str = ""
    at_once: str = ""

    def statements(self, vendor: str) -> list[str]:
        """SQL statements that create the trigger, preceded by its function on PostgreSQL."""
        on = f"CREATE TRIGGER {self.name} AFTER {self._event} ON {self.table}"
        if vendor == "sqlite":
            when = self._condition("IS NOT")
            return [f"{on} {when and f'WHEN {when}'} BEGIN {'; '.join(self.do)}; END"]
        when = self._condition("IS DISTINCT FROM")
        do, each = self.do, f"FOR EACH ROW {when and f'WHEN ({when})'}"
        if self.at_once:
            do, each = (self.at_once,), "REFERENCING OLD TABLE AS gone FOR EACH STATEMENT"
        return [
            f"CREATE OR REPLACE FUNCTION {self.name}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {'; '.join(do)}; RETURN NULL; END $$",
            f"{on} {each} EXECUTE FUNCTION {self.name}()",
        ]

    @property
    def _event(self) -> str:
        return f"{self.event} {', '.join(self.changed)}" if self.changed else self.event

    def _condition(self, differs: str) -> str:
        changed = " OR ".join(f"old.{one} {differs} new.{one}" for one in self.changed)
        return " AND ".join(f"({part})" for part in (changed, self.condition) if part)


def create(cursor: Any, triggers: Collection[Trigger]) -> None:
    for trigger in triggers:
        for statement in trigger.statements(cursor.db.vendor):
            cursor.execute(statement)


def drop(cursor: Any, names: Collection[str]) -> None:
    """Drop the triggers with these names, and their functions, if they exist."""
    for name in names:
        if cursor.db.vendor == "sqlite":
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
        else:
            cursor.execute(f"DROP FUNCTION IF EXISTS {name}() CASCADE")


def missing_in_sqlite(cursor: Any, names: Collection[str]) -> set[str]:
    cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    return set(names) - {name for (name,) in cursor.fetchall()}
