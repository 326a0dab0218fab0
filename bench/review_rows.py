"""Ratings by the million, with what they are about, copied into PostgreSQL within minutes.

A year of them, in which prompt versions come and go and a team decides on what is older: what a
filter looks for is often long ago, which is what makes a list slow. Answers that nobody rated
are not made. Fixed by a seed.
"""

from __future__ import annotations

import random
from bisect import bisect
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from typing import Any

DAYS = 365
VERSIONS, MODELS = 8, ["gpt-5.4-mini", "gpt-5.4", "claude-5-haiku", "llama-4", "mistral-4"]
ASSISTANTS = ["Assistant", "Desk", "Shop", "Law", "Code", "Tutor"]
RARE, SOME, COMMON, NOWHERE = "zyzzyva", "ulm", "danube", "qwxyz"
# Without spaces: one that some have, and two characters that many have side by side.
CHINESE, ADJACENT = "中国", "一万"
TABLES = (
    "chatapp_message", "chatapp_conversation", "feedback_rating", "feedback_review",
    "feedback_delivery", "feedback_rating_reasons", "feedback_words", "chatapp_user",
)  # fmt: skip


def sentences(rng: random.Random, number: int = 20_000) -> list[str]:
    """Of words that are as unevenly frequent as words are; every twentieth without spaces."""
    letters = "abcdefghiklmnoprstuvw"
    vocabulary = ["".join(rng.choices(letters, k=rng.randint(2, 9))) for _ in range(15_000)]
    weights = list(accumulate(1 / (rank + 3) for rank in range(len(vocabulary))))
    made = [
        rng.choices(vocabulary, cum_weights=weights, k=rng.randint(8, 20)) for _ in range(number)
    ]
    for words in made:
        if rng.random() < 0.08:
            words[0] = COMMON
        if rng.random() < 0.002:
            words[1] = SOME
    signs = [chr(0x4E00 + 7 * rank) for rank in range(2_000)]
    for words in made[::20]:
        words[:] = ["".join(rng.choices(signs, cum_weights=weights[:2_000], k=40))]
        if rng.random() < 0.1:
            words.append(CHINESE)
    return [" ".join(words).capitalize() + "." for words in made]


def chosen(rng: random.Random, weights: dict[str, float]) -> Callable[[], str]:
    names, sums = list(weights), list(accumulate(weights.values()))
    return lambda: names[bisect(sums, rng.random() * sums[-1])]


class Rows:
    """All rows of `ratings` ratings, as lines for COPY; None is \\N."""

    def __init__(self, ratings: int, known: dict[str, Any], seed: int = 1) -> None:
        self.ratings, self.known, self.rng = ratings, known, random.Random(seed)
        self.people = max(ratings // 50, 20)
        self.start = datetime.now(UTC) - timedelta(days=DAYS)
        self.said = sentences(self.rng)
        self.state = chosen(self.rng, {"due": 4, "posted": 3, "seen": 3, "settled": 90})
        self.fate = chosen(
            self.rng, {"new": 60, "no-action": 22, "fixed": 10, "needs-work": 6, "in-review": 2}
        )
        self.uuid = lambda: f"{self.rng.getrandbits(128):032x}"

    def users(self) -> Iterator[str]:
        first, now = self.known["first_person"], self.start.isoformat()
        for pk in range(first, first + self.people):
            guest = pk % 5 < 3
            name = f"guest-{self.uuid()}" if guest else f"person{pk}"
            mail = "" if guest else f"person{pk}@example.org"
            yield line(
                pk, "!", "f", name, "", "", mail, "f", "t", now, self.uuid(), "t" if guest else "f"
            )

    def all(self) -> Iterator[tuple[str, str]]:
        """(table, line), a conversation of two rated answers after the other."""
        conversation = user = ""
        for pk in range(1, self.ratings + 1):
            age = 1 - pk / self.ratings
            at = (self.start + timedelta(days=DAYS) * (pk / self.ratings)).isoformat()
            if pk % 2:
                conversation = self.uuid()
                user = self.known["first_person"] + int(self.people * self.rng.random() ** 2)
                kind = int(len(ASSISTANTS) * self.rng.random() ** 2)
                hidden = self.rng.random() < 0.01
                gone = at if hidden else None
                assistant = self.known["assistants"][kind]
                yield (
                    "chatapp_conversation",
                    line(conversation, user, assistant, "Talk", "first line", at, at, gone, "f"),
                )
            number = min(int((1 - age) * VERSIONS), VERSIONS - 1)
            version, model = self.known["versions"][kind, number]
            yield from self.rating(
                pk, age, at, conversation, user, assistant, version, model, hidden
            )

    def rating(
        self, pk: int, age: float, at: str, conversation: str, user: Any, assistant: int,
        version: int, model: str, hidden: bool,
    ) -> Iterator[tuple[str, str]]:  # fmt: skip
        rng, question, answer = self.rng, self.uuid(), self.uuid()
        asked, text = rng.choice(self.said), " ".join(rng.choices(self.said, k=rng.randint(2, 5)))
        if pk % 20_000 == 77:
            text += f" {RARE}"
        yield (
            "chatapp_message",
            line(question, conversation, None, "user", asked, "complete", at, None, "", "{}", None),
        )
        yield "chatapp_message", line(
            answer, conversation, question, "assistant", text, "complete", at, version, model,
            '{"temperature": 0.2}', self.uuid(),
        )  # fmt: skip
        value = rng.choices([1, -1, None], [62, 35, 3])[0]
        comment = rng.choice(self.said) if value and rng.random() < 0.12 else ""
        drifted, guest = rng.random() < 0.002, user % 5 < 3
        yield "feedback_rating", line(
            pk, answer, user, value, comment, "", 1, "0" * 64, flag(drifted), at, at,
            assistant, version, model, flag(guest), flag(hidden),
        )  # fmt: skip
        yield "feedback_review", self.review(pk, value, age)
        yield "feedback_delivery", self.delivery(pk, age, at)
        if value and rng.random() < 0.4:
            for reason in self.reasons(value, age):
                yield "feedback_rating_reasons", line(pk, reason)

    def review(self, pk: int, value: int | None, age: float) -> str:
        rng, status = self.rng, self.fate() if age > 0.15 else "new"
        if age < 0.15 and rng.random() < 0.02:
            status = "in-review"
        decided = status != "new"
        verdict = rng.choice(["agree", "disagree", "unclear"]) if decided else ""
        failed = decided and value == -1 and rng.random() < 0.6
        category = rng.choice(self.known["categories"]) if failed else None
        helped = rng.random() < 0.1
        assignee = rng.choice(self.known["reviewers"]) if helped else None
        if rng.random() < 0.0005:
            assignee = self.known["lead"]
        signals = rng.choice([-2, 1, 2, 3, 3, 5]) if rng.random() < 0.08 else 0
        blind = "open" if status == "new" and rng.random() < 0.05 else ""
        return line(pk, pk, status, verdict, category, assignee, "", "", value, signals, blind)

    def delivery(self, pk: int, age: float, at: str) -> str:
        state = "settled" if age > 0.01 else self.state()
        if self.rng.random() < 0.004:
            state = "failed"
        elif 0.6 < age < 0.64:
            state = "nowhere"
        call = "read" if state in ("due", "posted", "seen") else ""
        return line(pk, pk, state, call, at, at, 1, at, "", "{}", 0, "")

    def reasons(self, value: int, age: float) -> list[int]:
        """One or two; the last of each side was retired long ago."""
        offered = self.known["reasons"][value][: None if age > 0.7 else -1]
        return self.rng.sample(offered, self.rng.choice([1, 1, 1, 2]))


def flag(true: bool) -> str:
    return "t" if true else "f"


def line(*cells: Any) -> str:
    return "\t".join("\\N" if cell is None else str(cell) for cell in cells) + "\n"


COLUMNS = {
    "chatapp_user": "id, password, is_superuser, username, first_name, last_name, email, is_staff, "
    "is_active, date_joined, uid, is_guest",
    "chatapp_conversation": "id, user_id, assistant_id, title, titled_by, created_at, updated_at, "
    "deleted_at, is_temporary",
    "chatapp_message": "id, conversation_id, parent_id, role, text, status, created_at, "
    "prompt_version_id, model, parameters, helicone_id",
    "feedback_rating": "id, message_id, user_id, value, comment, correction, revision, evidence, "
    "has_drifted, created_at, updated_at, assistant_id, version_id, model, by_guest, is_hidden",
    "feedback_review": "id, rating_id, status, verdict, category_id, assignee_id, note, "
    "correction, thumb, signals, blind",
    "feedback_delivery": "id, rating_id, state, call, due_at, wanted_at, revision, held_until, "
    "sent, shown_properties, attempts, last_error",
    "feedback_rating_reasons": "rating_id, reason_id",
}
