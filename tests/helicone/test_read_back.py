"""Reading back from a store that counts versions and fails unseen: what is said of an id holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from helicone import ReadBack, Reading
from helicone.calls import MAX_ROWS
from helicone.read_back import read_back

IDS = [UUID(int=number, version=4) for number in range(12)]
WITNESS = UUID(int=99, version=4)
# By id, in the order of their creation: stored versions, and 0 for a request that isn't there.
FEW = st.lists(st.integers(0, 400), min_size=12, max_size=12)
MANY = st.lists(st.sampled_from([0, 1, 3, 400, 999, 1000, 1001]), min_size=12, max_size=12)
# Of the first queries, which fail and are answered like an empty one.
MASKED = st.lists(st.booleans(), max_size=6)
SETTINGS = hypothesis_settings(max_examples=100, deadline=None, derandomize=True)


@dataclass
class Store:
    versions: dict[UUID, int]
    masked: list[bool]

    def read(self, witness: UUID | None) -> ReadBack:
        steps = read_back(IDS, witness)
        call = next(steps)
        while True:
            try:
                call = steps.send(self.answer(call.body))
            except StopIteration as end:
                result: ReadBack = end.value
                return result

    def answer(self, body: Any) -> list[Reading]:
        """The rows that the limit reaches, each once; none where the query fails."""
        if self.masked and self.masked.pop(0):
            return []
        asked = [
            one for one in self.versions if self.versions[one] and one in ids_in(body["filter"])
        ]
        left, shown = body["limit"], []
        for one in asked if body["sort"]["created_at"] == "asc" else reversed(asked):
            if left <= 0:
                break
            left -= self.versions[one]
            if self.versions[one] <= MAX_ROWS:
                shown.append(Reading(one))
        return shown


def ids_in(tree: Any) -> set[UUID]:
    if "left" in tree:
        return ids_in(tree["left"]) | ids_in(tree["right"])
    return {UUID(tree["request_response_rmt"]["request_id"]["equals"])}


def store(versions: list[int], masked: list[bool], place: int, of_witness: int) -> Store:
    """A store whose witness was created before the request at `place`."""
    pairs = list(zip(IDS, versions, strict=True))
    return Store(dict([*pairs[:place], (WITNESS, of_witness), *pairs[place:]]), masked)


@SETTINGS
@given(MANY, MASKED, st.integers(0, 12), st.sampled_from([0, 1, 1000, 1001]), st.booleans())
def test_what_is_found_is_there_and_what_is_absent_is_not(
    versions: list[int], masked: list[bool], place: int, of_witness: int, has_witness: bool
) -> None:
    helicone = store(versions, masked, place, of_witness)
    read = helicone.read(WITNESS if has_witness else None)
    assert all(helicone.versions[one] for one in read.found)
    assert not any(helicone.versions[one] for one in read.absent)
    assert {*read.found, *read.absent, *read.unknown} == {*IDS}


@SETTINGS
@given(FEW, st.integers(0, 12))
def test_where_no_query_fails_every_id_is_told(versions: list[int], place: int) -> None:
    read = store(versions, [], place, 1).read(WITNESS)
    assert read.found.keys() == {one for one, n in zip(IDS, versions, strict=True) if n}
    assert not read.unknown
    # Each query reaches 600 versions at least, whatever the next row has.
    assert read.queries <= sum(versions) // 600 + 3
