"""Check of keys and URLs by one small completion: sent, and through Helicone also logged, rated and
read back."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID, uuid4

from helicone import (
    Api,
    BadKey,
    HeliconeError,
    NotAllowed,
    Rating,
    Reading,
    Settings,
    TransientError,
    UnknownRequest,
    call_headers,
    client,
    helicone_id,
    request_page,
)

PROPERTY = "rapport-check"


class StepFailed(Exception):
    """A failed step: a sentence on the problem, and one on what to do."""

    def __init__(self, wrong: str, advice: str) -> None:
        super().__init__(f"{wrong} {advice}")


@dataclass
class ProviderCheck:
    """The check's steps without Helicone, each raising StepFailed: a completion, straight from the
    provider."""

    settings: Settings
    model: str

    def steps(self) -> Iterator[tuple[str, Callable[[], str]]]:
        """Title and function of each step; the function returns a description of its result."""
        yield "Send a tiny completion to the provider", self.complete

    def complete(self) -> str:
        self.ask({})
        return f"{self.settings.gateway_url} answers"

    def ask(self, headers: dict[str, str]) -> object:
        """The response to a tiny completion, sent with these headers."""
        import openai  # takes half a second, which other checks needn't cost

        try:
            with client(self.settings, max_retries=1, timeout=30) as ai:
                return ai.chat.completions.with_raw_response.create(
                    model=self.model,
                    messages=[{"role": "user", "content": "Say ok."}],
                    extra_headers=headers,
                )
        except openai.APIStatusError as error:
            wrong = f"{self.settings.gateway_url} answered {error.status_code}."
            raise StepFailed(wrong, self.advice(error.status_code)) from None
        except openai.APIError as error:
            wrong = f"There is no provider behind {self.settings.gateway_url}: {error}"
            raise StepFailed(wrong, f"Look at {self.address} and the network.") from None

    @property
    def address(self) -> str:
        """Names of the settings that say where the completion goes."""
        return "PROVIDER_URL or AZURE_OPENAI_ENDPOINT"

    def advice(self, status: int) -> str:
        """What to do about an error status of the completion."""
        if status == 401 and self.settings.openai_api_key == self.settings.helicone_api_key:
            return "Helicone's AI gateway doesn't know the key: correct HELICONE_API_KEY."
        if status in (401, 403):
            return "The provider doesn't take the key: correct OPENAI_API_KEY."
        if status == 429:
            return "Too many requests, or no credit left at the provider."
        if status in (400, 404):
            return f"Look at DEFAULT_MODEL, or --model, and at {self.address}."
        return "Try again later; the status pages of the provider and of Helicone may know more."


@dataclass
class Check(ProviderCheck):
    """The check's steps through Helicone, each raising StepFailed.
    timeout: seconds to wait for ingestion, and again for the rating; pause: between reads."""

    api: Api
    timeout: float = 120.0
    pause: float = 1.0
    request_id: UUID | None = None

    def steps(self) -> Iterator[tuple[str, Callable[[], str]]]:
        yield "Send a tiny completion through the gateway", self.complete
        yield "Wait until Helicone has logged it", self.wait_for_ingestion
        yield "Rate it", self.rate
        yield "Read the rating back", self.read_back

    @property
    def address(self) -> str:
        target = f" and {super().address}" if self.settings.target_url else ""
        return f"HELICONE_GATEWAY_URL{target}"

    def complete(self) -> str:
        self.request_id = helicone_id(self.ask(call_headers(request_id=uuid4())))
        if self.request_id is None:
            wrong = f"{self.settings.gateway_url} answered without a Helicone-Id."
            raise StepFailed(wrong, "HELICONE_GATEWAY_URL doesn't lead through Helicone.")
        return f"Helicone-Id {self.request_id}"

    def wait_for_ingestion(self) -> str:
        """Wait until a property can be set: the only call that fails for an unknown request."""
        began = time.monotonic()
        while True:
            try:
                with permanent_errors_as_failures():
                    self.api.set_property(self.known_id, PROPERTY, "true")
                return f"after {time.monotonic() - began:.0f} s"
            except TransientError as error:
                if time.monotonic() > began + self.timeout:
                    raise self._never_logged(error) from None
            time.sleep(self.pause)

    def rate(self) -> str:
        with permanent_errors_as_failures():
            self.api.rate(self.known_id, Rating.POSITIVE)
        return "taken, which proves nothing yet"

    def read_back(self) -> str:
        deadline = time.monotonic() + self.timeout
        while time.monotonic() < deadline:
            time.sleep(self.pause)
            reading = self._reading()
            if reading and reading.rating is Rating.POSITIVE:
                return f"it is there: {request_page(self.settings, self.known_id)}"
        raise StepFailed(
            f"The rating wasn't shown within {self.timeout:.0f} s.",
            "Keys and addresses are right; Helicone may be slow: try again later.",
        )

    @property
    def known_id(self) -> UUID:
        assert self.request_id is not None  # noqa: S101 - the first step set it
        return self.request_id

    def _reading(self) -> Reading | None:
        try:
            with permanent_errors_as_failures():
                return self.api.read([self.known_id]).found.get(self.known_id)
        except TransientError:
            return None

    def _never_logged(self, error: HeliconeError) -> StepFailed:
        if not isinstance(error, UnknownRequest):
            return StepFailed(str(error), "Look at HELICONE_API_URL and the network.")
        return StepFailed(
            f"The gateway answered, but Helicone didn't log it within {self.timeout:.0f} s.",
            "The gateway takes any Helicone key and logs nothing with a wrong one: HELICONE_API_KEY"
            " belongs to another organisation or region than HELICONE_API_URL, or is wrong.",
        )


@contextmanager
def permanent_errors_as_failures() -> Iterator[None]:
    """Raise permanent errors of the API as StepFailed."""
    try:
        yield
    except TransientError:
        raise
    except BadKey:
        raise StepFailed(
            "Helicone's API doesn't know the key.",
            "The gateway took it all the same, and logs nothing with it: correct HELICONE_API_KEY,"
            " and HELICONE_API_URL for a key of another region.",
        ) from None
    except NotAllowed:
        raise StepFailed(
            "The Helicone key lacks a right.",
            "A read-only key can neither rate nor read back: make one that may write, and set"
            " HELICONE_API_KEY.",
        ) from None
    except HeliconeError as error:
        raise StepFailed(str(error), "Look at HELICONE_API_URL.") from None
