"""`<details>` with its summary: what is folded away, taken apart and put together."""

import re
from dataclasses import dataclass

OPENING = re.compile(
    r"\s*<details(?P<open>\s+open(?:=\"\w*\")?)?\s*>\s*"
    r"(?:<summary>\s*(?P<summary>.*?)\s*(?P<end></summary>|\n[ \t]*\n|\Z))?",
    re.IGNORECASE | re.DOTALL,
)
CLOSING = "</details>"
SUMMARY = "<summary>"
EMPHASIS = re.compile(r"</?(?:b|strong|i|em|h[1-6])>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Details:
    """The Markdown of one <details>; `rest` stands behind its closing tag."""

    is_open: bool
    summary: str
    body: str
    rest: str = ""


def read(text: str, closed: bool) -> Details:
    """Take apart `text`, which starts with `<details>`; `closed` if its last closing tag counts."""
    found = OPENING.match(text)
    if not found:
        return Details(False, "", text)
    end = text.lower().rfind(CLOSING) if closed else len(text)
    summary = EMPHASIS.sub("", found["summary"] or "")
    body, rest = text[found.end() : end], text[end + len(CLOSING) :]
    return Details(bool(found["open"]), summary, body, rest)


def read_growing(text: str) -> Details:
    """The same of `text` that isn't complete, without a tag that has only begun."""
    details = read(_without_half_tag(text, CLOSING), closed=False)
    if not details.summary and SUMMARY.startswith(details.body.strip().lower()):
        return Details(details.is_open, "", "")
    summary = _without_half_tag(details.summary, "</summary>")
    return Details(details.is_open, summary, details.body)


def _without_half_tag(text: str, tag: str) -> str:
    at = text.rfind("<")
    return text[:at] if at >= 0 and tag.startswith(text[at:].rstrip().lower()) else text


def html(details: Details, summary: str, body: str, rest: str = "") -> str:
    """The element around the HTML of its parts."""
    attribute = ' open=""' if details.is_open else ""
    head = f'<summary dir="auto">{summary}</summary>' if summary else ""
    return f"<details{attribute}>{head}\n{body}</details>\n{rest}"
