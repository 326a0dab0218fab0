import uuid
from datetime import UTC, datetime
from typing import Any

import pytest

from helicone import (
    BadKey,
    InvalidValue,
    MaskedFailure,
    NotAllowed,
    RateLimited,
    Rating,
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


def test_ratings_are_read_back_by_id(far, call):
    far.answers(201, {"data": [row(A, 1), row(B, 0)], "error": None})

    read = call("read", [A, str(B).upper(), C])

    assert {i: reading.rating for i, reading in read.items()} == {
        A: Rating.POSITIVE,
        B: Rating.NEGATIVE,
    }
    [asked] = far.asked
    assert (asked.method, asked.path) == ("POST", "/v1/request/query-clickhouse")
    assert asked.headers["authorization"] == f"Bearer {HELICONE_KEY}"
    assert ids_in(asked.json["filter"]) == [str(A), str(B), str(C)]
    assert asked.json["limit"] == 3


def test_one_id_is_one_leaf(far, call):
    far.answers(201, {"data": [], "error": None})

    assert call("read", [A]) == {}
    leaf = {"request_response_rmt": {"request_id": {"equals": str(A)}}}
    assert far.asked[0].json == {"filter": leaf, "limit": 1}


def test_a_thousand_ids_are_a_balanced_tree(far, call):
    ids = [uuid.uuid4() for _ in range(1000)]
    far.answers(201, {"data": [], "error": None})

    call("read", ids)

    tree = far.asked[0].json["filter"]
    assert depth(tree) == 11  # 2 ** 10 leaves fit below ten joints
    assert ids_in(tree) == [str(i) for i in ids]
    assert tree["operator"] == "or"


def test_more_than_a_thousand_ids_are_refused_the_witness_counted(far, call):
    with pytest.raises(InvalidValue, match="1,001 ids"):
        call("read", [uuid.uuid4() for _ in range(1000)], witness=A)

    assert far.asked == []


def test_the_same_id_twice_is_asked_for_once(far, call):
    far.answers(201, {"data": [row(A)], "error": None})

    assert list(call("read", [A, A, str(A).upper()])) == [A]
    assert far.asked[0].json["limit"] == 1


def test_no_ids_ask_nothing(far, call):
    assert call("read", [], witness=A) == {}
    assert far.asked == []


def test_a_bad_id_among_good_ones_sends_nothing(far, call):
    with pytest.raises(InvalidValue):
        call("read", [A, "nonsense"])

    assert far.asked == []


def test_an_answer_without_the_witness_is_a_masked_failure(far, call):
    far.answers(201, {"data": [], "error": None})

    with pytest.raises(MaskedFailure, match=str(C)):
        call("read", [A], witness=C)

    assert ids_in(far.asked[0].json["filter"]) == [str(A), str(C)]


def test_a_query_asks_for_as_many_rows_as_it_names_ids_the_witness_counted(far, call):
    for _ in range(2):
        far.answers(201, {"data": [row(A), row(B), row(C)], "error": None})

    assert list(call("read", [A, B], witness=C)) == [A, B]
    assert list(call("read", [A, B, C], witness=C)) == [A, B, C]
    assert [asked.json["limit"] for asked in far.asked] == [3, 3]


def test_the_witness_is_only_in_the_result_when_it_was_asked_for(far, call):
    far.answers(201, {"data": [row(C, 1)], "error": None})
    far.answers(201, {"data": [row(C, 1)], "error": None})

    assert call("read", [A], witness=C) == {}
    assert list(call("read", [A, C], witness=C)) == [C]


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

    reading = call("read", [A])[A]

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

    assert call("read", [A, B]) == {
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

    assert call("read", [A]) == {A: Reading(A)}


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
