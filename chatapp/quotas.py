"""Quotas of messages, running answers and images per user. Each is a setting; 0 disables it."""

from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chatapp.models import Assistant, Message, User


def lock_user(user: User) -> None:
    """Lock the user's row until the transaction ends, so that concurrent messages are counted one
    after the other. Raises User.DoesNotExist."""
    User.objects.select_for_update().values("pk").get(pk=user.pk)


def quota_error(user: User) -> str:
    """The exceeded quota as a sentence; empty if the user may send a message. Call after
    `lock_user`, in the transaction that adds the message."""
    return next(quota_errors(user), "")


def quota_errors(user: User) -> Iterator[str]:
    now = timezone.now()
    # Answers, of which there is one for each message, and for each "Try again" too.
    own = Message.objects.filter(conversation__user=user).answers()
    counts = own.filter(created_at__gt=now - timedelta(days=1)).aggregate(
        running=Count("pk", filter=Q(status__in=Message.RUNNING)),
        minute=Count("pk", filter=Q(created_at__gt=now - timedelta(minutes=1))),
        day=Count("pk"),
    )
    running, minute, day = counts["running"], counts["minute"], counts["day"]
    if 0 < settings.ANSWERS_AT_ONCE <= running:
        yield ngettext(
            "An answer is still being written for you. Wait for it, or stop it, then send this.",
            "%(count)s answers are still being written for you. "
            "Wait for one, or stop one, then send this.",
            running,
        ) % {"count": running}
    if 0 < settings.MESSAGES_PER_MINUTE <= minute:
        yield _("That was %(count)s messages within a minute. Wait a moment, then send this.") % {
            "count": minute
        }
    if 0 < settings.MESSAGES_PER_DAY <= day:
        yield _("You have sent %(count)s messages within a day, which is the limit here.") % {
            "count": day
        }


def images_error(user: User, assistant: Assistant, count: int) -> tuple[int, str] | None:
    """HTTP status and sentence if the assistant or the quota doesn't allow `count` more images."""
    if count and not assistant.sees_images:
        sentence = _("“%(assistant)s” can't see images. Take them out, or choose another.")
        return 422, sentence % {"assistant": assistant}
    if sentence := image_quota_error(user, count):
        return 429, sentence
    return None


def image_quota_error(user: User, count: int) -> str:
    """The exceeded image quota as a sentence; empty if `count` more images are allowed. Call
    after `lock_user`."""
    limit = settings.IMAGES_PER_DAY
    if not (limit and count):
        return ""
    today = timezone.now() - timedelta(days=1)
    own = Message.objects.filter(conversation__user=user, created_at__gt=today)
    sent = own.exclude(images=[]).values_list("images", flat=True)
    if sum(map(len, sent)) + count <= limit:
        return ""
    return _("%(limit)s images a day is the limit here. Send it without, or tomorrow.") % {
        "limit": limit
    }
