"""How far two who judged the same answers agree beyond chance: Cohen's kappa, with its interval.

The standard error is the large-sample one of Fleiss, Cohen and Everitt (1969), "Large sample
standard errors of kappa and weighted kappa", Psychological Bulletin 72, 323-327, equation 13.
With few pairs, some dozens, the interval is narrower than it should be.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from feedback.insights.intervals import Z

# Counts: a row for what the first said, a column for what the second said.
Table = Sequence[Sequence[int]]


@dataclass(frozen=True)
class Kappa:
    """`value` is None where there is nothing to compare, or chance alone explains all: everybody
    always said the same. `low` and `high` bound it with 95 %."""

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
    """Of one pair; divided by the root of how many there are it is that of kappa."""
    kinds = range(len(rows))
    alike = sum(
        shares[i][i] * ((1 - chance) - (columns[i] + rows[i]) * (1 - observed)) ** 2 for i in kinds
    )
    unlike = sum(shares[i][j] * (columns[i] + rows[j]) ** 2 for i in kinds for j in kinds if i != j)
    less = (observed * chance - 2 * chance + observed) ** 2
    variance = alike + (1 - observed) ** 2 * unlike - less
    return sqrt(max(variance, 0.0)) / (1 - chance) ** 2


def one_against_rest(table: Table, kind: int) -> list[list[int]]:
    """The same pairs, of which only counts who said this one and who said anything else."""
    both = table[kind][kind]
    first = sum(table[kind]) - both
    second = sum(row[kind] for row in table) - both
    return [[both, first], [second, sum(map(sum, table)) - both - first - second]]
