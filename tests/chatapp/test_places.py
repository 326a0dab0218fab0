"""Of few places each key takes so many, and no more."""

import pytest
from django.http import StreamingHttpResponse

from chatapp.limits.places import Places


def test_one_more_than_the_limit_is_refused_until_one_is_left():
    places = Places()
    assert [places.take(1, 2) for _ in range(3)] == [1, 2, 0]
    assert places.take(2, 2)
    places.leave(1)
    assert places.take(1, 2)
    assert not places.take(1, 2)


def test_no_limit_is_none_and_nothing_is_kept_of_who_left():
    places = Places()
    assert all(places.take(1, 0) for _ in range(100))
    for _ in range(100):
        places.leave(1)
    assert len(places) == 0


async def content():
    yield b"x"
    yield b"y"


@pytest.mark.django_db(transaction=True)
def test_a_place_is_left_with_the_response_even_if_nothing_was_sent():
    places = Places()
    assert places.take(1, 1)
    response = StreamingHttpResponse(places.kept_while_sent(1, content()))
    assert not places.take(1, 1)
    response.close()
    assert len(places) == 0


async def test_what_is_sent_is_the_content():
    places = Places()
    assert places.take(1, 1)
    response = StreamingHttpResponse(places.kept_while_sent(1, content()))
    assert [part async for part in response] == [b"x", b"y"]
