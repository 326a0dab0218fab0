"""Admin of second factors: who has which, and their removal for users who lost theirs."""

from typing import Any

import allauth.mfa.admin
import allauth.usersessions.admin  # noqa: F401 - both first, to be replaced here
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from chatapp.admin.base import WithoutJQuery

# allauth's own admins show the secrets of second factors, and the addresses of all sessions.
admin.site.unregister(Authenticator)
admin.site.unregister(UserSession)

# allauth leaves these names untranslated.
Authenticator._meta.verbose_name = _("second factor")
Authenticator._meta.verbose_name_plural = _("second factors")
for _name, _words in (
    ("user", _("user")),
    ("type", _("type")),
    ("created_at", _("created at")),
    ("last_used_at", _("last used at")),
):
    Authenticator._meta.get_field(_name).verbose_name = _words


@admin.register(Authenticator)
class SecondFactorAdmin(WithoutJQuery):
    list_display = ["user", "type", "created_at", "last_used_at"]
    list_filter = ["type"]
    list_select_related = ["user"]
    search_fields = ["user__username", "user__email"]
    fields = ("user", "type", "created_at", "last_used_at")
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
