"""Migration of the database at the start, or SystemExit with the reason in a sentence."""

from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.exceptions import InconsistentMigrationHistory
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.utils.translation import override

OURS = ("chatapp", "feedback")
# Its migrations were squashed: a database has all of them, or none.
OLDEST = "620bdc9"


def migrate_or_exit() -> None:
    try:
        connection.ensure_connection()
    except (DatabaseError, InterfaceError) as error:
        raise SystemExit(
            f"The database {_database_name()} can't be opened: {_first_line(error)}"
        ) from None
    try:
        _migrate()
    except (DatabaseError, CommandError, InconsistentMigrationHistory) as error:
        raise SystemExit(
            f"The database {_database_name()} can't be brought up to date: {_first_line(error)}"
        ) from None


def _migrate() -> None:
    executor = MigrationExecutor(connection)
    if error := upgrade_error(executor.loader):
        raise SystemExit(error)
    refuse_models_without_migrations(executor.loader)
    refuse_a_newer_database(executor.loader)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0, interactive=False)


def upgrade_error(loader: MigrationLoader) -> str:
    """Why the database is too old to upgrade, as a sentence: it has only some of the migrations
    that a squashed one replaces. Empty if it can be upgraded."""
    applied = set(loader.applied_migrations or ())
    for key, squashed in loader.replacements.items():
        count = len(applied & set(squashed.replaces))
        if key[0] in OURS and key not in applied and 0 < count < len(squashed.replaces):
            return (
                f"The database {_database_name()} is older than commit {OLDEST} of Rapport, which"
                f" this copy can't upgrade. Run commit {OLDEST} on it once, then this copy."
            )
    return ""


def refuse_models_without_migrations(loader: MigrationLoader) -> None:
    with override(None):  # migrations hold texts in English, models in the active language
        then, now = loader.project_state(), ProjectState.from_apps(apps)
        changed = MigrationAutodetector(then, now).changes(graph=loader.graph)
    if missing := sorted(changed.keys() & set(OURS)):
        raise SystemExit(
            f"A migration is missing: the models of {' and '.join(missing)} have changed since the"
            " last one. Make it with `.venv/bin/python manage.py makemigrations`."
        )


def refuse_a_newer_database(loader: MigrationLoader) -> None:
    unknown = {key for key in loader.applied_migrations if key[0] in OURS} - set(loader.graph.nodes)
    # Migrations replaced by a squashed one are known too, though they are no nodes.
    unknown -= {key for squashed in loader.replacements.values() for key in squashed.replaces}
    if unknown:
        app, name = sorted(unknown)[-1]
        raise SystemExit(
            f"A migration is missing: {_database_name()} has {app}.{name}, which this copy of Rapport lacks."
            " Run a newer copy, or set another DATABASE_URL."
        )


def _database_name() -> str:
    """The database's name or address, without the password."""
    given = connection.settings_dict
    host, port = given["HOST"] or "localhost", given["PORT"] or 5432
    return (
        str(given["NAME"]) if connection.vendor == "sqlite" else f"{given['NAME']} at {host}:{port}"
    )


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return lines[0].rstrip(".") + "."
