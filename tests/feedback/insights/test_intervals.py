"""Shares and their intervals, against values that others published or that a hand can check."""

import pytest

from feedback.insights.intervals import Count, Share, wilson

# R. G. Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in
# Medicine 17 (1998), table I, method 3.
PUBLISHED = [
    (81, 263, 0.2553, 0.3662),
    (15, 148, 0.0624, 0.1605),
    (0, 20, 0.0000, 0.1611),
    (1, 29, 0.0061, 0.1718),
]


@pytest.mark.parametrize(("part", "whole", "low", "high"), PUBLISHED)
def test_the_interval_is_the_published_one(part, whole, low, high):
    found = wilson(part, whole)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


@pytest.mark.parametrize(("part", "whole", "low", "high"), PUBLISHED)
def test_seen_from_the_other_side_it_is_the_same(part, whole, low, high):
    found = wilson(whole - part, whole)
    assert (round(1 - found.high, 4), round(1 - found.low, 4)) == (low, high)


def test_with_two_standard_deviations_one_of_one_is_a_fifth_to_one():
    """By hand: z² = 4, so 1 / (1 + 4) = 0.2 at the lower end."""
    assert wilson(1, 1, z=2) == wilson(5, 5, z=2 * 5**0.5)
    all, none = wilson(1, 1, z=2), wilson(0, 1, z=2)
    assert all.low == pytest.approx(0.2)
    assert none.high == pytest.approx(0.8)
    assert (all.high, none.low) == (1.0, 0.0)


def test_of_nothing_nothing_is_known():
    nothing = Share(0, 0)
    assert nothing.value is None
    assert (nothing.interval.low, nothing.interval.high) == (0.0, 1.0)


@pytest.mark.parametrize("whole", [1, 7, 1_000, 10**9])
def test_it_holds_the_share_and_never_leaves_nought_to_one(whole):
    for part in {0, 1, whole // 2, whole - 1, whole}:
        found = wilson(part, whole)
        assert 0 <= found.low <= part / whole <= found.high <= 1


def test_more_of_the_same_is_surer():
    few, many = wilson(8, 10), wilson(800, 1000)
    assert few.low < many.low < 0.8 < many.high < few.high


@pytest.mark.parametrize(("part", "whole"), [(-1, 3), (4, 3), (1, 0)])
def test_what_is_no_share_is_refused(part, whole):
    with pytest.raises(ValueError, match="is no share"):
        wilson(part, whole)


def test_counts_add_up():
    both = Count(10, 4, 3) + Count(2, 1, 0)
    assert both == Count(12, 5, 3)
    assert both.down == 2
    assert (both.approval, both.coverage) == (Share(3, 5), Share(5, 12))
