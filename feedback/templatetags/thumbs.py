"""What the thumbs under an answer need to know."""

from typing import Any

from django import template

from feedback import permissions
from feedback.chat.models import Message, User
from feedback.chat.requests import current_user
from feedback.forms import ReasonsForm
from feedback.models import Rating
from feedback.staff_access.disclosure import summary

register = template.Library()


@register.simple_tag(takes_context=True)
def rating_for(context: dict[str, Any], message: Message) -> Rating | None:
    """This person's own rating, out of what the view prefetched."""
    person = current_user(context["request"])
    return next((r for r in message.ratings.all() if person and r.user_id == person.pk), None)


@register.simple_tag(takes_context=True)
def may_rate(context: dict[str, Any], message: Message) -> bool:
    """Whether this person is asked for ratings."""
    return permissions.may_rate(context["request"], message.conversation)


@register.simple_tag(takes_context=True)
def reasons_open(context: dict[str, Any], message: Message) -> bool:
    """Whether the page was asked to show the reasons of this answer (the way without htmx)."""
    return bool(context["request"].GET.get("reasons") == str(message.pk))


@register.simple_tag
def disclosure_summary() -> str:
    return summary()


@register.simple_tag
def reasons_form(rating: Rating, form: object) -> ReasonsForm:
    """The form at hand if it is being corrected, else one that shows what is stored."""
    return form if isinstance(form, ReasonsForm) else ReasonsForm(rating)


@register.simple_tag
def number_of_ratings(person: User) -> int:
    """How many answers a user has rated, without withdrawn ratings."""
    return Rating.objects.rated().filter(user=person).count()
