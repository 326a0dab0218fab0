"""Fault injection: for one request by a header or inside the message, for many by rules.

A directive in the user's message looks like ``[[fault status=429 retry_after=7]]`` or, in
short, ``[[cut=30]]``; several may be combined. The header is ``Sandbox-Fault: status=500;
delay=2``. ``times=2`` limits a directive to the first two requests that carry the same message,
so that trying again succeeds.
"""

import random
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

# name -> (default of a bare word, what it does)
KINDS: dict[str, tuple[float, str]] = {
    "status": (500, "answer with this status"),
    "retry_after": (1, "seconds in Retry-After, together with a status"),
    "wait": (5, "seconds before anything of the answer, headers included"),
    "delay": (5, "seconds before the first token, or before an API call is carried out"),
    "stall": (10, "stop after this many tokens..."),
    "stall_seconds": (0, "...for so long; 0: for ever"),
    "cut": (10, "close the connection after this many tokens, or instead of an API's answer"),
    "reset": (10, "the same, with a TCP reset"),
    "malformed": (3, "the chunk after this many tokens is no JSON"),
    "drop": (1, "carry an API call out, then close the connection without an answer"),
    "hang": (1, "never answer"),
    "hang_after": (1, "carry an API call out, then never answer"),
    "empty": (1, "an answer without any text"),
    "length": (5, "cut the answer off after this many tokens, finish_reason length"),
    "content_filter": (5, "the same, finish_reason content_filter"),
    "refusal": (1, "a refusal instead of content"),
    "huge": (1_000_000, "an answer of this many characters"),
    "tokens": (200, "an answer of exactly this many tokens"),
    "tps": (5, "tokens per second"),
    "reasoning": (20, "as many tokens of reasoning_content before the answer"),
    "think": (20, "the same inside <think>…</think>, as part of the text"),
    "think_end": (20, "the same without the opening tag"),
    "error_chunk": (3, "an error object in the stream after this many tokens"),
    "no_done": (1, "end the stream without [DONE]"),
    "moderation": (1, "Helicone's moderation refuses"),
    "repeat": (1, "with a status: the error repeats headers and prompt; 2: as plain text"),
    "threat": (1, "Helicone's prompt security refuses"),
}
_ON = ("*", "completion", "rate", "score", "property", "query", "request")
_PARAMETERS = ("times",)
_DIRECTIVE = re.compile(r"\[\[\s*(fault\b)?([^\[\]]*)\]\]")
_ITEM = re.compile(r"([a-z_]+)(?:=([0-9.]+))?")

Faults = dict[str, float]


def parse(text: str) -> Faults:
    """Parse ``"status=500; delay=2"`` as numbers by name. Raises ValueError for other text."""
    faults: Faults = {}
    for item in re.split(r"[;,\s]+", text.strip()):
        found = _ITEM.fullmatch(item)
        if not found or found[1] not in (*KINDS, *_PARAMETERS):
            raise ValueError(f"There is no fault {item!r}. Known: {', '.join(KINDS)}.")
        faults[found[1]] = float(found[2]) if found[2] else KINDS.get(found[1], (1, ""))[0]
    return faults


def split_directives(text: str) -> tuple[str, Faults]:
    """The text without its directives, and their faults. Other [[brackets]] stay."""
    ordered: Faults = {}

    def collect(found: re.Match[str]) -> str:
        try:
            ordered.update(parse(found[2]))
        except ValueError:
            if found[1]:
                raise
            return found[0]
        return ""

    rest = _DIRECTIVE.sub(collect, text)
    return (rest.strip(), ordered) if ordered else (text, ordered)


@dataclass
class Rule:
    """One fault for a share of the calls of one kind."""

    on: str  # one of _ON
    faults: Faults
    probability: float = 1.0
    count: int | None = None  # how often at most; None: no limit
    hits: int = 0

    @classmethod
    def from_json(cls, data: Any) -> "Rule":
        """From ``{"on": "rate", "fault": "status=500", "probability": 0.1, "count": 3}``."""
        if not isinstance(data, dict) or not data.keys() <= {"on", "fault", "probability", "count"}:
            raise ValueError("A rule has on, fault, probability and count.")
        if data.get("on", "*") not in _ON:
            raise ValueError(f"A rule is on one of {', '.join(_ON)}.")
        return cls(
            str(data.get("on", "*")),
            parse(str(data.get("fault", ""))),
            float(data.get("probability", 1.0)),
            None if data.get("count") is None else int(data["count"]),
        )

    def applies(self, on: str, rng: random.Random) -> bool:
        if self.on not in ("*", on) or (self.count is not None and self.hits >= self.count):
            return False
        if self.probability < 1 and rng.random() >= self.probability:
            return False
        self.hits += 1
        return True


@dataclass
class FaultRules:
    """The active rules, and counters of the directives already applied."""

    rules: list[Rule] = field(default_factory=list)
    rng: random.Random = field(default_factory=random.Random)
    seen: Counter[str] = field(default_factory=Counter)

    def clear(self) -> None:
        self.__init__()  # type: ignore[misc]

    def roll(self, on: str) -> Faults:
        """The faults of this call by the rules, each rolled by itself; several add up."""
        faults: Faults = {}
        for rule in self.rules:
            if rule.applies(on, self.rng):
                faults |= rule.faults
        return faults

    def ordered(self, faults: Faults, source: str) -> Faults:
        """Directives that still apply: `times` counts per `source` (user and text)."""
        if "times" not in faults:
            return faults
        self.seen[source] += 1
        return faults if self.seen[source] <= faults["times"] else {}
