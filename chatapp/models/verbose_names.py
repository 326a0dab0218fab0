"""Translation of Django's default verbose names, such as "prompt version" of PromptVersion.

Set here and not in each model and field, where every change would need a migration.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy, override


def default_names(app: AppConfig) -> Iterator[tuple[Any, str, str]]:
    """Model options and fields without a verbose name, with the attribute and English default."""
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
    for target, attribute, name in list(default_names(app)):
        setattr(target, attribute, gettext_lazy(name))
