"""Who waits, in this process, to be told to stop."""

import asyncio
from collections import defaultdict


class Stops:
    def __init__(self) -> None:
        self._waiting: defaultdict[str, set[asyncio.Event]] = defaultdict(set)

    def tell(self, key: str) -> None:
        for event in self._waiting.get(key, ()):
            event.set()

    def enter(self, key: str) -> asyncio.Event:
        event = asyncio.Event()
        self._waiting[key].add(event)
        return event

    def leave(self, key: str, event: asyncio.Event) -> None:
        self._waiting[key].discard(event)
        if not self._waiting[key]:
            del self._waiting[key]
