"""The thumbs under an answer: the click that saves, and the form for its reasons."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_POST

from feedback.chat.models import Message, User
from feedback.chat.requests import HtmxRequest, SeeOther, current_user, problem
from feedback.forms import ReasonsForm, ThumbForm
from feedback.models import Rating, Review
from feedback.models.implicit_feedback import record_copy
from feedback.permissions import may_rate
from feedback.rating_flow import explain, rate, withdraw

SWITCHED_OFF = lazy("Ratings are switched off. What you rated before can still be withdrawn.")


@require_http_methods(["GET", "HEAD", "POST"])
def rating(request: HtmxRequest, pk: UUID) -> HttpResponse:
    """GET shows the thumbs, with the reasons open if asked `?reasons`; POST sets the thumb wanted.

    Where ratings are switched off, one given before can still be withdrawn: it is the person's.
    """
    person, message = readable(request, pk)
    given = Rating.objects.filter(message=message, user=person)
    if request.method != "POST":
        own = given.first()
        return show(request, message, own, open="reasons" in request.GET)
    form = ThumbForm(request.POST)
    if not form.is_valid():
        return problem(request, _("That is neither a thumb up nor a thumb down."), 422)
    if not message.is_rateable:
        return problem(
            request, _("This answer can't be rated: there is nothing to judge yet."), 409
        )
    if not may_rate(request, message.conversation) and (form.wanted() or not given.exists()):
        return problem(request, SWITCHED_OFF, 403)
    value = form.wanted()
    own = rate(message, person, value) if value else withdraw(message, person)
    return show(request, message, own, open=True)


@require_POST
def reasons(request: HtmxRequest, pk: UUID) -> HttpResponse:
    person, message = readable(request, pk)
    if not may_rate(request, message.conversation):
        return problem(request, SWITCHED_OFF, 403)
    own = Rating.objects.rated().filter(message=message, user=person).first()
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
    """The person has read the better answer: it folds up, and is news no more."""
    person, message = readable(request, pk)
    Review.objects.shown_to(person).filter(rating__message=message).dismiss()
    if not request.htmx:
        return SeeOther(f"{message.conversation.get_absolute_url()}#m-{message.pk}")
    context = {"message": message, "conversation": message.conversation, "dismissed": True}
    return render(request, "feedback/correction_dismissed.html", context)


@require_POST
def copied(request: HtmxRequest, pk: UUID) -> HttpResponse:
    """Told by the button that copies; where signals are switched off, nothing is kept."""
    _person, message = readable(request, pk)
    record_copy(message)
    return HttpResponse(status=204)


def readable(request: HtmxRequest, pk: UUID) -> tuple[User, Message]:
    """The answer, loaded through the person who reads it."""
    person = current_user(request)
    answers = (
        Message.objects.readable_by(person)
        .answers()
        .select_related("conversation", "prompt_version")
    )
    message = get_object_or_404(answers, pk=pk)
    assert person is not None  # noqa: S101 - nobody reads nothing
    return person, message


def show(
    request: HtmxRequest,
    message: Message,
    rating: Rating | None,
    status: int = 200,
    open: bool = False,
    **more: Any,
) -> HttpResponse:
    """The thumbs as they now stand; without htmx, the page they are on."""
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
