"""One conversation: show, send, rename, title, export."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chatapp.conversation_export import as_json, as_markdown, filename
from chatapp.current_user import HtmxRequest, current_user
from chatapp.forms import MessageForm, TitleForm
from chatapp.models import Conversation, User, WaitingMessage
from chatapp.pagination import last_page, page_before
from chatapp.prepared import Select, given
from chatapp.search import as_uuid
from chatapp.submission import SubmissionRejected, ask, ask_or_wait, check_guest_quota
from chatapp.views import responses

# Each poll waits a second longer than the last: 21 seconds in total.
TRIES = frozenset("12345")
OWN = Select(
    lambda: (
        responses.with_page_annotations(Conversation.objects.owned_by(given(User, "id", "user")))
        .filter(pk=given(Conversation, "id"))
        .order_by()
    )
)
FORMATS = {"md": (as_markdown, "text/markdown"), "json": (as_json, "application/json")}


def own_conversation(request: HtmxRequest, pk: UUID) -> Conversation:
    """The current user's conversation. Raises Http404, also for a conversation of another user."""
    user = current_user(request)
    found = OWN.first(user=user.pk, id=pk) if user else None
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def conversation(request: HtmxRequest, pk: UUID) -> HttpResponse:
    conversation = own_conversation(request, pk)
    if request.method == "POST":
        return send(request, conversation)
    if message := message_id_param(request, "above"):
        return responses.messages(request, conversation, page_before(conversation, message))
    message_page = last_page(conversation, including=message_id_param(request, "at"))
    return responses.page(request, conversation, MessageForm(), message_page=message_page)


def message_id_param(request: HtmxRequest, name: str) -> UUID | None:
    """The message id in a query parameter; None if absent or invalid."""
    return as_uuid(request.GET.get(name, ""))


def send(request: HtmxRequest, conversation: Conversation) -> HttpResponse:
    form = MessageForm(request.POST, request.FILES)
    if not form.is_valid():
        return responses.rejection_response(request, form, 422, conversation)
    try:
        check_guest_quota(request)
        text, key = form.cleaned_data["message"], form.cleaned_data["idempotency_key"]
        # A waiting message needs a page that shows what becomes of it.
        submit = ask_or_wait if request.htmx else ask
        sent = submit(
            conversation.user, conversation, text, images=form.images, idempotency_key=key
        )
    except SubmissionRejected as rejection:
        form.add_error(None, rejection.message)
        return responses.rejection_response(request, form, rejection.status, conversation)
    if isinstance(sent, WaitingMessage):
        context = {"waiting_messages": [sent], "conversation": conversation, "form": MessageForm()}
        return render(request, "chat/waiting_sent.html", context)
    if not request.htmx:
        return responses.redirect_to(conversation, sent)
    exchange = [sent.parent, sent]
    context = {"exchange": exchange, "conversation": sent.conversation, "form": MessageForm()}
    return render(request, "chat/exchange.html", {**context, **responses.sidebar(request)})


@require_POST
def rename(request: HtmxRequest, pk: UUID) -> HttpResponse:
    conversation = own_conversation(request, pk)
    form = TitleForm(request.POST)
    if not form.is_valid():
        return title_error(request, conversation, form)
    conversation.rename(form.cleaned_data["title"])
    if not request.htmx:
        return responses.redirect_to(conversation)
    context = {"conversation": conversation, **responses.sidebar(request)}
    return render(request, "chat/header_update.html", context)


def title_error(request: HtmxRequest, conversation: Conversation, form: TitleForm) -> HttpResponse:
    if request.htmx:
        return responses.problem(request, form.problem, 422)
    return responses.page(request, conversation, MessageForm(), 422, title_form=form)


@require_safe
def title(request: HtmxRequest, pk: UUID) -> HttpResponse:
    """Poll for the generated title after the first answer, until it is there or TRIES are over."""
    conversation = own_conversation(request, pk)
    tries = request.GET.get("tries", "")
    if not request.htmx:
        return responses.redirect_to(conversation)
    if conversation.needs_title and tries in TRIES:
        return render(
            request, "chat/title_poll.html", {"conversation": conversation, "tries": int(tries) + 1}
        )
    return render(
        request,
        "chat/title_update.html",
        {"conversation": conversation, **responses.sidebar(request)},
    )


@require_safe
def export(request: HtmxRequest, pk: UUID, suffix: str) -> HttpResponse:
    conversation = own_conversation(request, pk)
    write, kind = FORMATS[suffix]
    name = content_disposition_header(True, filename(conversation, suffix))
    headers = {"Content-Disposition": name or "attachment"}
    return HttpResponse(write(conversation), content_type=f"{kind}; charset=utf-8", headers=headers)
