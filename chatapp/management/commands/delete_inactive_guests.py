"""Delete guests who have been inactive for some days: their cookie has expired."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from chatapp.erasure import delete_users
from chatapp.models import User

BATCH = 200


class Command(BaseCommand):
    help = (
        "Delete guests who wrote and rated nothing for some days, with their conversations and "
        "ratings. People who signed up are never touched. What Helicone logged stays there."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--days", type=int, default=90, help="days without activity (90)")
        parser.add_argument("--dry-run", action="store_true", help="count, delete nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["days"] < 1:
            raise CommandError("--days takes a whole number from 1 on.")
        unused = User.objects.guests_unused_since(timezone.now() - timedelta(options["days"]))
        if options["dry_run"]:
            self.stdout.write(f"{unused.count()} guests would be deleted.")
            return
        deleted_guests = 0
        while batch := list(unused[:BATCH]):
            deleted_guests += delete_users(batch)
        self.stdout.write(f"{deleted_guests} guests were deleted.")
