"""Settings of the sandbox: by the command line, or POST /sandbox/settings at run time."""

import hashlib
from dataclasses import asdict, dataclass, field, fields
from typing import Any

# Default keys, valid in a sandbox only.
KEY = "sk-helicone-sandbox-0000000-0000000-0000001"
WRITE_ONLY_KEY = "pk-helicone-sandbox-0000000-0000000-0000001"  # same organisation, no GET
READ_ONLY_KEY = "sk-helicone-readonly-0000000-0000000-0000001"  # same organisation, GET alone
OTHER_KEY = "sk-helicone-another-0000000-0000000-0000002"  # another organisation
POWERLESS_KEY = "sk-helicone-noright-0000000-0000000-0000003"  # known, but has no right at all
_METHODS = {WRITE_ONLY_KEY: ("POST", "PUT"), READ_ONLY_KEY: ("GET",), POWERLESS_KEY: ()}


@dataclass
class Settings:
    """All settings; times are in seconds unless the name says otherwise."""

    openai_key: str | None = None  # None: any key will do
    any_helicone_key: bool = False
    helicone_keys: list[str] = field(default_factory=list)  # each is its own organisation
    tokens_per_second: float = 40.0  # 0: unpaced
    first_token_delay: float = 0.0
    latency_ms: float = 0.0  # added to every call of the API
    ingest_delay_min: float = 1.0
    ingest_delay_max: float = 3.0
    write_delay: float = 0.0  # between a rating's 201 and the moment a query shows it
    property_race: float = 0.005  # between reading and writing a request's properties
    second_write: float = 600.0  # after the first; 0: there is none
    early_ratings: str = "dropped"  # before ingestion: "dropped", or "kept" for the second write
    version_granularity: float = 1.0  # writes within one such span are unordered
    merge_chance: float = 0.1  # that a write also merges its request's versions; 0: only when told
    max_age: float = 30 * 86400.0  # older requests take no ratings
    rate_limit: int = 0  # API calls per organisation and window; 0: no limit
    rate_limit_window: float = 300.0
    forward_seconds: float = 600.0  # to the provider that Helicone-Target-URL names, and back
    forward_max_bytes: int = 20_000_000  # of a forwarded body, and of its answer
    query_max_depth: int = 150  # deeper filters fail masked, as an empty answer
    query_max_ids: int = 1500

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    def change(self, changes: dict[str, Any]) -> None:
        """Change several settings, or none. Raises ValueError for an unknown name or a wrong type."""
        checked = {name: self._checked(name, value) for name, value in changes.items()}
        for name, value in checked.items():
            setattr(self, name, value)

    def _checked(self, name: str, value: Any) -> Any:
        if name not in {f.name for f in fields(self)}:
            raise ValueError(f"There is no setting named {name!r}.")
        now = getattr(Settings(), name)  # the usual value shows the type
        if name == "openai_key":
            right = value is None or isinstance(value, str)
        elif isinstance(now, float) and isinstance(value, int) and not isinstance(value, bool):
            return float(value)
        else:
            right = type(value) is type(now)
        if not right:
            raise ValueError(f"{name} can't be {value!r}.")
        if name == "early_ratings" and value not in ("dropped", "kept"):
            raise ValueError("early_ratings is 'dropped' or 'kept'.")
        return value

    def organisation(self, key: str) -> str | None:
        """The organisation of a key; None for a key Helicone doesn't know."""
        if key in (KEY, *_METHODS):
            return "sandbox"
        if key == OTHER_KEY:
            return "another"
        if key in self.helicone_keys or (self.any_helicone_key and key):
            return f"key-{hashlib.sha256(key.encode()).hexdigest()[:8]}"  # never show a key
        return None


def allows(key: str, method: str) -> bool:
    """Whether a known key may be used with this HTTP method, Helicone's only check."""
    return key not in _METHODS or method in _METHODS[key]
