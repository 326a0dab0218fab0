"""What models write, as markdown_cases.json has it: right when whole, and at every prefix.

`shows`, `hides`: what the HTML of the whole text has, and has not. `never`: what no prefix's has.
`rows`: the text of a formula's cells. `literal`: what is seen is the source, at every prefix.
"""

import json
import re
import time
from html import unescape
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from chatapp.markdown import Renderer, render, whole
from chatapp.markdown.sanitizer import clean

CASES = json.loads((Path(__file__).parent / "markdown_cases.json").read_text("utf-8"))
TAG = re.compile(r"<[^<>]*>")


def cases_with(*keys):
    chosen = [case for case in CASES if any(key in case for key in keys)]
    return pytest.mark.parametrize("case", chosen, ids=[case["id"] for case in chosen])


def seen(html: str) -> str:
    """The text that a reader sees."""
    return unescape(TAG.sub("", html)).strip()


def prefixes(text: str) -> list[tuple[str, str]]:
    """Every prefix with what is shown of it, arriving one character at a time."""
    renderer, done, shown = Renderer(), "", []
    for at, char in enumerate(text):
        update = renderer.feed(char)
        done += update.done
        shown.append((text[: at + 1], done + update.tail))
    return shown


def at_once(text: str) -> str:
    update = Renderer().feed(text)
    return update.done + update.tail


def streamed(text: str) -> str:
    renderer = Renderer()
    done = "".join(renderer.feed(char).done for char in text)
    return done + renderer.finish().done


def cells(html: str) -> list[list[str]]:
    """The text of the innermost cells of a formula, row by row."""
    rows = re.findall(r"<mtr>(.*?)</mtr>", html)
    return [[seen(cell) for cell in re.findall(r"<mtd[^>]*>(.*?)</mtd>", row)] for row in rows]


@cases_with("shows", "hides")
def test_the_whole_text_is_what_it_should_be(case):
    html = render(case["markdown"])
    for fragment in case.get("shows", []):
        assert fragment in html
    for fragment in case.get("hides", []):
        assert fragment not in html


@cases_with("rows")
def test_a_formula_has_its_rows_and_columns(case):
    assert cells(render(case["markdown"])) == case["rows"]


@cases_with("rows")
def test_a_formula_that_is_not_complete_shows_its_source(case):
    for prefix, html in prefixes(case["markdown"]):
        if "<mtr>" in html:
            assert cells(html) == case["rows"], prefix


@cases_with("never")
def test_no_prefix_shows_what_it_will_not_be(case):
    for prefix, html in prefixes(case["markdown"]):
        for fragment in case["never"]:
            assert fragment not in html, prefix
            assert fragment not in at_once(prefix), prefix


@cases_with("literal")
def test_text_that_only_looks_like_marks_is_seen_as_it_is_at_every_prefix(case):
    assert seen(render(case["markdown"])) == case["markdown"]
    for prefix, html in prefixes(case["markdown"]):
        expected = {prefix.strip(), prefix.strip(" *~_`")}
        assert seen(html) in expected
        assert seen(at_once(prefix)) in expected


@cases_with("markdown")
def test_what_arrived_in_pieces_is_what_is_rendered_whole(case):
    assert streamed(case["markdown"]) == render(case["markdown"])


LONG = {
    "schemes": lambda n: "http:" * (2_000 * n),
    "addresses": lambda n: "https://a.bc www.d " * (500 * n),
    "at signs": lambda n: "a@" * (5_000 * n),
    "tags": lambda n: "<sub>" * (2_000 * n),
    "half comments": lambda n: "<!--" * (2_500 * n),
    "details": lambda n: "<details>\n" * (1_000 * n),
    "escaped brackets": lambda n: r"\(" * (5_000 * n),
    "display openings": lambda n: "\\[\n" * (3_000 * n),
    "environments": lambda n: "\\begin{align}\n" * (700 * n),
    "CJK emphasis": lambda n: "中**「a」**" * (1_200 * n),
}


@pytest.mark.parametrize("made", LONG.values(), ids=LONG.keys())
@pytest.mark.parametrize(
    "size", [pytest.param(1, id="a tenth"), pytest.param(10, id="whole", marks=pytest.mark.slow)]
)
def test_much_of_the_same_is_done_in_time(made, size):
    """Seconds of CPU, whole and in frames; measured 3 at most, where quadratic takes minutes."""
    text = made(size)
    began = time.process_time()
    renderer = Renderer()
    frames = [text[at : at + 5_000] for at in range(0, len(text), 5_000)]
    done = "".join(renderer.feed(frame).done for frame in frames)
    assert done + renderer.finish().done == whole(text)
    assert time.process_time() - began < 2 * size


@st.composite
def mixtures(draw) -> str:
    """Pieces of the cases and single signs, in any order."""
    signs = st.text("ab1 *_~`$\\()[]<>/!-=|#:@.\n。「あ가", max_size=8)
    pieces = st.sampled_from([case["markdown"] for case in CASES])
    cut = st.builds(
        lambda text, a, b: text[min(a, b) : max(a, b)], pieces, *[st.integers(0, 60)] * 2
    )
    return "".join(draw(st.lists(st.one_of(signs, cut, pieces), max_size=5)))[:300]


@settings(max_examples=60, deadline=None)
@given(mixtures())
@example("<details open>\n<summary>More</summary>\ntext\n</details>")
def test_every_prefix_of_any_mixture_is_safe_and_the_end_is_the_whole(text):
    whole = render(text)
    for _, html in prefixes(text):
        assert "\ufdd0" not in html
        assert clean(html) == html
    assert streamed(text) == whole
    assert clean(whole) == whole
