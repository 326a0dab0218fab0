"""`/healthz`, answered on the event loop: requests that hold all threads can't delay it."""

from __future__ import annotations

from typing import Any

PATH = "/healthz"
START = {
    "type": "http.response.start",
    "status": 200,
    "headers": [(b"content-type", b"text/plain"), (b"content-length", b"3")],
}
BODY = {"type": "http.response.body", "body": b"ok\n"}


class Health:
    """ASGI middleware. Until Django has answered the check once, it is Django's to answer: that its
    URLs and middleware load. From then on the check says that the process takes requests."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self.has_answered = False

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        is_asked = scope["type"] == "http" and scope["path"] == PATH
        if not (is_asked and scope["method"] in ("GET", "HEAD")):
            await self.app(scope, receive, send)
        elif self.has_answered:
            await send(START)
            await send(BODY)
        else:
            await self.app(scope, receive, self.noting(send))

    def noting(self, send: Any) -> Any:
        async def send_and_note(message: Any) -> None:
            if message.get("status") == 200:
                self.has_answered = True
            await send(message)

        return send_and_note
