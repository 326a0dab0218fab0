"""Bidirectional and invisible characters: which are marked, which belong to a script, and where."""

import time

import pytest

from chatapp.text.hidden_characters import MAX_ELEMENTS, escaped_text, hidden_count, marked_page

OVERRIDE = "\u202e"


@pytest.mark.parametrize(
    "char",
    [
        *("\u202a", "\u202e", "\u2066", "\u2069", "\u200e", "\u200f", "\u061c"),  # directions
        *("\u200b", "\u200c", "\u200d", "\u2060", "\u2064", "\ufeff", "\u00ad"),  # no width
        *("\u3164", "\u115f", "\uffa0", "\u034f"),  # fillers, joiner of graphemes
        *("\U000e0001", "\U000e0041", "\U000e007f"),  # tags
        *("\ufe0f", "\U000e0101"),  # selectors, on a letter that has no variant
    ],
)
def test_what_nobody_sees_is_marked(char):
    assert escaped_text(f"a{char}b") == f"a\\u{{{ord(char):04X}}}b"
    assert hidden_count(f"a{char}b") == 1
    assert f">U+{ord(char):04X}</span>b" in marked_page(f"<p>a{char}b</p>")


@pytest.mark.parametrize(
    "text",
    [
        "plain",
        "Grüße, 你好, שלום, привет",
        "\U0001f469\u200d\U0001f4bb and \u2764\ufe0f\u200d\U0001f525",  # a technologist, a heart on fire
        "1\ufe0f\u20e3",  # a keycap
        "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",  # Scotland
        "می\u200cخواهم",  # Persian
        "क्\u200dष",  # Hindi
        "葛\U000e0100",  # a variant of a Chinese character
    ],
)
def test_what_scripts_and_emoji_need_stays(text):
    assert escaped_text(text) == text
    assert marked_page(f"<p>{text}</p>") == f"<p>{text}</p>"


def test_data_in_joiners_tags_and_selectors_is_no_emoji():
    assert hidden_count("\U0001f469\u200d\u200d\u200c") == 2
    assert hidden_count("\u2764\ufe0f\ufe01\ufe02") == 2
    assert hidden_count("\U0001f3f4" + "\U000e0041" * 20) == 12


def test_a_mark_has_the_name_and_keeps_all_else():
    page = marked_page(f'<p class="x">a{OVERRIDE}b &lt;i&gt;</p>')
    mark = '<span class="hidden-character" title="RIGHT-TO-LEFT OVERRIDE">U+202E</span>'
    assert page == f'<p class="x">a{mark}b &lt;i&gt;</p>'


def test_attributes_scripts_and_fields_stay_as_they_are():
    page = (
        f'<a title="a > {OVERRIDE}" href=x>b</a><!-- {OVERRIDE} > -->'
        f"<textarea>{OVERRIDE}</textarea><script>'{OVERRIDE}</p>'</script>"
        f"<style>{OVERRIDE}</style>"
    )
    assert marked_page(page) == page


def test_what_takes_no_markup_has_a_mark_of_text():
    assert marked_page(f"<title>{OVERRIDE}</title>") == "<title>[U+202E]</title>"
    page = marked_page(f"<option>{OVERRIDE}</option><p>{OVERRIDE}")
    assert page.startswith("<option>[U+202E]</option><p><span")


def test_a_formula_has_characters_of_its_own_that_are_no_message():
    formula = "<math><mi>f</mi><mo>\u2061</mo></math>"
    assert marked_page(f"{formula}\u2061").startswith(formula + "<span")
    assert marked_page(f"<math><mtext>{OVERRIDE}</mtext></math>").count("<span") == 1


def test_a_page_full_of_them_grows_by_a_limit_and_takes_no_time():
    began = time.process_time()
    page = marked_page("<p>" + "a\u200b" * 100_000)
    assert time.process_time() - began < 3
    assert page.count("<span") == MAX_ELEMENTS
    assert page.count("[U+200B]") == 100_000 - MAX_ELEMENTS
