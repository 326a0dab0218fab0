"""What staff do before they read: say what for."""

from typing import Any

from django.urls import reverse


def say_why(
    client: Any, about: object, reason: str = "A complaint.", onward: str = "/admin/"
) -> Any:
    """`about` is "review", "export", or the id of a conversation. The page it leads to."""
    form = {"about": str(about), "next": onward, "reason": reason}
    return client.post(reverse("admin:feedback_staffaccess_reason"), form, follow=True)
