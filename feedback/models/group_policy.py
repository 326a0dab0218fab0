"""Which users may rate answers: the site's setting and the rules of their groups."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.utils.translation import gettext_lazy as _

from feedback.chat.models import User
from feedback.chat.prepared import Rows, given


class GroupRulesQuerySet(models.QuerySet["GroupRules"]):
    def may_rate(self, user: User) -> bool:
        """Whether this user may rate: no group denies it. Guests belong to no group."""
        if not settings.RATINGS or user.is_guest:
            return bool(settings.RATINGS)
        return DENIED.first(user=user.pk) is None


class GroupRules(models.Model):
    """Restrictions of a group's members in the chat; without a row there are none.
    Not a Django permission: those only grant, and a superuser has all of them."""

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


DENIED = Rows(
    lambda: GroupRules.objects.filter(
        group__user=given(User, "id", "user"), may_rate=False
    ).values_list("pk")[:1]
)
