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
    return render(request, "feedback/who_reads.html", {"sentences": who_reads()})


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
                "If you stop or copy an answer, or ask anew, that helps them choose what to read first."
            )
        )
    if settings.SHOW_CORRECTIONS:
        sentences.append(_("If the team writes a better answer, you may find it under yours."))
    if settings.DOUBLE_REVIEW:
        sentences.append(_("Some rated answers are read by two of the team, one after the other."))
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
        return _("Who of the team read a conversation, and when, is logged.")
    if settings.STAFF_ACCESS_REASON == "whole":
        return _(
            "What you rate is read for review. Whoever reads anything else, or takes answers out of "
            "this site, says what for. Who it was, when and what for are logged."
        )
    return _(
        "Whoever reads a conversation says what for. Who it was, when and the reason are logged."
    )


def names() -> str:
    if settings.HIDE_NAMES:
        return _("Reviewers see a pseudonym instead of your name.")
    return _("They see your name with it.")


def summary() -> str:
    """Return the sentences shown beside the rating form."""
    far = (
        _("The team reads this answer and what led to it.")
        if settings.STAFF_ACCESS == "answer"
        else _("The team reads this answer with its conversation.")
    )
    return f"{far} {names()}"
