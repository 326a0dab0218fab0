"""CSV format for spreadsheets: one line per rated answer, with its question only."""

from __future__ import annotations

import csv
import json
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from operator import attrgetter
from typing import Any

from feedback.chat.text import escaped_text
from feedback.export.rows import NameOf, Row

# Excel recognises UTF-8 only by this mark. Programs, which it may disturb, have JSONL.
BYTE_ORDER_MARK = "\ufeff"
# What a spreadsheet may interpret as the start of a formula, after blanks and what nobody sees. The
# wide signs are typed in Asia.
LAYOUT = "\t\r\n\0"
FORMULA_SIGNS = frozenset("=+-@＝＋－＠")
# Separators, controls, format characters (soft hyphen, bidirectional marks), combining marks.
INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Mn", "Me", "Zs", "Zl", "Zp"})
FILLERS = "\u115f\u1160\u2800\u3164\uffa0"  # letters and a sign without a picture
STAMPS = (
    *("finish_reason", "prompt_tokens", "completion_tokens", "first_token_ms", "duration_ms"),
    *("left_out", "status", "error", "request_id", "helicone_id"),
)
stamp_values = attrgetter(*(f"message__{name}" for name in STAMPS))
COLUMNS = (
    *("row", "rows", "rating", "rated_at", "first_rated_at", "thumb", "reasons", "comment"),
    *("correction", "has_drifted", "person", "question", "answer", "review_status"),
    *("review_verdict", "review_category", "review_assignee", "review_note", "corrected_answer"),
    *("assistant", "prompt_version", "prompt_digest", "model", "parameters", "answered_at"),
    *STAMPS,
    *("answer_id", "conversation_id", "thinking", "thinking_ms", "origin"),
)


@lru_cache
def normalised_json(parameters: str) -> str:
    """JSON text in one notation for both databases."""
    return json.dumps(json.loads(parameters), ensure_ascii=False)


class CsvWriter:
    """CSV writer. Each line has its number and the total, so that a truncated file is detectable."""

    content_type = "text/csv; charset=utf-8"
    # The message history: the question only.
    whole = False

    def __init__(self, name_of: NameOf) -> None:
        self.name_of = name_of

    def head(self) -> str:
        return BYTE_ORDER_MARK + line(COLUMNS)

    def line(self, number: int, of: int, row: Row) -> str:
        values = cells(row)
        return line([number, of, *(values[name] for name in COLUMNS[2:])])

    def foot(self, number: int, of: int) -> str:
        return ""


def cells(row: Row) -> dict[str, Any]:
    record, version = row.record, row.version
    return {
        "rating": record.pk,
        "rated_at": record.updated_at.isoformat(),
        "first_rated_at": record.created_at.isoformat(),
        "thumb": row.thumb,
        "reasons": " ".join(row.reasons),
        "comment": record.comment,
        "correction": record.correction,
        "has_drifted": record.has_drifted,
        "person": row.user_name,
        "question": row.question,
        "answer": record.message__text,
        "review_status": record.review__status,
        "review_verdict": record.review__verdict,
        "review_category": record.review__category__slug,
        "review_assignee": record.review__assignee__username,
        "review_note": record.review__note,
        "corrected_answer": record.review__correction,
        "assistant": version.assistant.slug if version else "",
        "prompt_version": version.number if version else "",
        "prompt_digest": version.digest if version else "",
        "model": record.message__model,
        "parameters": normalised_json(record.parameters),
        "answered_at": record.message__created_at.isoformat(),
        "answer_id": record.message_id,
        "conversation_id": record.message__conversation_id,
        "thinking": record.message__thinking,
        "thinking_ms": record.message__thinking_ms,
        "origin": record.message__origin,
        **dict(zip(STAMPS, stamp_values(record), strict=True)),
    }


class EchoFile:
    """File object for csv.writer whose `write` returns the text."""

    def write(self, text: str) -> str:
        return text


# All cells are quoted: a spreadsheet that separates by semicolons, as in half of Europe, would
# otherwise split a text, and its second part may be a formula.
format_row = csv.writer(EchoFile(), quoting=csv.QUOTE_ALL).writerow


def line(values: Iterable[Any]) -> str:
    return str(format_row([escape_formula(value) for value in values]))


def escape_formula(value: Any) -> Any:
    """Prefix text that a spreadsheet would run as a formula with an apostrophe, and show hidden
    characters."""
    if not isinstance(value, str):
        return value
    text = escaped_text(value)
    return f"'{text}" if is_formula(value) else text


def is_formula(text: str) -> bool:
    """Whether the first visible character starts a formula, or the first one is a tab or a break."""
    if text[:1] in LAYOUT:
        return bool(text)
    visible = (
        char for char in text if unicodedata.category(char) not in INVISIBLE and char not in FILLERS
    )
    return next(visible, "") in FORMULA_SIGNS
