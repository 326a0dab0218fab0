"""Comparison of stored answers with what users received and what the provider sent."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from bench.storm.people import Notes
from chatapp.markdown import render
from tests.resilience import stored
from tests.resilience.watched import words_of
from tests.sandbox_process import SandboxProcess
from tests.site_process import Site

LABELS = ("complete", "stopped", "interrupted", "failed")
REFUSED = "refused"  # a refusal is no content: the provider's log has none of it


@dataclass
class Count:
    answers: int = 0
    unlabelled: int = 0
    prompts_lost: int = 0
    wrong: int = 0
    ratings_lost: int = 0
    twice: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    findings: list[str] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        return bool(self.answers) and not (
            self.unlabelled or self.prompts_lost or self.wrong or self.ratings_lost or self.twice
        )

    def __str__(self) -> str:
        return (
            f"answers={self.answers} unlabelled={self.unlabelled}"
            f" prompts_lost={self.prompts_lost} wrong={self.wrong} twice={self.twice}"
        )


def audit(site: Site, sandbox: SandboxProcess, notes: Notes) -> Count:
    answers = {row["id"]: row for row in stored.answers(site)}
    sent = {each["helicone_id"]: each for each in sandbox.requests()}
    count = Count(answers=len(answers))
    for row in answers.values():
        count.statuses[f"{row['status']} {row['error']}".strip()] += 1
        if row["status"] not in LABELS:
            count.unlabelled += 1
            count.findings.append(f"unlabelled: {row['id']} is {row['status']}")
        if problem := text_problem(row, sent.get(row["helicone_id"])):
            count.wrong += 1
            count.findings.append(f"wrong: {row['id']} {row['status']} {row['error']}: {problem}")
    count_lost(count, site, answers, notes)
    for answer, words in notes.shown:
        if problem := shown_problem(words, answers.get(answer), list(sent.values())):
            count.wrong += 1
            count.findings.append(f"shown wrong: {answer}: {problem}")
    return count


def text_problem(row: stored.Row, request: dict[str, Any] | None) -> str:
    if row["error"] == REFUSED:
        return "" if row["text"] else "a refusal without a word"
    if request is None:
        return "text from nowhere" if row["text"] else ""
    if row["status"] == "complete":
        right = row["text"] == request["sent_text"] and request["complete"]
    else:
        right = request["sent_text"].startswith(row["text"])
    return "" if right else f"{row['text'][-80:]!r} against {request['sent_text'][-80:]!r}"


def shown_problem(words: str, row: stored.Row | None, requests: list[dict[str, Any]]) -> str:
    """A page may have shown more than a killed server stored (who was killed within the first
    second stored not even the request's id), but nothing that was not sent for it."""
    if not words or row is None or row["error"] == REFUSED:
        return ""
    own, session = row["helicone_id"], row["conversation_id"]
    said = [
        each["sent_text"]
        for each in requests
        if (each["helicone_id"] == own if own else each["session"]["id"] == session)
    ]
    right = any(" ".join(words_of(render(text))).startswith(words) for text in said)
    return "" if right else f"…{words[-80:]!r} is the beginning of nothing that was sent"


def count_lost(count: Count, site: Site, answers: dict[str, stored.Row], notes: Notes) -> None:
    questions = {row["id"]: row for row in stored.questions(site)}
    for text, answer in notes.accepted:
        row = answers.get(answer)
        question = questions.get(row["parent_id"]) if row else None
        if question is None or (text and question["text"] != text):
            count.prompts_lost += 1
            count.findings.append(f"prompt lost: {text} {answer}")
    count_twice(count, questions.values())
    kept = {row["message_id"] for row in stored.rows(site, "SELECT * FROM feedback_rating")}
    lost = set(notes.rated) - kept
    count.ratings_lost = len(lost)
    count.findings += [f"rating lost: {answer}" for answer in lost]


def count_twice(count: Count, questions: Iterable[stored.Row]) -> None:
    """Count questions stored twice, except first ones, whose response with the cookie was lost."""
    asked = Counter(row["text"] for row in questions)
    for text, times in asked.items():
        if times > 1 and not text.startswith("Question 1 of "):
            count.twice += 1
            count.findings.append(f"asked once, stored {times} times: {text}")
