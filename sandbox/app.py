"""The ASGI app and its routes."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request as HttpRequest
from starlette.routing import Route

from sandbox import api, control
from sandbox.api import endpoint
from sandbox.completions import chat_completions, list_models
from sandbox.errors import no_such_route
from sandbox.forwarding import TargetGateway
from sandbox.gateway import Door
from sandbox.legacy import older_feedback
from sandbox.replay import open_log
from sandbox.settings import Settings
from sandbox.state import State

# OpenAI behind the hosted gateway, behind a self-hosted one, and bare; then the other doors.
_OPENAI = ("/v1", "/v1/gateway/oai/v1", "", *(door.value for door in Door if door.value))
View = Callable[[HttpRequest], Awaitable[Any]]


def build(settings: Settings, log_file: Path | None = None) -> Starlette:
    routes = [*_openai(), *_helicone(), *_control()]
    app = Starlette(routes=routes, middleware=[Middleware(TargetGateway)])
    app.state.sandbox = State(settings, open_log(settings, log_file))
    return app


def _openai() -> list[Route]:
    routes = []
    for prefix in _OPENAI:
        routes += [
            _route(f"{prefix}/chat/completions", POST=chat_completions),
            _route(f"{prefix}/models", GET=list_models),
            _route(f"{prefix}/feedback", POST=older_feedback),
        ]
    return routes


def _helicone() -> list[Route]:
    every, one = "/v1/request", "/v1/request/{id}"
    return [
        _route(f"{every}/query-clickhouse", POST=endpoint("query", api.query_clickhouse)),
        _route(f"{every}/query-ids", POST=endpoint("query", api.query_ids)),
        _route(f"{every}/query", POST=endpoint("query", api.older_query)),
        _route(f"{every}/count/query", POST=endpoint("query", api.older_count)),
        _route(one, GET=endpoint("request", api.one_request)),
        _route(f"{one}/inputs", GET=endpoint("request", api.inputs)),
        _route(f"{one}/feedback", POST=endpoint("rate", api.rate)),
        _route(f"{one}/score", POST=endpoint("score", api.score)),
        _route(f"{one}/property", PUT=endpoint("property", api.set_property)),
        _route("/v1/helicone-dataset/query", POST=endpoint("query", api.datasets)),
        _route("/v1/helicone-sql/execute", POST=endpoint("query", api.execute_sql)),
    ]


def _control() -> list[Route]:
    return [
        _route("/", GET=control.welcome),
        _route("/sandbox/requests", GET=control.requests, POST=control.add_requests),
        _route("/requests", GET=control.requests),
        _route("/sandbox/ratings", GET=control.ratings),
        _route("/sandbox/orphans", GET=control.orphans),
        _route("/sandbox/calls", GET=control.calls),
        _route("/sandbox/settings", GET=control.settings, POST=control.settings),
        _route("/sandbox/faults", GET=control.faults, POST=control.faults),
        _route("/sandbox/advance", POST=control.advance),
        _route("/sandbox/merge", POST=control.merge),
        _route("/sandbox/reset", POST=control.reset),
    ]


def _route(path: str, **views: View) -> Route:
    """Route whose unsupported methods are answered 404, as by Helicone, not 405."""

    async def view(http: HttpRequest) -> Any:
        chosen = views.get(http.method)
        return await chosen(http) if chosen else no_such_route(http.method, http.url.path)

    return Route(path, view, methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
