"""Rated answers as CSV, for spreadsheets: a line each, without the conversation before it."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable
from functools import lru_cache
from operator import attrgetter
from typing import Any

from feedback.export.rows import Named, Row

# Excel reads UTF-8 as such only behind this mark. Programs, which it may disturb, have JSONL.
MARK = "\ufeff"
# What a spreadsheet may take for the start of a formula, behind whatever it overlooks: blanks of
# all kinds, and what isn't seen at all. The wide signs are typed in Asia.
FORMULA = re.compile(r"[\s\x00-\x1f\x7f\u200b-\u200f\u2060\ufeff]*[=+\-@＝＋－＠]|[\t\r\n\0]")
STAMPS = (
    *("finish_reason", "prompt_tokens", "completion_tokens", "first_token_ms", "duration_ms"),
    *("left_out", "status", "error", "request_id", "helicone_id"),
)
stamped = attrgetter(*(f"message__{name}" for name in STAMPS))
COLUMNS = (
    *("row", "rows", "rating", "rated_at", "first_rated_at", "thumb", "reasons", "comment"),
    *("correction", "has_drifted", "person", "question", "answer", "review_status"),
    *("review_verdict", "review_category", "review_assignee", "review_note", "corrected_answer"),
    *("assistant", "prompt_version", "prompt_digest", "model", "parameters", "answered_at"),
    *STAMPS,
    *("answer_id", "conversation_id"),
)


@lru_cache
def dumped(parameters: str) -> str:
    """The same from each database."""
    return json.dumps(json.loads(parameters), ensure_ascii=False)


class CsvWriter:
    """Each line says which of how many it is: where the last isn't the last, the rest is missing."""

    content_type = "text/csv; charset=utf-8"
    # With all that was said before? The question alone.
    whole = False

    def __init__(self, named: Named) -> None:
        self.named = named

    def head(self) -> str:
        return MARK + line(COLUMNS)

    def line(self, number: int, of: int, row: Row) -> str:
        values = cells(row)
        return line([number, of, *(values[name] for name in COLUMNS[2:])])

    def foot(self, number: int, of: int) -> str:
        return ""


def cells(row: Row) -> dict[str, Any]:
    given, version = row.given, row.version
    return {
        "rating": given.pk,
        "rated_at": given.updated_at.isoformat(),
        "first_rated_at": given.created_at.isoformat(),
        "thumb": row.thumb,
        "reasons": " ".join(row.reasons),
        "comment": given.comment,
        "correction": given.correction,
        "has_drifted": given.has_drifted,
        "person": row.person,
        "question": row.question,
        "answer": given.message__text,
        "review_status": given.review__status,
        "review_verdict": given.review__verdict,
        "review_category": given.review__category__slug,
        "review_assignee": given.review__assignee__username,
        "review_note": given.review__note,
        "corrected_answer": given.review__correction,
        "assistant": version.assistant.slug if version else "",
        "prompt_version": version.number if version else "",
        "prompt_digest": version.digest if version else "",
        "model": given.message__model,
        "parameters": dumped(given.parameters),
        "answered_at": given.message__created_at.isoformat(),
        "answer_id": given.message_id,
        "conversation_id": given.message__conversation_id,
        **dict(zip(STAMPS, stamped(given), strict=True)),
    }


class Back:
    """A file that hands back what is written into it."""

    def write(self, text: str) -> str:
        return text


# All cells in quotes, or else a spreadsheet that takes semicolons for commas, as half of Europe's
# do, starts a new one in the midst of a text, which may be a formula.
written = csv.writer(Back(), quoting=csv.QUOTE_ALL).writerow


def line(values: Iterable[Any]) -> str:
    return str(written([escape_formula(value) for value in values]))


def escape_formula(value: Any) -> Any:
    """A text that would be run as a formula, as a text."""
    return f"'{value}" if isinstance(value, str) and FORMULA.match(value) else value
