"""One row of the table of settings."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal


class Unusable(ValueError):
    """A value that a setting can't take; the message is the rest of the sentence "NAME …".

    Never quotes a key or an address: they may hold a secret.
    """


@dataclass(frozen=True)
class Kind:
    """How django-environ reads a value, and the check before that.

    `check` returns the text as django-environ is to read it, or raises Unusable.
    """

    reader: Literal["str", "bool", "int", "float", "list"]
    check: Callable[[str], str]


@dataclass(frozen=True)
class Setting:
    """Name, kind, default and help of one setting.

    `default` is written as in `.env`; where the code works it out, `default` is empty and
    `computed` describes it. The first sentence of `help` is also the README's.
    """

    name: str
    kind: Kind
    default: str
    help: str
    computed: str = ""
    # Taken for an unusable value, where the default is the less careful choice.
    fallback: str = ""
    # An unusable value stops the start.
    stops: bool = False
    # Works with a warning until 0.2.
    old_name: str = ""

    @property
    def in_place_of_unusable(self) -> str:
        return self.fallback or self.default


@dataclass(frozen=True)
class Section:
    title: str
    settings: tuple[Setting, ...]
