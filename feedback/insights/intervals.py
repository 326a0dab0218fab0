"""What a share found among some says of all: pure numbers, no database.

The interval is E. B. Wilson's of 1927, "Probable inference, the law of succession, and statistical
inference". Unlike the usual ± it never leaves 0 to 1, and it stays honest for small numbers and
at both ends.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

# Standard deviations of a normal distribution that hold 95 % of it.
Z = 1.959963984540054


@dataclass(frozen=True)
class Interval:
    low: float
    high: float


def wilson(part: int, whole: int, z: float = Z) -> Interval:
    """Where the share lies, 0 to 1, of which `part` of `whole` is a sample; of nothing, anywhere."""
    if not 0 <= part <= whole:
        raise ValueError(f"{part} of {whole} is no share.")
    if whole == 0:
        return Interval(0.0, 1.0)
    share, spread = part / whole, z * z / whole
    middle = (share + spread / 2) / (1 + spread)
    half = z * sqrt(share * (1 - share) / whole + spread / (4 * whole)) / (1 + spread)
    # The two ends are exact; floating point misses them by a hair.
    low = 0.0 if part == 0 else middle - half
    return Interval(low, 1.0 if part == whole else middle + half)


@dataclass(frozen=True)
class Share:
    """`part` of `whole`; its value is None where there is no whole."""

    part: int
    whole: int

    @property
    def value(self) -> float | None:
        return self.part / self.whole if self.whole else None

    @property
    def interval(self) -> Interval:
        return wilson(self.part, self.whole)


@dataclass(frozen=True)
class Count:
    """How many answers were shown, how many of these rated, how many of those with a thumb up."""

    shown: int = 0
    rated: int = 0
    up: int = 0

    def __add__(self, other: Count) -> Count:
        return Count(self.shown + other.shown, self.rated + other.rated, self.up + other.up)

    @property
    def down(self) -> int:
        return self.rated - self.up

    @property
    def coverage(self) -> Share:
        return Share(self.rated, self.shown)

    @property
    def approval(self) -> Share:
        return Share(self.up, self.rated)
