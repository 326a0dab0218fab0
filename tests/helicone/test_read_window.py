import asyncio
import uuid
from datetime import UTC, datetime, timedelta, timezone

import pytest

from helicone import Api, AsyncApi, InvalidValue, MaskedFailure, UnexpectedAnswer

SINCE = datetime(2026, 7, 1, tzinfo=UTC)
UNTIL = SINCE + timedelta(days=14)
IDS = [uuid.UUID(f"0f5a3c1e-1111-4222-8333-00000000000{n}") for n in range(7)]


def answers(far, *ids):
    far.answers(201, {"data": [{"request_id": str(i), "scores": {}} for i in ids], "error": None})


def leaves(tree):
    return leaves(tree["left"]) + leaves(tree["right"]) if "left" in tree else [tree]


def rmt(**column):
    return {"request_response_rmt": column}


def test_a_window_is_asked_for_in_order_and_utc(far, call):
    answers(far, IDS[0])
    east = timezone(timedelta(hours=2))

    read = call("read_window", SINCE.astimezone(east), UNTIL - timedelta(microseconds=1))

    assert [r.request_id for r in read] == [IDS[0]]
    asked = far.asked[0].json
    assert asked == {
        "filter": {
            "left": rmt(request_created_at={"gte": "2026-07-01T00:00:00.000Z"}),
            "operator": "and",
            "right": rmt(request_created_at={"lte": "2026-07-15T00:00:00.000Z"}),
        },
        "limit": 1000,
        "offset": 0,
        "sort": {"created_at": "asc"},
    }


def test_a_window_is_narrowed_by_user_session_and_properties(far, call):
    answers(far)

    call("read_window", SINCE, UNTIL, user="u-17", session="c-4", properties={"App": "rapport"})

    tree = far.asked[0].json["filter"]
    assert tree["operator"] == "and"
    assert leaves(tree)[2:] == [
        rmt(user_id={"equals": "u-17"}),
        rmt(properties={"Helicone-Session-Id": {"equals": "c-4"}}),
        rmt(properties={"app": {"equals": "rapport"}}),
    ]


def test_each_further_page_repeats_the_last_row_and_none_comes_twice(far, call):
    answers(far, *IDS[0:3])
    answers(far, *IDS[2:5])
    answers(far, *IDS[4:6])

    read = call("read_window", SINCE, UNTIL, limit=3, offset=10)

    assert [r.request_id for r in read] == IDS[0:6]
    assert [a.json["offset"] for a in far.asked] == [10, 12, 14]


def test_a_full_last_page_ends_with_the_row_it_repeats(far, call):
    answers(far, *IDS[0:3])
    answers(far, IDS[2])

    read = call("read_window", SINCE, UNTIL, limit=3, sort="desc")

    assert [r.request_id for r in read] == IDS[0:3]
    assert far.asked[0].json["sort"] == {"created_at": "desc"}


def test_an_empty_further_page_is_a_masked_failure(far, call):
    answers(far, *IDS[0:3])
    answers(far)

    with pytest.raises(MaskedFailure, match="repeat the last row"):
        call("read_window", SINCE, UNTIL, limit=3)


def test_an_empty_window_is_empty_unless_a_witness_is_missing(far, call):
    answers(far)
    answers(far)

    assert call("read_window", SINCE, UNTIL) == []
    with pytest.raises(MaskedFailure, match=str(IDS[6])):
        call("read_window", SINCE, UNTIL, witness=IDS[6])


def test_a_witness_is_asked_for_besides_the_window_and_found_on_any_page(far, call):
    answers(far, *IDS[0:2])
    answers(far, IDS[1], IDS[6])
    answers(far, IDS[6])

    read = call("read_window", SINCE, UNTIL, witness=str(IDS[6]).upper(), limit=2)

    assert [r.request_id for r in read] == [IDS[0], IDS[1], IDS[6]]
    tree = far.asked[0].json["filter"]
    assert tree["operator"] == "or" and tree["left"]["operator"] == "and"
    assert tree["right"] == rmt(request_id={"equals": str(IDS[6])})


def test_rows_that_late_ones_shift_from_page_to_page_come_once(far, call):
    answers(far, *IDS[0:3])
    answers(far, *IDS[1:4])
    answers(far, *IDS[2:5])
    answers(far, *IDS[4:6])

    read = call("read_window", SINCE, UNTIL, limit=3)

    assert [r.request_id for r in read] == IDS[0:6]


def test_pages_that_never_end_are_noticed(far, call):
    answers(far, *IDS[0:2])
    answers(far, *IDS[0:2])

    with pytest.raises(UnexpectedAnswer, match="has no end"):
        call("read_window", SINCE, UNTIL, limit=2)


def test_a_page_of_foreign_rows_only_is_no_end(far, call):
    far.answers(201, {"data": [{"request_id": "run-1"}, {"request_id": "run-2"}], "error": None})
    answers(far, IDS[0])

    read = call("read_window", SINCE, UNTIL, limit=2)

    assert [r.request_id for r in read] == [IDS[0]]


def test_a_page_of_the_repeated_row_and_foreign_ones_is_no_end(far, call):
    rows = [[IDS[0], IDS[1]], [IDS[1], "run-1"], ["run-1", IDS[2]], [IDS[2]]]
    for ids in rows:
        answers(far, *ids)

    read = call("read_window", SINCE, UNTIL, limit=2)

    assert [r.request_id for r in read] == IDS[0:3]


def test_pages_are_fetched_only_as_they_are_taken(far, settings):
    answers(far, *IDS[0:2])

    with Api(settings) as api:
        readings = api.read_window(SINCE, UNTIL, limit=2)
        assert far.asked == []
        assert [next(readings).request_id, next(readings).request_id] == IDS[0:2]

    assert len(far.asked) == 1


@pytest.mark.parametrize(
    ("since", "until", "options"),
    [
        (SINCE.replace(tzinfo=None), UNTIL, {}),
        (SINCE, UNTIL.replace(tzinfo=None), {}),
        ("2026-07-01", UNTIL, {}),
        (UNTIL, SINCE, {}),
        (SINCE, UNTIL, {"sort": "created_at"}),
        (SINCE, UNTIL, {"limit": 1}),
        (SINCE, UNTIL, {"limit": 1001}),
        (SINCE, UNTIL, {"offset": -1}),
        (SINCE, UNTIL, {"witness": "nonsense"}),
        (SINCE, UNTIL, {"user": ""}),
        (SINCE, UNTIL, {"session": "a\nb"}),
        (SINCE, UNTIL, {"properties": {"a b": "c"}}),
        (SINCE, UNTIL, {"properties": {"a": None}}),
    ],
)
def test_a_window_that_makes_no_sense_is_refused_at_once(far, settings, since, until, options):
    with Api(settings) as api, pytest.raises(InvalidValue):
        api.read_window(since, until, **options)

    async def asynchronously():
        async with AsyncApi(settings) as api:
            api.read_window(since, until, **options)

    with pytest.raises(InvalidValue):
        asyncio.run(asynchronously())
    assert far.asked == []
