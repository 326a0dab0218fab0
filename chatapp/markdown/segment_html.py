"""Unsanitised HTML of one segment, by its kind."""

import re
from html import escape
from typing import Any

from chatapp.markdown.blocks import markdown
from chatapp.markdown.code import code_block
from chatapp.markdown.lines import FOOTNOTE
from chatapp.markdown.segments import Kind, Segment


def segment_html(segment: Segment, text: str, references: dict[str, Any]) -> str:
    if segment.kind is Kind.FENCE:
        if segment.part and not text:
            return ""
        return code_block(dedent(text, segment.content), segment.info, segment.part)
    if segment.kind is Kind.FOOTNOTE:
        return _footnote(text, references)
    continues = (segment.start or 0) if segment.part and segment.kind is Kind.LIST else None
    return markdown(text, references, continues)


def _footnote(text: str, references: dict[str, Any]) -> str:
    found = FOOTNOTE.match(text)
    label, body = (found[1], text[found.end() :]) if found else ("", text)
    body = re.sub(r"(?m)^ {1,4}", "", body)
    name = f'<sup class="footnote-ref">{escape(label)}</sup>'
    return f"<li>{name} {markdown(body, references)}</li>"


def footnote_section(footnotes: list[str]) -> str:
    if not footnotes:
        return ""
    return f'<section class="footnotes"><ol>{"".join(footnotes)}</ol></section>\n'


def dedent(code: str, columns: int) -> str:
    return re.sub(rf"(?m)^ {{1,{columns}}}", "", code) if columns else code
