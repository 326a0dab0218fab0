"""Extensions of the chat by other apps, registered in their AppConfig.ready."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from django.db.models import Exists

Annotations: TypeAlias = dict[str, Exists]


@dataclass(frozen=True)
class Extension:
    """Extension by the app `app_label`: its rows move when a guest signs up, its migrations are
    checked at the start, and it is first in the admin. Lookups and annotations are Django's.

    message_prefetch: lookups to prefetch for the messages of a page.
    conversation_annotations: annotations of the conversation of a page.
    guest_activity: lookups of the times of a user's activity.
    names_permission: permission to see names despite HIDE_NAMES.
    """

    app_label: str
    message_prefetch: tuple[str, ...] = ()
    conversation_annotations: Annotations = field(default_factory=dict)
    guest_activity: tuple[str, ...] = ()
    names_permission: str = ""


_registered: list[Extension] = []


def register(extension: Extension) -> None:
    _registered.append(extension)


def app_labels() -> list[str]:
    return [extension.app_label for extension in _registered]


def message_prefetch() -> list[str]:
    return [lookup for extension in _registered for lookup in extension.message_prefetch]


def conversation_annotations() -> Annotations:
    return {
        k: v for extension in _registered for k, v in extension.conversation_annotations.items()
    }


def guest_activity() -> list[str]:
    return [lookup for extension in _registered for lookup in extension.guest_activity]


def names_permissions() -> list[str]:
    return [extension.names_permission for extension in _registered if extension.names_permission]
