"""Rows of the log: requests, and the writes to their scores."""

from dataclasses import dataclass, field
from typing import Any

RATING = "helicone-score-feedback"


@dataclass(slots=True)
class Write:
    """Write of one score to a row; `turn` is 1, or 2 for its later repetition."""

    helicone_id: str
    organisation: str
    key: str
    value: int
    received_at: float
    due_at: float
    turn: int
    outcome: str = "pending"
    answered_at: float | None = None

    def as_dict(self) -> dict[str, Any]:
        return {
            "key": self.key,
            "value": self.value,
            "received_at": self.received_at,
            "answered_at": self.answered_at,
            "due_at": self.due_at,
            "turn": self.turn,
            "outcome": self.outcome,
        }


@dataclass(slots=True, eq=False)
class Request:
    """One completion through the gateway. A reused id makes another request."""

    number: int
    helicone_id: str
    organisation: str | None  # None: no valid key, so Helicone never logs it
    created_at: float
    ingest_at: float | None
    model: str
    user: str | None = None
    session: dict[str, str | None] = field(default_factory=dict)
    properties: dict[str, str] = field(default_factory=dict)
    messages: Any = None
    prompt: str | None = None
    status: int = 200
    sent_text: str = ""
    complete: bool = False
    finish_reason: str | None = None
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cache: str | None = None
    omitted: list[str] = field(default_factory=list)
    scores: dict[str, int] = field(default_factory=dict)
    version: int = -1
    version_key: str = ""
    stored_versions: int = 1  # not yet merged: each counts towards a query's limit

    def ingested(self, at: float) -> bool:
        return self.ingest_at is not None and self.ingest_at <= at

    @property
    def rating(self) -> bool | None:
        """The rating as a boolean; None for unrated and for a score of -1."""
        return {1: True, 0: False}.get(self.scores.get(RATING, -1))

    def as_dict(self, now: float, writes: list[Write]) -> dict[str, Any]:
        texts = {"sent_text": self.sent_text, "prompt": self.prompt, "messages": self.messages}
        if "request" in self.omitted:
            texts |= {"prompt": None, "messages": None}
        if "response" in self.omitted:
            texts["sent_text"] = None
        return texts | {
            "number": self.number,
            "helicone_id": self.helicone_id,
            "logged": self.organisation is not None,
            "organisation": self.organisation,
            "user": self.user,
            "session": self.session,
            "properties": self.properties,
            "model": self.model,
            "status": self.status,
            "complete": self.complete,
            "finish_reason": self.finish_reason,
            "prompt_tokens": self.prompt_tokens,
            "completion_tokens": self.completion_tokens,
            "cache": self.cache,
            "created_at": self.created_at,
            "ingest_at": self.ingest_at,
            "ingested_at": self.ingest_at if self.ingested(now) else None,
            "rating": self.rating,
            "scores": self.scores,
            "stored_versions": self.stored_versions,
            "writes": [write.as_dict() for write in writes],
        }
