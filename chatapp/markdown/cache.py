"""Rendered messages: the HTML of a whole text, kept so that it isn't rendered again."""

from collections import OrderedDict
from collections.abc import Callable
from hashlib import sha256
from threading import Lock

from django.utils.safestring import SafeString

from chatapp.markdown.limits import with_sentence
from chatapp.markdown.renderer import whole

# Bytes of HTML that a process keeps: some thousand answers. The longest unused leave first.
CACHE_BYTES = 32_000_000
OVERHEAD = 300  # bytes of an entry besides its HTML
LONG = 4_000  # characters; a longer text is rendered by one thread at a time


class HtmlCache:
    """HTML by text, in all threads of a process."""

    def __init__(self, limit: int = CACHE_BYTES, render: Callable[[str], str] = whole) -> None:
        self.limit, self.size = limit, 0
        self._render = render
        self._kept: OrderedDict[bytes, bytes] = OrderedDict()
        self._lock, self._one_long = Lock(), Lock()

    def html(self, text: str) -> str:
        key = sha256(text.encode("utf-8", "surrogatepass")).digest()
        kept = self._get(key)
        if kept is None and len(text) > LONG:
            with self._one_long:  # others who want the same wait for it, and find it
                kept = self._get(key)
                return self._add(key, text) if kept is None else kept
        return self._add(key, text) if kept is None else kept

    def _get(self, key: bytes) -> str | None:
        with self._lock:
            kept = self._kept.get(key)
            if kept is None:
                return None
            self._kept.move_to_end(key)
        return kept.decode()

    def _add(self, key: bytes, text: str) -> str:
        html = self._render(text)
        kept = html.encode()
        with self._lock:
            self.size += OVERHEAD + len(kept)
            replaced = self._kept.pop(key, None)
            self.size -= 0 if replaced is None else OVERHEAD + len(replaced)
            self._kept[key] = kept
            while self.size > self.limit:
                _, oldest = self._kept.popitem(last=False)
                self.size -= OVERHEAD + len(oldest)
        return html


cache = HtmlCache()


def render(text: str) -> SafeString:
    """The safe HTML of a whole message, in the current language. Never raises."""
    return with_sentence(cache.html(text))
