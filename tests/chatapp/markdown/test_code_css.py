"""The colours of code can be read, light and dark."""

import re
from pathlib import Path

import pytest

from chatapp.markdown.code import CLASSES

CSS = (Path(__file__).parents[3] / "static/css/code.css").read_text()
THEMES = re.findall(r"\{((?:\s*--code-[a-z]+: #[0-9a-f]{6};)+)\s*\}", CSS)


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_there_is_light_dark_by_system_and_dark_by_choice():
    assert len(THEMES) == 3
    assert THEMES[1].split() == THEMES[2].split()
    assert '[data-theme="light"]' in CSS
    assert '[data-theme="dark"]' in CSS


@pytest.mark.parametrize("theme", THEMES, ids=["light", "dark by system", "dark by choice"])
def test_every_colour_has_the_contrast_wcag_aa_asks_for(theme):
    colours = dict(re.findall(r"--code-([a-z]+): (#[0-9a-f]{6})", theme))
    background = colours.pop("background")
    assert len(colours) == 10
    for name, colour in colours.items():
        assert contrast(colour, background) >= 4.5, name


def test_every_class_of_a_token_has_its_rule():
    for name in set(CLASSES.values()):
        assert f".highlight .{name} {{" in CSS
