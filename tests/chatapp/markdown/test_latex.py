"""LaTeX as MathML: everything that is drawn passes the sanitizer, and nothing is styled inline."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatapp.markdown.latex import DEPTH_LIMIT, SIZE_LIMIT, STYLE_CLASSES, mathml
from chatapp.markdown.sanitizer import clean

ROOT = Path(__file__).parents[3]
PIECES = [
    r"\frac{a}{b}", r"\sqrt[3]{x}", "x_i^2", r"\sum_{i=1}^n", r"\int_0^\infty", r"\binom n k",
    r"\left( x \right)", r"\bigl[ y \bigr]", r"\overline{AB}", r"\underline{x}", r"\hat x", r"\vec v",
    r"\underbrace{x}_{n}", r"\xrightarrow{f}", r"\boxed{x}", r"\cancel{x}", r"\text{if \textbf{b}}",
    r"\mathbb R", r"\mathcal L", r"\operatorname*{arg\,max}_x", r"\displaystyle", r"\color{red} x",
    r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}", r"\begin{cases} a & b \\ c & d \end{cases}",
    r"\begin{array}{l|c:r} a & b & c \\ \hline d & e & f \end{array}", r"\\", "&", "{", "}", "<", ">",
    r"\begin{aligned} a &= b \\ c &= d \end{aligned}", r"\tag{1}", r"\phantom{x}", r"\hspace{1cm}",
]  # fmt: skip


def elements(html: str) -> list[str]:
    return re.findall(r"<([a-z]+)", html)


@pytest.mark.parametrize("latex", [piece for piece in PIECES if len(piece) > 2])
def test_what_is_drawn_passes_the_sanitizer_with_all_its_elements(latex):
    html = mathml(latex, display=True)
    assert html.startswith(("<math", "<code"))
    assert elements(clean(html)) == elements(html)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=8), st.booleans())
def test_any_formula_is_drawn_or_shown_as_its_source(pieces, display):
    latex = " ".join(pieces).strip()
    html = mathml(latex, display)
    assert html.startswith("<math") or html.startswith("<code>")
    assert " style=" not in html


def test_every_class_that_stands_for_a_style_has_its_rule():
    css = (ROOT / "static/css/math.css").read_text("utf-8")
    for name in STYLE_CLASSES.values():
        assert f".{name} {{" in css, name


@pytest.mark.parametrize("latex", ["x" * (SIZE_LIMIT + 1), "{" * (DEPTH_LIMIT + 1) + "}" * 21, ""])
def test_what_is_too_large_or_too_deep_is_shown_as_its_source(latex):
    assert mathml(latex, display=False).startswith("<code>")


def test_a_macro_that_expands_for_ever_is_shown_as_its_source():
    assert mathml(r"\def\a{\a\a}\a", display=False).startswith("<code>")


def test_the_converter_is_loaded_with_the_first_formula_and_not_before():
    code = (
        "import sys; from chatapp.markdown.latex import mathml; print('math_core' in sys.modules);"
        "mathml('x', False); print('math_core' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True)
    assert run.stdout.split() == [b"False", b"True"]
