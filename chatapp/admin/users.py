"""Admin of users and guests."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from chatapp.erasure import delete_user, delete_users
from chatapp.models import User


@admin.register(User)
class ChatUserAdmin(UserAdmin):  # type: ignore[type-arg]  # can't be subscripted when it runs
    list_display = ["username", "email", "is_guest", "is_staff", "date_joined", "last_login"]
    list_filter = ["is_guest", "is_staff", "is_superuser", "is_active", "groups"]
    search_fields = ["username", "email", "first_name", "last_name", "=uid"]
    ordering = ["-date_joined"]
    readonly_fields = ["uid", "is_guest", "last_login", "date_joined"]
    show_full_result_count = False
    fieldsets = (
        *UserAdmin.fieldsets,  # type: ignore[misc]
        (_("To the chat"), {"fields": ["is_guest", "uid"]}),
    )

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Allow the deletion with all dependent rows, though some have no delete permission: a
        user's data must be deletable. Lists numbers of rows, not their content."""
        _deleted, counts, _needed, protected = super().get_deleted_objects(objs, request)
        return [str(user) for user in objs], counts, set(), protected

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        delete_user(obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        delete_users(list(queryset))
