"""Addresses without brackets as links: GitHub's rule, also where CJK text stands around them."""

import re
from collections.abc import Callable

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from mdit_py_plugins.gfm_autolink import gfm_autolink_plugin

from chatapp.markdown.cjk import is_cjk

Rule = Callable[[StateInline, bool], bool]

RULES = ("gfm_autolink_www", "gfm_autolink_protocol", "gfm_autolink_email")
# What stands before the sign that starts a rule, and is part of the address.
HEADS = {
    "w": re.compile(r"(?<!w)\Z"),
    ":": re.compile(r"(?:https?|mailto)\Z"),
    "@": re.compile(r"[A-Za-z0-9.+_-]+\Z"),
}
REACH = 80  # characters looked back for it
CJK_END = re.compile(r"[\u3000-\u303f\uff00-\uff65\u2018-\u201f]")


def bare_links(md: MarkdownIt) -> None:
    """Let `md` link `https://…`, `www.…` and `name@host`."""
    md.use(gfm_autolink_plugin)
    for rule in md.inline.ruler.__rules__:
        if rule.name in RULES:
            md.inline.ruler.at(rule.name, _beside_cjk(rule.fn))


def _beside_cjk(rule: Rule) -> Rule:
    """`rule`, for which a CJK letter before an address is a space, and CJK punctuation its end."""

    def bounded(state: StateInline, silent: bool) -> bool:
        src, end = state.src, state.posMax
        head = HEADS.get(src[state.pos])
        found = head.search(state.pending[-REACH:]) if head and not silent else None
        if not found or state.linkLevel:
            return False
        before = state.pos - len(found[0]) - 1
        stop = CJK_END.search(src, state.pos, end)
        state.posMax = stop.start() if stop else end
        if before >= 0 and is_cjk(src[before]):
            state.src = f"{src[:before]} {src[before + 1 :]}"
        try:
            return rule(state, silent)
        finally:
            state.src, state.posMax = src, end

    return bounded
