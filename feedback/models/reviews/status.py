"""Values of a review's fields: status, verdict, state of a double review."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    NEW = "new", _("new")
    IN_REVIEW = "in-review", _("in review")
    NEEDS_WORK = "needs-work", _("needs work")
    FIXED = "fixed", _("fixed")
    NO_ACTION = "no-action", _("no action")


class Verdict(models.TextChoices):
    AGREE = "agree", _("agree")
    DISAGREE = "disagree", _("disagree")
    UNCLEAR = "unclear", _("unclear")


class DoubleReview(models.TextChoices):
    """State of a double review: two opinions given independently."""

    OPEN = "open", _("waits for two opinions")
    AGREED = "agreed", _("two reviewers agreed")
    DIFFERING = "differing", _("two reviewers differ")
