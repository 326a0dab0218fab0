"""Command that compares local ratings with Helicone and repairs differences."""

from __future__ import annotations

import json
import re
import sys
import time
from argparse import ArgumentTypeError
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import IO, Any, cast

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from rich.console import Console
from rich.progress import track
from rich.table import Table

from feedback.chat.runtime import helicone_settings, helicone_span
from feedback.delivery import reconciliation
from feedback.models import Delivery
from helicone import Api, HeliconeError

PAUSES = (0.5, 1.0, 2.0)  # seconds, after each of which a repair is tried again
MEANING = {
    reconciliation.EQUAL: "Helicone shows what was clicked",
    reconciliation.MISSING: "Helicone knows the answer, but shows no rating",
    reconciliation.DIFFERENT: "Helicone shows another rating, or a mark that doesn't fit",
    reconciliation.ABSENT: "Helicone doesn't know the answer at all",
    reconciliation.UNKNOWN: "Helicone's answers don't tell",
}


class Command(BaseCommand):
    help = (
        "Read Helicone back and compare it with every local rating. "
        "Ends with status 1 if anything differs."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--since",
            type=moment,
            default="30d",
            help="compare ratings of answers since then: a number of days or hours (7d, 12h), "
            "or a date or time such as 2026-11-01 (default: %(default)s)",
        )
        parser.add_argument(
            "--repair", action="store_true", help="queue what differs for delivery again"
        )
        parser.add_argument("--json", action="store_true", help="print the summary as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.HELICONE == "off":
            raise CommandError("HELICONE is off: ratings stay here, and none is delivered.")
        ratings = reconciliation.ratings_since(options["since"])
        found: Counter[str] = Counter()
        repairs = Repairs() if options["repair"] else None
        try:
            timeout = settings.HELICONE_TIMEOUT * 3
            with Api(helicone_settings(), timeout=timeout, around=helicone_span) as api:
                batches = reconciliation.compare(api, ratings, Delivery.objects.known_request())
                for comparisons in with_progress(batches, ratings.count()):
                    found += reconciliation.count_verdicts(comparisons)
                    if repairs:
                        repairs.make(comparisons)
        except HeliconeError as error:
            raise CommandError(str(error), returncode=2) from None
        except (OperationalError, InterfaceError) as error:
            raise CommandError(f"The database can't be read: {error}", returncode=2) from None
        self.show(found, repairs, options["json"])
        if found.total() > found[reconciliation.EQUAL]:
            sys.exit(1)

    def show(self, found: Counter[str], repairs: Repairs | None, as_json: bool) -> None:
        if as_json:
            summary = {
                verdict.replace(" ", "_"): found[verdict] for verdict in reconciliation.VERDICTS
            }
            done = repairs or Repairs()
            summary |= {"repaired": done.made, "not_repaired": done.failed}
            self.stdout.write(json.dumps(summary))
            return
        table = Table("", "ratings", "")
        for verdict in reconciliation.VERDICTS:
            table.add_row(verdict, f"{found[verdict]:,}", MEANING[verdict])
        Console(file=cast(IO[str], self.stdout), width=100).print(table)
        if repairs:
            self.stdout.write(f"{repairs.made:,} queued again.")
            if unknown := found[reconciliation.UNKNOWN]:
                self.stdout.write(f"{unknown:,} unknown, and left as they are.")
            if repairs.failed:
                self.stdout.write(
                    f"{repairs.failed:,} could not be queued: {repairs.reason}. Run it again."
                )


@dataclass
class Repairs:
    """Numbers of ratings made due again, and of those for which the database failed."""

    made: int = 0
    failed: int = 0
    reason: str = ""

    def make(self, comparisons: list[reconciliation.Comparison]) -> None:
        for pause in (*PAUSES, None):
            try:
                self.made += reconciliation.repair(comparisons)
                return
            except (OperationalError, InterfaceError) as error:
                self.reason = str(error).strip().partition("\n")[0]
                connection.close_if_unusable_or_obsolete()
            if pause:
                time.sleep(pause)
        self.failed += sum(c.verdict not in reconciliation.CONSISTENT for c in comparisons)


def with_progress(batches: Any, ratings: int) -> Any:
    """The batches, with a progress bar on a terminal."""
    console = Console(stderr=True)
    total = -(-ratings // reconciliation.BATCH)
    return track(
        batches,
        "Reading Helicone back…",
        total=total,
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )


def moment(text: str) -> datetime:
    """Parse 7d, 12h, a date, or a time with or without a zone (then the site's).
    Raises ArgumentTypeError."""
    if found := re.fullmatch(r"(\d{1,5})([dh])", text):
        number = int(found[1])
        return timezone.now() - timedelta(
            **{"d": {"days": number}, "h": {"hours": number}}[found[2]]
        )
    try:
        day = parse_date(text)
        time = datetime(day.year, day.month, day.day) if day else parse_datetime(text)
    except ValueError:
        time = None
    if time is None:
        raise ArgumentTypeError(f"{text!r} is no time: try 7d, 12h or 2026-11-01.")
    return time if timezone.is_aware(time) else timezone.make_aware(time)
