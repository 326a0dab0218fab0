"""Shares of samples and their confidence intervals: pure numbers, no database.

The interval is E. B. Wilson's of 1927, "Probable inference, the law of succession, and statistical
inference". Unlike the normal approximation it never leaves 0 to 1, and it holds for small samples
and at both ends.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

# Standard deviations around the mean of a normal distribution that contain 95 % of it.
Z = 1.959963984540054


@dataclass(frozen=True)
class Interval:
    low: float
    high: float


def wilson(part: int, whole: int, z: float = Z) -> Interval:
    """Wilson score interval (0 to 1) of a share of which `part` of `whole` is a sample.
    0 to 1 for an empty sample. Raises ValueError unless 0 <= part <= whole."""
    if not 0 <= part <= whole:
        raise ValueError(f"{part} of {whole} is no share.")
    if whole == 0:
        return Interval(0.0, 1.0)
    share, spread = part / whole, z * z / whole
    middle = (share + spread / 2) / (1 + spread)
    half = z * sqrt(share * (1 - share) / whole + spread / (4 * whole)) / (1 + spread)
    # Both ends are exact; floating point misses them slightly.
    low = 0.0 if part == 0 else middle - half
    return Interval(low, 1.0 if part == whole else middle + half)


@dataclass(frozen=True)
class Share:
    """A share, `part` of `whole`; its value is None if `whole` is 0."""

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
    """Numbers of answers shown, of these rated, of these rated up."""

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
