"""Disclosure of staff access to users, in sentences that follow from the settings."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe


@login_not_required
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    return render(request, "feedback/disclosure.html", {"sentences": who_reads()})


def who_reads() -> list[str]:
    """Return all sentences."""
    helicone = (
        _("Your thumb, your reasons and your comment go to Helicone, which logs the requests.")
        if settings.HELICONE_SEND_REASONS
        else _(
            "Your thumb goes to Helicone, which logs the requests; what you write with it doesn't."
        )
    )
    sentences = [extent(), names(), logged(), helicone]
    if settings.IMPLICIT_FEEDBACK:
        sentences.append(
            _(
                "If you stop or copy an answer, or ask again, that helps the team choose what to "
                "read first."
            )
        )
    if settings.SHOW_CORRECTIONS:
        sentences.append(_("If the team writes a better answer, you may find it under yours."))
    if settings.DOUBLE_REVIEW:
        sentences.append(
            _("Two members of the team review some of the rated answers, one after the other.")
        )
    return sentences


def extent() -> str:
    if settings.STAFF_ACCESS == "answer":
        return _("The team of this site reads the answers you rate and what led to them, no more.")
    if settings.STAFF_ACCESS == "rated":
        return _(
            "The team of this site reads conversations in which you rated an answer, no others."
        )
    return _(
        "The team of this site reads the answers you rate, with their conversations. It can read "
        "other conversations too, but no temporary ones and none that you deleted."
    )


def logged() -> str:
    if settings.STAFF_ACCESS_REASON == "never":
        return _("Which member of the team read a conversation, and when, is logged.")
    if settings.STAFF_ACCESS_REASON == "whole":
        return _(
            "The team reads what you rate to review it. To read anything else, or to export "
            "answers, its members state a reason. Who did it, when and why are logged."
        )
    return _(
        "Before reading a conversation, members of the team state a reason. Who did it, "
        "when and why are logged."
    )


def names() -> str:
    if settings.HIDE_NAMES:
        return _("Reviewers see a pseudonym instead of your name.")
    return _("Reviewers see your name.")


def summary() -> str:
    """Return the sentences shown beside the rating form."""
    far = (
        _("The team reads this answer and what led to it.")
        if settings.STAFF_ACCESS == "answer"
        else _("The team reads this answer with its conversation.")
    )
    return f"{far} {names()}"
