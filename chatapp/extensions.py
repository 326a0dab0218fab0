"""What other apps add to the chat: each registers one Extension in its AppConfig.ready."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from django.db.models import Exists

Annotations: TypeAlias = dict[str, Exists]


@dataclass(frozen=True)
class Extension:
    """`app_label`: rows of this app follow a guest who signs up, its migrations are ours, and it
    comes first in the admin. Lookups and annotations are Django's, by name.

    message_prefetch: lookups that a shown message needs besides its row.
    conversation_annotations: what a page needs to know of a conversation; one query for all.
    guest_activity: lookups of times at which a user last did something.
    names_permission: the permission to see names where HIDE_NAMES hides them.
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
    return [one.app_label for one in _registered]


def message_prefetch() -> list[str]:
    return [lookup for one in _registered for lookup in one.message_prefetch]


def conversation_annotations() -> Annotations:
    return {k: v for one in _registered for k, v in one.conversation_annotations.items()}


def guest_activity() -> list[str]:
    return [lookup for one in _registered for lookup in one.guest_activity]


def names_permissions() -> list[str]:
    return [one.names_permission for one in _registered if one.names_permission]
