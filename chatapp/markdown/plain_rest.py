"""Text beyond the limits of a message: plain, in pieces that no later text can change."""

from chatapp.markdown.limits import plain

PIECE = 8_000  # characters


class PlainRest:
    def __init__(self) -> None:
        self._text = ""

    def feed(self, text: str) -> list[str]:
        """Safe HTML of the pieces that `text` completes."""
        text = self._text + text
        start, pieces = 0, []
        while len(text) - start > PIECE:
            end = text.rfind("\n", start, start + PIECE) + 1 or start + PIECE
            pieces.append(_html(text[start:end]))
            start = end
        self._text = text[start:]
        return pieces

    def tail(self) -> str:
        """Safe HTML of the last, unfinished piece."""
        return _html(self._text)


def _html(piece: str) -> str:
    return plain(piece.strip("\n")) if piece.strip() else ""
