"""Errors in OpenAI's shape and in Helicone's."""

from typing import Any

from starlette.responses import JSONResponse

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


def refused_by_helicone(code: str) -> dict[str, Any]:
    return {
        "success": False,
        "error": {
            "code": code,
            "message": "The prompt was refused.",
            "details": "See the request in Helicone.",
        },
    }


def api_error(status: int, error: str | None, trace: str | None = None) -> JSONResponse:
    """Helicone's API: ``{"error": …, "trace": …}``."""
    return JSONResponse({"error": error} | ({"trace": trace} if trace else {}), status)


def invalid(details: dict[str, str]) -> JSONResponse:
    shaped = {name: {"message": message} for name, message in details.items()}
    return JSONResponse({"message": "Validation Failed", "details": shaped}, 422)
