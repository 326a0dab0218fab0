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
    given = fields(body, "rating")["rating"]
    read = {"true": True, "false": False}.get(given, given) if isinstance(given, str) else given
    if read is not None and not isinstance(read, bool):
        raise Invalid("rating", "invalid boolean value", value=given)
    return bool(read)


def scores(body: Any) -> dict[str, int | float | bool]:
    given: Any = fields(body, "scores")["scores"]
    if not isinstance(given, dict):
        raise Invalid("scores", "invalid object", value=given)
    for name, value in given.items():
        if not isinstance(value, (int, float)):
            raise Invalid(f"scores.{name}", "invalid number value", value=value)
    return given


def new_property(body: Any) -> tuple[str, str]:
    """The property's key and value."""
    given = fields(body, "key", "value")
    for name in ("key", "value"):
        if not isinstance(given[name], str):
            raise Invalid(name, "invalid string value", value=given[name])
    return given["key"], given["value"]


_SORTS = ("created_at", "random", "latency", "user_id", "total_tokens")


def query(body: Any) -> dict[str, Any]:
    """A query's body: `filter` and, if given, a valid `sort`."""
    given = fields(body, "filter", optional=None)
    sort = given.get("sort") or {}
    for name in sort if isinstance(sort, dict) else ():
        if name not in _SORTS:
            raise Invalid(f"sort.{name}", excess(name), value=name)
    return given
