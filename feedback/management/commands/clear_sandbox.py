"""Command that shows what came from the sandbox, and deletes it."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db.models import Exists, OuterRef

from feedback.chat.models import Conversation, Message, Origin
from feedback.models import Rating, Review


class Command(BaseCommand):
    help = (
        "Show how much came from the sandbox; with --yes, delete it: each answer with its ratings "
        "and reviews, with its question unless that has another answer, and conversations without "
        "any answer left. Later questions and answers of a conversation stay; its shared copies "
        "are revoked. Answers of release 0.1.0 aren't marked, and count as real."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--yes", action="store_true", help="delete what is shown")

    def handle(self, *args: Any, **options: Any) -> None:
        answers = Message.objects.answers().filter(origin=Origin.SANDBOX)
        found = Conversation.objects.filter(messages__in=answers).order_by().distinct()
        others = Message.objects.answers().exclude(origin=Origin.SANDBOX)
        mixed = found.filter(Exists(others.filter(conversation=OuterRef("pk"))))
        numbers = {
            "conversations": found.count(),
            "answers": answers.count(),
            "ratings": Rating.objects.filter(origin=Origin.SANDBOX).count(),
            "reviews": Review.objects.filter(rating__origin=Origin.SANDBOX).count(),
        }
        self.stdout.write("From the sandbox: " + ", ".join(f"{n} {k}" for k, n in numbers.items()))
        if number := mixed.count():
            self.stdout.write(f"{number} of the conversations have other answers too, which stay.")
        if not options["yes"]:
            self.stdout.write("Nothing was deleted. --yes deletes them.")
            return
        # One transaction each, so that locks are short.
        for conversation in list(found):
            conversation.remove_answers(Origin.SANDBOX)
        self.stdout.write("They were deleted.")
