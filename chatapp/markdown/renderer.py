"""Renders a whole message, or the same message while it arrives."""

import re
from dataclasses import dataclass, replace
from html import escape
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from chatapp.markdown import details
from chatapp.markdown.blocks import formula, inline, markdown
from chatapp.markdown.code import HIGHLIGHTED_PARTS, IncrementalHighlighter, frame, language_of
from chatapp.markdown.incomplete import close_open_marks
from chatapp.markdown.incremental import join, parts_of
from chatapp.markdown.limits import BRACKETS_LIMIT, NOTE, Budget, plain
from chatapp.markdown.plain_rest import PlainRest
from chatapp.markdown.sanitizer import clean
from chatapp.markdown.segment_html import dedent, footnote_section, segment_html
from chatapp.markdown.segments import LINE_LIMIT, Kind, Segment, Segmenter

REFERENCES_LIMIT = 200
UNFIT = re.compile("[\0\ud800-\udfff]")  # no HTML can carry these
EAGER = 1_000  # characters of tail up to which every change is rendered at once
DEEPEST_DETAILS = 3  # in each other; what is deeper stays text
HERE = "\ufdd0"  # a noncharacter that marks where a growing tail grows
# Text that means the same wherever it stands after a word; see Renderer._grows. Dashes, curly
# quotes, arrows and other signs beyond ASCII are no Markdown.
SAFE = r"(?:[^\W_]|[\u2010-\u2027\u2030-\u205e\u2190-\u2bff])"
PLAIN = re.compile(
    rf"(?:{SAFE}|[ ,.'\"?/%+()-](?={SAFE})|(?:[,.:!?)] | \()(?={SAFE}))*(?:[,.] ?| )?"
)
WORD_ENDS = re.compile(r"[^\W_] ?\Z")
WORDY = re.compile(r"[^\W\d_]{2}")
# A last word that may become a link or a tag, so that nothing can simply be put behind it.
UNDECIDED = re.compile(r"(?:<\S* ?|(?:[\[@]|://|www\.)\S*)\Z")
REACH = 300  # characters looked back for one


@dataclass(frozen=True, slots=True)
class Update:
    """`done`: HTML to append, once. `tail`: HTML to show after it, until the next update."""

    done: SafeString
    tail: SafeString


class Renderer:
    """Feed it deltas; all `done` together, after `finish()`, are `whole(text)`.

    Each segment is rendered by itself, so a link definition (`[x]: https://…`)
    counts for its own segment and later ones, and footnotes are gathered and
    shown at the end. `finish()` leaves no tail.
    """

    def __init__(self, references: dict[str, Any] | None = None, depth: int = 0) -> None:
        self._segmenter = Segmenter()
        self._references = references or {}
        self._depth = depth  # of <details> around what is rendered
        self._folded: FoldedBody | None = None
        self._footnotes: list[str] = []
        self._partial = ""
        self._carriage = ""
        self._budget = Budget()
        self._rest: PlainRest | None = None  # once the budget is used up
        self._tail = ("", "")
        self._rendered = 0
        self._code: IncrementalHighlighter | None = None
        self._parts: dict[str, str] = {}  # of the growing list or table, by their Markdown

    def feed(self, delta: str) -> Update:
        if self._grows(delta):
            self._partial += delta
            self._tail = (self._tail[0] + _escaped(delta), self._tail[1])
            done = []
        else:
            done = self._take(delta)
            self._refresh(delta, bool(done))
        return Update(_safe("".join(done)), _safe("".join(self._tail)))

    def renders(self, delta: str) -> int:
        """How many characters a `feed` of this may render: the tail's too, unless it only grows."""
        return 0 if self._grows(delta) else len(delta) + self._size

    @property
    def _size(self) -> int:
        """Characters of the tail."""
        return self._segmenter.current.size + len(self._partial)

    def finish(self) -> Update:
        done = self._take("\n" if self._carriage else "")
        last = self._segmenter.push(self._partial) if self._partial else []
        last += self._segmenter.flush()
        self._partial = self._carriage = ""
        done += [self._finished(segment) for segment in last]
        done += [self._rest.tail()] if self._rest else []
        return Update(_safe("".join(done) + footnote_section(self._footnotes)), _safe(""))

    def _take(self, delta: str) -> list[str]:
        """Move whole lines into the segmenter; the HTML of what that finished."""
        text = self._carriage + delta
        self._carriage = "\r" if text.endswith("\r") else ""
        text = text.removesuffix("\r") if self._carriage else text
        text = UNFIT.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))
        if self._rest:
            return self._rest.feed(text)
        *lines, self._partial = (self._partial + text).split("\n")
        pieces = [piece for line in lines for piece in _chop(line + "\n")]
        *whole, self._partial = _chop(self._partial) or [""]
        return self._push([*pieces, *whole])

    def _push(self, pieces: list[str]) -> list[str]:
        done: list[str] = []
        for at, piece in enumerate(pieces, 1):
            finished = self._segmenter.push(piece)
            done += [self._finished(segment) for segment in finished]
            if finished and self._budget.is_used_up:
                return done + self._push_plain("".join(pieces[at:]) + self._partial)
        return done

    def _push_plain(self, text: str) -> list[str]:
        """Show the current segment and all text after it as it is, from now on."""
        current = self._segmenter.current
        opened = current.kind is Kind.FENCE and not current.part
        opening = f"{current.fence}{current.info}\n" if opened else ""
        note = "" if self._budget.is_noted else NOTE
        self._budget.is_noted = True
        self._rest, self._segmenter, self._partial = PlainRest(), Segmenter(), ""
        return [note, *self._rest.feed(opening + current.text + text)]

    def _finished(self, segment: Segment) -> str:
        self._code = self._folded = None
        self._parts = {}
        self._budget.characters += segment.size
        html = self._html(segment, segment.text, self._references)
        if NOTE in html:  # what is beyond a limit is not tried on and on
            self._budget.characters += 3 * segment.size
        html = self._budget.noted_once(html)
        self._budget.spend(html)
        if segment.kind is not Kind.FOOTNOTE:
            return html
        self._footnotes.append(html)
        return ""

    def _html(self, segment: Segment, text: str, references: dict[str, Any]) -> str:
        knotted = segment.kind is not Kind.FENCE and text.count("[") > BRACKETS_LIMIT
        if knotted or self._budget.is_used_up:
            return NOTE + _plain(text)
        if len(references) >= REFERENCES_LIMIT:
            references = dict(references)
        try:
            if segment.kind is Kind.DETAILS:
                return self._details(segment, references)
            return clean(segment_html(segment, text, references))
        except Exception:  # whatever a parser stumbles over, the reader gets the text
            return _plain(text)

    def _grows(self, delta: str) -> bool:
        """Whether `delta` can simply be put where the shown tail ends."""
        roomy = len(self._partial) + len(delta) < LINE_LIMIT
        if not (self._tail[1] and roomy and not self._carriage and PLAIN.fullmatch(delta)):
            return False
        return "www." not in self._partial[-3:] + delta

    def _refresh(self, delta: str, moved: bool) -> None:
        current = self._segmenter.current
        if self._rest:
            self._tail = (self._rest.tail() + footnote_section(self._footnotes), "")
            return
        if current.kind is Kind.FENCE:
            self._tail = (self._growing_code(current), "")
            return
        if current.kind is Kind.DETAILS:
            html = self._growing_details(current.text + self._partial)
            self._tail = (self._budget.noted_once(html), "")
            return
        size = self._size
        if not moved and EAGER < size < self._rendered * 9 // 8 and size >= self._rendered:
            if self._tail[1]:  # its marks are shown as they are for a while: better than a halt
                self._tail = (self._tail[0] + _escaped(delta), self._tail[1])
            return
        self._rendered = size
        self._tail = self._growing()

    def _growing_code(self, segment: Segment) -> str:
        language = language_of(segment.info)
        if self._code is None:
            self._code = IncrementalHighlighter(
                language if segment.part < HIGHLIGHTED_PARTS else ""
            )
        closing = self._partial.strip(" \t").strip(segment.fence[0])
        partial = self._partial if closing else ""
        body = self._code.html(dedent(segment.text + partial, segment.content))
        before, _, after = clean(frame(HERE, language, segment.part)).partition(HERE)
        return before + body + after + footnote_section(self._footnotes)

    def _details(self, segment: Segment, references: dict[str, Any]) -> str:
        if self._depth >= DEEPEST_DETAILS:
            return _plain(segment.text)
        parts = details.read(segment.text, segment.closed)
        nested = Renderer(dict(references), self._depth + 1)
        body = "".join(nested._take(parts.body)) + nested.finish().done
        rest = markdown(parts.rest, references) if parts.rest.strip() else ""
        return clean(details.html(parts, inline(parts.summary, references), body, rest))

    def _growing_details(self, text: str) -> str:
        if self._depth >= DEEPEST_DETAILS:
            return _plain(text)
        parts = details.read_growing(text)
        if self._folded is None:
            self._folded = FoldedBody(Renderer(dict(self._references), self._depth + 1))
        summary = clean(inline(close_open_marks(parts.summary), self._references))
        body = self._folded.html(parts.body)
        return details.html(parts, summary, body) + footnote_section(self._footnotes)

    def _growing(self) -> tuple[str, str]:
        """The tail's HTML, cut where plain text can be put in (or whole, and "")."""
        twin = self._segmenter.copy()
        finished = twin.push(self._partial) if self._partial else []
        last = twin.flush()
        if finished and finished[-1].kind is Kind.HEADING and self._partial:
            last.insert(0, finished.pop())
        references = dict(self._references)
        html = "".join(self._html(segment, segment.text, references) for segment in finished)
        html += "".join(self._growing_segment(segment, references) for segment in last)
        html = self._budget.noted_once(html + footnote_section(self._footnotes))
        before, _, after = html.partition(HERE)
        # Before an end tag it is in text: an attribute's value would need other escapes.
        is_text = after.startswith("</") and HERE not in after
        return (before, after) if is_text else (html.replace(HERE, ""), "")

    def _growing_segment(self, segment: Segment, references: dict[str, Any]) -> str:
        if segment.kind is Kind.MATH:
            return clean(f"<p>{formula(segment.text)}</p>\n")
        if segment.kind is Kind.DETAILS:
            return self._growing_details(segment.text)
        *parts, last = parts_of(segment)
        for at, part in enumerate(parts):
            if part not in self._parts:
                self._parts[part] = self._html(_part(segment, at), part, references)
        shown = [self._parts[part] for part in parts]
        shown.append(self._html(_part(segment, len(parts)), self._closed(last), references))
        return join(shown)

    def _closed(self, text: str) -> str:
        wordy = WORD_ENDS.search(text) and WORDY.search(self._partial) and HERE not in text
        wordy = wordy and not UNDECIDED.search(self._partial[-REACH:])
        return close_open_marks(text + HERE if wordy else text)


def whole(text: str) -> str:
    """The safe HTML of a whole message. Never raises; linear in the text's size."""
    renderer = Renderer()
    return "".join(renderer._take(text)) + renderer.finish().done


class FoldedBody:
    """The body of a <details> that grows, at a cost linear in its size."""

    def __init__(self, renderer: Renderer) -> None:
        self._renderer = renderer
        self._size = 0
        self._done = ""
        self._tail = ""

    def html(self, body: str) -> str:
        """Safe HTML of `body`, which starts with what it was before."""
        if len(body) > self._size:
            update = self._renderer.feed(body[self._size :])
            self._size = len(body)
            self._done += update.done
            self._tail = update.tail
        return self._done + self._tail


def _escaped(delta: str) -> str:
    return escape(UNFIT.sub("\ufffd", delta), quote=False)  # as the sanitizer writes text


def _chop(line: str) -> list[str]:
    """`line` in pieces of at most LINE_LIMIT characters, its newline with the last."""
    if len(line) <= LINE_LIMIT:
        return [line]
    size = len(line.rstrip("\n"))
    cuts = range(0, max(size, 1), LINE_LIMIT)
    return [line[at : at + LINE_LIMIT] for at in cuts[:-1]] + [line[cuts[-1] :]]


def _part(segment: Segment, at: int) -> Segment:
    return replace(segment, part=1, start=segment.start) if at else segment


def _safe(html: str) -> SafeString:
    return mark_safe(html)  # noqa: S308


def _plain(text: str) -> str:
    return plain(text.replace(HERE, ""))
