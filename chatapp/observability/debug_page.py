"""Django's page of an error with DEBUG=true, without secrets and without what was posted."""

from typing import Any

from django.http import HttpRequest
from django.views.debug import ExceptionReporter, SafeExceptionReporterFilter

from chatapp.observability.masking import masked

LONGEST = 100_000  # characters of one value that are looked through


class Shown:
    """A value as the page shows it, masked before it is cut to its length and wrapped."""

    def __init__(self, value: Any, hidden: list[str]) -> None:
        try:
            self.text = masked(repr(value)[:LONGEST], *hidden)
        except Exception as error:
            self.text = f"<{type(value).__name__} whose repr() raises {type(error).__name__}>"

    def __repr__(self) -> str:
        return self.text


def posted(request: HttpRequest | None) -> dict[str, str]:
    """What was posted, by name; nothing if the body can't be read."""
    try:
        return request.POST.dict() if request else {}
    except Exception:
        return {}


def posted_words(request: HttpRequest | None) -> list[str]:
    return [value for value in map(str, posted(request).values()) if value]


class MaskingFilter(SafeExceptionReporterFilter):
    """Hides posted values, and secrets in variables."""

    def get_post_parameters(self, request: HttpRequest | None) -> dict[str, Any]:
        return dict.fromkeys(posted(request), self.cleansed_substitute)

    def get_traceback_frame_variables(self, request: HttpRequest, tb_frame: Any) -> Any:
        variables = super().get_traceback_frame_variables(request, tb_frame)
        hidden = posted_words(request)
        return [(name, Shown(value, hidden)) for name, value in variables]


class MaskedReporter(ExceptionReporter):
    """Masks secrets and posted values in the whole report: settings, addresses, messages."""

    request: HttpRequest | None

    def get_traceback_html(self) -> Any:
        return masked(super().get_traceback_html(), *posted_words(self.request))

    def get_traceback_text(self) -> Any:
        return masked(super().get_traceback_text(), *posted_words(self.request))
