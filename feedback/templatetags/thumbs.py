"""Template tags for the thumbs under an answer."""

from typing import Any

from django import template

from feedback import permissions
from feedback.chat.models import Message, User
from feedback.chat.requests import current_user
from feedback.forms import Explanation, ReasonsForm
from feedback.models import Rating
from feedback.staff_access.disclosure import summary

register = template.Library()


@register.simple_tag(takes_context=True)
def rating_for(context: dict[str, Any], message: Message) -> Rating | None:
    """The current user's rating, from the view's prefetched ratings."""
    user = current_user(context["request"])
    return next((r for r in message.ratings.all() if user and r.user_id == user.pk), None)


@register.simple_tag(takes_context=True)
def may_rate(context: dict[str, Any], message: Message) -> bool:
    """Whether the current user may rate answers."""
    return permissions.may_rate(context["request"], message.conversation)


@register.simple_tag(takes_context=True)
def reasons_open(context: dict[str, Any], message: Message) -> bool:
    """Whether the URL asks to open this answer's reasons (without htmx)."""
    return bool(context["request"].GET.get("reasons") == str(message.pk))


@register.simple_tag
def disclosure_summary() -> str:
    return summary()


@register.simple_tag
def explanation_of(rating: Rating, form: object) -> Explanation:
    """What the form of the reasons shows: as submitted if it has errors, else as stored."""
    return Explanation(rating, form if isinstance(form, ReasonsForm) else None)


@register.simple_tag
def number_of_ratings(user: User) -> int:
    """Number of answers that a user has rated, without withdrawn ratings."""
    return Rating.objects.rated().filter(user=user).count()
