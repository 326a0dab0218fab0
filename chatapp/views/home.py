"""The way in: a composer with nothing above it."""

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRedirect, push_url

from chatapp.current_user import HtmxRequest, current_user_or_guest
from chatapp.forms import MessageForm
from chatapp.images import pending
from chatapp.models import Message
from chatapp.pagination import newest
from chatapp.submission import SubmissionRejected, begin
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
        form.keep_images()
    return responses.home(request, form)


def send_first(request: HtmxRequest) -> HttpResponse:
    form = MessageForm(request.POST, request.FILES)
    if not form.is_valid():
        return responses.rejection_response(request, form, 422)
    person = current_user_or_guest(request)
    if person is None:
        return sign_in_first(request, form)
    try:
        said = form.cleaned_data
        chosen = said["assistant"], said["message"], said["temporary"]
        answer = begin(person, *chosen, images=form.images, idempotency_key=said["idempotency_key"])
    except SubmissionRejected as refused:
        form.add_error(None, refused.words)
        return responses.rejection_response(request, form, refused.status)
    return show(request, answer)


def show(request: HtmxRequest, answer: Message) -> HttpResponse:
    conversation = answer.conversation
    if not request.htmx:
        return responses.see(conversation)
    shown = responses.thread(conversation, newest(conversation))
    context = {**shown, **responses.sidebar(request), "form": MessageForm()}
    response = render(request, "chat/first_exchange.html", context)
    return push_url(response, conversation.get_absolute_url())


def sign_in_first(request: HtmxRequest, form: MessageForm) -> HttpResponse:
    """Where guests are off. What was typed waits in the session, and its images with it."""
    form.keep_images()
    request.session[DRAFT_KEY] = form.cleaned_data["message"]
    request.session[IMAGES_KEY] = [note.token for note in form.pending_images]
    response = redirect_to_login(request.path)
    return HttpResponseClientRedirect(response.url) if request.htmx else response


@login_not_required
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain")
