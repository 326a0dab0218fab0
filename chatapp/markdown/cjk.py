"""Emphasis beside Chinese, Japanese and Korean letters.

CommonMark tells opening from closing marks by the spaces and punctuation around
them, so `**「保存」**按钮` stays literal. This is its CJK-friendly amendment
(github.com/tats-u/markdown-cjk-friendly): a CJK letter counts as a space there,
and CJK punctuation as a letter.
"""

import unicodedata
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.common.utils import isMdAsciiPunct, isPunctChar, isWhiteSpace
from markdown_it.parser_inline import ParserInline
from markdown_it.rules_inline.state_inline import Scanned, StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType

FIRST = "\u1100"  # of all CJK characters
EMOJI = (range(0x2300, 0x2E80), range(0x1F000, 0x1FB00))


def is_cjk(char: str) -> bool:
    """Whether `char` is wide (or of half width), as letters and punctuation of CJK are."""
    return char >= FIRST and _is_wide(char)


@lru_cache(maxsize=4096)
def _is_wide(char: str) -> bool:
    if any(ord(char) in emoji for emoji in EMOJI):
        return False
    return unicodedata.east_asian_width(char) in {"W", "F", "H"}


def is_punctuation(char: str) -> bool:
    return isMdAsciiPunct(ord(char)) or isPunctChar(char)


class CjkStateInline(StateInline):
    def scanDelims(self, start: int, canSplitWord: bool) -> Scanned:  # noqa: N802, N803
        plain = super().scanDelims(start, canSplitWord)
        end = start + plain.length
        before = self.src[start - 1] if start else " "
        after = self.src[end] if end < self.posMax else " "
        if before.isdigit() and after.isdigit():
            return Scanned(False, False, plain.length)  # a product such as 2*3*4
        if not (is_cjk(before) or is_cjk(after)):
            return plain
        opens, closes = flanks(before, after), flanks(after, before)
        if canSplitWord:
            return Scanned(opens, closes, plain.length)
        return Scanned(
            opens and (not closes or is_punctuation(before)),
            closes and (not opens or is_punctuation(after)),
            plain.length,
        )


def flanks(outside: str, inside: str) -> bool:
    """Whether a mark between `outside` and `inside` belongs to what is inside."""
    if isWhiteSpace(ord(inside)):
        return False
    if is_cjk(inside) or not is_punctuation(inside):
        return True
    return is_cjk(outside) or isWhiteSpace(ord(outside)) or is_punctuation(outside)


class CjkInline(ParserInline):
    """The inline parser of markdown-it with the amendment."""

    def parse(self, src: str, md: MarkdownIt, env: EnvType, tokens: list[Token]) -> list[Token]:
        state = CjkStateInline(src, md, env, tokens)
        self.tokenize(state)
        for rule in self.ruler2.getRules(""):
            rule(state)
        return state.tokens
