import pickle
import socket
import uuid
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

import helicone
from helicone import (
    BadKey,
    ConnectionFailed,
    InvalidId,
    InvalidValue,
    NotAllowed,
    PermanentError,
    RateLimit,
    RateLimited,
    Rating,
    Rejected,
    ServerError,
    Settings,
    TimedOut,
    TransientError,
    UnexpectedAnswer,
    UnknownRequest,
)
from tests.helicone.conftest import HELICONE_KEY, Shell

ID = uuid.UUID("0f5a3c1e-1111-4222-8333-abcdefabcdef")
TRACE = {"trace": "isAuthenticated.error"}


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (401, {"error": "No API key found", **TRACE}, BadKey),
        (401, b"No authorization header", BadKey),
        (401, b"", BadKey),
        (401, {"error": None, **TRACE}, NotAllowed),
        (403, {}, NotAllowed),
        (400, {}, Rejected),
        (404, b"<h1>Not found</h1>", Rejected),
        (422, {"message": "Validation Failed", "details": {}}, Rejected),
        (302, b"", Rejected),
        (500, {"error": "Invalid requestId: must be a valid UUID"}, InvalidId),
    ],
)
def test_what_would_fail_again_is_permanent(far, call, status, body, kind):
    far.answers(status, body)

    with pytest.raises(kind) as failed:
        call("rate", ID, Rating.POSITIVE)

    assert isinstance(failed.value, PermanentError)
    assert (failed.value.status, failed.value.request_id) == (status, str(ID))
    assert str(failed.value).endswith(").") and "\n" not in str(failed.value)


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (429, {"error": "Too many requests, please try again later."}, RateLimited),
        (500, {"error": "Request not found"}, UnknownRequest),
        (500, b"Unexpected token } in JSON", ServerError),
        (502, b"<html>\n<b>Bad gateway</b>\x00\n</html>", ServerError),
        (503, b"\xff\xfe", ServerError),
        (408, b"", ServerError),
        (425, b"", ServerError),
    ],
)
def test_what_may_pass_is_transient(far, call, status, body, kind):
    far.answers(status, body)

    with pytest.raises(kind) as failed:
        call("set_property", ID, "state", "x")

    assert isinstance(failed.value, TransientError)
    assert (failed.value.status, failed.value.request_id) == (status, str(ID))
    assert str(failed.value).isprintable()


def test_a_redirect_is_not_followed(far, call):
    far.answers(307, headers={"Location": f"{far.url}/elsewhere"})

    with pytest.raises(Rejected, match="leads elsewhere"):
        call("rate", ID, Rating.POSITIVE)

    assert len(far.asked) == 1


def test_a_key_the_server_repeats_is_not_in_the_error(far, call):
    far.answers(401, {"error": f"No API key found: {HELICONE_KEY}"})

    with pytest.raises(BadKey, match=r"No API key found: \[key\]") as failed:
        call("rate", ID, Rating.POSITIVE)

    assert HELICONE_KEY not in repr(failed.value)


def test_an_error_quotes_no_more_than_a_line(far, call):
    far.answers(500, b"x" * 100_000)

    with pytest.raises(ServerError) as failed:
        call("rate", ID, Rating.POSITIVE)

    assert len(str(failed.value)) < 300


def test_too_fast_says_how_long_to_wait(far, call):
    far.answers(429, headers={"RateLimit": "limit=1000, remaining=0, reset=17"})

    with pytest.raises(RateLimited) as failed:
        call("rate", ID, Rating.POSITIVE)

    assert failed.value.rate_limit == RateLimit(1000, 0, 17)
    assert failed.value.retry_after == 17


def test_a_date_to_wait_for_becomes_seconds(far, call):
    far.answers(
        503, headers={"Retry-After": format_datetime(datetime.now(UTC) + timedelta(hours=1), True)}
    )

    with pytest.raises(ServerError) as failed:
        call("rate", ID, Rating.POSITIVE)

    seconds = failed.value.retry_after
    assert seconds is not None and 3500 < seconds <= 3600


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_where_nobody_listens_nothing_was_sent(kind):
    with socket.socket() as bound:  # bound but not listening: the port refuses, and stays ours
        bound.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{bound.getsockname()[1]}"
        call = Shell(Settings("", HELICONE_KEY, api_url=nobody), kind)

        with pytest.raises(ConnectionFailed, match="No answer from Helicone at") as failed:
            call("rate", ID, Rating.POSITIVE)

    assert failed.value.maybe_sent is False
    assert failed.value.request_id == str(ID)


def test_an_answer_that_does_not_come_may_have_been_acted_on(far, call):
    far.answers(stall=True)

    with pytest.raises(TimedOut, match="ReadTimeout") as failed:
        call("rate", ID, Rating.POSITIVE, timeout=0.2)

    assert failed.value.maybe_sent is True


def test_an_answer_cut_short_may_have_been_acted_on(far, call):
    far.answers(201, cut=True)

    with pytest.raises(ConnectionFailed) as failed:
        call("rate", ID, Rating.POSITIVE)

    assert failed.value.maybe_sent is True


def test_an_answer_that_does_not_decompress_is_unexpected(far, call):
    far.answers(201, b"no gzip", headers={"Content-Encoding": "gzip"})

    with pytest.raises(UnexpectedAnswer, match="decompressed"):
        call("rate", ID, Rating.POSITIVE)


def test_a_refused_value_is_a_value_error():
    assert issubclass(InvalidValue, ValueError)


def test_the_drawn_tree_is_the_real_one():
    drawn = helicone.HeliconeError.__doc__ or ""
    kinds = [kind for base in (TransientError, PermanentError) for kind in leaves(base)]

    assert sorted(kind.__name__ for kind in kinds) == sorted(
        line.split()[1] for line in drawn.splitlines() if line.strip().startswith("- ")
    )
    assert all(getattr(helicone, kind.__name__) is kind for kind in kinds)


def leaves(kind):
    below = kind.__subclasses__()
    return [leaf for sub in below for leaf in leaves(sub)] if below else [kind]


def test_an_error_survives_pickling():
    error = RateLimited("Slow down.", status=429, retry_after=3.0)
    again = pickle.loads(pickle.dumps(error))

    assert (str(again), again.status, again.retry_after) == ("Slow down.", 429, 3.0)
