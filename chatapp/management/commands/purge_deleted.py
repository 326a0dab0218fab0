"""Purge deleted and temporary conversations, and orphaned image files."""

from typing import Any

from django.core.management.base import BaseCommand

from chatapp.images.storage import delete_orphans
from chatapp.retention import purge


class Command(BaseCommand):
    help = (
        "Purge conversations deleted DELETED_KEEP_DAYS ago, temporary ones after TEMPORARY_HOURS, "
        "and orphaned image files."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{purge()} conversations were purged.")
        self.stdout.write(f"{delete_orphans()} orphaned image files were deleted.")
