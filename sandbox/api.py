"""Helicone's API: rating, score, property, query; its status codes and bodies, odd ones too."""

import asyncio
import copy
import json
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, Response

from sandbox import ids, query, rating_writes
from sandbox.connection import Broken
from sandbox.errors import api_error, invalid
from sandbox.request_rows import RATING, Write
from sandbox.settings import POWERLESS_KEY
from sandbox.state import State

Asgi = Response | Broken
Work = Callable[["Call"], Awaitable[Response]]
TOO_DEEP = object()  # a body nested too deep to be read


class Call:
    """One call of the API, past its authorisation."""

    def __init__(
        self, http: HttpRequest, state: State, organisation: str, body: Any, arrived: float
    ) -> None:
        self.state, self.log, self.organisation, self.body = state, state.log, organisation, body
        self.id = str(http.path_params.get("id", ""))
        self.arrived, self.written = arrived, list[Write]()

    def write(self, key: str, value: int) -> None:
        """Take in one score; its history spans the call, so that overlapping calls show."""
        self.written += rating_writes.post(
            self.log, self.id, self.organisation, key, value, self.arrived
        )


def endpoint(on: str, work: Work) -> Callable[[HttpRequest], Awaitable[Asgi]]:
    """`work` behind everything all calls have in common: faults, latency, keys, limits."""

    async def view(http: HttpRequest) -> Asgi:
        state: State = http.app.state.sandbox
        faults = state.desk.roll(on)
        raw, arrived = await http.body(), state.log.now()
        if wait := faults.get("delay", 0) + state.settings.latency_ms / 1000:
            await asyncio.sleep(wait)
        if faults.keys() & {"hang", "cut", "reset"}:
            state.calls[f"{on} broken"] += 1
            return Broken(hang="hang" in faults, reset="reset" in faults)
        if "status" in faults:
            state.calls[f"{on} {faults['status']:g}"] += 1
            headers = {"Retry-After": f"{faults.get('retry_after', 1):g}"}
            return JSONResponse({"error": "ordered"}, int(faults["status"]), headers)
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
        return api_error(500, "Unexpected token in JSON")
    organisation = _authorise(http, state)
    if isinstance(organisation, Response):
        return organisation
    headers: dict[str, str] = {}
    if limit := state.settings.rate_limit:
        verdict = state.windows.count(organisation, limit, state.settings.rate_limit_window)
        headers = verdict.headers("RateLimit")
        if not verdict.allowed:
            error = {"error": "Too many requests, please try again later."}
            return JSONResponse(error, 429, headers)
    call = Call(http, state, organisation, body, arrived)
    response = await work(call)
    for write in call.written:
        write.answered_at = state.log.now()
    response.headers.update(headers)
    return response


def _authorise(http: HttpRequest, state: State) -> str | Response:
    """The caller's organisation, or the 401 that fits what is wrong."""
    given = http.headers.get("authorization")
    if given is None:
        return api_error(401, "No authorization header", "isAuthenticated.error")
    key = given.removeprefix("Bearer ").strip()
    organisation = state.settings.organisation(key)
    if organisation is None or not given.startswith("Bearer "):
        return api_error(401, "No API key found", "isAuthenticated.error")
    reads = http.method == "GET" or http.url.path.endswith("query-clickhouse")
    if key == POWERLESS_KEY or (key.startswith("pk-") and reads):
        return JSONResponse({"error": None, "trace": "isAuthenticated.error"}, 401)
    return organisation


_BAD_ID = "Invalid requestId: must be a valid UUID"
_STORED = {"data": None, "error": None}


async def rate(call: Call) -> Response:
    body = call.body
    if not isinstance(body, dict) or body.keys() != {"rating"}:
        return invalid({"body.rating": "'rating' is required, and nothing else"})
    if body["rating"] is not None and not isinstance(body["rating"], bool):
        return invalid({"body.rating": "invalid boolean value"})
    if not ids.is_valid(call.id):
        return api_error(500, _BAD_ID)
    call.write(RATING, 1 if body["rating"] else 0)  # null counts as down
    return JSONResponse(_STORED, 201)


async def score(call: Call) -> Response:
    scores = call.body.get("scores") if isinstance(call.body, dict) else None
    if not isinstance(scores, dict):
        return invalid({"body.scores": "'scores' is required"})
    if any(not isinstance(value, (int, float)) for value in scores.values()):
        return invalid({"body.scores": "invalid number value"})
    if any(isinstance(value, float) for value in scores.values()):
        return api_error(500, "Score value must be an integer")
    if not ids.is_valid(call.id):
        return api_error(500, _BAD_ID)
    for key, value in scores.items():
        call.write(f"{key}-hcone-bool" if isinstance(value, bool) else key, int(value))
    return JSONResponse(_STORED, 201)


async def set_property(call: Call) -> Response:
    body = call.body
    if not isinstance(body, dict) or not _strings(body, "key", "value"):
        return invalid({"body": "'key' and 'value' are required strings"})
    request = call.log.row(call.id, call.log.now(), call.organisation)
    if request is None:
        return api_error(500, "Request not found")
    properties = dict(request.properties)
    await asyncio.sleep(
        call.state.settings.property_race
    )  # read-modify-write without a lock: one of two at once is lost
    call.log.set_properties(request, properties | {body["key"]: body["value"]})
    return JSONResponse(_STORED, 201)


def _strings(body: dict[str, Any], *names: str) -> bool:
    return all(isinstance(body.get(name), str) for name in names)


async def one_request(call: Call) -> Response:
    """GET /v1/request/{id}: cached for 24 hours, so stale after a rating."""
    taken_at, shown = call.state.snapshots.get(call.id, (0.0, None))
    if shown is None or taken_at < call.log.now() - 86400:
        row = call.log.row(call.id, call.log.now(), call.organisation)
        if row is None:
            return api_error(500, "Request not found")
        shown = copy.deepcopy(query.as_row(call.log, row))
        call.state.snapshots[call.id] = (call.log.now(), shown)
    return JSONResponse({"data": shown, "error": None})


async def query_clickhouse(call: Call) -> Response:
    if call.body is TOO_DEEP:
        return JSONResponse({"data": [], "error": None}, 201)
    try:
        rows = query.run(call.log, call.organisation, call.body)
    except query.Masked:
        rows = []
    except (ValueError, AttributeError, TypeError) as wrong:
        return invalid({"body.filter": str(wrong)})
    return JSONResponse({"data": rows, "error": None}, 201)
