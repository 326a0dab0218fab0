"""Endpoints under /sandbox/: the log, faults, settings and the clock. No part of Helicone."""

import json
import random
import uuid
from typing import Any

from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, PlainTextResponse, Response

from sandbox import rating_writes
from sandbox.faults import KINDS, Rule
from sandbox.request_rows import Request
from sandbox.settings import KEY
from sandbox.state import State

_WELCOME = f"""A sandbox: OpenAI behind Helicone, all on this machine.

OpenAI's API      /v1            any key
Helicone's API    /v1/request/…  {KEY}
What was logged   /sandbox/requests
What can fail     /sandbox/faults
"""


def _state(http: HttpRequest) -> State:
    state: State = http.app.state.sandbox
    return state


async def welcome(http: HttpRequest) -> Response:
    return PlainTextResponse(_WELCOME)


async def requests(http: HttpRequest) -> Response:
    """The logged requests, oldest first; ?id= ?user= ?session= choose. Also at the
    address that the web UI has for one request, /requests?requestId=."""
    log, asked = _state(http).log, http.query_params
    rating_writes.settle_all(log)
    found: list[Request] = log.requests
    indexes = {
        "id": log.by_id,
        "requestId": log.by_id,
        "user": log.by_user,
        "session": log.by_session,
    }
    for name in asked.keys() & indexes.keys():
        matching = indexes[name].get(asked[name], [])
        found = matching if found is log.requests else [r for r in matching if r in found]
    now = log.now()
    return JSONResponse([r.as_dict(now, log.writes.get(r.helicone_id, [])) for r in found])


async def add_requests(http: HttpRequest) -> Response:
    """Log requests without a completion: a list of {helicone_id, user, session, …} or a number."""
    log, body = _state(http).log, await http.json()
    entries = [{} for _ in range(body)] if isinstance(body, int) else body
    opened = [log.open(*_opening(one), **one) for one in entries]
    return JSONResponse([request.helicone_id for request in opened], 201)


def _opening(one: dict[str, Any]) -> tuple[str, str]:
    one.setdefault("model", "eliza")
    one.setdefault("complete", True)
    return one.pop("helicone_id", None) or str(uuid.uuid4()), one.pop("organisation", "sandbox")


async def ratings(http: HttpRequest) -> Response:
    """The rating of every id as it stands: true, false or null."""
    log = _state(http).log
    rating_writes.settle_all(log)
    now = log.now()
    rows = ((helicone_id, log.row(helicone_id, now)) for helicone_id in log.by_id)
    return JSONResponse({helicone_id: row.rating if row else None for helicone_id, row in rows})


async def orphans(http: HttpRequest) -> Response:
    """Ratings posted for unknown ids, by id."""
    log = _state(http).log
    rating_writes.settle_all(log)
    unknown = log.writes.keys() - log.by_id.keys()
    return JSONResponse({i: [write.as_dict() for write in log.writes[i]] for i in unknown})


async def calls(http: HttpRequest) -> Response:
    """The number of calls by kind and answer: {"rate 201": 3, …}."""
    return JSONResponse(dict(_state(http).calls))


async def settings(http: HttpRequest) -> Response:
    now = _state(http).settings
    if http.method == "POST":
        try:
            now.change(await http.json())
        except (ValueError, AttributeError) as wrong:
            return JSONResponse({"error": str(wrong)}, 400)
    return JSONResponse(now.as_dict())


async def faults(http: HttpRequest) -> Response:
    """GET the rules and the known faults; POST a list of rules, or {"rules", "seed"}."""
    fault_rules = _state(http).fault_rules
    if http.method == "POST":
        try:
            body = json.loads(await http.body())
            body = body if isinstance(body, dict) else {"rules": body}
            rules = [Rule.from_json(rule) for rule in body.get("rules", [])]
        except (ValueError, TypeError) as wrong:
            return JSONResponse({"error": str(wrong)}, 400)
        fault_rules.rules = rules
        fault_rules.rng = random.Random(body.get("seed"))
    shown = [{"on": r.on, "fault": r.faults, "hits": r.hits} for r in fault_rules.rules]
    return JSONResponse({"rules": shown, "known": {name: kind[1] for name, kind in KINDS.items()}})


async def advance(http: HttpRequest) -> Response:
    """Let {"seconds": n} pass: ingestion and second writes happen without waiting."""
    log = _state(http).log
    log.advance(float((await http.json())["seconds"]))
    return JSONResponse({"now": log.now()})


async def merge(http: HttpRequest) -> Response:
    """Merge the stored versions of all rows, whatever the chance of it is."""
    log = _state(http).log
    rating_writes.settle_all(log)
    log.merge()
    return JSONResponse({})


async def reset(http: HttpRequest) -> Response:
    _state(http).reset()
    return JSONResponse({})
