"""Stored versions of rows: a query's limit counts them until they are merged."""

from typing import Any

import pytest

from tests.sandbox.caller import Caller, balanced, by_id
from tests.sandbox_process import SandboxProcess


def rated(sandbox: SandboxProcess, caller: Caller, requests: int, versions: int) -> list[str]:
    """Ids of new requests that have so many stored versions each."""
    ids = sandbox.add(*({} for _ in range(requests)))
    for _ in range(versions - 1):
        for one in ids:
            caller.put(one, "note", "x")
    return ids


def shown(caller: Caller, ids: list[str], **options: Any) -> list[str]:
    rows = caller.query(balanced([by_id(one) for one in ids]), **options)
    return [row["request_id"] for row in rows]


@pytest.mark.parametrize(("limit", "requests"), [(5, 2), (10, 3), (20, 5), (1000, 5)])
def test_the_limit_counts_versions(sandbox, caller: Caller, limit, requests):
    ids = rated(sandbox, caller, requests=5, versions=4)
    assert len(shown(caller, ids, limit=limit)) == requests


def test_the_order_decides_which_requests_are_cut_off(sandbox, caller: Caller):
    oldest, middle, newest = rated(sandbox, caller, requests=3, versions=3)
    ids = [oldest, middle, newest]
    assert shown(caller, ids, limit=3, sort={"created_at": "asc"}) == [oldest]
    assert shown(caller, ids, limit=3) == [newest]
    assert shown(caller, ids, limit=3, offset=3) == [middle]


def test_merged_versions_count_once(sandbox, caller: Caller):
    ids = rated(sandbox, caller, requests=3, versions=4)
    assert len(shown(caller, ids, limit=3)) == 1
    sandbox.merge()
    assert len(shown(caller, ids, limit=3)) == 3


def test_versions_merge_by_chance(sandbox, caller: Caller):
    sandbox.settings(merge_chance=1)
    (one,) = rated(sandbox, caller, requests=1, versions=5)
    assert sandbox.request(id=one)["stored_versions"] == 1


def test_each_write_of_a_rating_stores_a_version(sandbox, caller: Caller):
    (one,) = sandbox.add()
    caller.rate(one, True)
    assert sandbox.request(id=one)["stored_versions"] == 2
    sandbox.advance(601)
    assert sandbox.request(id=one)["stored_versions"] == 3


def test_a_request_with_more_than_a_thousand_versions_is_not_shown(sandbox, caller: Caller):
    other, one = sandbox.add({}, {"stored_versions": 1001})
    assert shown(caller, [one]) == []
    assert shown(caller, [one, other]) == []
    assert shown(caller, [one, other], sort={"created_at": "asc"}) == [other]
