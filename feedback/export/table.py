"""Rated answers as CSV, for spreadsheets: a line each, without the conversation before it."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from io import StringIO
from typing import Any

from chatapp.models import User
from feedback.export.rows import Row

# Excel reads UTF-8 as such only behind this mark. Programs, which it may disturb, have JSONL.
MARK = "\ufeff"
# What a spreadsheet may take for the start of a formula; the wide ones are typed in Asia.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
STAMPS = (
    *("finish_reason", "prompt_tokens", "completion_tokens", "first_token_ms", "duration_ms"),
    *("left_out", "status", "error", "request_id", "helicone_id"),
)
COLUMNS = (
    *("row", "rows", "rating", "rated_at", "first_rated_at", "thumb", "reasons", "comment"),
    *("correction", "has_drifted", "person", "question", "answer", "review_status"),
    *("review_verdict", "review_category", "review_assignee", "review_note", "corrected_answer"),
    *("assistant", "prompt_version", "prompt_digest", "model", "parameters", "answered_at"),
    *STAMPS,
    *("answer_id", "conversation_id"),
)
Named = Callable[[User], str]


class Table:
    """Each line says which of how many it is: where the last isn't the last, the rest is missing."""

    content_type = "text/csv; charset=utf-8"

    def __init__(self, named: Named) -> None:
        self.named = named

    def head(self, rows: int) -> str:
        self.rows = rows
        return MARK + line(COLUMNS)

    def line(self, number: int, row: Row) -> str:
        values = self.values(row)
        return line([number, self.rows, *(values[name] for name in COLUMNS[2:])])

    def foot(self, number: int) -> str:
        return ""

    def values(self, row: Row) -> dict[str, Any]:
        rating, answer, review, version = row.rating, row.answer, row.review, row.version
        return {
            "rating": rating.pk,
            "rated_at": rating.updated_at.isoformat(),
            "first_rated_at": rating.created_at.isoformat(),
            "thumb": row.thumb,
            "reasons": " ".join(reason.slug for reason in rating.reasons.all()),
            "comment": rating.comment,
            "correction": rating.correction,
            "has_drifted": rating.has_drifted,
            "person": self.named(rating.user),
            "question": row.question,
            "answer": answer.text,
            "review_status": review.status if review else "",
            "review_verdict": review.verdict if review else "",
            "review_category": review.category.slug if review and review.category else "",
            "review_assignee": str((review and review.assignee) or ""),
            "review_note": review.note if review else "",
            "corrected_answer": review.correction if review else "",
            "assistant": version.assistant.slug if version else "",
            "prompt_version": version.number if version else "",
            "prompt_digest": version.digest if version else "",
            "model": answer.model,
            "parameters": json.dumps(answer.parameters, ensure_ascii=False),
            "answered_at": answer.created_at.isoformat(),
            "answer_id": answer.pk,
            "conversation_id": answer.conversation_id,
            **{name: getattr(answer, name) for name in STAMPS},
        }


def line(values: Any) -> str:
    written = StringIO()
    csv.writer(written).writerow([harmless(value) for value in values])
    return written.getvalue()


def harmless(value: Any) -> Any:
    """A text that would be run as a formula, as a text."""
    if isinstance(value, str) and value.startswith(FORMULA):
        return f"'{value}"
    return value
