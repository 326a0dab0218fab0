"""The id of a request, and what is counted of it."""

import asyncio
from typing import Any

import pytest

from chatapp.http.instrumentation import Instrumentation
from chatapp.observability.log_format import request_id
from chatapp.observability.metrics import REGISTRY

START = {"type": "http.response.start", "status": 418, "headers": [(b"a", b"b")]}


def responded(*sent: str, trusts_proxy: bool = True) -> tuple[str, dict[bytes, bytes]]:
    """The id while the request ran, and the headers of its response."""
    seen: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append(request_id.get())
        await send(START)

    async def send(message: Any) -> None:
        seen.append(dict(message["headers"]))

    headers = [(b"x-request-id", value.encode()) for value in sent]
    wrapped = Instrumentation(app, trusts_proxy=trusts_proxy)
    asyncio.run(wrapped({"type": "http", "headers": headers}, None, send))
    return seen[0], seen[1]


def test_each_request_has_an_id_which_its_response_carries():
    first, headers = responded()
    assert headers == {b"a": b"b", b"x-request-id": first.encode()}
    assert len(first) == 16 and first != responded()[0]


def test_an_id_is_taken_from_a_trusted_proxy_alone():
    assert responded("from-the-proxy-1")[0] == "from-the-proxy-1"
    assert responded("from-a-client-1", trusts_proxy=False)[0] != "from-a-client-1"


@pytest.mark.parametrize(
    "sent", [["short"], ["a" * 65], ["with space"], ["line\nbreak"], ["12345678"] * 2]
)
def test_an_id_of_another_form_is_replaced(sent):
    assert responded(*sent)[0] not in sent


def test_requests_are_counted_by_status():
    def count() -> float:
        labels = {"status": "418"}
        return REGISTRY.get_sample_value("rapport_request_seconds_count", labels) or 0.0

    before = count()
    responded()
    assert count() == before + 1
