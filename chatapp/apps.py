"""The chat app, the assistant that a new site starts with, and the staff's admin."""

from typing import Any

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.db import connections
from django.db.models.signals import post_delete, post_migrate
from django.utils.translation import gettext_lazy as _

from chatapp.search import sqlite


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
        post_delete.connect(storage.delete_files, sender=Conversation)


class RapportAdminConfig(AdminConfig):
    default_site = "chatapp.admin_site.RapportAdminSite"


def create_first_assistant(using: str, **kwargs: Any) -> None:
    """Someone who has just migrated can chat: there is never a site without an assistant."""
    from chatapp.models import Assistant  # models load after this module

    if not Assistant.objects.using(using).exists():
        Assistant.objects.using(using).create_default()


def repair_search_index(using: str, **kwargs: Any) -> None:
    """SQLite changes a table by replacing it, and the triggers that keep the index are lost."""
    connection = connections[using]
    if (
        connection.vendor == "sqlite"
        and "chatapp_message" in connection.introspection.table_names()
    ):
        with connection.cursor() as cursor:
            sqlite.mend(cursor)
