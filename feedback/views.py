"""Views of the thumbs under an answer: rating, reasons, correction dismissed, answer copied."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_POST

from feedback.chat.models import Message, User
from feedback.chat.prepared import Select, given
from feedback.chat.requests import HtmxRequest, SeeOther, current_user, problem
from feedback.forms import THUMBS, ReasonsForm
from feedback.models import Rating, Review
from feedback.models.implicit_feedback import record_copy
from feedback.permissions import may_rate
from feedback.rating_flow import explain, rate, withdraw

READABLE = Select(
    lambda: (
        Message.objects.readable_by(given(User, "id", "user"))
        .answers()
        .select_related("conversation", "prompt_version")
        .filter(pk=given(Message, "id"))
        .order_by()
    )
)
SWITCHED_OFF = lazy("Ratings are switched off. What you rated before can still be withdrawn.")


@require_http_methods(["GET", "HEAD", "POST"])
def rating(request: HtmxRequest, pk: UUID) -> HttpResponse:
    """Show the thumbs (GET, with the reasons if `?reasons`) or set the thumb (POST).
    If ratings are switched off, an earlier one can still be withdrawn."""
    user, message = readable(request, pk)
    if request.method != "POST":
        own = Rating.objects.filter(message=message, user=user).first()
        return show(request, message, own, open="reasons" in request.GET)
    wanted = request.POST.get("value", "")
    if wanted not in THUMBS:
        return problem(request, _("That is neither a thumb up nor a thumb down."), 422)
    if not message.is_rateable:
        return problem(
            request, _("This answer can't be rated: there is nothing to judge yet."), 409
        )
    value = THUMBS[wanted]
    if not may_rate(request, message.conversation):
        ratings = Rating.objects.filter(message=message, user=user)
        if value or not ratings.exists():
            return problem(request, SWITCHED_OFF, 403)
    own = rate(message, user, value) if value else withdraw(message, user)
    return show(request, message, own, open=True)


@require_POST
def reasons(request: HtmxRequest, pk: UUID) -> HttpResponse:
    user, message = readable(request, pk)
    if not may_rate(request, message.conversation):
        return problem(request, SWITCHED_OFF, 403)
    own = Rating.objects.rated().filter(message=message, user=user).first()
    if own is None:
        return problem(request, _("Your thumb was withdrawn meanwhile. Click one first."), 409)
    form = ReasonsForm(own, request.POST)
    if not form.is_valid():
        return show(request, message, own, open=True, form=form, status=422)
    if not explain(own, **form.cleaned_data):
        return problem(request, _("Your thumb was changed meanwhile. Say why once more."), 409)
    return show(request, message, own, saved=True)


@require_POST
def dismiss(request: HtmxRequest, pk: UUID) -> HttpResponse:
    """Collapse a correction that the user has read, and no longer announce it."""
    user, message = readable(request, pk)
    Review.objects.shown_to(user).filter(rating__message=message).dismiss()
    if not request.htmx:
        return SeeOther(f"{message.conversation.get_absolute_url()}#m-{message.pk}")
    context = {"message": message, "conversation": message.conversation, "dismissed": True}
    return render(request, "feedback/correction_dismissed.html", context)


@require_POST
def copied(request: HtmxRequest, pk: UUID) -> HttpResponse:
    """Record that an answer was copied, if implicit feedback is switched on."""
    _user, message = readable(request, pk)
    record_copy(message)
    return HttpResponse(status=204)


def readable(request: HtmxRequest, pk: UUID) -> tuple[User, Message]:
    """The current user and an answer that they may read. Raises Http404."""
    user = current_user(request)
    message = READABLE.first(user=user.pk, id=pk) if user else None
    if user is None or message is None:
        raise Http404
    return user, message


def show(
    request: HtmxRequest,
    message: Message,
    rating: Rating | None,
    status: int = 200,
    open: bool = False,
    **more: Any,
) -> HttpResponse:
    """The thumbs in their current state; without htmx a redirect to their page."""
    context = {"message": message, "rating": rating, "open": open, **more}
    if request.htmx or status != 200:
        fragment = (
            "feedback/rating.html"
            if may_rate(request, message.conversation)
            else "feedback/kept_rating.html"
        )
        template = fragment if request.htmx else "feedback/reasons_page.html"
        return render(request, template, context, status=status)
    reasons_query = f"?reasons={message.pk}" if open and rating and rating.value else ""
    url = f"{message.conversation.get_absolute_url()}{reasons_query}#rating-{message.pk}"
    return SeeOther(url)
