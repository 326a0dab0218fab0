"""One app in one language: its .po, what is wrong with it, and the .mo that Django reads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po

from tests.architecture.imports import ROOT

LANGUAGES = ("de", "es", "fr", "zh_Hans")
HEADER = """# {app} in {language}.
msgid ""
msgstr ""
"Language: {language}\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: {plural}\\n"

"""
# What has to stand in a translation as it stands in the text: placeholders and tags.
KEPT = re.compile(r"%\(\w+\)[a-z]|%[sd%]|\{\w*\}|</?[a-z]+>")


def po(app: str, language: str) -> Path:
    return ROOT / app / "locale" / language / "LC_MESSAGES/django.po"


def read(path: Path, language: str) -> Catalog:
    if not path.exists():
        return Catalog(language)
    with path.open("rb") as file:
        return read_po(file, language)


def bring_in_step(app: str, language: str, texts: Catalog) -> None:
    """The .po gains what is new and loses what is gone; the .mo is written where it differs."""
    path = po(app, language)
    catalogue = read(path, language)
    catalogue.update(texts, no_fuzzy_matching=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        header = HEADER.format(app=app, language=language, plural=catalogue.plural_forms)
        file.write(header.encode())
        options: dict[str, Any] = {"omit_header": True, "no_location": True}
        write_po(file, catalogue, width=100, sort_output=True, ignore_obsolete=True, **options)
    if compiled(path) != said(read(path, language)):
        compile_mo(path, language)


def compile_mo(path: Path, language: str) -> None:
    """Without what is translated in part, whose gaps Babel would fill with English."""
    catalogue = read(path, language)
    for message in [one for one in catalogue if one.id and not all(forms(one))]:
        catalogue.delete(message.id, message.context)
    with path.with_suffix(".mo").open("wb") as file:
        write_mo(file, catalogue)


def said(catalogue: Catalog) -> dict[Any, Any]:
    """What Django would say: all that is translated, and not only guessed."""
    texts = [message for message in catalogue if message.id and message.string]
    return {
        (context_of(message), *ids(message)): forms(message)
        for message in texts
        if not message.fuzzy and all(forms(message))
    }


def compiled(path: Path) -> dict[Any, Any]:
    mo = path.with_suffix(".mo")
    if not mo.exists():
        return {}
    with mo.open("rb") as file:
        return said(read_mo(file))


def problems(app: str, language: str, texts: Catalog) -> Iterator[str]:
    path = po(app, language)
    catalogue = read(path, language)
    known, wanted = (
        {ids(message) for message in each if message.id} for each in (catalogue, texts)
    )
    yield from (f"is not in it: {one[0]!r}" for one in sorted(wanted - known))
    yield from (f"is said nowhere: {one[0]!r}" for one in sorted(known - wanted))
    for message in catalogue:
        if message.id:
            yield from (f"{what}: {message.id!r}" for what in wrong(message))
    if compiled(path) != said(catalogue):
        yield "is not what its .mo says"


def wrong(message: Message) -> Iterator[str]:
    if not all(forms(message)):
        yield "is not translated"
    elif message.fuzzy:
        yield "is only guessed (fuzzy)"
    elif not keeps_all(message):
        yield "has lost or gained a placeholder or tag"


def context_of(message: Message) -> str | None:
    context: Any = message.context  # out of a .mo it is bytes
    return context.decode() if isinstance(context, bytes) else context


def ids(message: Message) -> tuple[str, ...]:
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def forms(message: Message) -> tuple[str, ...]:
    string = message.string or ""
    return (string,) if isinstance(string, str) else tuple(string)


def keeps_all(message: Message) -> bool:
    """The form for many has what the text for many has; one for few may leave out the number."""
    source = ids(message)
    allowed = {kept for text in source for kept in KEPT.findall(text)}
    *few, many = (sorted(KEPT.findall(text)) for text in forms(message))
    return many == sorted(KEPT.findall(source[-1])) and all(set(one) <= allowed for one in few)
