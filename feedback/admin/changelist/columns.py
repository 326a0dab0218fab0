"""Columns of the list of rated answers, as functions of a row. Nothing is shown by colour alone."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from chatapp.models import Origin
from feedback.admin.review.state_labels import delivery_of
from feedback.models import Delivery, Rating
from feedback.models.reviews.review import Status, Verdict

# Markdown whose marks only distract where it isn't rendered.
FENCE = re.compile(r"^ {0,3}(```|~~~).*$", re.MULTILINE)
LINK = re.compile(r"!?\[([^\[\]]+)\]\([^()\s]+( \"[^\"]*\")?\)")
EMPHASIS = re.compile(r"(?<!\w)(\*{1,3}|~~|`)(\S(?:[^*~`]*\S)?)\1(?!\w)")

THUMBS = {1: ("up", lazy("Up")), -1: ("down", lazy("Down")), None: ("close", lazy("Withdrawn"))}
CHECK_ALL = SafeString('<input type="checkbox" id="action-toggle">')
# As get_…_display, which translates all there are to find one.
STATUSES, VERDICTS, STATES = (dict(one.choices) for one in (Status, Verdict, Delivery.State))
ORIGINS = dict(Origin.choices)


def checkbox(rating: Rating) -> SafeString:
    """Return Django's checkbox, without its template: that took an eighth of the page's time."""
    return format_html(
        '<input type="checkbox" name="{}" value="{}" class="action-select" aria-label="{}">',
        ACTION_CHECKBOX_NAME,
        rating.pk,
        _("Select this object for an action - {}").format(rating),
    )


@admin.display(description=lazy("thumb"))
def thumb(rating: Rating) -> SafeString:
    icon, words = THUMBS[rating.value]
    return format_html(
        '<span class="thumb thumb-{}"><svg class="icon" aria-hidden="true">'
        '<use href="#icon-{}"/></svg>{}</span>',
        icon,
        icon,
        words,
    )


@admin.display(description=lazy("question and answer"))
def asked(rating: Any) -> SafeString:
    return format_html(
        '<strong class="row-question" dir="auto">{}</strong>'
        '<span class="row-answer" dir="auto">{}</span>'
        '<span class="row-quiet">{}{} · {}</span>',
        excerpt(rating.question_start, 90) or _("(no question)"),
        excerpt(rating.answer_start, 180),
        origin_label(rating.origin),
        rating.message.prompt_version or _("unknown version"),
        rating.message.model or _("unknown model"),
    )


def origin_label(origin: str) -> SafeString:
    """Return the label of an answer that isn't real; nothing for a real one."""
    if origin == Origin.REAL:
        return SafeString("")
    return format_html('<span class="origin">{}</span> ', ORIGINS[origin])


@admin.display(description=lazy("why"))
def why(rating: Any) -> SafeString:
    reasons = format_html_join(
        "", '<li class="chip" dir="auto">{}</li>', ([reason] for reason in rating.reasons.all())
    )
    comment_start = excerpt(rating.comment_start, 140)
    comment = (
        format_html('<q class="row-comment" dir="auto">{}</q>', comment_start)
        if comment_start
        else ""
    )
    return format_html('<ul class="chips">{}</ul>{}', reasons, comment)


@admin.display(description=lazy("date and user"), ordering="pk")
def when(rating: Any) -> SafeString:
    at = timezone.localtime(rating.created_at)
    name = rating.person_name
    return format_html(
        '<time datetime="{}" class="nowrap">{}</time>'
        '<span class="row-quiet row-person" title="{}">{}</span>',
        at.isoformat(timespec="seconds"),
        date_format(at, "DATETIME_FORMAT"),
        name,
        name,
    )


@admin.display(description=lazy("review"))
def reviewed(rating: Rating) -> SafeString:
    review = getattr(rating, "review", None)
    status = STATUSES[review.status if review else Status.NEW]
    more = [VERDICTS.get(review.verdict), review.assignee] if review else []
    more += [_("drifted")] if rating.has_drifted else []
    return format_html(
        '<span class="status">{}</span><span class="row-quiet">{}</span>',
        status,
        " · ".join(str(one) for one in more if one),
    )


@admin.display(description=lazy("Helicone"))
def delivered(rating: Rating) -> SafeString:
    delivery = delivery_of(rating)
    return format_html(
        '<span class="delivery" data-state="{}">{}</span>',
        delivery.state if delivery else "",
        STATES[delivery.state] if delivery else _("not queued"),
    )


def excerpt(text: str | None, length: int) -> str:
    """Return the beginning in one line, without most of Markdown's marks."""
    lines = (line.lstrip("#>*-+ \t|") for line in FENCE.sub("", text or "").splitlines())
    line = " ".join(" ".join(lines).split())
    return Truncator(EMPHASIS.sub(r"\2", LINK.sub(r"\1", line))).chars(length)
