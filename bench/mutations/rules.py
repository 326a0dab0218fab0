"""The rules of the delivery protocol, and a change of the code that breaks each of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
STATE_MACHINE = "feedback/models/outbox/state_machine.py"
OUTCOME = "feedback/models/outbox/outcome.py"
OUTBOX = "feedback/models/outbox/delivery.py"
REVIEW_SCORE = "feedback/models/outbox/review_score.py"
DESIRED_STATE = "feedback/models/outbox/desired_state.py"
READ_BACK = "helicone/read_back.py"
CALLS = "helicone/calls.py"


@dataclass(frozen=True)
class Mutation:
    """A rule in words, and the change that breaks it: `was` occurs exactly once in the file."""

    rule: str
    file: str
    was: str
    becomes: str

    def apply(self, source: str) -> str:
        """The mutated source. Raises ValueError where `was` is missing or ambiguous."""
        if source.count(self.was) != 1:
            raise ValueError(f"{self.was!r} occurs {source.count(self.was)} times in {self.file}.")
        changed = source.replace(self.was, self.becomes)
        compile(changed, self.file, "exec")
        return changed


BY_FILE = {
    STATE_MACHINE: [
        (
            "settle only when no older thumb's second write can come",
            "return other + window() if other else None",
            "return None",
        ),
        (
            "count the window from the latest moment of arrival",
            "return other + window() if other else None",
            "return other",
        ),
        ("a fifth of slack on the window", "SECONDS * 1.2", "SECONDS * 1.0"),
        (
            "wait for the other thumb's second write, not one's own",
            "{1: self.down_sent_at, -1: self.up_sent_at}",
            "{1: self.up_sent_at, -1: self.down_sent_at}",
        ),
        (
            "settle by a query sent after the window, not answered after it",
            "risk <= asked_at",
            "risk <= now",
        ),
        (
            "read again only when the window is over",
            "self.to(State.SEEN, Call.READ, risk)",
            "self.to(State.SEEN, Call.READ, now)",
        ),
        ("what was seen isn't settled yet", "if risk is None or risk <= asked_at:", "if True:"),
        (
            "send nothing before the request is ingested",
            "if self.state == State.DUE and self.ingested_at:",
            "if self.state == State.DUE:",
        ),
        (
            "a post that was answered isn't believed",
            "self.to(State.POSTED, Call.READ, now + QUIET)",
            'self.to(State.SETTLED, "", now)',
        ),
        ("send the thumb that isn't shown", "self.shown != desired.value or ", ""),
        (
            "send again where another thumb was sent after the shown one",
            " or self.last_value != desired.value",
            "",
        ),
        ("mark a withdrawn thumb", '"true" if desired.value is None else ""', '""'),
        (
            "clear the mark for a new thumb",
            "wanted = {**desired.properties, WITHDRAWN:",
            "if desired.value:\n            return None\n        wanted = {**desired.properties, WITHDRAWN:",
        ),
        (
            "what was never sent is withdrawn without a call",
            "desired.value is None and self.last_value is None",
            "desired.value is None",
        ),
        (
            "the last thumb is the one that may have arrived last",
            "return max(sent,",
            "return min(sent,",
        ),
        (
            "store what may have been sent before it is sent",
            "        self.sent = send.what\n        self._may_have_arrived(send, latest)\n",
            "        self.sent = send.what\n",
        ),
        ("two quiet seconds after an answer", "self.release(now + QUIET)", "self.release(now)"),
        (
            "wait for a call without an answer to arrive late",
            "self.release(now + LATE + QUIET)",
            "self.release(now + QUIET)",
        ),
        (
            "two quiet seconds after a late arrival",
            "self.release(now + LATE + QUIET)",
            "self.release(now + LATE)",
        ),
        (
            "a call without an answer may have arrived later than now",
            "self._may_have_arrived(send, now + LATE)",
            "self._may_have_arrived(send, now)",
        ),
        (
            "look again for a write before it is sent again",
            "elif self._may_still_appear(missing, now):",
            "elif False:",
        ),
        (
            "a thumb that no post of ours explains was posted just now",
            "        self._explain_shown(now)\n",
            "",
        ),
        (
            "a failure is tried again after a pause",
            "now + backoff_delay(self.attempts)",
            "now",
        ),
        ("the pause doubles with each failure", "        self.attempts += 1\n", ""),
        (
            "what was posted is read back even after 30 days",
            "if reason and self.state == State.DUE:",
            "if reason:",
        ),
        (
            "two quiet seconds, not one",
            "QUIET = timedelta(seconds=2)",
            "QUIET = timedelta(seconds=1)",
        ),
        (
            "a call that was given up may arrive five seconds later",
            "LATE = timedelta(seconds=5)",
            "LATE = timedelta(seconds=0)",
        ),
    ],
    OUTCOME: [
        (
            "a post of which no answer came may have arrived",
            "            row.on_unanswered(step, now)\n",
            "            row.release(now)\n",
        ),
        (
            "a page that isn't Helicone's is no answer",
            " and not isinstance(self.error, UnexpectedAnswer)",
            "",
        ),
        (
            "a 500 may have been stored all the same",
            "            row.on_answered(step, now)\n",
            "            row.release(now)\n",
        ),
        (
            "facts hold even if the rating changed meanwhile",
            "        self._facts(row, now)\n        if row.revision == self.job.revision:\n",
            "        if row.revision == self.job.revision:\n            self._facts(row, now)\n",
        ),
        (
            "verdicts don't hold if the rating changed meanwhile",
            "if row.revision == self.job.revision:",
            "if True:",
        ),
        ("a query counts from when it was claimed", "self.job.claimed_at, now", "now, now"),
        ("a refused key fails no rating", "if self.blames_circuit:", "if False:"),
        (
            "a query that is refused fails no rating",
            "PermanentError) and isinstance(self.job.step, SendStep)",
            "PermanentError)",
        ),
        ("wait as long as Helicone says", "max(self.slow_down, QUIET)", "QUIET"),
        (
            "an address that nobody knows fails no rating",
            "return error.status not in (400, 413, 422)",
            "return False",
        ),
        ("a key without the right fails no rating", "BadKey | NotAllowed", "BadKey"),
        (
            "what Helicone refuses for good isn't tried again",
            "elif isinstance(error, PermanentError) and isinstance(self.job.step, SendStep):",
            "elif False:",
        ),
    ],
    OUTBOX: [
        (
            "the lease outlives the call's timeout",
            "seconds=3 * settings.HELICONE_TIMEOUT",
            "seconds=1",
        ),
        (
            "the lease of a post outlives its late arrival",
            "now + lease() + LATE + QUIET",
            "now + lease()",
        ),
        (
            "a worker that dies leaves behind what it may have sent",
            "            self.record_sending(step, now + lease() + LATE)\n",
            "",
        ),
        (
            "who dies may have sent as late as the lease allows",
            "self.record_sending(step, now + lease() + LATE)",
            "self.record_sending(step, now)",
        ),
        ("what one worker holds no other gets", ", held_until__lte=now", ""),
        ("nothing is claimed before it is due", "due_at__lte=now, ", ""),
        (
            "whoever lost its lease isn't believed",
            "if row and row.holder == outcome.job.holder:",
            "if row:",
        ),
        ("a change raises the revision", 'models.F("revision") + 1', 'models.F("revision")'),
        (
            "a withdrawn thumb is wanted as withdrawn",
            "rating.value, properties_of(rating)",
            "rating.value or 1, properties_of(rating)",
        ),
    ],
    REVIEW_SCORE: [
        (
            "settle only when no other review score can come back",
            "[at + window for score, at in times.items() if score != desired.review]",
            "[]",
        ),
        (
            "a review score is withdrawn only where one may have been sent",
            "(score == UNREVIEWED and last is None)",
            "(score == UNREVIEWED and False)",
        ),
        (
            "a review score that is shown is sent again after another one",
            "self.shown_review == score == last",
            "self.shown_review == score",
        ),
        (
            "a review score that no post of ours explains was just sent",
            "known is None or (",
            "known is not None and (",
        ),
        (
            "a review score of another scale is none of ours",
            "int(shown) if shown in SENT_AT else None",
            "int(shown) if shown else None",
        ),
    ],
    DESIRED_STATE: [
        ("an id of another version than 1 to 5 can't arrive", "range(1, 6)", "range(1, 9)"),
        ("after 30 days nothing can arrive", "days=30", "days=31"),
    ],
    READ_BACK: [
        (
            "what an answer lacks is queried again",
            "if not missing or (not new and queries > 1):",
            "if True:",
        ),
        (
            "only two answers that show a known request prove that others are missing",
            "if witnessed > 1 else",
            "if True else",
        ),
        ("each query includes a known request", "[witness] if witness else []", "[]"),
        ("the second query has the opposite order", 'cycle(("desc", "asc"))', 'cycle(("desc",))'),
        (
            "an answer without the known request proves nothing",
            "witnessed + 1 if witness in shown else min(len(shown), 1)",
            "witnessed + 1",
        ),
    ],
    CALLS: [
        ("a query has the largest limit", '"limit": MAX_ROWS,', '"limit": len(list(ids)),'),
        ("an id is sent in lower case", "{about}/feedback", "{about.upper()}/feedback"),
    ],
}
MUTATIONS = [
    Mutation(rule, file, was, becomes)
    for file, rules in BY_FILE.items()
    for rule, was, becomes in rules
]
