"""Cohen's kappa: agreement of two reviewers beyond chance, with its confidence interval.

The standard error is the large-sample one of Fleiss, Cohen and Everitt (1969), "Large sample
standard errors of kappa and weighted kappa", Psychological Bulletin 72, 323-327, equation 13.
With few pairs, some dozens, the interval is narrower than it should be.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from feedback.insights.intervals import Z

# Counts of pairs: a row for the first reviewer's verdict, a column for the second's.
Table = Sequence[Sequence[int]]


@dataclass(frozen=True)
class Kappa:
    """Cohen's kappa of `n` pairs; `low` and `high` bound it with 95 % confidence.
    value: None without pairs, or if all verdicts are the same and chance explains them."""

    n: int
    observed: float | None = None
    value: float | None = None
    error: float | None = None
    low: float | None = None
    high: float | None = None


def kappa(table: Table) -> Kappa:
    n = sum(map(sum, table))
    if not n:
        return Kappa(0)
    shares = [[count / n for count in row] for row in table]
    rows = [sum(row) for row in shares]
    columns = [sum(column) for column in zip(*shares, strict=True)]
    observed = sum(shares[i][i] for i in range(len(table)))
    chance = sum(row * column for row, column in zip(rows, columns, strict=True))
    if 1 - chance < 1e-12:
        return Kappa(n, observed)
    value = (observed - chance) / (1 - chance)
    error = standard_error(shares, rows, columns, observed, chance) / sqrt(n)
    low, high = max(value - Z * error, -1.0), min(value + Z * error, 1.0)
    return Kappa(n, observed, value, error, low, high)


def standard_error(
    shares: Sequence[Sequence[float]],
    rows: Sequence[float],
    columns: Sequence[float],
    observed: float,
    chance: float,
) -> float:
    """Standard error of kappa for one pair; for n pairs it is divided by the root of n."""
    kinds = range(len(rows))
    alike = sum(
        shares[i][i] * ((1 - chance) - (columns[i] + rows[i]) * (1 - observed)) ** 2 for i in kinds
    )
    unlike = sum(shares[i][j] * (columns[i] + rows[j]) ** 2 for i in kinds for j in kinds if i != j)
    less = (observed * chance - 2 * chance + observed) ** 2
    variance = alike + (1 - observed) ** 2 * unlike - less
    return sqrt(max(variance, 0.0)) / (1 - chance) ** 2


def one_against_rest(table: Table, kind: int) -> list[list[int]]:
    """The same pairs as a 2×2 table: this verdict against all others."""
    both = table[kind][kind]
    first = sum(table[kind]) - both
    second = sum(row[kind] for row in table) - both
    return [[both, first], [second, sum(map(sum, table)) - both - first - second]]
