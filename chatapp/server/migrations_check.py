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

from chatapp import extensions
from chatapp.apps import upgrade_error


def connect_or_exit() -> None:
    try:
        connection.ensure_connection()
    except (DatabaseError, InterfaceError) as error:
        raise SystemExit(
            f"The database {_database_name()} can't be opened: {_first_line(error)}"
        ) from None


def migrate_or_exit() -> None:
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


def refuse_models_without_migrations(loader: MigrationLoader) -> None:
    with override(None):  # migrations hold texts in English, models in the active language
        then, now = loader.project_state(), ProjectState.from_apps(apps)
        changed = MigrationAutodetector(then, now).changes(graph=loader.graph)
    if missing := sorted(changed.keys() & our_apps()):
        raise SystemExit(
            f"A migration is missing: the models of {' and '.join(missing)} have changed since the"
            " last one. Make it with `.venv/bin/python manage.py makemigrations`."
        )


def refuse_a_newer_database(loader: MigrationLoader) -> None:
    ours = {key for key in loader.applied_migrations if key[0] in our_apps()}
    unknown = ours - set(loader.graph.nodes)
    # Migrations replaced by a squashed one are known too, though they are no nodes.
    unknown -= {key for squashed in loader.replacements.values() for key in squashed.replaces}
    if unknown:
        app, name = sorted(unknown)[-1]
        raise SystemExit(
            f"A migration is missing: {_database_name()} has {app}.{name}, which this copy of Rapport lacks."
            " Run a newer copy, or set another DATABASE_URL."
        )


def our_apps() -> set[str]:
    return {"chatapp", *extensions.app_labels()}


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
