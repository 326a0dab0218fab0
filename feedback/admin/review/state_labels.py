"""Delivery states and facts about an answer, as text for staff."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

import helicone
from chatapp.helicone_settings import helicone_settings
from chatapp.models import Message, Origin
from feedback.models import Delivery, Rating

STATES = {
    "due": lazy("It is waiting to be sent to Helicone, or for Helicone to log the request."),
    "posted": lazy("It was sent. Helicone accepted it, but doesn't show it yet."),
    "seen": lazy(
        "Helicone shows it. An earlier thumb may still reappear for some minutes, so it "
        "is checked once more."
    ),
    "settled": lazy("Helicone shows what was clicked here."),
    "failed": lazy("Delivery failed: an automatic retry would change nothing."),
    "nowhere": lazy("The answer never got an id from Helicone, so there is nothing to rate there."),
}


def delivery_of(rating: Rating) -> Delivery | None:
    return getattr(rating, "delivery", None)


def delivery_description(delivery: Delivery | None, answer: Message) -> str:
    if delivery is None:
        return _("It was never queued for Helicone.")
    if delivery.state == Delivery.State.NOWHERE and answer.origin != Origin.of_site():
        return _("It is kept here, and not sent.")
    if settings.HELICONE == "off" and delivery.state == Delivery.State.NOWHERE:
        return _("This site runs without Helicone: the rating stays here.")
    if settings.HELICONE == "off" and delivery.call:
        return _("This site runs without Helicone: the rating waits until that changes.")
    return str(STATES.get(delivery.state, ""))


def origin_note(answer: Message) -> str:
    """Return a sentence on an answer that isn't real; empty for a real one."""
    if answer.origin == Origin.SANDBOX:
        return _(
            "The site ran without keys: a local stand-in answered, and Helicone knows nothing of it."
        )
    if answer.origin == Origin.DEMO:
        return _("Made up to show the site: no model answered, and Helicone knows nothing of it.")
    return ""


def request_page(answer: Message) -> str:
    """Return the URL of the request in Helicone's web UI; empty where there can't be one."""
    if answer.helicone_id is None or answer.origin != Origin.of_site():
        return ""
    try:
        return helicone.request_page(helicone_settings(), answer.helicone_id)
    except helicone.InvalidValue:
        return ""


def answer_facts(answer: Message) -> Iterator[tuple[str, Any]]:
    """Yield label and value of each known fact about how the answer was generated."""
    facts = [
        (_("Model"), answer.model),
        (_("Parameters"), json.dumps(answer.parameters, indent=1) if answer.parameters else ""),
        (_("Messages left out"), format_count(answer.left_out or None)),
        (_("Status"), answer.get_status_display()),
        (_("Finish reason"), answer.finish_reason),
        (_("Time to first token"), format_seconds(answer.first_token_ms)),
        (_("Duration"), format_seconds(answer.duration_ms)),
        (_("Prompt tokens"), format_count(answer.prompt_tokens)),
        (_("Completion tokens"), format_count(answer.completion_tokens)),
        (_("Tokens per second"), tokens_per_second(answer)),
    ]
    return ((label, value) for label, value in facts if value)


def format_seconds(milliseconds: int | None) -> str:
    return "" if milliseconds is None else _("%s s") % number_format(milliseconds / 1000, 2)


def format_count(number: int | None) -> str:
    return "" if number is None else str(number_format(number, force_grouping=True))


def tokens_per_second(answer: Message) -> str:
    """Return the rate after the first token."""
    writing = (answer.duration_ms or 0) - (answer.first_token_ms or 0)
    if not answer.completion_tokens or writing <= 0:
        return ""
    return str(number_format(answer.completion_tokens * 1000 / writing, 0))
