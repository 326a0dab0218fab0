"""JSONL format for programs: one line per rated answer, with message history and metadata.

The last line has the number of rows; a file without it is incomplete.
"""

from __future__ import annotations

import json
from datetime import datetime
from functools import lru_cache
from operator import attrgetter
from typing import Any
from uuid import UUID

from feedback.chat.text import hidden_count
from feedback.export.history import NO_IMAGES, HistoryMessage
from feedback.export.rows import STAMPS, NameOf, Row

stamp_values = attrgetter(*(f"message__{name}" for name in STAMPS))
load_json = lru_cache(json.loads)


class JsonlWriter:
    content_type = "application/jsonl; charset=utf-8"
    # The message history: all of it.
    whole = True

    def __init__(self, name_of: NameOf) -> None:
        self.name_of = name_of

    def head(self) -> str:
        return ""

    def line(self, number: int, of: int, row: Row) -> str:
        return with_hidden_count(
            {
                "messages": messages(row),
                "answer": row.record.message__text,
                "thinking": row.record.message__thinking,
                "rating": rating(row),
                "review": review(row),
                "prompt_version": version(row),
                "stamps": stamps(row),
            }
        )

    def foot(self, number: int, of: int) -> str:
        """The last line: numbers of rows written and found; they differ by deletions meanwhile."""
        return as_line({"end": {"rows": number, "found": of}})


def messages(row: Row) -> list[dict[str, Any]]:
    """The messages as sent to the model; images are given by their descriptions."""
    instructions = row.version.instructions if row.version else ""
    return [
        *([{"role": "system", "content": instructions}] if instructions else []),
        *(message(entry) for entry in row.history),
    ]


def message(entry: HistoryMessage) -> dict[str, Any]:
    shown = (
        [] if entry.images == NO_IMAGES else [image["alt"] for image in json.loads(entry.images)]
    )
    return {"role": entry.role, "content": entry.text, **({"images": shown} if shown else {})}


def rating(row: Row) -> dict[str, Any]:
    record = row.record
    return {
        "id": record.pk,
        "thumb": row.thumb or None,
        "reasons": row.reasons,
        "comment": record.comment,
        "correction": record.correction,
        "has_drifted": record.has_drifted,
        "revision": record.revision,
        "first_rated_at": record.created_at,
        "rated_at": record.updated_at,
        "person": row.user_name,
    }


def review(row: Row) -> dict[str, Any] | None:
    record = row.record
    if record.review__pk is None:
        return None
    return {
        "status": record.review__status,
        "verdict": record.review__verdict,
        "category": record.review__category__slug or "",
        "assignee": record.review__assignee__username or "",
        "note": record.review__note,
        "corrected_answer": record.review__correction,
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
    record = row.record
    return {
        "answer_id": record.message_id,
        "conversation_id": record.message__conversation_id,
        "answered_at": record.message__created_at,
        "model": record.message__model,
        "parameters": load_json(record.parameters),
        **dict(zip(STAMPS, stamp_values(record), strict=True)),
    }


def encode_value(value: UUID | datetime) -> str:
    """JSON value as of DjangoJSONEncoder, which is slower: it checks for other types first."""
    if isinstance(value, UUID):
        return str(value)
    moment = value.isoformat()
    moment = moment[:23] + moment[26:] if value.microsecond else moment
    return f"{moment.removesuffix('+00:00')}Z" if moment.endswith("+00:00") else moment


as_json = json.JSONEncoder(ensure_ascii=False, default=encode_value).encode


def with_hidden_count(data: dict[str, Any]) -> str:
    """The line with the number of hidden characters in it, which the texts keep."""
    text = as_json(data)
    return f'{text[:-1]}, "hidden_characters": {hidden_count(text)}}}\n'


def as_line(data: Any) -> str:
    return f"{as_json(data)}\n"
