"""Queries of the request log: filters, their limits, and rows as Helicone shows them.

A filter is a leaf (``{"request_response_rmt": {"request_id": {"equals": ID}}}``), "all", or
``{"left": F, "operator": "and" | "or", "right": F}``. Each becomes a set of request numbers
taken from an index.
"""

import datetime
from collections.abc import Iterable, Iterator
from typing import Any

from sandbox import rating_writes
from sandbox.log import Log
from sandbox.request_rows import Request

Numbers = set[int]


class Masked(Exception):
    """A failed query, answered like an empty one."""


class BadLimit(Exception):
    """A limit below 0 or above MAX_ROWS."""


MAX_ROWS = 1000


def run(log: Log, organisation: str, body: dict[str, Any]) -> list[dict[str, Any]]:
    """Rows as JSON. Raises Masked if Helicone's database would fail, BadLimit, and ValueError for
    an unknown filter."""
    tree, offset, limit = body["filter"], int(body.get("offset", 0)), int(body.get("limit", 10))
    if not 0 <= limit <= MAX_ROWS:
        raise BadLimit
    settings = log.settings
    depth, leaves = _measure(tree)
    if depth > settings.query_max_depth or leaves > settings.query_max_ids:
        raise Masked
    backwards = (body.get("sort") or {}).get("created_at") != "asc"
    ordered = sorted(_numbers(log, tree), reverse=backwards)
    page = _page(_shown(log, organisation, ordered), offset, limit)
    return [as_row(log, request) for request in page]


def _page(requests: Iterable[Request], offset: int, limit: int) -> Iterator[Request]:
    """The requests with a stored version between `offset` and `offset + limit`: Helicone counts versions,
    and shows each request once. One with more versions than a query may read is never shown."""
    first = 0
    for request in requests:
        if first >= offset + limit:
            return
        after = first + request.stored_versions
        if after > offset and request.stored_versions <= MAX_ROWS:
            yield request
        first = after


def _measure(tree: Any) -> tuple[int, int]:
    """Depth and number of leaves, without recursion: a chain may be very deep."""
    deepest, leaves, stack = 0, 0, [(tree, 1)]
    while stack:
        node, depth = stack.pop()
        deepest = max(deepest, depth)
        if isinstance(node, dict) and "operator" in node:
            stack += [(node.get("left"), depth + 1), (node.get("right"), depth + 1)]
        else:
            leaves += 1
    return deepest, leaves


def _numbers(log: Log, node: Any) -> Numbers:
    if node == "all" or node == {}:
        return set(log.between(None, None))
    if not isinstance(node, dict):
        raise ValueError(f"no filter: {node!r}")
    if "operator" in node:
        left, right = _numbers(log, node.get("left")), _numbers(log, node.get("right"))
        return left & right if node["operator"] == "and" else left | right
    (table, fields), *_ = node.items()
    if table == "properties":
        return _properties(log, fields)
    if table in ("scores", "feedback"):
        return set(log.between(None, None))  # filtering by the score returns wrong rows
    if table in ("request_response_rmt", "request"):
        return _columns(log, fields)
    raise ValueError(f"a table the sandbox doesn't know: {table!r}")


def _properties(log: Log, fields: dict[str, dict[str, str]]) -> Numbers:
    (name, test), *_ = fields.items()
    return set(log.by_property.get((name, _equals(test)), ()))


def _columns(log: Log, fields: dict[str, dict[str, str]]) -> Numbers:
    found: Numbers | None = None
    for name, test in fields.items():
        matching = set(_column(log, name, test))
        found = matching if found is None else found & matching
    return found or set()


def _column(log: Log, name: str, test: dict[str, Any]) -> Iterable[int]:
    match name:
        case "properties":
            return _properties(log, test)
        case "request_id" | "id":
            return (r.number for r in log.by_id.get(_equals(test), ()))
        case "user_id":
            return (r.number for r in log.by_user.get(_equals(test), ()))
        case "model":
            return (r.number for r in log.requests if r.model == _equals(test))
        case "request_created_at" | "created_at":
            if not test.keys() <= {"gte", "lte"}:
                raise ValueError("a window takes gte and lte")
            return log.between(_moment(test.get("gte")), _moment(test.get("lte")))
    raise ValueError(f"a column the sandbox doesn't know: {name!r}")


def _equals(test: dict[str, str]) -> str:
    if list(test) != ["equals"]:
        raise ValueError(f"only equals is known, not {list(test)}")
    return str(test["equals"])


def _moment(text: str | None) -> float | None:
    if text is None:
        return None
    moment = datetime.datetime.fromisoformat(text)
    return moment.replace(tzinfo=moment.tzinfo or datetime.UTC).timestamp()


def _shown(log: Log, organisation: str, numbers: Iterable[int]) -> Iterator[Request]:
    """Ingested rows of the organisation; of a reused id only the newest."""
    now = log.now()
    for number in numbers:
        request = log.requests[number]
        rating_writes.settle(log, request.helicone_id)
        if log.row(request.helicone_id, now, organisation) is request:
            yield request


def as_row(log: Log, request: Request) -> dict[str, Any]:
    rating_writes.settle(log, request.helicone_id)
    created = datetime.datetime.fromtimestamp(request.created_at, datetime.UTC)
    return {
        "request_id": request.helicone_id,
        "request_created_at": created.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "request_user_id": request.user,
        "request_model": request.model,
        "model": request.model,
        "provider": "OPENAI",
        "request_properties": log.shown_properties(request),
        "properties": log.shown_properties(request),
        "scores": request.scores,
        "response_status": request.status,
        "prompt_tokens": request.prompt_tokens,
        "completion_tokens": request.completion_tokens,
        "total_tokens": request.prompt_tokens + request.completion_tokens,
        "feedback_created_at": None,
        "feedback_id": None,
        "feedback_rating": None,
    }
