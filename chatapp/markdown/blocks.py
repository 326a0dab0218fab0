"""Markdown of one segment -> HTML: what markdown-it does, bent to our rules."""

import re
from collections.abc import Sequence
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin

from chatapp.markdown.cjk import CjkInline
from chatapp.markdown.code import code_block
from chatapp.markdown.inline_html import inline_html
from chatapp.markdown.latex import mathml
from chatapp.markdown.links import bare_links
from chatapp.markdown.math_rules import brackets, display, dollars
from chatapp.markdown.tables import bounded_tables

SAFE_URL = re.compile(r"(?:https?://|mailto:)", re.IGNORECASE)
TASK = re.compile(r"\[([ xX])\][ \u00a0]")
# Each block is read from the side that its first letter is read from; code never is.
DIRECTED = {f"{kind}_open" for kind in ("paragraph", "heading", "blockquote", "alert")} | {
    "bullet_list_open",
    "ordered_list_open",
}
INTERRUPTED = ["paragraph", "reference", "blockquote", "list"]  # by a display formula
FOOTNOTE_REF = re.compile(r"\[\^([\w-]{1,40})\]")


def markdown(source: str, references: dict[str, Any], continues: int | None = None) -> str:
    """Unsanitised HTML; definitions found in `source` are added to `references`.

    `continues`: the segment's first list goes on from an earlier segment, at
    this number (0 for bullets).
    """
    env = {"references": references, "continues": continues}
    return str(_parser.render(source, env))


def inline(source: str, references: dict[str, Any]) -> str:
    """Unsanitised HTML of a text without blocks."""
    return str(_parser.renderInline(source, {"references": references}))


def formula(latex: str) -> str:
    """Unsanitised HTML of the source of a display formula."""
    return f'<span class="math display"><code>{escape(latex.strip(), quote=False)}</code></span>'


def _footnote_ref(state: StateInline, silent: bool) -> bool:
    found = FOOTNOTE_REF.match(state.src, state.pos)
    if not found:
        return False
    if not silent:
        state.push("footnote_ref", "sup", 0).content = found[1]
    state.pos = found.end()
    return True


def _shape(state: StateCore) -> None:
    """Everything that differs from plain CommonMark, in one walk over the blocks."""
    for at, token in enumerate(state.tokens):
        if token.level == 0 and token.type in DIRECTED:
            token.attrSet("dir", "auto")
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(int(token.tag[1]) + 2, 6)}"
        elif token.type in {"th_open", "td_open"}:
            align = str(token.attrs.pop("style", "")).removeprefix("text-align:")
            if align:
                token.attrSet("class", align)
        elif token.type == "table_open":
            token.meta["label"] = _table_label(state.tokens[at:])
        elif token.type == "inline" and token.children:
            _shape_inline(state.tokens, at)
        elif token.type == "inline" and token.content.startswith("<!--"):
            state.tokens[at - 1].hidden = state.tokens[at + 1].hidden = True
    _continue_list(state)


def _continue_list(state: StateCore) -> None:
    number = state.env.get("continues")
    if number is None or not state.tokens:
        return
    first = state.tokens[0]
    if first.type in {"ordered_list_open", "bullet_list_open"}:
        first.attrSet("class", "continues")
        if first.type == "ordered_list_open":
            first.attrSet("start", number)


def _table_label(tokens: Sequence[Token]) -> str:
    """A table is named by its columns, which needs no translation."""
    names: list[str] = []
    for token in tokens:
        if token.type == "thead_close":
            break
        if token.type == "inline":
            names.append(token.content.strip())
    return ", ".join(filter(None, names))[:200] or "…"


def _shape_inline(tokens: Sequence[Token], at: int) -> None:
    token = tokens[at]
    children: list[Token] = []
    depth = 0
    for child in token.children or []:
        depth += (child.type == "link_open") - (child.type == "link_close")
        children.extend(_link_for(child, depth) if child.type == "image" else [child])
    in_item = at >= 2 and tokens[at - 2].type == "list_item_open"
    if in_item and children[0].type == "text" and TASK.match(children[0].content):
        tokens[at - 2].attrSet("class", "task")
        children = _task(children)
    token.children = children


def _link_for(image: Token, depth: int) -> list[Token]:
    """An image is never loaded: that would tell a stranger's server who reads this."""
    url = str(image.attrs.get("src", ""))
    text = Token("text", "", 0, content=image.content or url)
    if depth:
        return [text]
    link = Token("link_open", "a", 1, attrs={"href": url})
    return [link, text, Token("link_close", "a", -1)]


def _task(children: list[Token]) -> list[Token]:
    first = children[0]
    box = Token("task_open", "label", 1, info=first.content[1].strip().lower())
    first.content = first.content[4:]
    return [box, *children, Token("task_close", "label", -1)]


def _build() -> MarkdownIt:
    md = MarkdownIt()
    md.inline = CjkInline()
    md.configure("commonmark", {"html": False, "maxNesting": 20, "alerts": True})
    md.enable(["table", "strikethrough"])
    md.use(dollarmath_plugin, allow_labels=False, allow_blank_lines=False)
    md.block.ruler.before("fence", "math_display", display, {"alt": INTERRUPTED})
    md.inline.ruler.at("math_inline", dollars)
    md.inline.ruler.before("escape", "math_brackets", brackets)
    md.inline.ruler.before("link", "footnote_ref", _footnote_ref)
    md.inline.ruler.before("autolink", "inline_html", inline_html)
    bare_links(md)
    bounded_tables(md)
    md.core.ruler.push("shape", _shape)
    md.validateLink = lambda url: bool(SAFE_URL.match(url.strip()))  # type: ignore[method-assign]
    for name, rule in _RULES.items():
        md.add_render_rule(name, rule)
    return md


def _rule_code(_: RendererHTML, tokens: Sequence[Token], at: int, *__: Any) -> str:
    return code_block(tokens[at].content, tokens[at].info)


def _rule_math(_: RendererHTML, tokens: Sequence[Token], at: int, *__: Any) -> str:
    return f'<span class="math">{mathml(tokens[at].content, False)}</span>'


def _rule_display(_: RendererHTML, tokens: Sequence[Token], at: int, *__: Any) -> str:
    return f'<span class="math display">{mathml(tokens[at].content, True)}</span>'


def _rule_math_block(*args: Any) -> str:
    return f"<p>{_rule_display(*args)}</p>\n"


def _rule_footnote_ref(_: RendererHTML, tokens: Sequence[Token], at: int, *__: Any) -> str:
    return f'<sup class="footnote-ref">{escape(tokens[at].content)}</sup>'


def _rule_table(_: RendererHTML, tokens: Sequence[Token], at: int, *__: Any) -> str:
    label = escape(tokens[at].meta["label"])
    return (
        f'<div class="table" role="region" tabindex="0" aria-label="{label}"><table dir="auto">\n'
    )


def _rule_table_close(*_: Any) -> str:
    return "</table></div>\n"


def _rule_task(_: RendererHTML, tokens: Sequence[Token], at: int, *__: Any) -> str:
    checked = ' checked=""' if tokens[at].info else ""
    return f'<label><input type="checkbox" disabled=""{checked}> '


_RULES = {
    "fence": _rule_code,
    "code_block": _rule_code,
    "math_inline": _rule_math,
    "math_inline_double": _rule_display,
    "math_block": _rule_math_block,
    "footnote_ref": _rule_footnote_ref,
    "table_open": _rule_table,
    "table_close": _rule_table_close,
    "task_open": _rule_task,
}
_parser = _build()
