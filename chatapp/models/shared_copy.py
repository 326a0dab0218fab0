"""SharedCopy: a frozen copy of a conversation under a public link."""

from __future__ import annotations

import secrets

from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone

from chatapp.models.conversation import Conversation


def new_token() -> str:
    return secrets.token_urlsafe(24)


class SharedCopyQuerySet(models.QuerySet["SharedCopy"]):
    def live(self) -> SharedCopyQuerySet:
        """Copies that are not revoked, of conversations that are not deleted."""
        return self.filter(revoked_at=None, conversation__deleted_at=None)

    def get_or_create_for(self, conversation: Conversation) -> SharedCopy:
        """The existing copy, with its link, or a new copy of the current visible path."""
        with transaction.atomic():
            Conversation.objects.select_for_update().get(pk=conversation.pk)
            if shared := conversation.shared_copies.filter(revoked_at=None).first():
                return shared
            messages = [
                {"role": message.role, "text": message.text, "images": len(message.images)}
                for message in conversation.path()
                if message.text or message.images
            ]
            return self.create(
                conversation=conversation, title=str(conversation), messages=messages
            )

    def revoke(self) -> None:
        """Revoke permanently and delete the copied text: sharing again creates another link."""
        self.filter(revoked_at=None).update(revoked_at=timezone.now(), messages=[], title="")


class SharedCopy(models.Model):
    """The text of a conversation at the time of sharing, without names, ratings and thinking; of
    images only their number."""

    token = models.CharField(max_length=40, unique=True, default=new_token, editable=False)
    conversation = models.ForeignKey(
        Conversation, models.CASCADE, related_name="shared_copies", editable=False
    )
    title = models.CharField(max_length=200)
    messages = models.JSONField(default=list)
    created_at = models.DateTimeField(default=timezone.now)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = SharedCopyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "shared copies"
        constraints = [
            models.UniqueConstraint(
                fields=["conversation"],
                condition=models.Q(revoked_at=None),
                name="one_live_copy_of_a_conversation",
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("shared", args=[self.token])
