"""Markdown as a reader sees it: safe, the same streamed and whole, and in time."""

import re
import time
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatapp.markdown import Renderer, render, whole

RICH = [
    "# One\n## Two\ntext right after\n",
    "Setext\n======\n\nA *b* **c** ~~d~~ `e` \\* & <b>f</b>\n",
    "para\nlazy line\n\n> quote\nlazy\n> ```\n> code\n\n",
    "- a\n- b\n  - c\n\n    para in c\n\n- d\n\nafter\n",
    "1. one\n2. two\n\n   ```python\n   def f():\n\n       return 1\n   ```\n3. three\n",
    "- [ ] to do\n- [x] done\n\n* * *\n---\n",
    "```python\nprint('a')\n\n# b\n```\n~~~\nplain ``` inside\n~~~\n",
    "| a | b |\n|---|:-:|\n| 1 | `2` |\n| 3 | **4** |\n\n",
    "$x^2$ and $$y$$ and \\(z\\) costs $5\n\n$$\n\\frac{a}{b}\n$$\n\\[ q \\]\n",
    "[r] before\n\n[r]: https://example.org 'T'\n\n[r] after, [n](http://n.example)\n",
    "Note[^1] here.\n\n[^1]: The *note*.\n    More.\n\n    - item\n[^2]: Two\n\n",
    "![alt](https://evil.example/x.png) <https://auto.example>\n\n    indented\n\n    code\n",
    "tab\tbed\r\ncarriage\rreturn\x00nul \ud800 \ufdd0 \u2028 e\u0301 \U0001f600\n\n",
    "unclosed **bold and `code\n\n```js\nlet a",
]


def streamed(pieces: list[str]) -> str:
    renderer = Renderer()
    done = "".join(renderer.feed(piece).done for piece in pieces)
    last = renderer.finish()
    return done + last.done + last.tail


def tail_of(text: str, size: int = 1) -> str:
    renderer = Renderer()
    pieces = [text[at : at + size] for at in range(0, len(text), size)]
    updates = [renderer.feed(piece) for piece in pieces]
    return "".join(update.done for update in updates) + updates[-1].tail


@st.composite
def split_texts(draw) -> list[str]:
    blocks = st.one_of(st.sampled_from(RICH), st.text("ab *_`#>-|1.[]()$\\\n~:^", max_size=30))
    text = "".join(draw(st.lists(blocks, max_size=6)))
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=40)))
    return [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]


@settings(max_examples=150, deadline=None)
@given(split_texts())
def test_streamed_is_the_same_as_whole_however_it_is_split(pieces):
    assert streamed(pieces) == whole("".join(pieces))


def test_streamed_a_character_at_a_time_is_the_same_as_whole():
    text = "".join(RICH)
    assert streamed(list(text)) == whole(text)


@pytest.mark.parametrize(
    "text",
    [
        "```python\n" + "x = 'a'\n" * 2_000 + "```\nafter",
        "".join(f"{n}. item *{n}*\n" for n in range(1, 400)) + "\nafter",
        "| a | b |\n|---|---|\n" + "| c | d |\n" * 1_500,
        "word " * 5_000,
        "x" * 30_000 + "\ny",
        "> quote\n" * 3_000,
    ],
    ids=["code", "list", "table", "paragraph", "line", "quote"],
)
def test_what_is_cut_for_its_length_is_cut_alike_and_complete(text):
    html = whole(text)
    assert streamed([text[at : at + 977] for at in range(0, len(text), 977)]) == html
    for word in ("x", "item", "<td>d</td>", "word", "y", "quote"):
        if text.count(word) > 5:
            assert html.count(word) >= text.count(word)


def test_a_long_ordered_list_goes_on_counting():
    starts = re.findall(
        r'<ol start="(\d+)" dir="auto" class="continues">|<li>item (\d+)',
        render("".join(f"{n}. item {n}\n" for n in range(1, 900))),
    )
    following = [(a[0], b[1]) for a, b in zip(starts, starts[1:], strict=False) if a[0]]
    assert following
    assert all(start == item for start, item in following)


class Page(HTMLParser):
    """What a browser would find: elements with their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[a](javascript:alert(1)) [b](data:text/html,x) [c](//evil.example) [d](/here) [e](vbscript:x)",
    "![a](javascript:alert(1)) ![b](http://evil.example/b.png)",
    '[a](http://x.example "x\\" onclick=alert(1)")',
    "<http://x.example/?a=<script>>",
    '```"><script>\nx</script>\n```',
    '```py" onclick=alert(1)\nx\n```',
    r"$\text{<img src=x onerror=alert(1)>}$ $\text{<a href='http://evil.example'>x</a>}$",
    r"$\href{javascript:alert(1)}{x}$ $\style{color:red}{x}$ $\class{code}{y}$",
    '| <script> | " onclick=alert(1) |\n|---|---|\n| <b onclick=x> | y |',
    '[^"><script>]: x\n\n[^a]: <script>x</script>',
    "<math><mi xlink:href='javascript:x'>a</mi></math><svg onload=x>",
    "&lt;script&gt; &#60;script&#62; &#x3c;script&#x3e;",
    "<!-- --><![CDATA[<script>]]><?php ?><style>*{}</style>",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_hostile_gets_through_whole_or_while_it_arrives(text):
    renderer = Renderer()
    shown = [render(text)] + [f"{u.done}{u.tail}" for u in map(renderer.feed, text)]
    for html in shown:
        for tag, attributes in Page(html).found:
            assert tag not in {"script", "style", "img", "svg", "iframe", "b", "form"}
            assert not [name for name in attributes if name.startswith("on") or name == "style"]
            assert (attributes.get("href") or "http:").startswith(("http:", "https:", "mailto:"))


def test_raw_html_is_shown_as_text():
    assert render("<b>x</b>") == '<p dir="auto">&lt;b&gt;x&lt;/b&gt;</p>\n'


def test_html_inside_maths_is_no_html():
    assert "<a " not in render(r"$\text{<a href='http://evil.example'>x</a>}$")


def test_links_open_apart_and_tell_nobody_where_from():
    ((_, _), (_, link)) = Page(render("[a](https://example.org)")).found
    assert link["target"] == "_blank"
    assert set((link["rel"] or "").split()) == {"noopener", "noreferrer", "nofollow"}


def test_an_image_becomes_a_link_with_its_alternative_text():
    html = render("![a cat](https://example.org/cat.png)")
    assert "<img" not in html
    assert '<a href="https://example.org/cat.png"' in html
    assert ">a cat</a>" in html


def test_an_image_inside_a_link_is_the_links_text():
    html = render("[![a cat](https://example.org/cat.png)](https://example.org)")
    assert html.count("<a ") == 1
    assert "cat.png" not in html


@pytest.mark.parametrize(("level", "tag"), [(1, "h3"), (2, "h4"), (3, "h5"), (4, "h6"), (6, "h6")])
def test_headings_are_shifted_below_the_pages_own(level, tag):
    assert render("#" * level + " T") == f'<{tag} dir="auto">T</{tag}>\n'


def test_code_says_its_language_and_can_be_scrolled_by_keyboard():
    html = render("```python\ndef f(): pass\n```")
    assert html.startswith(
        '<div class="code" data-lang="python"><div class="code-head">'
        '<span class="code-lang">python</span></div><pre tabindex="0"><code class="highlight">'
    )
    assert '<span class="f">f</span>' in html


def test_an_unknown_language_stays_plain():
    assert '<code class="highlight">a &lt; b\n</code>' in render("```nosuch\na < b\n```")


def test_a_table_scrolls_by_keyboard_and_is_named_by_its_columns():
    table = Page(render("| Name | Age |\n|---|--:|\n| a | 1 |")).found[0]
    assert table == (
        "div",
        {"class": "table", "role": "region", "tabindex": "0", "aria-label": "Name, Age"},
    )
    assert '<td class="right">1</td>' in render("| Name | Age |\n|---|--:|\n| a | 1 |")


def test_task_boxes_are_labelled_and_cannot_be_changed():
    html = render("- [ ] to do\n- [x] done")
    assert '<label><input type="checkbox" disabled=""> to do</label>' in html
    boxes = [attributes for tag, attributes in Page(html).found if tag == "input"]
    assert ["checked" in box for box in boxes] == [False, True]


@pytest.mark.parametrize("text", [r"$\frac{a}{b}$", r"$$\frac{a}{b}$$", r"\(\frac{a}{b}\)"])
def test_maths_becomes_mathml(text):
    assert "<mfrac><mi>a</mi><mi>b</mi></mfrac>" in render(text)


@pytest.mark.parametrize("latex", [r"\frac{", r"\left(", "x^", r"\begin{matrix}", "{" * 500])
def test_maths_that_cannot_be_read_stays_readable(latex):
    assert '<p dir="auto">' in render(f"${latex}$ after")
    assert "after" in render(f"${latex}$ after")


def test_money_is_not_maths():
    assert render("It costs $5 and then $10.") == '<p dir="auto">It costs $5 and then $10.</p>\n'


def test_a_link_definition_counts_for_what_comes_after_it():
    html = render("[r]\n\n[r]: https://example.org\n\n[r]")
    assert html.startswith('<p dir="auto">[r]</p>')
    assert html.count('href="https://example.org"') == 1


def test_footnotes_come_at_the_end():
    html = render("a[^1]\n\n[^1]: *note*\n\nb")
    assert '<p dir="auto">a<sup class="footnote-ref">1</sup></p>' in html
    assert html.index('<p dir="auto">b</p>') < html.index('<section class="footnotes">')
    assert "<em>note</em>" in html


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("```python\nx = 1", '<code class="highlight">x = 1</code>'),
        ("a **bo", "<strong>bo</strong>"),
        ("a **bold t", "<strong>bold t</strong>"),
        ("a `co", "<code>co</code>"),
        ("a **", '<p dir="auto">a</p>'),
        ("| a | b |", "<th>b</th>"),
        ("| a | b |\n|--", "<th>b</th>"),
        ("| a | b |\n|---|---|\n| c", "<td>c</td>"),
        ("see [the docs](https://exa", '<p dir="auto">see the docs</p>'),
        ("- a\n- **b", "<strong>b</strong>"),
        ("# Head", '<h3 dir="auto">Head</h3>'),
        ("2 * 3", '<p dir="auto">2 * 3</p>'),
        ("snake_case_na", '<p dir="auto">snake_case_na</p>'),
    ],
)
@pytest.mark.parametrize("size", [1, 1000])
def test_what_is_not_finished_yet_looks_right(text, shown, size):
    assert shown in tail_of(text, size)


def test_a_finished_block_is_sent_once_and_not_again():
    renderer = Renderer()
    assert renderer.feed("one\n").done == ""
    update = renderer.feed("\ntwo")
    assert update.done == '<p dir="auto">one</p>\n'
    assert update.tail == '<p dir="auto">two</p>\n'
    assert renderer.feed(" three").done == ""
    assert renderer.finish().done == '<p dir="auto">two three</p>\n'


ENORMOUS = {
    "stars": lambda n: "*" * (100_000 * n),
    "backticks": lambda n: "`" * (10_000 * n),
    "backtick runs": lambda n: "".join("`" * m + " " for m in range(1, 60 * n)),
    "brackets": lambda n: "[" * (20_000 * n),
    "images": lambda n: "![[" * (6_000 * n),
    "quotes": lambda n: ">" * (20_000 * n),
    "nested lists": lambda n: "- " * (10_000 * n),
    "stairs": lambda n: "".join(" " * m + "- x\n" for m in range(100 * n)),
    "dollars": lambda n: "$" * (20_000 * n),
    "braces": lambda n: ("$x" + "{" * 900 + "$ ") * (20 * n),
    "pipes": lambda n: "|" * (20_000 * n),
    "wide table": lambda n: table(200 * n, 5 * n),
    "emphasis": lambda n: "*a _b " * (4_000 * n),
    "newlines": lambda n: "\n" * (100_000 * n),
    "entities": lambda n: "&" * (30_000 * n),
    "code": lambda n: "```py\n" + "x = 'a'\n" * (10_000 * n),
    "definitions": lambda n: "".join(f"[a{m}]: http://x\n\n" for m in range(1_000 * n)),
    "footnotes": lambda n: "[^1]: x\n" * (4_000 * n),
}


def table(columns: int, rows: int) -> str:
    return "|a" * columns + "|\n" + "|-" * columns + "|\n" + ("|b" * columns + "|\n") * rows


@pytest.mark.parametrize("made", ENORMOUS.values(), ids=ENORMOUS.keys())
@pytest.mark.parametrize(
    "size", [pytest.param(1, id="a tenth"), pytest.param(10, id="whole", marks=pytest.mark.slow)]
)
def test_the_enormous_is_done_in_time(made, size):
    """Seconds of CPU, whole and streamed; measured 3.6 at most, where quadratic takes minutes."""
    text = made(size)
    began = time.process_time()
    html = whole(text)
    frames = [text[at : at + 5_000] for at in range(0, len(text), 5_000)]
    assert streamed(frames) == html
    assert time.process_time() - began < 2 * size


@pytest.mark.parametrize("text", ["a" * 1_500 + "!", "[" * 700, "**a " * 80, "| a " * 80])
def test_a_hostile_tail_a_character_at_a_time_is_done_in_time(text):
    began = time.process_time()
    assert streamed(list(text)) == whole(text)
    assert time.process_time() - began < 3
