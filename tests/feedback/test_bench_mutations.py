"""`make mutations` breaks the rules as they stand in the code today."""

from __future__ import annotations

import pytest

from bench.mutations.__main__ import PROOFS
from bench.mutations.rules import MUTATIONS, ROOT, Mutation


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.rule)
def test_what_a_mutation_changes_is_there_exactly_once(mutation: Mutation) -> None:
    source = (ROOT / mutation.file).read_text()
    assert mutation.apply(source) != source


def test_a_mutation_that_no_longer_fits_is_refused() -> None:
    with pytest.raises(ValueError, match="occurs 2 times in x.py"):
        Mutation("a rule", "x.py", "1", "2").apply("1 + 1")


def test_the_tests_it_runs_are_there() -> None:
    words = [word for command in PROOFS.values() for word in command]
    tests = [word.partition("::") for word in words if word.startswith("tests/")]
    assert len(tests) == 6
    assert [name for file, _, name in tests if name not in (ROOT / file).read_text()] == []
