"""Groups with their policy in the chat."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin
from django.contrib.auth.models import Group

from feedback.models import GroupRules

if TYPE_CHECKING:
    Inline = admin.StackedInline[Any, Any]
else:
    Inline = admin.StackedInline


class GroupRulesInline(Inline):
    model = GroupRules
    can_delete = False


admin.site.unregister(Group)


@admin.register(Group)
class ChatGroupAdmin(GroupAdmin):
    inlines = [GroupRulesInline]
