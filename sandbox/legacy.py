"""POST /v1/feedback at the gateway: the older form of a rating, which the npm package calls."""

import json

from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, Response

from sandbox import ids, rating_writes
from sandbox.request_rows import RATING
from sandbox.state import State


async def older_feedback(http: HttpRequest) -> Response:
    state: State = http.app.state.sandbox
    scheme, _, key = http.headers.get("helicone-auth", "").partition(" ")
    organisation = state.settings.organisation(key.strip()) if scheme == "Bearer" else None
    if organisation is None:
        return JSONResponse({"error": "No API key found"}, 401)
    try:
        body = json.loads(await http.body())
        helicone_id, rating = str(body["helicone-id"]), body["rating"]
    except (ValueError, KeyError, TypeError):
        return JSONResponse({"error": "helicone-id and rating are required"}, 400)
    if not isinstance(rating, bool):
        return JSONResponse({"error": "rating must be a boolean"}, 400)
    if ids.is_valid(helicone_id):
        rating_writes.post(
            state.log, helicone_id, organisation, RATING, int(rating), state.log.now()
        )
    state.calls["older feedback 200"] += 1
    return JSONResponse({"message": "Feedback added successfully.", "helicone_id": helicone_id})
