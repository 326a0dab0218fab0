"""The Helicone client against the sandbox: the two rooms must read the contract alike."""

import pytest

import helicone
from helicone import Rating
from tests.sandbox.caller import fresh_id
from tests.sandbox_process import SandboxProcess


def api(sandbox: SandboxProcess) -> helicone.Api:
    return helicone.Api(
        helicone.Settings(
            openai_api_key="sk-x", helicone_api_key=sandbox.key, api_url=sandbox.api_url
        )
    )


def test_what_is_rated_is_read_back(sandbox: SandboxProcess) -> None:
    up, down, unrated = sandbox.add({}, {}, {})
    with api(sandbox) as client:
        client.rate(up, Rating.POSITIVE)
        client.rate(down, Rating.NEGATIVE)
        client.set_property(down, "why", "ünclear")
        found = client.read([up, down, unrated]).found
    readings = {str(key): value for key, value in found.items()}
    assert [readings[key].rating for key in (up, down, unrated)] == [
        Rating.POSITIVE,
        Rating.NEGATIVE,
        None,
    ]
    assert readings[down].properties["why"] == "ünclear"


def versions(sandbox: SandboxProcess, requests: int, each: int) -> list[str]:
    return sandbox.add(*({"stored_versions": each} for _ in range(requests)))


@pytest.mark.parametrize("each", [2, 3, 40, 999])
def test_unmerged_versions_hide_no_request(sandbox: SandboxProcess, each: int) -> None:
    ids = versions(sandbox, 40, each)
    with api(sandbox) as client:
        read = client.read([*ids, fresh_id()])
    assert (len(read.found), len(read.absent), len(read.unknown)) == (40, 1, 0)


@pytest.mark.parametrize("position", [0, 1, 2])
def test_a_request_with_more_versions_than_a_query_reads_is_unknown(
    sandbox: SandboxProcess, position: int
) -> None:
    requests: list[dict[str, int]] = [{}, {}]
    requests.insert(position, {"stored_versions": 1001})
    ids = sandbox.add(*requests)
    with api(sandbox) as client:
        read = client.read(ids)
        assert {str(one) for one in read.unknown} == {ids[position]}
        assert len(read.found) == 2
        sandbox.merge()
        assert len(client.read(ids).found) == 3


def test_a_request_is_absent_until_it_is_ingested(sandbox: SandboxProcess) -> None:
    (known,) = sandbox.add()
    sandbox.settings(ingest_delay_min=5, ingest_delay_max=5)
    (early,) = sandbox.add()
    with api(sandbox) as client:
        assert {str(one) for one in client.read([early], witness=known).absent} == {early}
        assert {str(one) for one in client.read([early]).unknown} == {early}
        sandbox.advance(6)
        assert len(client.read([early]).found) == 1
