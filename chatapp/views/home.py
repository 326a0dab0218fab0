"""Home page with an empty composer, and the health check."""

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRedirect, push_url

from chatapp.current_user import HtmxRequest, current_user_or_guest
from chatapp.forms import MessageForm
from chatapp.images import pending
from chatapp.models import Conversation, Message
from chatapp.pagination import MessagePage, last_page
from chatapp.submission import SubmissionRejected, check_guest_quota, start_conversation
from chatapp.views import responses

DRAFT_KEY, IMAGES_KEY = "draft", "draft_images"


@require_http_methods(["GET", "HEAD", "POST"])
def home(request: HtmxRequest) -> HttpResponse:
    if request.method == "POST":
        return send_first(request)
    form = MessageForm(initial={"message": request.session.get(DRAFT_KEY, "")})
    if DRAFT_KEY in request.session:
        del request.session[DRAFT_KEY]
        form.images = pending.restore(request.session.pop(IMAGES_KEY, []))
        form.stash_images()
    return responses.home(request, form)


def send_first(request: HtmxRequest) -> HttpResponse:
    form = MessageForm(request.POST, request.FILES)
    if not form.is_valid():
        return responses.rejection_response(request, form, 422)
    try:
        check_guest_quota(request)
        user = current_user_or_guest(request)
        if user is None:
            return login_with_draft(request, form)
        data = form.cleaned_data
        choices = data["assistant"], data["message"], data["temporary"]
        answer = start_conversation(
            user, *choices, images=form.images, idempotency_key=data["idempotency_key"]
        )
    except SubmissionRejected as rejection:
        form.add_error(None, rejection.message)
        return responses.rejection_response(request, form, rejection.status)
    return show(request, answer)


def show(request: HtmxRequest, answer: Message) -> HttpResponse:
    conversation = answer.conversation
    if not request.htmx:
        return responses.redirect_to(conversation)
    thread = responses.thread_context(conversation, first_page(conversation, answer))
    context = {**thread, **responses.sidebar(request), "form": MessageForm()}
    response = render(request, "chat/first_exchange.html", context)
    return push_url(response, conversation.get_absolute_url())


def first_page(conversation: Conversation, answer: Message) -> MessagePage:
    """The page of messages that ends with the answer, which needs no query in a new conversation."""
    question = answer.parent
    if question and question.parent_id is None and conversation.head_id == answer.pk:
        return MessagePage([question, answer])
    return last_page(conversation)


def login_with_draft(request: HtmxRequest, form: MessageForm) -> HttpResponse:
    """Redirect to the login page where guests are disabled; the session keeps text and images."""
    form.stash_images()
    request.session[DRAFT_KEY] = form.cleaned_data["message"]
    request.session[IMAGES_KEY] = [note.token for note in form.pending_images]
    response = redirect_to_login(request.path)
    return HttpResponseClientRedirect(response.url) if request.htmx else response


@login_not_required
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """The first answer; see chatapp/http/health.py for the others."""
    return HttpResponse("ok\n", content_type="text/plain")
