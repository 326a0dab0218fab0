"""Deletion of users with all data, and of what logs, sessions and indexes keep of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from allauth.account.models import EmailAddress
from django.apps import apps
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.auth import SESSION_KEY
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.db.models import CASCADE, Model, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.module_loading import import_string

from chatapp.current_user import GUEST_KEY
from chatapp.generation import runner
from chatapp.models import Conversation, Message, User
from chatapp.search import sqlite

BATCH = 50  # conversations a transaction


def delete_user(user: User) -> None:
    delete_users([user])


def delete_users(users: Sequence[User]) -> int:
    """Delete users with all data; returns how many. Conversations first, in small transactions, so
    that locks are short. If interrupted, the accounts are still there to repeat it.

    Staff work stays without the users' names: decisions, accesses, prompt versions. Entries of the
    access log about the users' rated answers stay without the answer and the stated reason. A guest
    who signs up meanwhile keeps the account.
    """
    own = Conversation.objects.filter(user__in=users)
    for answer in Message.objects.filter(conversation__in=own).running():
        runner.stop(answer)
    for name in settings.ERASE_DATA:
        import_string(name)(users)
    while batch := list(own.values_list("pk", flat=True)[:BATCH]):
        Conversation.objects.filter(pk__in=batch).delete()
    gone = {user.pk for user in users}
    gone -= {user.pk for user in users if not delete_row(user)}
    delete_sessions(gone)
    sqlite.erase_deleted(connection)
    return len(gone)


@transaction.atomic
def delete_row(user: User) -> bool:
    """Delete a user whose conversations are gone; False for a guest who has signed up. A message
    submitted at this moment waits for the lock, then finds no user."""
    locked = User.objects.select_for_update().filter(pk=user.pk).first()
    if locked and locked.is_guest != user.is_guest:
        return False
    blank_admin_log(user)
    delete_social_accounts(user)
    user.delete()
    return True


def blank_admin_log(user: User) -> None:
    """Take names out of Django's admin log: of entries about the user and what belongs to them, and
    of entries about e-mail addresses that are gone."""
    blank(User.objects.filter(pk=user.pk))
    for relation in user._meta.related_objects:
        if relation.on_delete is CASCADE:
            rows = relation.field.model._base_manager.filter(**{relation.field.name: user})
            blank(rows)
    addresses = LogEntry.objects.filter(content_type=content_type_of(EmailAddress))
    addresses.exclude(object_id__in=keys(EmailAddress.objects.all())).update(
        object_repr="–", change_message=""
    )


def blank(rows: QuerySet[Model]) -> None:
    entries = LogEntry.objects.filter(content_type=content_type_of(rows.model))
    entries.filter(object_id__in=keys(rows)).update(object_repr="–", change_message="")


def content_type_of(model: type[Model]) -> ContentType:
    return ContentType.objects.get_for_model(model)


def keys(rows: QuerySet[Model]) -> Any:
    return rows.annotate(key=Cast("pk", TextField())).values_list("key", flat=True)


def delete_sessions(users: Collection[int]) -> None:
    """Delete the sessions of all browsers of these users: they hold e-mail addresses and drafts."""
    keys = {str(pk) for pk in users}
    sessions = Session.objects.only("session_key", "session_data").iterator()
    ended = [session.pk for session in sessions if is_of(session, keys)]
    for start in range(0, len(ended), BATCH):
        Session.objects.filter(pk__in=ended[start : start + BATCH]).delete()


def is_of(session: Session, users: set[str]) -> bool:
    data = session.get_decoded()
    return not users.isdisjoint((str(data.get(SESSION_KEY)), str(data.get(GUEST_KEY))))


def delete_social_accounts(user: User) -> None:
    """Delete rows of an identity provider that is configured no more: Django has no model then."""
    table = "socialaccount_socialaccount"
    if apps.is_installed("allauth.socialaccount"):
        return
    if table in connection.introspection.table_names():
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table} WHERE user_id = %s", [user.pk])  # noqa: S608 - a constant
