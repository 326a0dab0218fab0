"""ThinkTags: thinking that a model writes into its text, between <think> and </think>."""

from __future__ import annotations

import io
import re

from chatapp.generation.events import CompletionEvent, Delta, TextWasThinking, Thinking

OPENING, CLOSING = ("<think>", "<thinking>"), ("</think>", "</thinking>")
TAG_AT_START = re.compile(r"\s*<(/?)think(?:ing)?>", re.IGNORECASE)
OPENING_TAG = re.compile(r"<think(?:ing)?>", re.IGNORECASE)
CLOSING_TAG = re.compile(r"</think(?:ing)?>\s*", re.IGNORECASE)
BLANK_LIMIT = 1_000  # characters of whitespace before a tag
FENCE = re.compile(r"[ \t>*+\d.)-]*?(`{3,}|~{3,})")
BACKTICKS = re.compile(r"`+")

Events = list[CompletionEvent]


class ThinkTags:
    """Splits the text of one answer, fed in pieces cut anywhere, in time linear in its size.

    <think> counts at the beginning of an answer alone. </think> without an opening tag makes all
    text before it thinking, unless it stands in code or belongs to a <think> further on in the text.
    The end of a piece that may be half a tag waits for the next piece.
    """

    def __init__(self) -> None:
        self.is_start = True  # nothing but whitespace and thinking so far
        self.is_thinking = False
        self.drops_blanks = False  # after a tag
        self.has_thought = False  # so that </think> means nothing any more
        self.held = ""
        self.text = io.StringIO()  # what Code hasn't read, while </think> may still come
        self.code = Code()

    def thought(self) -> None:
        """Note thinking that came in a field of its own."""
        self.has_thought = True

    def feed(self, text: str) -> Events:
        if not (self.is_start or self.is_thinking):
            if self.has_thought and not self.held:
                return [Delta(text)]
            if "<" not in text and not self.held:
                self.text.write(text)
                return [Delta(text)]
        events: Events = []
        rest, self.held = self.held + text, ""
        while rest:
            if self.is_thinking:
                rest = self.read_thinking(rest, events)
            elif self.is_start:
                rest = self.read_start(rest, events)
            else:
                rest = self.read_text(rest, events)
        return events

    def end(self) -> Events:
        """Return what waited for the rest of a tag."""
        held, self.held = self.held, ""
        if not held:
            return []
        return [Thinking(held) if self.is_thinking else Delta(held)]

    def read_start(self, text: str, events: Events) -> str:
        """Read up to the first text or thinking; returns the rest."""
        if tag := TAG_AT_START.match(text):
            self.has_thought = self.drops_blanks = True
            self.is_thinking = not tag[1]
            return text[tag.end() :]
        begin = text.lstrip()
        text = begin if self.drops_blanks else text
        may_be_tag = any(tag.startswith(begin.lower()) for tag in OPENING + CLOSING)
        if may_be_tag and len(text) < BLANK_LIMIT:
            self.held = text
            return ""
        self.is_start = False
        return text

    def read_thinking(self, text: str, events: Events) -> str:
        """Read up to the closing tag; returns the rest."""
        tag = CLOSING_TAG.search(text)
        thinking = text[: tag.start()] if tag else self.without_half_tag(text)
        if thinking:
            events.append(Thinking(thinking))
        if not tag:
            return ""
        self.is_thinking = False
        return text[tag.end() :]

    def read_text(self, text: str, events: Events) -> str:
        """Read up to a closing tag, where it may come; returns the rest."""
        tag = None if self.has_thought else CLOSING_TAG.search(text)
        if tag is None:
            shown = text if self.has_thought else self.without_half_tag(text)
            if shown:
                self.text.write(shown)
                events.append(Delta(shown))
            return ""
        self.text.write(text[: tag.start()])
        before, self.text = self.text.getvalue(), io.StringIO()
        events.append(Delta(text[: tag.end()]))
        if OPENING_TAG.search(before):
            self.has_thought = True
        elif self.code.contains_end_of(before):
            self.text.write(tag[0])
        else:
            events[-1:] = [Delta(text[: tag.start()]), TextWasThinking()]
            self.has_thought = self.is_start = self.drops_blanks = True
        return text[tag.end() :]

    def without_half_tag(self, text: str) -> str:
        """Hold back an end that may become a closing tag."""
        at = text.rfind("<", -len(CLOSING[1]))
        if at >= 0 and any(tag.startswith(text[at:].lower()) for tag in CLOSING):
            self.held = text[at:]
            return text[:at]
        return text


class Code:
    """Whether a growing text ends inside code: a fence, or backticks of the same line."""

    def __init__(self) -> None:
        self.fence = ""
        self.line: list[str] = []
        self.opened = ""  # by backticks of the line

    def contains_end_of(self, text: str) -> bool:
        """Read on: `text` follows what was read before."""
        *lines, rest = text.split("\n")
        if lines:
            lines[0] = "".join((*self.line, lines[0]))
            self.line, self.opened = [], ""
        for line in lines:
            self.read_line(line)
        self.line.append(rest)
        for run in BACKTICKS.findall(rest):
            if not self.opened:
                self.opened = run
            elif self.opened == run:
                self.opened = ""
        return bool(self.fence or self.opened)

    def read_line(self, line: str) -> None:
        fence = FENCE.match(line)
        if not self.fence:
            self.fence = fence[1] if fence else ""
        elif fence and fence[1].startswith(self.fence) and not line[fence.end() :].strip():
            self.fence = ""
