"""Output has limits: what is beyond them is shown as plain text and says so, streamed and whole."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.utils.translation import override

from chatapp.markdown import Renderer, render, whole, with_sentence
from chatapp.markdown.cache import HtmlCache
from chatapp.markdown.limits import NOTE
from tests.chatapp.markdown.test_markdown import streamed, tail_of
from tests.fixtures.patience import DEADLINE

CELLS_LEFT_OUT = "|" + "a|" * 240 + "\n|" + "-|" * 240 + "\n" + "|\n" * 49_000
SENTENCE = "shown as plain text, since formatting it takes too long"

BEYOND = {
    "table of rows without cells": CELLS_LEFT_OUT,
    "many such tables": ("|a" * 60 + "|\n" + "|-" * 60 + "|\n" + "|\n" * 60 + "\n") * 100,
    "in a list": "- " + CELLS_LEFT_OUT[:9_000].replace("\n", "\n  "),
    "in a quote": "> " + CELLS_LEFT_OUT[:9_000].replace("\n", "\n> "),
    "in a fold": f"<details>\n\n{CELLS_LEFT_OUT[:9_000]}\n\n</details>\n",
    "paragraphs": "a\n\n" * 33_000,
    "footnotes": "".join(f"[^{n}]: a\n\n" for n in range(9_000)),
    "a long address, linked often": "[a]: http://x/" + "y" * 7_000 + "\n\n" + "[a]\n\n" * 900,
    "code that goes on": "```py\n" + "a=1;" * 60_000 + "\n```\n",
}


@pytest.mark.parametrize("text", BEYOND.values(), ids=BEYOND.keys())
def test_what_is_too_large_is_plain_says_so_once_and_is_the_same_streamed(text, settings):
    html = whole(text)
    assert html.count(NOTE) == 1
    assert html.count("<") < settings.HTML_MAX_TAGS + 10_000
    assert len(html) < 2 * settings.HTML_MAX_LENGTH
    assert streamed([text[at : at + 7_001] for at in range(0, len(text), 7_001)]) == html
    assert SENTENCE in render(text)


PROSE = "**Some** [words](https://example.org/) in a paragraph.\n\n" * 400


@pytest.mark.parametrize(
    ("name", "value"),
    [("MARKDOWN_MAX_LENGTH", 500), ("HTML_MAX_TAGS", 50), ("HTML_MAX_LENGTH", 2_000)],
)
def test_each_limit_is_a_setting_and_the_reader_is_told(settings, name, value):
    assert NOTE not in whole(PROSE)
    setattr(settings, name, value)
    html = whole(PROSE)
    assert html.count(NOTE) == 1
    formatted, _, rest = html.partition(NOTE)
    assert 0 < formatted.count("<strong>") < 20
    assert rest.count("**Some**") == 400 - formatted.count("<strong>")
    assert "Nothing is missing; copy it to format it elsewhere." in with_sentence(html)


def test_a_table_that_grows_beyond_the_limit_is_plain_in_its_tail_too():
    for rows in (10, 100, 1_000):
        tail = tail_of(CELLS_LEFT_OUT[: 970 + 2 * rows], 500)
        assert (NOTE in tail) == (rows > 16)
        assert tail.count("<") < 20_000


def test_nothing_of_what_is_beyond_the_limit_is_lost():
    text = "".join(f"line {number}\n\n" for number in range(20_000))
    html = whole(text)
    for number in (1, 14_000, 15_010, 16_000, 19_999):
        assert f"line {number}\n" in html or f"line {number}<" in html
    fenced = "```py\n" + "a=1;" * 30_000 + "\n```\nafter"
    assert whole(fenced).count("a") >= 30_000
    assert "after" in whole(fenced)


def test_written_cells_never_reach_the_limit():
    rows = "|a" * 40 + "|\n"
    assert NOTE not in whole(rows + "|-" * 40 + "|\n" + rows * 90)


DEAR_CODE = {
    "a language whose lexer never ends": ("idris", "\n" * 3_000),
    "another": ("fan", "a\n" * 1_500),
    "a long line": ("perl", "s{" * 50_000),
    "another long line": ("diff", "+-" * 50_000),
    "very many lines": ("csharp", "a\n" * 30_000),
    "very many empty lines": ("rst", "\n" * 60_000),
}


@pytest.mark.parametrize(("language", "code"), DEAR_CODE.values(), ids=DEAR_CODE)
def test_code_that_is_dear_to_highlight_is_plain(language, code):
    began = time.process_time()
    html = whole(f"```{language}\n{code}\n```\nafter")
    assert time.process_time() - began < 3
    assert 'class="highlight"' in html and '<span class="k"' not in html
    assert "after" in html


@pytest.mark.parametrize("language", ["c#", "c++", "sh", "js", "py", "yml", "md", "dockerfile"])
def test_code_of_languages_that_people_write_is_highlighted(language):
    code = "import x\n# Title\nFROM a\nkey: 'x'\nif (1) return 'a'\n"
    assert '<span class="' in whole(f"```{language}\n{code}```").partition("<code")[2]


def test_the_sentence_is_in_the_readers_language():
    with override("de"):
        assert "reiner Text" in render(CELLS_LEFT_OUT)
    assert SENTENCE in render(CELLS_LEFT_OUT)


def test_nobody_can_write_the_note():
    assert NOTE not in whole(NOTE)


def test_a_kept_text_is_not_rendered_again_and_the_longest_unused_leaves():
    rendered: list[str] = []

    def counted(text: str) -> str:
        rendered.append(text)
        return whole(text)

    cache = HtmlCache(3_000, counted)
    texts = [str(number) * 600 for number in range(4)]
    for text in texts[:3]:
        assert cache.html(text) == whole(text)
    assert [cache.html(text) for text in texts[:3]] == [whole(text) for text in texts[:3]]
    assert len(rendered) == 3
    cache.html(texts[3])
    cache.html(texts[3])
    assert len(rendered) == 4
    assert cache.size <= 3_000
    cache.html(texts[0])
    assert len(rendered) == 5


def test_what_is_rendered_is_what_is_not_finished():
    renderer = Renderer()
    renderer.feed("One.\n\nTwo")
    assert renderer.renders("*") == 4
    renderer.feed("\n\n")
    assert renderer.renders("*") == 1


def test_words_that_continue_a_paragraph_render_nothing_of_it():
    renderer = Renderer()
    renderer.feed("One. Two")
    assert (renderer.renders(" and three"), renderer.renders(" *and*")) == (0, 14)


def test_many_who_want_one_long_text_at_once_have_it_rendered_once():
    rendered: list[str] = []
    first, go_on = Event(), Event()

    def slow(text: str) -> str:
        rendered.append(text)
        first.set()
        go_on.wait(DEADLINE)
        return text

    cache = HtmlCache(render=slow)
    with ThreadPoolExecutor(5) as pool:
        wanted = [pool.submit(cache.html, "long " * 2_000) for _ in range(5)]
        assert first.wait(DEADLINE)
        go_on.set()
        assert {len(each.result(DEADLINE)) for each in wanted} == {10_000}
    assert len(rendered) == 1
