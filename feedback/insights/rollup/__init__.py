"""Numbers that are counted beforehand and never old: a tally a day, kept true by triggers.

Counting a million ratings takes seconds. So triggers of the database note what changed
(`rules.py`), `fold.py` counts the conversations anew that this leads to and puts the difference
into the tallies, and `read.py` has that done before it adds them up.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings

from feedback.insights.rollup.triggers import RULES, Rule

NAME = "feedback_tally"
# The first of these waits for who is counting, and keeps everybody from it until the last is done.
ANEW = (
    "DELETE FROM feedback_tallystate",
    "DELETE FROM feedback_tallied",
    "DELETE FROM feedback_tally",
    "INSERT INTO feedback_touched (conversation_id) SELECT id FROM chatapp_conversation "
    "ORDER BY created_at",
)


def create(connection: Any) -> None:
    """Note changes from here on, and that all there is waits to be counted."""
    drop(connection)
    with connection.cursor() as cursor:
        for rule in RULES:
            for statement in statements(rule, connection.vendor):
                cursor.execute(statement)
    begin_anew(connection)


def begin_anew(connection: Any) -> None:
    """Forget what was counted, and count by days of the time zone that the site has now."""
    with connection.cursor() as cursor:
        for statement in ANEW:
            cursor.execute(statement)
        cursor.execute("INSERT INTO feedback_tallystate (zone) VALUES (%s)", [settings.TIME_ZONE])


def statements(rule: Rule, vendor: str) -> list[str]:
    name = f"{NAME}_{rule.name}"
    on = f"CREATE TRIGGER {name} AFTER {rule.event} ON {rule.table}"
    when = f"WHEN ({rule.when})" if rule.when else ""
    if vendor == "sqlite":
        return [f"{on} {when} BEGIN {rule.do}; END"]
    do, each = rule.do, f"FOR EACH ROW {when}"
    if rule.at_once:
        do, each = rule.at_once, "REFERENCING OLD TABLE AS gone FOR EACH STATEMENT"
    return [
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {do}; RETURN NULL; END $$",
        f"{on} {each} EXECUTE FUNCTION {name}()",
    ]


def drop(connection: Any) -> None:
    with connection.cursor() as cursor:
        for rule in RULES:
            name = f"{NAME}_{rule.name}"
            if connection.vendor == "sqlite":
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
            else:
                cursor.execute(f"DROP FUNCTION IF EXISTS {name}() CASCADE")


def loosen(connection: Any) -> None:
    """Before migrations, on SQLite; see feedback.list_index."""
    if connection.vendor == "sqlite":
        drop(connection)


def mend(connection: Any) -> None:
    """After migrations: what `loosen` took away; what was missed meanwhile is counted anew."""
    if connection.vendor == "sqlite" and is_there(connection) and not is_whole(connection):
        create(connection)


def is_there(connection: Any) -> bool:
    return "feedback_touched" in connection.introspection.table_names()


def is_whole(connection: Any) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        there = {name for (name,) in cursor.fetchall()}
    return {f"{NAME}_{rule.name}" for rule in RULES} <= there
