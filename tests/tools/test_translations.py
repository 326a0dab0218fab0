"""What `make check` finds wrong with a translation."""

import pytest
from babel.messages.catalog import Catalog

from tests.tools.translations import catalogue
from tests.tools.translations.catalogue import (
    bring_in_step,
    compile_mo,
    compiled,
    po,
    problems,
    read,
    said,
)
from tests.tools.translations.collect import APPS, collect


@pytest.fixture
def texts(tmp_path, monkeypatch):
    """Two texts of an app whose translations are in a folder of this test's own."""
    monkeypatch.setattr(catalogue, "ROOT", tmp_path)
    texts = Catalog()
    texts.add("Of %(count)s <b>kinds</b>")
    texts.add(("%(n)s day", "%(n)s days"))
    return texts


def translated(one: str, *many: str, fuzzy: bool = False) -> None:
    """Written by hand into the .po."""
    path = po("app", "de")
    text = path.read_text()
    text = text.replace('kinds</b>"\nmsgstr ""', f'kinds</b>"\nmsgstr "{one}"')
    for number, form in enumerate(many):
        text = text.replace(f'msgstr[{number}] ""', f'msgstr[{number}] "{form}"')
    path.write_text(text.replace("#, python-format", "#, fuzzy") if fuzzy else text)


GOOD = ("Von %(count)s <b>Arten</b>", "ein Tag", "%(n)s Tage")


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (GOOD, ""),
        (("", *GOOD[1:]), "is not translated"),
        ((*GOOD[:2], ""), "is not translated"),
        (("Von <b>Arten</b>", *GOOD[1:]), "placeholder"),
        (("Von %(count)s Arten", *GOOD[1:]), "placeholder"),
        (("Von %(zahl)s <b>Arten</b>", *GOOD[1:]), "placeholder"),
        ((*GOOD[:2], "Tage"), "placeholder"),
        ((GOOD[0], "%(m)s Tag", GOOD[2]), "placeholder"),
    ],
)
def test_what_is_wrong_is_told(texts, words, complaint):
    bring_in_step("app", "de", texts)
    translated(*words)
    bring_in_step("app", "de", texts)
    found = list(problems("app", "de", texts))
    assert [complaint in one for one in found] == ([True] if complaint else [])


def test_what_is_only_guessed_is_told(texts):
    bring_in_step("app", "de", texts)
    translated(*GOOD, fuzzy=True)
    assert any("fuzzy" in one for one in problems("app", "de", texts))


def test_a_new_text_and_one_that_is_gone_are_told_and_mended(texts):
    bring_in_step("app", "de", texts)
    translated(*GOOD)
    bring_in_step("app", "de", texts)
    texts.add("New")
    texts.delete("Of %(count)s <b>kinds</b>")
    told = list(problems("app", "de", texts))
    assert told == ["is not in it: 'New'", "is said nowhere: 'Of %(count)s <b>kinds</b>'"]
    bring_in_step("app", "de", texts)
    assert list(problems("app", "de", texts)) == ["is not translated: 'New'"]
    assert GOOD[1] in po("app", "de").read_text()


def test_a_mo_that_says_something_else_is_told_by_what_it_says(texts):
    bring_in_step("app", "de", texts)
    translated(*GOOD)
    assert list(problems("app", "de", texts)) == ["is not what its .mo says"]
    compile_mo(po("app", "de"), "de")
    assert list(problems("app", "de", texts)) == []
    assert compiled(po("app", "de")) == said(read(po("app", "de"), "de"))


def test_bringing_in_step_twice_changes_nothing(texts):
    bring_in_step("app", "de", texts)
    translated(*GOOD)
    bring_in_step("app", "de", texts)
    before = [path.read_bytes() for path in (po("app", "de"), po("app", "de").with_suffix(".mo"))]
    bring_in_step("app", "de", texts)
    assert before == [po("app", "de").read_bytes(), po("app", "de").with_suffix(".mo").read_bytes()]


@pytest.mark.parametrize("app", APPS)
def test_every_language_is_complete(app):
    texts = collect(app)
    found = {one: list(problems(app, one, texts)) for one in catalogue.LANGUAGES}
    assert {one: listed for one, listed in found.items() if listed} == {}
