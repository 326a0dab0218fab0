"""Rated answers as JSONL, for programs: a line each, with all that led to it and all stamps.

The last line is a count. A file without it is not whole.
"""

from __future__ import annotations

import json
from datetime import datetime
from functools import lru_cache
from operator import attrgetter
from typing import Any
from uuid import UUID

from feedback.export.history import NONE, HistoryMessage
from feedback.export.rows import STAMPS, Named, Row

stamped = attrgetter(*(f"message__{name}" for name in STAMPS))
loaded = lru_cache(json.loads)


class JsonlWriter:
    content_type = "application/jsonl; charset=utf-8"
    # With all that was said before.
    whole = True

    def __init__(self, named: Named) -> None:
        self.named = named

    def head(self) -> str:
        return ""

    def line(self, number: int, of: int, row: Row) -> str:
        return as_line(
            {
                "messages": messages(row),
                "answer": row.given.message__text,
                "rating": rating(row),
                "review": review(row),
                "prompt_version": version(row),
                "stamps": stamps(row),
            }
        )

    def foot(self, number: int, of: int) -> str:
        """How many lines came before this one; fewer than were found, where some were deleted
        meanwhile."""
        return as_line({"end": {"rows": number, "found": of}})


def messages(row: Row) -> list[dict[str, Any]]:
    """As the model was given them; of an image, what it was said to show."""
    instructions = row.version.instructions if row.version else ""
    return [
        *([{"role": "system", "content": instructions}] if instructions else []),
        *(message(said) for said in row.said),
    ]


def message(said: HistoryMessage) -> dict[str, Any]:
    shown = [] if said.images == NONE else [image["alt"] for image in json.loads(said.images)]
    return {"role": said.role, "content": said.text, **({"images": shown} if shown else {})}


def rating(row: Row) -> dict[str, Any]:
    given = row.given
    return {
        "id": given.pk,
        "thumb": row.thumb or None,
        "reasons": row.reasons,
        "comment": given.comment,
        "correction": given.correction,
        "has_drifted": given.has_drifted,
        "revision": given.revision,
        "first_rated_at": given.created_at,
        "rated_at": given.updated_at,
        "person": row.person,
    }


def review(row: Row) -> dict[str, Any] | None:
    given = row.given
    if given.review__pk is None:
        return None
    return {
        "status": given.review__status,
        "verdict": given.review__verdict,
        "category": given.review__category__slug or "",
        "assignee": given.review__assignee__username or "",
        "note": given.review__note,
        "corrected_answer": given.review__correction,
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
    given = row.given
    return {
        "answer_id": given.message_id,
        "conversation_id": given.message__conversation_id,
        "answered_at": given.message__created_at,
        "model": given.message__model,
        "parameters": loaded(given.parameters),
        **dict(zip(STAMPS, stamped(given), strict=True)),
    }


def plain(value: UUID | datetime) -> str:
    """As Django's own encoder has it, which first asks whether it is anything else."""
    if isinstance(value, UUID):
        return str(value)
    moment = value.isoformat()
    moment = moment[:23] + moment[26:] if value.microsecond else moment
    return f"{moment.removesuffix('+00:00')}Z" if moment.endswith("+00:00") else moment


as_json = json.JSONEncoder(ensure_ascii=False, default=plain).encode


def as_line(data: Any) -> str:
    return f"{as_json(data)}\n"
