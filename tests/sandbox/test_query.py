"""Reading back, and the property endpoint."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.sandbox.caller import Caller, balanced, by_id, chain, fresh_id


def test_a_row_has_the_names_helicone_gives_it(sandbox, caller: Caller):
    one = caller.chat(
        Helicone_User_Id="u1", Helicone_Property_App="rapport", Helicone_Session_Id="s1"
    ).headers["helicone-id"]
    caller.rate(one, False)
    (row,) = caller.query(by_id(one), limit=1)
    assert row["request_id"] == one
    assert row["request_user_id"] == "u1"
    assert row["request_model"] == "echo"
    assert row["properties"] == {"app": "rapport", "Helicone-Session-Id": "s1"}
    assert row["scores"] == {"helicone-score-feedback": 0}
    assert {row[name] for name in row if name.startswith("feedback_")} == {None}
    assert datetime.fromisoformat(row["request_created_at"]).tzinfo is not None


def test_what_is_not_ingested_is_not_there(sandbox, caller: Caller):
    sandbox.settings(ingest_delay_min=5, ingest_delay_max=5)
    (one,) = sandbox.add()
    assert caller.query(by_id(one)) == []
    sandbox.advance(5.1)
    assert len(caller.query(by_id(one))) == 1


def test_another_organisation_sees_nothing(sandbox, caller: Caller):
    (one,) = sandbox.add()
    assert caller.query(by_id(one), headers={"Authorization": f"Bearer {sandbox.other_key}"}) == []


def test_a_thousand_ids_as_a_balanced_tree_are_found(sandbox, caller: Caller):
    ids = sandbox.add(*({} for _ in range(1000)))
    rows = caller.query(balanced([by_id(one) for one in ids]))
    assert {row["request_id"] for row in rows} == set(ids)


@pytest.mark.parametrize("length", [200, 3000])
def test_a_chain_of_ids_fails_as_an_empty_answer(sandbox, caller: Caller, length):
    (one,) = sandbox.add()
    assert len(caller.query(chain([by_id(one)] * 100))) == 1
    body = '{"left": {"request_response_rmt": {}}, "operator": "or", "right": '
    raw = '{"filter": ' + body * length + '"all"' + "}" * length + "}"
    response = sandbox.http.post(
        "/v1/request/query-clickhouse", content=raw, headers=caller.authorization
    )
    assert (response.status_code, response.json()) == (201, {"data": [], "error": None})


def test_two_thousand_ids_fail_as_an_empty_answer(sandbox, caller: Caller):
    (one,) = sandbox.add()
    assert caller.query(balanced([by_id(one)] * 2000)) == []


def test_at_most_a_thousand_rows_may_be_asked_for_and_pages_follow(sandbox, caller: Caller):
    ids = sandbox.add(*({"user": "u1"} for _ in range(1005)))
    tree = {"request_response_rmt": {"user_id": {"equals": "u1"}}}
    rows = caller.query(tree, limit=1000, sort={"created_at": "asc"})
    rest = caller.query(tree, offset=1000, sort={"created_at": "asc"})
    assert [row["request_id"] for row in rows + rest] == ids


def test_a_window_of_time_a_property_and_a_session_combine(sandbox, caller: Caller):
    one = caller.chat(Helicone_Property_App="a", Helicone_Session_Id="s1").headers["helicone-id"]
    sandbox.advance(60)
    two = caller.chat(Helicone_Property_App="a", Helicone_Session_Id="s2").headers["helicone-id"]
    middle = datetime.fromtimestamp(sandbox.request(id=two)["created_at"] - 30, UTC).isoformat()
    app = {"properties": {"app": {"equals": "a"}}}
    late = {"request_response_rmt": {"request_created_at": {"gte": middle}}}
    early = {"request_response_rmt": {"request_created_at": {"lte": middle}}}
    assert len(caller.query(app)) == 2
    for tree, expected in ((late, two), (early, one)):
        (row,) = caller.query({"left": app, "operator": "and", "right": tree})
        assert row["request_id"] == expected
    (row,) = caller.query({"properties": {"Helicone-Session-Id": {"equals": "s1"}}})
    assert row["request_id"] == one


def test_filtering_by_the_score_returns_wrong_rows(sandbox, caller: Caller):
    rated, unrated = sandbox.add({}, {})
    caller.rate(rated, True)
    rows = caller.query({"scores": {"helicone-score-feedback": {"equals": "1"}}})
    assert unrated in {row["request_id"] for row in rows}


def test_the_single_request_is_stale_after_a_rating(sandbox, caller: Caller):
    (one,) = sandbox.add()

    def scores() -> Any:
        address = f"/v1/request/{one}"
        return sandbox.http.get(address, headers=caller.authorization).json()["data"]["scores"]

    assert scores() == {}
    caller.rate(one, True)
    assert scores() == {}
    sandbox.advance(86401)
    assert scores() == {"helicone-score-feedback": 1}


def test_a_property_is_set_and_can_be_asked_for(sandbox, caller: Caller):
    (one,) = sandbox.add()
    long = "ü👍" * 2000
    assert caller.put(one, "comment", long).status_code == 201
    assert caller.put(one, "withdrawn", "true").status_code == 201
    (row,) = caller.query({"properties": {"withdrawn": {"equals": "true"}}})
    assert (row["request_id"], row["properties"]["comment"]) == (one, long)


def test_a_property_of_an_unknown_request_is_a_500(sandbox, caller: Caller):
    sandbox.settings(ingest_delay_min=5, ingest_delay_max=5)
    (early,) = sandbox.add()
    for unknown in (fresh_id(), early):
        response = caller.put(unknown, "withdrawn", "true")
        assert response.status_code == 500
        assert "Request not found" in response.text
    sandbox.advance(6)
    assert caller.put(early, "withdrawn", "true").status_code == 201


def test_of_two_properties_set_at_once_one_is_lost(sandbox, caller: Caller):
    (one,) = sandbox.add()
    sandbox.settings(property_race=0.5)
    with ThreadPoolExecutor(2) as pool:
        answers = pool.map(lambda name: caller.put(one, name, "x").status_code, "ab")
    assert list(answers) == [201, 201]
    assert len(sandbox.request(id=one)["properties"]) == 1
