"""Command that checks keys and URLs of the provider and of Helicone with a real completion."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from feedback.chat.runtime import helicone_settings
from feedback.delivery.connection_check import Check, ProviderCheck, StepFailed
from helicone import Api, InvalidValue


class Command(BaseCommand):
    help = (
        "Send a tiny completion, wait until Helicone logged it, rate it and read the rating back. "
        "Without Helicone only the completion is sent. Says which step fails and what to do. It costs"
        " a few tokens and leaves one rated request."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--model", default=settings.DEFAULT_MODEL)
        parser.add_argument(
            "--patience",
            type=float,
            default=120,
            help="seconds to wait for Helicone to log the request, and to show the rating",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if missing := [name for name in needed_keys() if not getattr(settings, name)]:
            raise CommandError(f"{' and '.join(missing)} must be set first, in .env for instance.")
        try:
            where = helicone_settings()
            if settings.HELICONE == "off":
                self.run_steps(ProviderCheck(where, options["model"]))
                self.stdout.write("HELICONE is off: ratings stay here.")
                return
            with Api(where, timeout=settings.HELICONE_TIMEOUT) as api:
                self.run_steps(Check(where, options["model"], api, options["patience"]))
        except InvalidValue as error:
            raise CommandError(str(error)) from None

    def run_steps(self, check: ProviderCheck) -> None:
        for title, run_step in check.steps():
            self.stdout.write(f"{title} … ", ending="")
            self.stdout.flush()
            try:
                found = run_step()
            except StepFailed as failure:
                self.stdout.write(self.style.ERROR("failed"))
                raise CommandError(str(failure)) from None
            self.stdout.write(self.style.SUCCESS(found))
        self.stdout.write(self.style.SUCCESS("Everything works."))


def needed_keys() -> list[str]:
    """Names of the keys without which the check can't work."""
    needed = [] if settings.HELICONE == "off" else ["HELICONE_API_KEY"]
    if settings.HELICONE == "ai-gateway" or settings.PROVIDER_URL:
        return needed
    return ["OPENAI_API_KEY", *needed]
