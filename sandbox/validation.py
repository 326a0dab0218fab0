"""Validation of request bodies of Helicone's API, with the texts and shapes of its 422 answers."""

from typing import Any


class Invalid(Exception):
    """A body that is answered 422; `details` has a message, and mostly the value, by field."""

    def __init__(self, field: str, message: str, **value: Any) -> None:
        name = f"requestBody.{field}" if field else "requestBody"
        super().__init__(f"{name}: {message}")
        self.details = {name: {"message": message} | value}


def excess(name: str) -> str:
    return f'"{name}" is an excess property and therefore is not allowed'


def fields(body: Any, *required: str, optional: tuple[str, ...] | None = ()) -> dict[str, Any]:
    """The body as an object with these fields; `optional=None` allows any others. Raises Invalid."""
    if not isinstance(body, dict):
        raise Invalid("", "invalid object", value=body)
    for name in required:
        if name not in body:
            raise Invalid(name, f"'{name}' is required")
    others = body.keys() - {*required, *(optional or ())}
    if others and optional is not None:
        raise Invalid("", excess(min(others)), value={name: body[name] for name in sorted(others)})
    return body


def rating(body: Any) -> bool:
    """The rating as parsed by Helicone: also the strings "true" and "false", and null as false."""
    data = fields(body, "rating")["rating"]
    parsed = {"true": True, "false": False}.get(data, data) if isinstance(data, str) else data
    if parsed is not None and not isinstance(parsed, bool):
        raise Invalid("rating", "invalid boolean value", value=data)
    return bool(parsed)


def scores(body: Any) -> dict[str, int | float | bool]:
    data: Any = fields(body, "scores")["scores"]
    if not isinstance(data, dict):
        raise Invalid("scores", "invalid object", value=data)
    for name, value in data.items():
        if not isinstance(value, (int, float)):
            raise Invalid(f"scores.{name}", "invalid number value", value=value)
    return data


def new_property(body: Any) -> tuple[str, str]:
    """The property's key and value."""
    data = fields(body, "key", "value")
    for name in ("key", "value"):
        if not isinstance(data[name], str):
            raise Invalid(name, "invalid string value", value=data[name])
    return data["key"], data["value"]


_SORTS = ("created_at", "random", "latency", "user_id", "total_tokens")


def query(body: Any) -> dict[str, Any]:
    """A query's body: `filter` and, if given, a valid `sort`."""
    data = fields(body, "filter", optional=None)
    sort = data.get("sort") or {}
    for name in sort if isinstance(sort, dict) else ():
        if name not in _SORTS:
            raise Invalid(f"sort.{name}", excess(name), value=name)
    return data
