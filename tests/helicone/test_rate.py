import asyncio
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import httpx2
import pytest

from helicone import (
    Api,
    AsyncApi,
    InvalidValue,
    RateLimit,
    Rating,
    ServerError,
    Settings,
    UnexpectedAnswer,
)
from helicone.calls import Call
from tests.helicone.conftest import HELICONE_KEY

ID = uuid.UUID("0f5a3c1e-1111-4222-8333-abcdefabcdef")


@pytest.mark.parametrize(
    ("rating", "body"),
    [(Rating.POSITIVE, b'{"rating": true}'), (Rating.NEGATIVE, b'{"rating": false}')],
)
def test_a_rating_is_posted_with_exactly_its_body(far, call, rating, body):
    far.answers(201, {"data": None, "error": None})

    assert call("rate", ID, rating).status == 201

    [asked] = far.asked
    assert (asked.method, asked.path) == ("POST", f"/v1/request/{ID}/feedback")
    assert asked.headers["authorization"] == f"Bearer {HELICONE_KEY}"
    assert asked.headers["content-type"] == "application/json"
    assert asked.body == body


@pytest.mark.parametrize(("status", "body"), [(200, {}), (201, b""), (202, b"OK"), (200, [])])
def test_any_2xx_takes_the_rating(far, call, status, body):
    far.answers(status, body)

    assert call("rate", str(ID).upper(), Rating.POSITIVE).status == status
    assert far.asked[0].path == f"/v1/request/{ID}/feedback"


def test_a_2xx_that_names_an_error_does_not_count(far, call):
    far.answers(201, {"data": None, "error": "database is down"})

    with pytest.raises(UnexpectedAnswer, match="database is down") as failed:
        call("rate", ID, Rating.POSITIVE)

    assert failed.value.request_id == str(ID)


@pytest.mark.parametrize("bad", [None, True, False, 1, "positive", "up"])
def test_nothing_but_a_rating_is_sent_as_one(far, call, bad):
    with pytest.raises(InvalidValue, match="is no rating"):
        call("rate", ID, bad)

    assert far.asked == []


def test_an_id_helicone_would_not_take_is_never_sent(far, call):
    with pytest.raises(InvalidValue, match="is no request id"):
        call("rate", "018f3c1e-1111-7222-8333-abcdefabcdef", Rating.POSITIVE)

    assert far.asked == []


@pytest.mark.parametrize("rating", Rating)
def test_a_rating_becomes_a_bool_and_back(rating):
    assert Rating.from_bool(rating.as_bool) is rating


@pytest.mark.parametrize("value", ["withdrawn", "", "🌧️ " * 2000])
def test_a_property_is_put_with_its_name_in_lower_case(far, call, value):
    far.answers(201, {"data": None, "error": None})

    assert call("set_property", ID, "Rapport-State", value).status == 201

    [asked] = far.asked
    assert (asked.method, asked.path) == ("PUT", f"/v1/request/{ID}/property")
    assert asked.json == {"key": "rapport-state", "value": value}


@pytest.mark.parametrize(
    ("key", "value"), [("", "x"), ("a b", "x"), ("a", None), ("a", "\x00"), ("a", "\udc00")]
)
def test_a_property_that_cannot_be_stored_is_never_sent(far, call, key, value):
    with pytest.raises(InvalidValue):
        call("set_property", ID, key, value)

    assert far.asked == []


@pytest.mark.parametrize("value", [1, 0, -1])
def test_a_score_is_posted_under_its_name(far, call, value):
    far.answers(201, {"data": None, "error": None})

    assert call("score", ID, "Review", value).status == 201

    [asked] = far.asked
    assert (asked.method, asked.path) == ("POST", f"/v1/request/{ID}/score")
    assert asked.json == {"scores": {"review": value}}


@pytest.mark.parametrize(
    ("name", "value"),
    [("review", True), ("review", 0.5), ("review", None), ("review", 2**31), ("a b", 1)],
)
def test_a_score_that_helicone_would_not_store_is_never_sent(far, call, name, value):
    with pytest.raises(InvalidValue):
        call("score", ID, name, value)

    assert far.asked == []


def test_the_rate_limit_is_on_the_receipt_and_stays_with_the_api(far, settings):
    far.answers(201, headers={"RateLimit-Limit": "1000", "RateLimit-Remaining": "3"})
    far.answers(201)

    with Api(settings) as api:
        assert api.rate_limit is None
        assert api.rate(ID, Rating.POSITIVE).rate_limit == RateLimit(1000, 3, None)
        assert api.rate(ID, Rating.POSITIVE).rate_limit is None
        assert api.rate_limit == RateLimit(1000, 3, None)


def test_a_client_handed_in_is_used_and_left_open(far, settings):
    far.answers(201)

    with httpx2.Client(headers={"X-Own": "1"}) as own:
        with Api(settings, client=own) as api:
            api.rate(ID, Rating.POSITIVE)
        assert not own.is_closed

    assert far.asked[0].headers["x-own"] == "1"


async def test_an_asynchronous_client_handed_in_is_used_and_left_open(far, settings):
    far.answers(201)

    async with httpx2.AsyncClient(headers={"X-Own": "1"}) as own:
        async with AsyncApi(settings, client=own) as api:
            await api.rate(ID, Rating.POSITIVE)
        assert not own.is_closed

    assert far.asked[0].headers["x-own"] == "1"


def test_a_transport_handed_in_is_used(settings):
    transport = httpx2.MockTransport(lambda request: httpx2.Response(202))

    with Api(settings, transport=transport) as api:
        assert api.rate(ID, Rating.POSITIVE).status == 202


@pytest.mark.parametrize("api", [Api, AsyncApi])
def test_an_api_without_a_helicone_key_or_time_is_not_made(api, settings):
    with pytest.raises(InvalidValue, match="no Helicone key"):
        api(Settings("sk-1"))
    with pytest.raises(InvalidValue, match="timeout"):
        api(settings, timeout=0)


@pytest.mark.parametrize("status", [200, 500])
def test_what_is_put_around_a_call_sees_the_call_and_its_error(far, settings, status):
    seen: list[object] = []

    @contextmanager
    def around(call: Call[Any]) -> Iterator[None]:
        seen.append((call.path, call.about))
        try:
            yield
        except ServerError as error:
            seen.append(type(error))
            raise

    def sync() -> None:
        with Api(settings, around=around) as api:
            api.rate(ID, Rating.POSITIVE)

    async def awaited() -> None:
        async with AsyncApi(settings, around=around) as api:
            await api.rate(ID, Rating.POSITIVE)

    expected = [(f"/v1/request/{ID}/feedback", str(ID)), *([ServerError] if status == 500 else [])]
    for run in (sync, lambda: asyncio.run(awaited())):
        seen.clear()
        far.answers(status)
        with suppress(ServerError):
            run()
        assert seen == expected
