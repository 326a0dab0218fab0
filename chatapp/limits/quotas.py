"""Quotas of messages, running answers and images per user, and of questions of guests.

Each is a setting; 0 disables it.
"""

import ipaddress
from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.core.cache import cache
from django.db.models import Count, Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chatapp.models import Assistant, Message, User
from chatapp.prepared import Rows, given

LOCKED = Rows(
    lambda: User.objects.filter(pk=given(User, "id")).select_for_update().values_list("pk")
)
# Of answers, of which there is one for each message, and for each "Try again" too: those that
# run, of the last minute, of the last day. No row if there are none.
COUNTS = Rows(
    lambda: (
        Message.objects.filter(
            conversation__user=given(User, "id", "user"),
            created_at__gt=given(Message, "created_at", "a_day_ago"),
        )
        .answers()
        .order_by()
        .values("conversation__user")
        .annotate(
            running=Count("pk", filter=Q(status__in=Message.RUNNING)),
            minute=Count(
                "pk", filter=Q(created_at__gt=given(Message, "created_at", "a_minute_ago"))
            ),
            day=Count("pk"),
        )
        .values_list("running", "minute", "day")
    )
)
MINUTE, HOUR = 60, 3600  # seconds


def lock_user(user: User) -> None:
    """Lock the user's row until the transaction ends, so that concurrent messages are counted one
    after the other. Raises User.DoesNotExist."""
    if not LOCKED.first(id=user.pk):
        raise User.DoesNotExist


def quota_error(user: User) -> str:
    """The exceeded quota as a sentence; empty if the user may send a message. Call after
    `lock_user`, in the transaction that adds the message."""
    return next(quota_errors(user), "")


def quota_errors(user: User) -> Iterator[str]:
    now = timezone.now()
    counts = COUNTS.first(
        user=user.pk, a_day_ago=now - timedelta(days=1), a_minute_ago=now - timedelta(minutes=1)
    )
    running, minute, day = counts or (0, 0, 0)
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


def guest_quota_error(request: HttpRequest) -> str:
    """The quota that one more question of a guest exceeds, as a sentence; empty if it may be asked.

    A guest costs nothing to make, so these count by network address, and all guests together, in
    fixed windows of the cache. Each call counts, whether the question is stored afterwards or not.
    """
    network = network_of(request.META.get("REMOTE_ADDR", ""))
    if exceeds(f"guests-at:{network}", MINUTE, settings.GUEST_MESSAGES_PER_ADDRESS):
        return _(
            "Too many questions come from your network. Wait a minute, then send this; with an "
            "account you need not wait."
        )
    if exceeds("guests", HOUR, settings.GUEST_MESSAGES_PER_HOUR):
        return _(
            "Too many guests are asking at the moment. Try again within the hour, or sign in and "
            "send this."
        )
    return ""


def exceeds(name: str, window: int, limit: int) -> bool:
    """Count one more in the current window, in seconds; whether there are more than `limit`."""
    if not limit:
        return False
    number = int(timezone.now().timestamp()) // window
    key = f"quota:{name}:{number}"
    cache.add(key, 0, timeout=2 * window)
    return cache.incr(key) > limit


def network_of(address: str) -> str:
    """The network that limits count by: an IPv4 address, or the /64 that one household has."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if parsed.version == 4:
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, 64), strict=False))
