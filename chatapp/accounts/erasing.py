"""A person and all that is theirs, gone from this database."""

from __future__ import annotations

from django.apps import apps
from django.db import connection, transaction

from chatapp.generation import runner
from chatapp.models import Conversation, Message, User

BATCH = 50


def erase(person: User) -> None:
    """Conversations first, in small transactions: others chat meanwhile. If that is cut short, the
    account is still there to try again with. Sessions end by themselves: theirs is nobody's.

    What a team keeps of its own work stays without a name: who decided, who read, who wrote a
    prompt. That somebody of the team once opened a rated answer stays, without which.
    """
    for answer in Message.objects.filter(conversation__user=person).running():
        runner.stop(answer)
    own = Conversation.objects.filter(user=person)
    while batch := list(own.values_list("pk", flat=True)[:BATCH]):
        Conversation.objects.filter(pk__in=batch).delete()
    with transaction.atomic():
        # Who sends a message at this moment waits for this lock, and finds nobody.
        User.objects.select_for_update().filter(pk=person.pk).first()
        forget_sign_ins(person)
        person.delete()


def forget_sign_ins(person: User) -> None:
    """Rows of a provider that was offered once and no more is: Django doesn't know them then."""
    table = "socialaccount_socialaccount"
    if apps.is_installed("allauth.socialaccount"):
        return
    if table in connection.introspection.table_names():
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table} WHERE user_id = %s", [person.pk])  # noqa: S608 - a name of ours
