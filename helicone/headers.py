"""Request headers that describe one call to Helicone."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping

from helicone import validation
from helicone.errors import InvalidValue

_POLICY = re.compile(r"\d{1,12};w=\d{1,9}(;u=(request|cents))?(;s=[A-Za-z0-9._-]{1,100})?")
_YEAR = 365 * 24 * 3600


def call_headers(
    *,
    request_id: uuid.UUID | str,
    user: str | None = None,
    session_id: str | None = None,
    session_path: str | None = None,
    session_name: str | None = None,
    properties: Mapping[str, str] | None = None,
    cache_seconds: int | None = None,
    retries: int | None = None,
    rate_limit_policy: str | None = None,
    moderate: bool = False,
    detect_threats: bool = False,
    omit_request: bool = False,
    omit_response: bool = False,
) -> dict[str, str]:
    """Headers for `extra_headers` of one openai call; raises InvalidValue for what can't be sent.

    request_id: our own UUID v1-5. openai sends it again on each automatic retry, and reusing an id
        after it was rated hides the rating: make a new one per call.
    user: an opaque id, never an e-mail address.
    properties: names arrive in lower case; values that aren't ASCII are percent-encoded as UTF-8.
    cache_seconds: let Helicone answer from its cache, for so long. A hit has an id of its own.
    retries: times the gateway itself retries on 429 and 5xx.
    rate_limit_policy: such as "1000;w=3600;u=request;s=user"; its 429 has `X-Helicone-Error`.
    moderate, detect_threats: refuse such prompts with a 400.
    omit_request, omit_response: log the metadata only.
    """
    texts = {
        "User-Id": user,
        "Session-Id": session_id,
        "Session-Path": session_path,
        "Session-Name": session_name,
    }
    flags = {
        "Moderations-Enabled": moderate,
        "LLM-Security-Enabled": detect_threats,
        "Omit-Request": omit_request,
        "Omit-Response": omit_response,
    }
    return {
        "Helicone-Request-Id": validation.request_id(request_id),
        **{f"Helicone-{k}": validation.header(v, k) for k, v in texts.items() if v is not None},
        **_properties(properties or {}),
        **_gateway_options(cache_seconds, retries, rate_limit_policy),
        **{f"Helicone-{k}": "true" for k, wanted in flags.items() if wanted},
    }


def _properties(properties: Mapping[str, str]) -> dict[str, str]:
    headers = {
        f"Helicone-Property-{validation.property_name(name)}": validation.header(
            value, f"property {name}"
        )
        for name, value in properties.items()
    }
    if len(headers) < len(properties):
        raise InvalidValue("Two property names differ only in letter case: Helicone keeps one.")
    return headers


def _gateway_options(
    cache_seconds: int | None, retries: int | None, policy: str | None
) -> dict[str, str]:
    headers = {}
    if cache_seconds is not None:
        headers["Helicone-Cache-Enabled"] = "true"
        age = validation.within(cache_seconds, 1, _YEAR, "cache time in seconds")
        headers["Cache-Control"] = f"max-age={age}"
    if retries is not None:
        headers["Helicone-Retry-Enabled"] = "true"
        headers["Helicone-Retry-Num"] = str(validation.within(retries, 1, 10, "number of retries"))
    if policy is not None:
        if not _POLICY.fullmatch(policy):
            raise InvalidValue("A rate-limit policy must look like 1000;w=3600;u=request;s=user.")
        headers["Helicone-RateLimit-Policy"] = policy
    return headers
