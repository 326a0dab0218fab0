"""HTTP session to an OpenID Connect provider: answers are bounded in size and time."""

import time
from typing import Any

import requests

MAX_BYTES = 1_000_000  # far more than a configuration or a set of keys has
MAX_SECONDS = 10.0
CHUNK = 16_384  # bytes


class BoundedSession(requests.Session):
    """Raises a RequestException, which ends a login with a page, for an answer without an end."""

    def request(self, method: Any, url: Any, *args: Any, **kwargs: Any) -> requests.Response:
        deadline = time.monotonic() + MAX_SECONDS
        response = super().request(method, url, *args, **(kwargs | {"stream": True}))
        content = b""
        for chunk in response.iter_content(CHUNK):
            content += chunk
            if len(content) > MAX_BYTES or time.monotonic() > deadline:
                response.close()
                raise requests.exceptions.ContentDecodingError("The answer has no end.")
        response._content = content  # what requests keeps of an answer that is read whole
        return response
