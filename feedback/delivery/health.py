"""Health of the connection to Helicone as one worker sees it; each change is logged once."""

from __future__ import annotations

import enum
import logging
from collections.abc import Sequence

from feedback.chat.models import Origin
from feedback.models import Rating
from feedback.models.outbox.outcome import Outcome
from feedback.models.outbox.state_machine import Call
from helicone import NoAnswer, ServerError, UnexpectedAnswer

log = logging.getLogger(__name__)

# Single calls fail at any time; so many in a row, with none that succeeds, are an outage.
FAILURES = 3


class State(enum.Enum):
    """State of the connection to Helicone; each value is the log message on entering it."""

    WELL = "Helicone is reached and takes the key again; ratings are delivered."
    UNREACHABLE = "Helicone can't be reached; ratings wait."
    REFUSED = "Helicone refuses the key or the address; ratings wait."


class Health:
    """State of the connection, derived from the outcomes of one worker's calls."""

    def __init__(self) -> None:
        self.state = State.WELL
        self.failures = 0
        self.refused_call: Call | None = None
        self.answers_have_ids = True

    def record(self, outcomes: Sequence[Outcome]) -> None:
        """Update the state by these outcomes. An error shared by several counts once."""
        refused = next((outcome for outcome in outcomes if outcome.blames_circuit), None)
        if refused:
            self.refused_call = refused.call
            self._enter(State.REFUSED, refused.error)
        elif any(self._proves_well(outcome) for outcome in outcomes):
            self.failures = 0
            self._enter(State.WELL)
        else:
            failed = {id(o.error): o.error for o in outcomes if is_outage(o.error)}
            self.failures += len(failed)
            if failed and self.failures >= FAILURES:
                self._enter(State.UNREACHABLE, next(iter(failed.values())))

    def record_ids(self, have: bool | None) -> None:
        """Log whether rated answers have a Helicone id, if that changed; None if none is rated."""
        if have is None or have == self.answers_have_ids:
            return
        self.answers_have_ids = have
        if have:
            log.info("Answers have a Helicone id again.")
        else:
            log.warning(
                "Answers come without a Helicone id: the gateway is no Helicone, and their ratings"
                " have nowhere to go. See HELICONE_GATEWAY_URL."
            )

    def _proves_well(self, outcome: Outcome) -> bool:
        """Whether the outcome ends an outage; after a refusal, only a call of the refused kind."""
        fits = self.state is not State.REFUSED or outcome.call == self.refused_call
        return outcome.error is None and not outcome.unknown and fits

    def _enter(self, state: State, error: Exception | None = None) -> None:
        if state is self.state:
            return
        self.state = state
        if state is State.WELL:
            log.info(state.value)
        else:
            log.warning("%s %s", state.value, getattr(error, "summary", type(error).__name__))


def is_outage(error: Exception | None) -> bool:
    return isinstance(error, NoAnswer | ServerError | UnexpectedAnswer)


def newest_answer_has_id() -> bool | None:
    """Whether the newest of the last 20 rated answers has a Helicone id; None if none is rated."""
    rated = Rating.objects.filter(origin=Origin.of_site()).order_by("-pk")
    answers = rated.values_list("message__created_at", "message__helicone_id")
    newest = max(answers[:20], key=lambda answer: answer[0], default=None)
    return None if newest is None else newest[1] is not None
