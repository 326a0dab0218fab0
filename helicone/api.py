"""Helicone's API over HTTP: a blocking and an asyncio client with the same calls."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar, cast

from helicone import calls, rate_limits
from helicone.answers import Answer, Receipt
from helicone.errors import (
    ConnectionFailed,
    InvalidValue,
    TimedOut,
    TransientError,
    UnexpectedAnswer,
)
from helicone.models import Rating
from helicone.read_back import ReadBack, read_back
from helicone.settings import Settings

# httpx2 takes a tenth of a second to import: it is loaded when an Api is opened.
if TYPE_CHECKING:
    import httpx2

T = TypeVar("T")
Around = Callable[[calls.Call[Any]], AbstractContextManager[object]]
Client = TypeVar("Client", "httpx2.Client", "httpx2.AsyncClient")


class _Wire(Generic[Client]):
    """Common part of the blocking and the asyncio client: everything but sending.

    Redirects are not followed: the key must not be sent to another host.
    """

    def __init__(
        self, settings: Settings, timeout: float, client: Client, owned: bool, around: Around
    ) -> None:
        self.rate_limit: rate_limits.RateLimit | None = None
        self._settings = settings
        self._timeout = timeout
        self._client: Client = client
        self._owned = owned
        self._around = around

    def _arguments(self, call: calls.Call[Any]) -> dict[str, Any]:
        return {
            "method": call.method,
            "url": self._settings.api_url + call.path,
            "content": json.dumps(call.body).encode(),
            "headers": {
                "Authorization": f"Bearer {self._settings.helicone_api_key}",
                "Content-Type": "application/json",
            },
            "timeout": self._timeout,
            "follow_redirects": False,
        }

    def _receive(self, call: calls.Call[T], response: httpx2.Response) -> T:
        self.rate_limit = rate_limits.rate_limit(response.headers) or self.rate_limit
        # A server that repeats our key must not bring it into a log by way of an error.
        body = response.content.replace(self._settings.helicone_api_key.encode(), b"[key]")
        return call.read(Answer(response.status_code, response.headers, body, call.about))


class Api(_Wire["httpx2.Client"]):
    """Client that rates requests and reads them back; each method raises HeliconeError.

    timeout is in seconds, per connect, read and write. A client passed in stays open at the end.
    `rate_limit` is the one of the latest answer with such headers. Each HTTP call, and the reading
    of its answer, happens inside of `around(call)`, for instance to trace it.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        timeout: float = 10.0,
        transport: httpx2.BaseTransport | None = None,
        client: httpx2.Client | None = None,
        around: Around = nullcontext,
    ) -> None:
        import httpx2  # a tenth of a second

        _check(settings, timeout)
        super().__init__(
            settings,
            timeout,
            client or httpx2.Client(transport=transport),
            client is None,
            around,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        if self._owned:
            self._client.close()

    def rate(self, request_id: uuid.UUID | str, rating: Rating) -> Receipt:
        """Rate a request; the value overwrites an earlier one.

        A receipt doesn't mean stored: an unknown request, or one not yet ingested, is answered the
        same. Read back. Never rate one request twice within 2 s, nor two at once: the older may
        win (observed on Helicone's API, source of 2026-07).
        """
        return self._send(calls.rate(request_id, rating))

    def set_property(self, request_id: uuid.UUID | str, key: str, value: str) -> Receipt:
        """Set a property (an empty value clears it); its name goes out in lower case.

        Raises UnknownRequest if the request isn't ingested, which makes this a check for ingestion.
        Call it once at a time per request: Helicone reads, changes and writes without a lock.
        """
        return self._send(calls.set_property(request_id, key, value))

    def score(self, request_id: uuid.UUID | str, name: str, value: int) -> Receipt:
        """Set a score, a whole number under a name of one's own. As with `rate`, a receipt doesn't
        mean stored, and neither two scores nor a score and a rating may be sent within 2 s."""
        return self._send(calls.score(request_id, name, value))

    def read(
        self,
        request_ids: Iterable[uuid.UUID | str],
        *,
        witness: uuid.UUID | str | None = None,
    ) -> ReadBack:
        """Read any number of requests back, in as many queries as it takes: two to prove absence.
        A query that fails leaves the rest unknown; where nothing was found before, its error is
        raised.

        witness: a request that Helicone is known to have. Without one, and where none of those
        asked for is found, nothing proves that a request is absent: it is unknown.
        """
        steps, rows = read_back(request_ids, witness), cast(Any, None)
        while True:
            try:
                call = steps.send(rows)
            except StopIteration as end:
                return cast(ReadBack, end.value)
            try:
                rows = self._send(call)
            except TransientError as error:
                rows = error

    def _send(self, call: calls.Call[T]) -> T:
        with self._around(call):
            with _reaching(self._settings.api_url, call.about):
                response = self._client.request(**self._arguments(call))
            result = self._receive(call, response)
        return result


class AsyncApi(_Wire["httpx2.AsyncClient"]):
    """Api for asyncio: the same methods, awaited, with the same contracts."""

    def __init__(
        self,
        settings: Settings,
        *,
        timeout: float = 10.0,
        transport: httpx2.AsyncBaseTransport | None = None,
        client: httpx2.AsyncClient | None = None,
        around: Around = nullcontext,
    ) -> None:
        import httpx2  # a tenth of a second

        _check(settings, timeout)
        super().__init__(
            settings,
            timeout,
            client or httpx2.AsyncClient(transport=transport),
            client is None,
            around,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        if self._owned:
            await self._client.aclose()

    async def rate(self, request_id: uuid.UUID | str, rating: Rating) -> Receipt:
        """See Api.rate."""
        return await self._send(calls.rate(request_id, rating))

    async def set_property(self, request_id: uuid.UUID | str, key: str, value: str) -> Receipt:
        """See Api.set_property."""
        return await self._send(calls.set_property(request_id, key, value))

    async def score(self, request_id: uuid.UUID | str, name: str, value: int) -> Receipt:
        """See Api.score."""
        return await self._send(calls.score(request_id, name, value))

    async def read(
        self,
        request_ids: Iterable[uuid.UUID | str],
        *,
        witness: uuid.UUID | str | None = None,
    ) -> ReadBack:
        """See Api.read."""
        steps, rows = read_back(request_ids, witness), cast(Any, None)
        while True:
            try:
                call = steps.send(rows)
            except StopIteration as end:
                return cast(ReadBack, end.value)
            try:
                rows = await self._send(call)
            except TransientError as error:
                rows = error

    async def _send(self, call: calls.Call[T]) -> T:
        with self._around(call):
            with _reaching(self._settings.api_url, call.about):
                response = await self._client.request(**self._arguments(call))
            result = self._receive(call, response)
        return result


def _check(settings: Settings, timeout: float) -> None:
    if not settings.helicone_api_key:
        raise InvalidValue("There is no Helicone key: nothing can be rated or read without one.")
    if not timeout > 0:
        raise InvalidValue("A timeout must be more than 0 seconds.")


@contextmanager
def _reaching(api_url: str, about: str | None) -> Iterator[None]:
    """Turn exceptions of httpx2 into HeliconeErrors, without their texts, which may quote headers."""
    import httpx2  # a tenth of a second

    unsent = (
        httpx2.ConnectError,
        httpx2.ConnectTimeout,
        httpx2.LocalProtocolError,
        httpx2.PoolTimeout,
        httpx2.ProxyError,
        httpx2.UnsupportedProtocol,
    )
    try:
        yield
    except httpx2.DecodingError as exc:
        sentence = f"The answer from {api_url} could not be decompressed."
        raise UnexpectedAnswer(sentence, request_id=about) from exc
    except httpx2.RequestError as exc:
        kind = TimedOut if isinstance(exc, httpx2.TimeoutException) else ConnectionFailed
        sentence = f"No answer from Helicone at {api_url} ({type(exc).__name__})."
        sent = not isinstance(exc, unsent)
        raise kind.about(sentence, request_id=about, maybe_sent=sent) from exc
