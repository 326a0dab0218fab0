"""Whether ratings are asked for: on this site, and of whom."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.utils.translation import gettext_lazy as _

from feedback.chat.models import User


class GroupRulesQuerySet(models.QuerySet["GroupRules"]):
    def may_rate(self, person: User) -> bool:
        """A group that may not goes before others that may; a guest is in none."""
        if not settings.RATINGS or person.is_guest:
            return bool(settings.RATINGS)
        return not self.filter(group__user=person, may_rate=False).exists()


class GroupRules(models.Model):
    """What is special about a group's people in the chat. Without a row, nothing is.

    Not one of Django's permissions: those give, and a superuser has all of them.
    """

    group = models.OneToOneField(Group, models.CASCADE, related_name="chat_rules")
    may_rate = models.BooleanField(
        _("may rate answers"),
        default=True,
        help_text=_(
            "If not, these people see no thumbs and are refused; what they rated before stays."
        ),
    )

    objects = GroupRulesQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("in the chat")

    def __str__(self) -> str:
        return str(self.group)
