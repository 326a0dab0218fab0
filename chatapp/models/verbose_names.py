"""The names that Django makes of identifiers, such as "prompt version" of PromptVersion, translated.

Given here rather than at each model and field, where every word would be a migration.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy, override


def unnamed(app: AppConfig) -> Iterator[tuple[Any, str, str]]:
    """What nobody named: a model's options or a field, its attribute, and the name in English."""
    with override(None):
        for model in app.get_models():
            for attribute in ("verbose_name", "verbose_name_plural"):
                if attribute not in model._meta.original_attrs:
                    yield model._meta, attribute, str(getattr(model._meta, attribute))
            for field in (*model._meta.local_fields, *model._meta.local_many_to_many):
                given: Any = vars(field)["_verbose_name"]  # as migrations know it
                if given is None:
                    yield field, "verbose_name", str(field.verbose_name)


def translate_verbose_names(app: AppConfig) -> None:
    for thing, attribute, name in list(unnamed(app)):
        setattr(thing, attribute, gettext_lazy(name))
