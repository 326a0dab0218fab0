"""Helicone's gateways, and the providers that answer without one: headers and refusals."""

import enum
import hashlib
import hmac
import re
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import Headers

from sandbox import ids
from sandbox.errors import openai_error, refused_by_helicone
from sandbox.faults import Faults
from sandbox.limits import parse_policy
from sandbox.state import State

_PROPERTY = "helicone-property-"
# Words that make the sandbox's moderation and prompt security refuse.
_FLAGGED = re.compile(r"\b(hurt|kill) (people|everyone|somebody)\b", re.IGNORECASE)
_THREAT = re.compile(r"ignore (all |your )*previous instructions", re.IGNORECASE)


class Door(enum.Enum):
    """The address at which a completion arrived, by the start of its path."""

    GATEWAY = ""
    AI_GATEWAY = "/ai-gateway/v1"
    AZURE = "/openai/v1"
    LOCAL = "/local/v1"

    @classmethod
    def of_path(cls, path: str) -> "Door":
        return next(
            (door for door in cls if door.value and path.startswith(door.value)), cls.GATEWAY
        )

    @property
    def is_helicone(self) -> bool:
        return self in (Door.GATEWAY, Door.AI_GATEWAY)


@dataclass(frozen=True)
class Refusal:
    """An answer by Helicone, without forwarding the request."""

    status: int
    body: dict[str, Any]
    headers: dict[str, str]


@dataclass(frozen=True)
class GatewayRequest:
    """One request, through a gateway or straight to a provider."""

    state: State
    headers: Headers
    helicone_id: str
    door: Door

    @classmethod
    def from_headers(cls, state: State, headers: Headers, path: str = "") -> "GatewayRequest":
        helicone_id = ids.adopt(headers.get("helicone-request-id"))
        return cls(state, headers, helicone_id, Door.of_path(path))

    @property
    def organisation(self) -> str | None:
        """The organisation that logs the request; None without a known key after the word Bearer,
        and without Helicone."""
        if not self.door.is_helicone:
            return None
        header = "authorization" if self.door is Door.AI_GATEWAY else "helicone-auth"
        scheme, _, key = self.headers.get(header, "").partition(" ")
        return self.state.settings.organisation(key.strip()) if scheme == "Bearer" else None

    @property
    def is_authorised(self) -> bool:
        """Whether the key is right at this door: Helicone's for the AI gateway, any or none for a
        local server, in `api-key` for Azure, else the provider's as bearer token."""
        if self.door is Door.AI_GATEWAY:
            return self.organisation is not None
        key = self.state.settings.openai_key
        if self.door is Door.AZURE:
            sent = self.headers.get("api-key", "")
            return bool(sent) and (key is None or hmac.compare_digest(sent.encode(), key.encode()))
        sent = self.headers.get("authorization", "")
        if key is None or self.door is Door.LOCAL:
            return True
        return hmac.compare_digest(sent.encode(), f"Bearer {key}".encode())

    def on(self, name: str) -> bool:
        return self.headers.get(name, "").lower() == "true"

    def logged(self) -> dict[str, Any]:
        """Fields of the log that come from the headers."""
        get = self.headers.get
        return {
            "user": get("helicone-user-id"),
            "session": {part: get(f"helicone-session-{part}") for part in ("id", "path", "name")},
            "properties": {
                name.removeprefix(_PROPERTY): value
                for name, value in self.headers.items()
                if name.startswith(_PROPERTY)
            },
            "omitted": [p for p in ("request", "response") if self.on(f"helicone-omit-{p}")],
        }

    def answer_headers(self) -> dict[str, str]:
        """Headers of every proxied answer, whatever its status and whether or not it is logged."""
        if not self.door.is_helicone:
            return {}
        return {"Helicone-Id": self.helicone_id, "Helicone-Status": "success"}

    @property
    def retries(self) -> int:
        """The number of times that the gateway itself tries again on 429 and 5xx."""
        if not self.on("helicone-retry-enabled"):
            return 0
        number = self.headers.get("helicone-retry-num", "5")
        return int(number) if number.isdigit() else 5

    def refusal(self, prompt: str, faults: Faults) -> Refusal | None:
        moderated = self.on("helicone-moderations-enabled") and _FLAGGED.search(prompt)
        if moderated or "moderation" in faults:
            return Refusal(400, refused_by_helicone("PROMPT_FLAGGED_FOR_MODERATION"), {})
        threat = self.on("helicone-llm-security-enabled") and _THREAT.search(prompt)
        if threat or "threat" in faults:
            return Refusal(400, refused_by_helicone("PROMPT_THREAT_DETECTED"), {})
        return self._over_policy()

    def _over_policy(self) -> Refusal | None:
        text = self.headers.get("helicone-ratelimit-policy", "")
        policy = parse_policy(text)
        if policy is None:
            return None
        quota, seconds, segment = policy
        header = "user-id" if segment == "user" else f"property-{segment}"
        segment_value = self.headers.get(f"helicone-{header}", "") if segment else ""
        verdict = self.state.windows.count(
            f"{self.organisation} {text} {segment_value}", quota, seconds
        )
        if verdict.allowed:
            return None
        headers = verdict.headers("Helicone-RateLimit") | {
            "Helicone-RateLimit-Policy": text,
            "X-Helicone-Error": "rate_limited",
        }
        return Refusal(429, openai_error(429, "Rate limited by Helicone's policy."), headers)

    def cache_key(self, body: bytes) -> str | None:
        if not self.on("helicone-cache-enabled"):
            return None
        return hashlib.sha256(f"{self.organisation} ".encode() + body).hexdigest()

    @property
    def cache_seconds(self) -> float:
        found = re.search(r"max-age=(\d+)", self.headers.get("cache-control", ""))
        return float(found[1]) if found else 7 * 86400.0
