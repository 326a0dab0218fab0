"""Request ids as Helicone takes them: UUID v1 to v5, in lower case."""

import re
import uuid

_UUID_1_TO_5 = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", re.IGNORECASE
)


def is_valid(value: str) -> bool:
    return _UUID_1_TO_5.fullmatch(value) is not None


def adopt(wanted: str | None) -> str:
    """The requested id in lower case, or silently a random one if it is no UUID v1-5."""
    if wanted and is_valid(wanted.strip()):
        return wanted.strip().lower()
    return str(uuid.uuid4())
