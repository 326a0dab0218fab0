"""Addresses without brackets as links: GitHub's rule, also where CJK text stands around them."""

import re
from collections.abc import Callable
from string import ascii_letters, digits

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from mdit_py_plugins.gfm_autolink import gfm_autolink_plugin

from chatapp.markdown.cjk import is_cjk

Rule = Callable[[StateInline, bool], bool]

SIGNS = {"gfm_autolink_www": "w", "gfm_autolink_protocol": ":", "gfm_autolink_email": "@"}
SCHEMES = ("https", "http", "mailto")
LOCAL_PART = ascii_letters + digits + ".+_-"
LONGEST_LOCAL_PART = 80
BEFORE = frozenset(" \t\n*_~(")  # what may stand before an address
CJK_END = re.compile(r"[\u3000-\u303f\uff00-\uff65\u2018-\u201f]")


def bare_links(md: MarkdownIt) -> None:
    """Let `md` link `https://…`, `www.…` and `name@host`."""
    plain = md.inline.terminator_re.pattern
    md.use(gfm_autolink_plugin)
    md.inline.terminator_re = re.compile(rf"{plain}|w(?=ww\.)")  # not at every w
    for rule in md.inline.ruler.__rules__:
        if rule.name in SIGNS:
            md.inline.ruler.at(rule.name, _beside_cjk(rule.fn, SIGNS[rule.name]))


def _beside_cjk(rule: Rule, sign: str) -> Rule:
    """`rule`, for which a CJK letter before an address is a space, and CJK punctuation its end."""

    def bounded(state: StateInline, silent: bool) -> bool:
        if state.src[state.pos] != sign or silent or state.linkLevel:
            return False
        size = _size_of_head(state)
        if size is None:
            return False
        src, end, before = state.src, state.posMax, state.pos - size - 1
        if before >= 0 and is_cjk(src[before]):
            state.src = f"{src[:before]} {src[before + 1 :]}"
        elif before >= 0 and src[before] not in BEFORE:
            return False
        stop = CJK_END.search(src, state.pos, end)
        state.posMax = stop.start() if stop else end
        try:
            return rule(state, silent)
        finally:
            state.src, state.posMax = src, end

    return bounded


def _size_of_head(state: StateInline) -> int | None:
    """How much of an address stands before the sign at hand that gives it away, if one does."""
    src, pos = state.src, state.pos
    if src[pos] == "w":
        return 0 if src.startswith("www.", pos) else None
    if src[pos] == ":":
        last = state.pending[-len(SCHEMES[-1]) :]
        scheme = next((scheme for scheme in SCHEMES if last.endswith(scheme)), "")
        goes_on = src.startswith("//", pos + 1) or scheme == "mailto"
        return len(scheme) if scheme and goes_on else None
    if src[pos] == "@":
        last = state.pending[-LONGEST_LOCAL_PART:]
        return len(last) - len(last.rstrip(LOCAL_PART)) or None
    return None
