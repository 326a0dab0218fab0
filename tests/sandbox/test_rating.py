"""Rating a request: one test for each row of the contract, its traps above all."""

import time

import pytest

from sandbox.settings import READ_ONLY_KEY, WRITE_ONLY_KEY
from tests.sandbox.caller import UNRATED, Caller, by_id, fresh_id
from tests.sandbox_process import SandboxProcess


def past_the_second(sandbox: SandboxProcess) -> None:
    sandbox.advance(1.1)


def test_a_rating_is_stored_and_read_back(sandbox, caller: Caller):
    (one,) = sandbox.add()
    assert caller.read(one) is UNRATED
    response = caller.rate(one, True)
    assert (response.status_code, response.json()) == (201, {"data": None, "error": None})
    assert caller.read(one) == 1
    assert sandbox.request(id=one)["rating"] is True


def test_a_later_rating_overwrites_the_earlier_one(sandbox, caller: Caller):
    (one,) = sandbox.add()
    caller.rate(one, True)
    past_the_second(sandbox)
    caller.rate(one, False)
    assert caller.read(one) == 0


def test_a_rating_before_ingestion_is_answered_201_and_dropped(sandbox, caller: Caller):
    sandbox.settings(ingest_delay_min=5, ingest_delay_max=5)
    (one,) = sandbox.add()
    early = caller.rate(one, True)
    (known,) = sandbox.add()
    sandbox.advance(6)
    late = caller.rate(known, True)
    assert (early.status_code, early.content) == (late.status_code, late.content)
    assert caller.read(one) is UNRATED
    sandbox.advance(700)
    assert caller.read(one) is UNRATED
    assert {write["outcome"] for write in sandbox.request(id=one)["writes"]} == {"dropped"}


def test_in_the_other_mode_an_early_rating_arrives_with_its_second_write(sandbox, caller: Caller):
    sandbox.settings(ingest_delay_min=5, ingest_delay_max=5, early_ratings="kept")
    (one,) = sandbox.add()
    caller.rate(one, True)
    sandbox.advance(6)
    assert caller.read(one) is UNRATED
    sandbox.advance(600)
    assert caller.read(one) == 1


def test_a_rating_for_an_unknown_id_is_answered_201_and_not_stored(sandbox, caller: Caller):
    unknown = fresh_id()
    assert caller.rate(unknown, True).status_code == 201
    assert caller.read(unknown) is None
    assert sandbox.requests(id=unknown) == []
    orphans = sandbox.http.get("/sandbox/orphans").json()
    assert [write["value"] for write in orphans[unknown]] == [1, 1]


def test_a_rating_of_another_organisations_request_is_not_stored(sandbox, caller: Caller):
    (theirs,) = sandbox.add({"organisation": "another"})
    assert caller.rate(theirs, True).status_code == 201
    assert caller.read(theirs) is None
    assert sandbox.request(id=theirs)["rating"] is None


@pytest.mark.parametrize("wrong", ["17", "018f4c5e-7b2a-7c3d-8e4f-123456789abc", "x" * 36])
def test_an_id_that_is_no_uuid_v1_to_v5_is_a_500(caller: Caller, wrong):
    response = caller.rate(wrong, True)
    assert response.status_code == 500
    assert "Invalid requestId: must be a valid UUID" in response.text


def test_an_upper_case_id_is_answered_201_and_not_stored(sandbox, caller: Caller):
    (one,) = sandbox.add({"helicone_id": "abcdef00-0000-4000-8000-00000000000a"})
    assert caller.rate(one.upper(), True).status_code == 201
    assert caller.read(one) is UNRATED


def test_an_unknown_key_is_a_401(caller: Caller):
    for given in ("Bearer sk-helicone-wrong", "sk-helicone-wrong", f"{caller.sandbox.key}"):
        response = caller.rate(fresh_id(), True, headers={"Authorization": given})
        assert response.status_code == 401
        expected = {"error": "No API key found", "trace": "isAuthenticated.error"}
        assert response.json() == expected


def test_only_helicone_auth_is_a_401_for_want_of_an_authorization_header(sandbox, caller: Caller):
    for headers in ({}, {"Helicone-Auth": f"Bearer {sandbox.key}"}):
        response = caller.rate(fresh_id(), True, headers=headers)
        assert response.status_code == 401
        assert "No authorization header" in response.text


def test_sending_both_headers_is_harmless(sandbox, caller: Caller):
    (one,) = sandbox.add()
    both = caller.authorization | {"Helicone-Auth": f"Bearer {sandbox.key}"}
    assert caller.rate(one, True, headers=both).status_code == 201
    assert caller.read(one) == 1


def test_a_key_without_the_right_is_a_401_without_words(sandbox, caller: Caller):
    powerless = {"Authorization": "Bearer sk-helicone-noright-0000000-0000000-0000003"}
    response = caller.rate(fresh_id(), True, headers=powerless)
    assert response.status_code == 401
    assert response.json()["error"] is None


def test_a_write_only_key_may_do_what_is_a_post_and_a_read_only_one_what_is_a_get(
    sandbox, caller: Caller
):
    (one,) = sandbox.add()
    write_only = {"Authorization": f"Bearer {WRITE_ONLY_KEY}"}
    read_only = {"Authorization": f"Bearer {READ_ONLY_KEY}"}
    assert caller.rate(one, True, headers=write_only).status_code == 201
    assert caller.query(by_id(one), headers=write_only)[0]["scores"] == {
        "helicone-score-feedback": 1
    }
    query = "/v1/request/query-clickhouse"
    for refused in (
        caller.rate(one, True, headers=read_only),
        sandbox.http.post(query, json={"filter": "all"}, headers=read_only),
        sandbox.http.get(f"/v1/request/{one}", headers=write_only),
    ):
        assert (refused.status_code, refused.json()["error"]) == (401, None)
    assert sandbox.http.get(f"/v1/request/{one}", headers=read_only).status_code == 200


@pytest.mark.parametrize("rating", [1, "up", [], {}])
def test_a_rating_that_is_no_boolean_is_a_422(caller: Caller, rating):
    response = caller.rate(fresh_id(), rating)
    assert response.status_code == 422
    assert response.json()["message"] == "Validation Failed"
    assert response.json()["details"]


@pytest.mark.parametrize("body", [{}, {"rating": True, "why": "nice"}, [], "up"])
def test_a_missing_rating_and_an_extra_field_are_a_422(caller: Caller, body):
    address = f"/v1/request/{fresh_id()}/feedback"
    response = caller.http.post(address, json=body, headers=caller.authorization)
    assert response.status_code == 422


def test_null_is_answered_201_and_stored_as_down(sandbox, caller: Caller):
    (one,) = sandbox.add()
    assert caller.rate(one, None).status_code == 201
    assert caller.read(one) == 0


def test_broken_json_is_a_500(caller: Caller):
    address = f"/v1/request/{fresh_id()}/feedback"
    response = caller.http.post(address, content=b"{rating:", headers=caller.authorization)
    assert response.status_code == 500


def test_too_many_calls_are_a_429_with_ratelimit_headers(sandbox, caller: Caller):
    sandbox.settings(rate_limit=2, rate_limit_window=60)
    (one,) = sandbox.add()
    answers = [caller.rate(one, True) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201, 201, 429]
    assert answers[2].json() == {"error": "Too many requests, please try again later."}
    assert [answer.headers["ratelimit-remaining"] for answer in answers] == ["1", "0", "0"]
    assert answers[2].headers["ratelimit-limit"] == "2"
    assert 1 <= int(answers[2].headers["ratelimit-reset"]) <= 60
    theirs = {"Authorization": f"Bearer {sandbox.other_key}"}
    assert caller.rate(one, True, headers=theirs).status_code == 201


def test_a_request_older_than_30_days_takes_no_rating(sandbox, caller: Caller):
    (one,) = sandbox.add()
    sandbox.advance(31 * 86400)
    assert caller.rate(one, True).status_code == 201
    assert caller.read(one) is UNRATED


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_there_is_no_undo_and_no_reading(sandbox, caller: Caller, method):
    (one,) = sandbox.add()
    address = f"/v1/request/{one}/feedback"
    assert sandbox.http.request(method, address, headers=caller.authorization).status_code == 404


def test_an_older_ratings_second_write_overturns_a_newer_one_until_its_own(sandbox, caller: Caller):
    (one,) = sandbox.add()
    caller.rate(one, True)
    sandbox.advance(6)
    caller.rate(one, False)
    assert caller.read(one) == 0
    sandbox.advance(595)
    assert caller.read(one) == 1
    sandbox.advance(6)
    assert caller.read(one) == 0


def test_the_second_write_can_come_sooner_and_needs_nobody_to_look(sandbox, caller: Caller):
    sandbox.settings(second_write=0.2)
    (one,) = sandbox.add()
    caller.rate(one, True)
    written = sandbox.wait_for(
        lambda: [w["outcome"] for w in sandbox.request(id=one)["writes"]] == ["stored", "stored"]
    )
    assert written


@pytest.mark.parametrize(("first", "then"), [(True, False), (False, True)])
def test_true_and_false_back_to_back_end_as_true(sandbox, caller: Caller, first, then):
    (one,) = sandbox.add()
    sandbox.settings(version_granularity=1000.0)
    caller.rate(one, first)
    caller.rate(one, then)
    assert caller.read(one) == 1


def test_a_score_of_minus_one_is_neither_up_nor_down(sandbox, caller: Caller):
    (one,) = sandbox.add()
    caller.rate(one, True)
    past_the_second(sandbox)
    assert caller.score(one, helicone_score_feedback=-1).status_code == 201
    assert caller.read(one) == -1
    assert sandbox.request(id=one)["rating"] is None
    past_the_second(sandbox)
    caller.rate(one, False)
    assert caller.read(one) == 0


def test_a_rating_and_a_score_in_one_batch_can_lose_one_of_the_two(sandbox, caller: Caller):
    (one,) = sandbox.add()
    sandbox.settings(version_granularity=1000.0)
    caller.score(one, quality=5)
    caller.rate(one, True)
    assert caller.query({"request_response_rmt": {"request_id": {"equals": one}}})[0]["scores"] == {
        "quality": 5
    }


@pytest.mark.parametrize(("value", "status"), [(1, 201), (0.5, 500), ("high", 422)])
def test_a_score_is_a_whole_number(sandbox, caller: Caller, value, status):
    (one,) = sandbox.add()
    assert caller.score(one, quality=value).status_code == status


def test_a_bool_score_gets_another_key(sandbox, caller: Caller):
    (one,) = sandbox.add()
    caller.score(one, good=True)
    assert sandbox.request(id=one)["scores"] == {"good-hcone-bool": 1}
    assert caller.score(fresh_id(), good=True).status_code == 201


def test_writes_are_not_awaited_where_a_delay_is_set(sandbox, caller: Caller):
    sandbox.settings(write_delay=2)
    (one,) = sandbox.add()
    caller.rate(one, True)
    assert caller.read(one) is UNRATED
    sandbox.advance(2.1)
    assert caller.read(one) == 1


def test_the_older_form_stores_a_rating_too(sandbox, caller: Caller):
    (one,) = sandbox.add()
    headers = {"Helicone-Auth": f"Bearer {sandbox.key}"}
    for helicone_id in (one, fresh_id()):
        body = {"helicone-id": helicone_id, "rating": True}
        response = sandbox.http.post("/v1/feedback", json=body, headers=headers)
        assert response.status_code == 200
        expected = {"message": "Feedback added successfully.", "helicone_id": helicone_id}
        assert response.json() == expected
    assert caller.read(one) == 1


def test_the_history_shows_when_each_rating_came(sandbox, caller: Caller):
    sandbox.settings(latency_ms=30)
    before = time.time()
    (one,) = sandbox.add()
    caller.rate(one, True)
    first, second = sandbox.request(id=one)["writes"]
    # The sleep is measured by another clock than the history's times, which may be set meanwhile.
    assert before <= first["received_at"] <= first["answered_at"] - 0.02
    assert (first["turn"], second["turn"]) == (1, 2)
    assert second["due_at"] - first["due_at"] == pytest.approx(600)


def test_second_writes_can_come_early_late_or_never(sandbox, caller: Caller):
    def seconds_until_second(**settings: float) -> list[float]:
        sandbox.settings(second_write=100, **settings)
        for helicone_id in sandbox.add(*[{} for _ in range(40)]):
            caller.rate(helicone_id, True)
        writes = [write for request in sandbox.requests()[-40:] for write in request["writes"]]
        return [w["due_at"] - w["received_at"] for w in writes if w["turn"] == 2]

    spread = seconds_until_second(second_write_spread=0.1)
    assert len(spread) == 40
    assert 89 < min(spread) < 98 and 102 < max(spread) < 111
    assert 0 < len(seconds_until_second(second_write_loss=0.5)) < 40
    assert seconds_until_second(second_write_loss=1.0) == []
