"""Composition of a whole answer, before any of it is sent."""

from dataclasses import dataclass, replace

from sandbox import models
from sandbox.faults import Faults
from sandbox.pictures import description
from sandbox.prompts import Prompt

_REFUSAL = "I'm sorry, but I can't help with that."
_REASONING = "The question has to be understood first. Then comes what speaks for an answer."
_HUGE_TOKEN = 1000  # characters per token of a huge answer, so that sending it is cheap


@dataclass(frozen=True)
class Answer:
    text: str
    finish_reason: str = "stop"
    refusal: str | None = None
    reasoning: str = ""
    pieces: tuple[str, ...] | None = None

    def tokens(self) -> list[str]:
        return list(self.pieces) if self.pieces is not None else models.tokens(self.text)


def compose(prompt: Prompt, faults: Faults) -> Answer:
    if "refusal" in faults:
        return Answer("", refusal=_REFUSAL)
    if "empty" in faults:
        return Answer("")
    if "huge" in faults:
        return _huge(int(faults["huge"]))
    text = description(prompt.pictures) + models.answer(
        prompt.model, prompt.user_texts, prompt.seed
    )
    if "tokens" in faults:
        text = models.stretched(text, int(faults["tokens"]))
    for kind, opening in (("think", "<think>\n"), ("think_end", "")):
        if kind in faults:
            text = f"{opening}{_reasoning(faults[kind])}\n</think>\n\n{text}"
    answer = _limited(text, prompt, faults)
    return replace(answer, reasoning=_reasoning(faults.get("reasoning", 0)))


def _reasoning(count: float) -> str:
    return models.stretched(_REASONING, int(count))


def _limited(text: str, prompt: Prompt, faults: Faults) -> Answer:
    for reason in ("length", "content_filter"):
        if reason in faults:
            return Answer("".join(models.tokens(text)[: int(faults[reason])]), reason)
    pieces = models.tokens(text)
    if prompt.limit is not None and len(pieces) > prompt.limit:
        return Answer("".join(pieces[: prompt.limit]), "length")
    return Answer(text)


def _huge(characters: int) -> Answer:
    line = "All work and no play makes Jack a dull boy. " * 2 + "\n"
    text = (line * (characters // len(line) + 1))[:characters]
    pieces = [text[at : at + _HUGE_TOKEN] for at in range(0, len(text), _HUGE_TOKEN)]
    return Answer(text, pieces=tuple(pieces))
