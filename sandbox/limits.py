"""Rate limits with fixed windows, for the API's limit and the gateway's policy."""

import re
import time
from dataclasses import dataclass, field

_POLICY = re.compile(r"(\d+);w=(\d+)(?:;u=(request|cents))?(?:;s=([\w-]+))?")


@dataclass(frozen=True)
class Verdict:
    allowed: bool
    limit: int
    remaining: int
    reset: int  # seconds until the window ends

    def headers(self, prefix: str) -> dict[str, str]:
        return {
            f"{prefix}-Limit": str(self.limit),
            f"{prefix}-Remaining": str(self.remaining),
            f"{prefix}-Reset": str(self.reset),
        }


@dataclass
class Windows:
    counted: dict[str, tuple[float, int]] = field(default_factory=dict)

    def count(self, key: str, limit: int, seconds: float) -> Verdict:
        now = time.monotonic()
        ends, used = self.counted.get(key, (0.0, 0))
        if now >= ends:
            ends, used = now + seconds, 0
        self.counted[key] = (ends, used + 1)
        return Verdict(used < limit, limit, max(0, limit - used - 1), max(1, round(ends - now)))

    def clear(self) -> None:
        self.counted.clear()


def parse_policy(text: str) -> tuple[int, int, str | None] | None:
    """Helicone-RateLimit-Policy as (quota, seconds, segment); None if it is none."""
    found = _POLICY.fullmatch(text.replace(" ", ""))
    return (int(found[1]), int(found[2]), found[4]) if found else None
