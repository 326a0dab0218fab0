"""Rated answers as JSONL, for programs: a line each, with all that led to it and all stamps.

The last line is a count. A file without it is not whole.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from chatapp.models import Message, User
from feedback.export.rows import Row

STAMPS = (
    *("status", "finish_reason", "prompt_tokens", "completion_tokens", "first_token_ms"),
    *("duration_ms", "left_out", "error", "request_id", "helicone_id"),
)
Named = Callable[[User], str]


class Lines:
    content_type = "application/jsonl; charset=utf-8"

    def __init__(self, named: Named) -> None:
        self.named = named

    def head(self, rows: int) -> str:
        self.rows = rows
        return ""

    def line(self, number: int, row: Row) -> str:
        return as_line(
            {
                "messages": messages(row),
                "answer": row.answer.text,
                "rating": {**rating(row), "person": self.named(row.rating.user)},
                "review": review(row),
                "prompt_version": version(row),
                "stamps": stamps(row),
            }
        )

    def foot(self, number: int) -> str:
        """How many lines came before this one; fewer than were found, where some were deleted
        meanwhile."""
        return as_line({"end": {"rows": number, "found": self.rows}})


def messages(row: Row) -> list[dict[str, Any]]:
    """As the model was given them; of an image, what it was said to show."""
    instructions = row.version.instructions if row.version else ""
    return [
        *([{"role": "system", "content": instructions}] if instructions else []),
        *(message(said) for said in row.said),
    ]


def message(said: Message) -> dict[str, Any]:
    shown = [image["alt"] for image in said.images]
    return {"role": said.role, "content": said.text, **({"images": shown} if shown else {})}


def rating(row: Row) -> dict[str, Any]:
    given = row.rating
    return {
        "id": given.pk,
        "thumb": row.thumb or None,
        "reasons": [reason.slug for reason in given.reasons.all()],
        "comment": given.comment,
        "correction": given.correction,
        "has_drifted": given.has_drifted,
        "revision": given.revision,
        "first_rated_at": given.created_at,
        "rated_at": given.updated_at,
    }


def review(row: Row) -> dict[str, Any] | None:
    if (made := row.review) is None:
        return None
    return {
        "status": made.status,
        "verdict": made.verdict,
        "category": made.category.slug if made.category else "",
        "assignee": str(made.assignee or ""),
        "note": made.note,
        "corrected_answer": made.correction,
    }


def version(row: Row) -> dict[str, Any] | None:
    if (made_by := row.version) is None:
        return None
    return {
        "assistant": made_by.assistant.slug,
        "number": made_by.number,
        "digest": made_by.digest,
        "instructions": made_by.instructions,
    }


def stamps(row: Row) -> dict[str, Any]:
    answer = row.answer
    return {
        "answer_id": answer.pk,
        "conversation_id": answer.conversation_id,
        "answered_at": answer.created_at,
        "model": answer.model,
        "parameters": answer.parameters,
        **{name: getattr(answer, name) for name in STAMPS},
    }


def as_line(data: Any) -> str:
    return json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False) + "\n"
