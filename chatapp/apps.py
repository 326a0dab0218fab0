"""App configuration: the chat, its first assistant, its search index, the admin site."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from django.db.models.signals import post_delete, post_migrate
from django.utils.translation import gettext_lazy as _

from chatapp import extensions
from chatapp.search import sqlite

# Its migrations were squashed: a database has all of them, or none.
OLDEST = "620bdc9e"


class ChatConfig(AppConfig):
    name = "chatapp"
    verbose_name = _("Chat")

    def ready(self) -> None:
        # Django has loaded the models by now, and not before.
        from chatapp.images import storage
        from chatapp.models import Conversation
        from chatapp.models.verbose_names import translate_verbose_names

        translate_verbose_names(self)
        post_migrate.connect(create_first_assistant, sender=self)
        post_migrate.connect(repair_search_index, sender=self)
        register(check_upgradable, Tags.database)
        post_delete.connect(storage.delete_files, sender=Conversation)


class RapportAdminConfig(AdminConfig):
    default_site = "chatapp.admin_site.RapportAdminSite"


def create_first_assistant(using: str, **kwargs: Any) -> None:
    """Create the default assistant after a migration, if there is none."""
    from chatapp.models import Assistant  # models load after this module

    if not Assistant.objects.using(using).exists():
        Assistant.objects.using(using).create_default()


def check_upgradable(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Errors for databases older than the squashed migrations; `manage.py migrate` runs it."""
    errors = (upgrade_error(MigrationLoader(connections[name])) for name in databases or ())
    return [Error(error, id="chatapp.E001") for error in errors if error]


def upgrade_error(loader: MigrationLoader) -> str:
    """Why the database is too old to upgrade, as a sentence: it has only some of the migrations
    that a squashed one replaces. Empty if it can be upgraded."""
    applied = set(loader.applied_migrations or ())
    ours = {"chatapp", *extensions.app_labels()}
    for key, squashed in loader.replacements.items():
        count = len(applied & set(squashed.replaces))
        if key[0] in ours and key not in applied and 0 < count < len(squashed.replaces):
            return (
                f"The database is older than commit {OLDEST} of Rapport, which this copy can't"
                f" upgrade. Run commit {OLDEST} on it once, then this copy."
            )
    return ""


def repair_search_index(using: str, **kwargs: Any) -> None:
    """Recreate SQLite's search triggers, which are lost when a migration alters their table."""
    connection = connections[using]
    if (
        connection.vendor == "sqlite"
        and "chatapp_message" in connection.introspection.table_names()
    ):
        with connection.cursor() as cursor:
            sqlite.repair(cursor)
