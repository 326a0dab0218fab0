"""GET /c/<uuid>/export.md and export.json: a conversation to keep."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from chatapp.conversation_export import as_json, as_markdown, filename
from chatapp.current_user import HtmxRequest
from chatapp.views.conversation import own

FORMATS = {"md": (as_markdown, "text/markdown"), "json": (as_json, "application/json")}


@require_safe
def export(request: HtmxRequest, pk: UUID, suffix: str) -> HttpResponse:
    conversation = own(request, pk)
    write, kind = FORMATS[suffix]
    name = content_disposition_header(True, filename(conversation, suffix))
    headers = {"Content-Disposition": name or "attachment", "Cache-Control": "no-store"}
    return HttpResponse(write(conversation), content_type=f"{kind}; charset=utf-8", headers=headers)
