"""The chat app, the assistant that a new site starts with, and the staff's admin."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.core.checks import CheckMessage, Error, Tags, register
from django.db.models.signals import post_delete, post_migrate
from django.utils.translation import gettext_lazy as _


class ChatConfig(AppConfig):
    name = "chatapp"
    verbose_name = _("Chat")

    def ready(self) -> None:
        from chatapp.models.names import translate_names

        translate_names(self)
        post_migrate.connect(first_assistant, sender=self)
        post_migrate.connect(mended_search, sender=self)
        register(upgradable, Tags.database)

        from chatapp.images import files
        from chatapp.models import Conversation

        post_delete.connect(files.forget, sender=Conversation)


class StaffRoomConfig(AdminConfig):
    default_site = "chatapp.admin_site.StaffRoom"


def first_assistant(using: str, **kwargs: Any) -> None:
    """Someone who has just migrated can chat: there is never a site without an assistant."""
    from chatapp.models import Assistant

    if not Assistant.objects.using(using).exists():
        Assistant.objects.using(using).create_default()


def upgradable(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """What `manage.py migrate` checks before it begins."""
    from django.db import connections
    from django.db.migrations.loader import MigrationLoader

    from chatapp.start.database import too_old_to_upgrade

    found = (too_old_to_upgrade(MigrationLoader(connections[one])) for one in databases or ())
    return [Error(why, id="chatapp.E001") for why in found if why]


def mended_search(using: str, **kwargs: Any) -> None:
    """SQLite changes a table by replacing it, and the triggers that keep the index are lost."""
    from django.db import connections

    from chatapp.search import sqlite

    connection = connections[using]
    if (
        connection.vendor == "sqlite"
        and "chatapp_message" in connection.introspection.table_names()
    ):
        with connection.cursor() as cursor:
            sqlite.mend(cursor)
