"""Every text of an app that is marked for translation, out of its code, templates and models."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from django.apps import apps
from django.utils.translation.template import templatize

from chatapp.models.verbose_names import default_names
from tests.architecture.imports import ROOT

APPS = ("chatapp", "feedback")
PLAIN = ("_", "gettext", "gettext_lazy", "gettext_noop", "lazy")
KEYWORDS: dict[str, Any] = {
    **dict.fromkeys(PLAIN),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
}
# Migrations are history, and whoever runs commands reads English.
NOT_FOR_PEOPLE = ("migrations", "management")


def collect(app: str) -> Catalog:
    """The texts of an app, with the files that they are in."""
    texts = Catalog()
    for path, source in sources(app):
        for _line, message, comments, context in extract("python", source, KEYWORDS):
            place = [(str(path.relative_to(ROOT)), 0)]
            texts.add(message, locations=place, auto_comments=comments, context=context)
    for _thing, _attribute, name in default_names(apps.get_app_config(app)):
        texts.add(name, locations=[(f"{app}/models", 0)])
    return texts


def sources(app: str) -> Iterator[tuple[Path, BytesIO]]:
    """Each file as Python that calls gettext."""
    for path in sorted((ROOT / app).rglob("*.py")):
        if not set(NOT_FOR_PEOPLE) & set(path.relative_to(ROOT).parts):
            yield path, BytesIO(path.read_bytes())
    for path in sorted((ROOT / "templates").rglob("*.*")):
        if owner(path) == app:
            lines = templatize(path.read_text("utf-8"), origin=str(path)).splitlines()
            yield path, BytesIO("\n".join(line.strip() for line in lines).encode())


def owner(template: Path) -> str:
    return "feedback" if "feedback" in template.relative_to(ROOT).parts else "chatapp"
