"""Endpoints of Helicone's API, with its status codes and bodies."""

import asyncio
import copy
import json
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, Response

from sandbox import ids, query, rating_writes, validation
from sandbox.connection import Broken
from sandbox.errors import ApiResponse, api_data, api_error, invalid, repetition, unauthorised
from sandbox.request_rows import RATING, Request, Write
from sandbox.settings import allows
from sandbox.state import State

Asgi = Response | Broken
Work = Callable[["Call"], Awaitable[Response]]
TOO_DEEP = object()  # a body nested too deep to be read


class Failed(Exception):
    """A call that is answered 500, with this message."""


class Call:
    """One call of the API, past its authorisation."""

    def __init__(
        self, http: HttpRequest, state: State, organisation: str, body: Any, arrived: float
    ) -> None:
        self.state, self.log, self.organisation, self.body = state, state.log, organisation, body
        self.id = str(http.path_params.get("id", ""))
        self.arrived, self.written = arrived, list[Write]()

    def require_valid_id(self) -> None:
        if not ids.is_valid(self.id):
            raise Failed("Invalid requestId: must be a valid UUID")

    def require_request(self) -> Request:
        """The ingested request of this id, if it is the caller's."""
        request = self.log.row(self.id, self.log.now(), self.organisation)
        if request is None:
            raise Failed("Request not found")
        return request

    def write(self, key: str, value: int) -> None:
        """Accept one score; its log entry spans the call, so that overlapping calls are visible."""
        self.written += rating_writes.post(
            self.log, self.id, self.organisation, key, value, self.arrived
        )


def endpoint(on: str, work: Work) -> Callable[[HttpRequest], Awaitable[Asgi]]:
    """View of `work` with the common part of all calls: faults, latency, keys, limits."""

    async def view(http: HttpRequest) -> Asgi:
        state: State = http.app.state.sandbox
        faults = state.fault_rules.roll(on)
        raw, arrived = await http.body(), state.log.now()
        if wait := faults.get("delay", 0) + state.settings.latency_ms / 1000:
            await asyncio.sleep(wait)
        if faults.keys() & {"hang", "cut", "reset"}:
            state.calls[f"{on} broken"] += 1
            return Broken(hang="hang" in faults, reset="reset" in faults)
        if "status" in faults:
            state.calls[f"{on} {faults['status']:g}"] += 1
            headers = {"Retry-After": f"{faults.get('retry_after', 1):g}"}
            text = raw.decode(errors="replace")
            error = repetition(http.headers.raw, text) if "repeat" in faults else "ordered"
            return JSONResponse({"error": error}, int(faults["status"]), headers)
        response = await _answer(http, state, raw, work, arrived)
        state.calls[f"{on} {response.status_code}"] += 1
        if faults.keys() & {"drop", "hang_after"}:
            return Broken(hang="hang_after" in faults)
        return response

    return view


async def _answer(
    http: HttpRequest, state: State, raw: bytes, work: Work, arrived: float
) -> Response:
    try:
        body = json.loads(raw) if raw else {}
    except RecursionError:
        body = TOO_DEEP
    except ValueError:
        return api_error("Unexpected token in JSON")
    organisation = _authorise(http, state)
    if isinstance(organisation, Response):
        return organisation
    headers: dict[str, str] = {}
    if limit := state.settings.rate_limit:
        verdict = state.windows.count(organisation, limit, state.settings.rate_limit_window)
        headers = verdict.headers("RateLimit")
        if not verdict.allowed:
            error = {"error": "Too many requests, please try again later."}
            return ApiResponse(error, 429, headers)
    call = Call(http, state, organisation, body, arrived)
    response = await _run(work, call)
    for write in call.written:
        write.answered_at = state.log.now()
    response.headers.update(headers)
    return response


async def _run(work: Work, call: Call) -> Response:
    try:
        return await work(call)
    except validation.Invalid as wrong:
        return invalid(wrong.details)
    except Failed as failed:
        return api_error(str(failed))


def _authorise(http: HttpRequest, state: State) -> str | Response:
    """The caller's organisation, or the 401 that fits what is wrong."""
    header = http.headers.get("authorization")
    if header is None:
        return unauthorised("No authorization header")
    key = header.removeprefix("Bearer ").strip()
    organisation = state.settings.organisation(key)
    if organisation is None or not header.startswith("Bearer "):
        return unauthorised("No API key found")
    return organisation if allows(key, http.method) else unauthorised(None)


async def rate(call: Call) -> Response:
    rating = validation.rating(call.body)
    call.require_valid_id()
    call.write(RATING, int(rating))
    return api_data(None)


async def score(call: Call) -> Response:
    scores = validation.scores(call.body)
    if any(isinstance(value, float) for value in scores.values()):
        raise Failed("Score value must be an integer")
    call.require_valid_id()
    for key, value in scores.items():
        call.write(f"{key}-hcone-bool" if isinstance(value, bool) else key, int(value))
    return api_data(None)


async def set_property(call: Call) -> Response:
    key, value = validation.new_property(call.body)
    request = call.require_request()
    properties = dict(request.properties)
    await asyncio.sleep(
        call.state.settings.property_race
    )  # read-modify-write without a lock: one of two at once is lost
    call.log.set_properties(request, properties | {key: value})
    call.log.merge_by_chance(request)
    return api_data(None)


async def one_request(call: Call) -> Response:
    """GET /v1/request/{id}: cached for 24 hours, so stale after a rating."""
    taken_at, shown = call.state.snapshots.get(call.id, (0.0, None))
    if shown is None or taken_at < call.log.now() - 86400:
        shown = copy.deepcopy(query.as_row(call.log, call.require_request()))
        call.state.snapshots[call.id] = (call.log.now(), shown)
    return api_data(shown, 200)


async def query_clickhouse(call: Call) -> Response:
    """Rows by a filter. A filter too large for the store is answered as if nothing matched."""
    if call.body is TOO_DEEP:
        return api_data([])
    body = validation.query(call.body)
    try:
        return api_data(query.run(call.log, call.organisation, body))
    except query.Masked:
        return api_data([])
    except query.BadLimit:
        raise Failed("invalid limit") from None
    except (ValueError, AttributeError, TypeError) as wrong:
        raise validation.Invalid("filter", str(wrong)) from None


async def query_ids(call: Call) -> Response:
    """Rows by their ids, in the order asked for; null for an unknown one."""
    ids = validation.fields(call.body, "requestIds", optional=None)["requestIds"]
    rows = [call.log.row(str(one), call.log.now(), call.organisation) for one in ids]
    return api_data([query.as_row(call.log, row) if row else None for row in rows], 200)


async def older_query(call: Call) -> Response:
    """POST /v1/request/query reads an older store, which gets no requests any more."""
    validation.query(call.body)
    return api_data([])


async def older_count(call: Call) -> Response:
    return api_data(0, 200)


async def inputs(call: Call) -> Response:
    return api_data(None, 200)


async def datasets(call: Call) -> Response:
    return api_data([], 200)


async def execute_sql(call: Call) -> Response:
    """Helicone runs SQL on its store; the sandbox has none and knows a single statement."""
    if validation.fields(call.body, "sql")["sql"] != "select 1":
        raise Failed("The sandbox runs no SQL but select 1.")
    rows: list[dict[str, int]] = [{"1": 1}]
    return api_data({"rows": rows, "elapsedMilliseconds": 1, "size": 9, "rowCount": 1}, 200)
