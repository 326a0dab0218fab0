from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from helicone import RateLimit
from helicone.rate_limits import rate_limit, retry_after


@pytest.mark.parametrize(
    ("headers", "read"),
    [
        ({}, None),
        (
            {"RateLimit-Limit": "1000", "ratelimit-remaining": " 999", "RATELIMIT-RESET": "300"},
            RateLimit(1000, 999, 300),
        ),
        ({"RateLimit": "limit=1000, remaining=999, reset=300"}, RateLimit(1000, 999, 300)),
        ({"RateLimit": '"1000-in-5min"; r=999; t=300'}, RateLimit(None, 999, 300)),
        ({"RateLimit-Limit": "5", "RateLimit": "limit=7, remaining=1"}, RateLimit(5, 1, None)),
        ({"RateLimit-Limit": "many"}, None),
        ({"RateLimit-Limit": "9" * 5000}, None),
        ({"RateLimit": "limit=-1; remaining=x"}, None),
    ],
)
def test_rate_limits_are_read_in_every_form(headers, read):
    assert rate_limit(headers) == read


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Retry-After": "12"}, 12),
        ({"retry-after": " 0 "}, 0),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "-5"}, None),
        ({"Retry-After": "soon", "RateLimit-Reset": "9"}, 9),
        ({"RateLimit-Limit": "9"}, None),
        ({"Retry-After": "Mon, 01 Jan 2001 00:00:00 GMT"}, 0),
        ({"Retry-After": "Mon, 01 Jan 2001 00:00:00 -0000"}, 0),
        ({"Retry-After": "Mon, 99 Jan 2001 00:00:00 GMT"}, None),
    ],
)
def test_the_time_to_wait_is_read_in_every_form(headers, seconds):
    assert retry_after(headers) == seconds


def test_a_date_ahead_is_counted_from_now():
    ahead = datetime.now(UTC) + timedelta(minutes=10)

    seconds = retry_after({"Retry-After": format_datetime(ahead, usegmt=True)})

    assert seconds is not None and 590 < seconds <= 600
