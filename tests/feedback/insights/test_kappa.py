"""Cohen's kappa against values worked out by hand and published ones."""

import pytest

from feedback.insights.kappa import Kappa, kappa, one_against_rest

# Worked out by hand: 0.7 observed, 0.5 by chance; 0.02743 + 0.02547 - 0.0025 = 0.0504 over
# 50 * 0.5 ** 4 is the variance.
BY_HAND = [[20, 5], [10, 15]]
# Fleiss, Levin, Paik: Statistical Methods for Rates and Proportions, table 18.1 (100 patients,
# psychotic, neurotic, organic): kappa 0.68, standard error 0.09 to two digits.
FLEISS = [[75, 1, 4], [5, 4, 1], [0, 0, 10]]
# SAS/STAT, the FREQ procedure, example "Cohen's kappa coefficient" (88 patients, two
# dermatologists): kappa 0.3449, standard error 0.0724, 95 % from 0.2030 to 0.4868.
SKIN = [[10, 4, 1, 0], [5, 10, 12, 2], [2, 4, 12, 5], [0, 2, 6, 13]]


@pytest.mark.parametrize(
    ("table", "n", "value", "error", "digits"),
    [
        (BY_HAND, 50, 0.4, 0.016128**0.5, 9),
        (FLEISS, 100, 0.68, 0.09, 2),
        (SKIN, 88, 0.3449, 0.0724, 4),
    ],
)
def test_it_is_what_was_worked_out_elsewhere(table, n, value, error, digits):
    found = kappa(table)
    assert found.n == n
    assert found.value == pytest.approx(value, abs=0.6 * 10**-digits)
    assert found.error == pytest.approx(error, abs=0.6 * 10**-digits)


def test_the_interval_is_the_published_one():
    found = kappa(SKIN)
    assert (round(found.low or 0, 4), round(found.high or 0, 4)) == (0.2030, 0.4868)


def test_full_agreement_is_one_and_full_disagreement_of_two_halves_is_minus_one():
    assert kappa([[5, 0], [0, 5]]).value == 1
    assert kappa([[0, 5], [5, 0]]).value == -1


def test_what_is_no_better_than_chance_is_zero():
    assert kappa([[25, 25], [25, 25]]).value == 0


def test_the_interval_stays_where_kappa_can_be():
    found = kappa([[1, 0, 0], [0, 2, 1], [0, 0, 1]])
    assert found.high == 1
    assert kappa([[0, 2], [3, 0]]).low == -1


def test_who_swaps_the_two_finds_the_same():
    turned = [list(column) for column in zip(*SKIN, strict=True)]
    assert kappa(turned).value == pytest.approx(kappa(SKIN).value)
    assert kappa(turned).error == pytest.approx(kappa(SKIN).error)


def test_nothing_is_made_up_where_there_is_nothing_to_tell():
    assert kappa([[0, 0], [0, 0]]) == Kappa(0)
    assert kappa([[7, 0], [0, 0]]) == Kappa(7, 1.0)


def test_answers_that_nearly_all_were_judged_alike_still_have_a_kappa():
    """0.96 observed and 0.9608 by chance: -0.0008 of 0.0392."""
    assert kappa([[96, 2], [2, 0]]).value == pytest.approx(-1 / 49)
    assert kappa([[9999, 0], [0, 1]]).value == pytest.approx(1)


@pytest.mark.parametrize(
    "table", [[[1, 0], [0, 8]], [[3, 0], [0, 7]], [[2, 0, 0], [0, 4, 0], [0, 0, 1]]]
)
def test_full_agreement_has_no_error_though_rounding_makes_its_variance_negative(table):
    found = kappa(table)
    assert found.value == pytest.approx(1)
    assert (found.error, found.high) == (0.0, found.value)


def test_one_kind_against_the_rest_keeps_all_pairs():
    assert one_against_rest(FLEISS, 0) == [[75, 5], [5, 15]]
    assert one_against_rest(FLEISS, 2) == [[10, 0], [5, 85]]
