import uuid
from datetime import UTC, datetime
from typing import Any

import pytest

from helicone import (
    BadKey,
    InvalidValue,
    NotAllowed,
    RateLimited,
    Rating,
    ReadBack,
    Reading,
    Rejected,
    ServerError,
    UnexpectedAnswer,
)
from tests.helicone.conftest import HELICONE_KEY

A, B, C = (uuid.UUID(f"0f5a3c1e-1111-4222-8333-00000000000{n}") for n in "abc")


def row(request_id, score=None, **rest):
    scores = {} if score is None else {"helicone-score-feedback": score}
    return {"request_id": str(request_id), "scores": scores, **rest}


def depth(tree):
    return 1 + max(depth(tree["left"]), depth(tree["right"])) if "left" in tree else 1


def ids_in(tree):
    if "left" in tree:
        return ids_in(tree["left"]) + ids_in(tree["right"])
    return [tree["request_response_rmt"]["request_id"]["equals"]]


def answers(far, *ids):
    far.answers(201, {"data": [row(one) for one in ids], "error": None})


def asked_for(far):
    """The ids and the order of each query."""
    return [
        ([uuid.UUID(one) for one in ids_in(asked.json["filter"])], asked.json["sort"]["created_at"])
        for asked in far.asked
    ]


def test_ratings_are_read_back_by_id(far, call):
    far.answers(201, {"data": [row(A, 1), row(B, 0)], "error": None})

    read = call("read", [A, str(B).upper()])

    assert {i: reading.rating for i, reading in read.found.items()} == {
        A: Rating.POSITIVE,
        B: Rating.NEGATIVE,
    }
    assert (read.absent, read.unknown, read.queries) == (frozenset(), frozenset(), 1)
    [asked] = far.asked
    assert (asked.method, asked.path) == ("POST", "/v1/request/query-clickhouse")
    assert asked.headers["authorization"] == f"Bearer {HELICONE_KEY}"
    assert asked.json == {
        "filter": {
            "left": {"request_response_rmt": {"request_id": {"equals": str(A)}}},
            "operator": "or",
            "right": {"request_response_rmt": {"request_id": {"equals": str(B)}}},
        },
        "limit": 1000,
        "sort": {"created_at": "desc"},
    }


def test_one_id_is_one_leaf_and_the_limit_is_the_largest_all_the_same(far, call):
    answers(far, A)

    call("read", [A])

    leaf = {"request_response_rmt": {"request_id": {"equals": str(A)}}}
    assert (far.asked[0].json["filter"], far.asked[0].json["limit"]) == (leaf, 1000)


def test_many_ids_are_asked_for_250_at_a_time_as_balanced_trees(far, call):
    ids = [uuid.uuid4() for _ in range(251)]
    answers(far, *ids[:250])
    answers(far, ids[250])

    assert list(call("read", ids).found) == ids

    tree = far.asked[0].json["filter"]
    assert depth(tree) == 9  # 2 ** 8 leaves fit below eight joints
    assert tree["operator"] == "or"
    assert [len(asked) for asked, _order in asked_for(far)] == [250, 2]  # one found goes along


def test_the_same_id_twice_is_asked_for_once(far, call):
    answers(far, A)

    assert list(call("read", [A, A, str(A).upper()]).found) == [A]
    assert asked_for(far) == [([A], "desc")]


def test_no_ids_ask_nothing(far, call):
    assert call("read", [], witness=A) == ReadBack()
    assert far.asked == []


@pytest.mark.parametrize(("ids", "witness"), [([A, "nonsense"], None), ([A], "nonsense")])
def test_a_bad_id_among_good_ones_sends_nothing(far, call, ids, witness):
    with pytest.raises(InvalidValue):
        call("read", ids, witness=witness)

    assert far.asked == []


def test_what_is_missing_is_asked_for_again_without_what_was_found(far, call):
    answers(far, A)
    answers(far, A, B)
    answers(far, A, C)

    read = call("read", [A, B, C])

    assert set(read.found) == {A, B, C}
    assert asked_for(far) == [([A, B, C], "desc"), ([B, C, A], "asc"), ([C, A], "desc")]


def test_what_two_answers_lack_that_show_the_witness_is_absent(far, call):
    answers(far, C)
    answers(far, C)

    read = call("read", [A, B], witness=C)

    assert (read.found, read.absent, read.unknown) == ({}, {A, B}, frozenset())
    assert asked_for(far) == [([A, B, C], "desc"), ([A, B, C], "asc")]


def test_any_request_that_is_found_becomes_the_witness(far, call):
    answers(far, A)
    answers(far, A)

    read = call("read", [A, B])

    assert (set(read.found), read.absent, read.queries) == ({A}, {B}, 2)


def test_a_witness_that_is_gone_is_replaced_by_one_that_is_found(far, call):
    answers(far, A)
    answers(far, A)

    assert call("read", [A, B], witness=C).absent == {B}
    assert asked_for(far) == [([A, B, C], "desc"), ([B, A], "asc")]


def test_empty_answers_prove_nothing(far, call):
    answers(far)
    answers(far)

    read = call("read", [A, B])

    assert (read.absent, read.unknown) == (frozenset(), {A, B})


def test_an_empty_answer_to_a_query_for_the_witness_proves_nothing(far, call):
    answers(far, C)
    answers(far)

    assert call("read", [A], witness=C).unknown == {A}


def test_a_witness_that_hides_all_others_is_left_out(far, call):
    answers(far)
    answers(far, A)

    assert set(call("read", [A], witness=C).found) == {A}
    assert asked_for(far) == [([A, C], "desc"), ([A], "asc")]


def test_a_query_that_fails_leaves_what_was_found(far, call):
    answers(far, A)
    far.answers(500)

    read = call("read", [A, B])

    assert (set(read.found), read.absent, read.unknown) == ({A}, frozenset(), {B})


def test_a_query_that_fails_before_anything_is_found_raises(far, call):
    answers(far)
    far.answers(500)

    with pytest.raises(ServerError):
        call("read", [A])


def test_the_witness_is_only_in_the_result_when_it_was_asked_for(far, call):
    answers(far, A, C)
    answers(far, A, C)

    assert set(call("read", [A], witness=C).found) == {A}
    assert set(call("read", [A, C], witness=C).found) == {A, C}


def test_what_a_second_reading_learns_replaces_what_was_unknown():
    first = ReadBack({A: Reading(A)}, unknown=frozenset({B, C}), queries=2)
    second = ReadBack({B: Reading(B)}, absent=frozenset({C}), queries=1)

    assert first | second == ReadBack(
        {A: Reading(A), B: Reading(B)}, frozenset({C}), frozenset(), queries=3
    )


@pytest.mark.parametrize(
    ("score", "rating", "number"),
    [
        (1, Rating.POSITIVE, 1),
        (0, Rating.NEGATIVE, 0),
        ("1", Rating.POSITIVE, 1),
        ("0", Rating.NEGATIVE, 0),
        (True, Rating.POSITIVE, 1),
        (-1, None, -1),
        ("-1", None, -1),
        (0.5, None, 0.5),
        (None, None, None),
        ("", None, None),
        ("NaN", None, None),
        (10**400, None, None),
        ([1], None, None),
    ],
)
def test_a_score_is_a_rating_only_when_it_is_one_or_zero(far, call, score, rating, number):
    far.answers(201, {"data": [row(A, score)], "error": None})

    reading = call("read", [A]).found[A]

    assert (reading.rating, reading.score) == (rating, number)


def test_a_reading_tells_when_by_whom_and_with_what(far, call):
    first = row(
        A,
        request_created_at="2026-07-01 12:00:00.250",
        model="gpt-4o-mini",
        request_user_id="u-17",
        response_status=200,
        properties={"app": "rapport"},
        feedback_rating=None,
    )
    second = row(
        B,
        request_created_at="2026-07-01T14:00:00+02:00",
        response_model="",
        request_model="gpt-4o",
        request_properties={"n": 1},
    )
    far.answers(201, {"data": [first, second], "error": None})

    assert call("read", [A, B]).found == {
        A: Reading(
            A,
            created_at=datetime(2026, 7, 1, 12, 0, 0, 250_000, tzinfo=UTC),
            model="gpt-4o-mini",
            user="u-17",
            status=200,
            properties={"app": "rapport"},
        ),
        B: Reading(
            B,
            created_at=datetime(2026, 7, 1, 12, tzinfo=UTC),
            model="gpt-4o",
            properties={"n": "1"},
        ),
    }


def test_rows_that_lack_everything_or_are_not_ours_do_no_harm(far, call):
    bare: dict[str, Any] = {
        "request_id": str(A),
        "scores": None,
        "properties": [],
        "request_created_at": "?",
    }
    far.answers(201, {"data": [bare, {"request_id": "run-7"}, {}], "error": None})

    assert call("read", [A]).found == {A: Reading(A)}


@pytest.mark.parametrize(
    ("status", "kind"),
    [(302, Rejected), (401, BadKey), (403, NotAllowed), (429, RateLimited), (500, ServerError)],
)
def test_an_answer_that_is_no_success_is_no_reading_whatever_its_body(far, call, status, kind):
    far.answers(status, {"data": [row(A, 1)], "error": "no"})
    far.answers(status, {"data": [row(A, 1)]})

    for _ in range(2):
        with pytest.raises(kind):
            call("read", [A])


@pytest.mark.parametrize(
    "body",
    [
        b"<html>Sign in to the hotel's network</html>",
        b"",
        b"[" * 100_000,
        [],
        {},
        {"data": None, "error": "failed"},
        {"data": [], "error": "failed"},
        {"data": {}},
        {"data": [1]},
    ],
)
def test_an_answer_that_is_no_list_of_requests_is_unexpected(far, call, body):
    far.answers(201, body)

    with pytest.raises(UnexpectedAnswer, match="not a list of requests"):
        call("read", [A])


def test_all_scores_are_read_whether_numbers_or_strings():
    scores = {"review": "1", "helicone-score-feedback": 0, "other": None}

    reading = Reading.from_row({"request_id": str(A), "scores": scores})

    assert reading is not None
    assert reading.scores == {"review": 1, "helicone-score-feedback": 0}
    assert reading.rating is Rating.NEGATIVE
