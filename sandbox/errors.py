"""Errors in OpenAI's shape and in Helicone's."""

from collections.abc import Iterable
from html import escape
from typing import Any

from starlette.responses import HTMLResponse, JSONResponse

FORGED = "2026-01-01 00:00:00,000 ERROR forged: This line is the provider's."
_BY_STATUS: dict[int, tuple[str, str | None, str]] = {
    400: ("invalid_request_error", None, "The request is not valid."),
    401: ("invalid_request_error", "invalid_api_key", "Incorrect API key provided."),
    403: ("invalid_request_error", "insufficient_permissions", "You may not use this model."),
    404: ("invalid_request_error", "model_not_found", "The model does not exist."),
    408: ("timeout", None, "The request took too long."),
    409: ("conflict_error", None, "The request conflicts with another one."),
    413: ("invalid_request_error", None, "The request is too large."),
    422: ("invalid_request_error", None, "The request can't be processed."),
    429: ("requests", "rate_limit_exceeded", "Rate limit reached. Please try again later."),
    500: ("server_error", None, "The server had an error while processing your request."),
    503: ("server_error", "overloaded", "The engine is overloaded. Please try again later."),
}


def openai_error(status: int, message: str | None = None, **more: Any) -> dict[str, Any]:
    kind, code, usual = _BY_STATUS.get(status, ("server_error", None, "Something went wrong."))
    error = {"message": message or usual, "type": kind, "param": None, "code": code}
    return {"error": error | more}


def repetition(headers: Iterable[tuple[bytes, bytes]], text: str) -> str:
    """The message of a careless provider, which repeats the request, and what looks like a log."""
    lines = [f"{name.decode('latin-1')}: {value.decode('latin-1')}" for name, value in headers]
    return "\n".join(["Bad request:", *lines, text, FORGED])


def refused_by_helicone(code: str) -> dict[str, Any]:
    return {
        "success": False,
        "error": {
            "code": code,
            "message": "The prompt was refused.",
            "details": "See the request in Helicone.",
        },
    }


class ApiResponse(JSONResponse):
    """An answer of Helicone's API."""

    media_type = "application/json; charset=utf-8"


def api_data(data: Any, status: int = 201) -> ApiResponse:
    return ApiResponse({"data": data, "error": None}, status)


def api_error(error: str) -> ApiResponse:
    """A failure inside Helicone, always with the status 500."""
    return ApiResponse({"data": None, "error": error}, 500)


def unauthorised(error: str | None) -> ApiResponse:
    return ApiResponse({"error": error, "trace": "isAuthenticated.error"}, 401)


def invalid(details: dict[str, Any]) -> ApiResponse:
    return ApiResponse({"message": "Validation Failed", "details": details}, 422)


def no_such_route(method: str, path: str) -> HTMLResponse:
    """The page that Helicone's API answers for an address or a method that it doesn't have."""
    lines = (
        "<!DOCTYPE html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        "<title>Error</title>",
        "</head>",
        "<body>",
        f"<pre>Cannot {method} {escape(path)}</pre>",
        "</body>",
        "</html>",
        "",
    )
    return HTMLResponse("\n".join(lines), 404)
