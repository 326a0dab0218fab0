"""Read Helicone back and compare it with every local rating."""

from __future__ import annotations

import json
import re
import sys
from argparse import ArgumentTypeError
from collections import Counter
from datetime import datetime, timedelta
from typing import IO, Any, cast

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from rich.console import Console
from rich.progress import track
from rich.table import Table

from chatapp.helicone_settings import helicone_settings
from feedback.delivery import reconciliation
from helicone import Api, HeliconeError

MEANING = {
    reconciliation.EQUAL: "Helicone shows what was clicked",
    reconciliation.MISSING: "Helicone knows the answer, but shows no rating",
    reconciliation.DIFFERENT: "Helicone shows another rating, or a mark that doesn't fit",
    reconciliation.UNKNOWN: "Helicone doesn't know the answer at all",
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
        parser.add_argument("--repair", action="store_true", help="make what differs due again")
        parser.add_argument("--json", action="store_true", help="print the summary as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        ratings = reconciliation.ratings_since(options["since"])
        found: Counter[str] = Counter()
        repaired = 0
        try:
            with Api(helicone_settings(), timeout=settings.HELICONE_TIMEOUT * 3) as api:
                for comparisons in with_progress(
                    reconciliation.compare(api, ratings), ratings.count()
                ):
                    found += reconciliation.tally(comparisons)
                    repaired += reconciliation.repair(comparisons) if options["repair"] else 0
        except HeliconeError as error:
            raise CommandError(str(error), returncode=2) from None
        self.show(found, repaired if options["repair"] else None, options["json"])
        if found.total() > found[reconciliation.EQUAL]:
            sys.exit(1)

    def show(self, found: Counter[str], repaired: int | None, as_json: bool) -> None:
        if as_json:
            summary = {
                verdict.replace(" ", "_"): found[verdict] for verdict in reconciliation.VERDICTS
            }
            self.stdout.write(json.dumps(summary | {"repaired": repaired or 0}))
            return
        table = Table("", "ratings", "")
        for verdict in reconciliation.VERDICTS:
            table.add_row(verdict, f"{found[verdict]:,}", MEANING[verdict])
        Console(file=cast(IO[str], self.stdout), width=100).print(table)
        if repaired is not None:
            self.stdout.write(f"{repaired:,} made due again.")


def with_progress(batches: Any, ratings: int) -> Any:
    """A bar on a terminal, nothing in a log."""
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
    """7d, 12h, a date, or a time with or without a zone (then the site's)."""
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
