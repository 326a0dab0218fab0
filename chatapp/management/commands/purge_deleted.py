"""manage.py purge_deleted: what was deleted long enough ago is gone for good."""

from typing import Any

from django.core.management.base import BaseCommand

from chatapp.images.storage import delete_orphans
from chatapp.retention import purge


class Command(BaseCommand):
    help = "Removes what was deleted DELETED_KEEP_DAYS ago, and chats left for TEMPORARY_HOURS."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{purge()} conversations are gone for good.")
        self.stdout.write(f"{delete_orphans()} files of images that nothing named were removed.")
