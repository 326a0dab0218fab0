"""Messages for users about failed answers, by error code."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from chatapp.models import Message

Text = str | Promise


class ErrorMessage(NamedTuple):
    title: Text
    advice: Text


TRY_AGAIN_LATER = lazy(
    "Try again in a moment. If it keeps happening, tell the people who run this site."
)
CONTACT_OPERATORS = lazy(
    "Trying again won't help until it is put right. Please tell the people who run this site."
)
REPHRASE = lazy("Try to put the question in other words.")

ERROR_MESSAGES: dict[str, ErrorMessage] = {
    "bad_key": ErrorMessage(lazy("The site's key was refused."), CONTACT_OPERATORS),
    "no_permission": ErrorMessage(lazy("This site may not use this model."), CONTACT_OPERATORS),
    "unknown_model": ErrorMessage(
        lazy("The model of this assistant doesn't exist."), CONTACT_OPERATORS
    ),
    "rate_limited": ErrorMessage(
        lazy("Too many questions at once."), lazy("Wait a moment, then try again.")
    ),
    "policy_limited": ErrorMessage(
        lazy("The limit set for this site is used up."), lazy("Try again later.")
    ),
    "no_quota": ErrorMessage(
        lazy("The site's account with the provider is used up."), CONTACT_OPERATORS
    ),
    "rejected": ErrorMessage(lazy("The provider didn't accept the request."), TRY_AGAIN_LATER),
    "moderated": ErrorMessage(lazy("The question was held back by moderation."), REPHRASE),
    "prompt_threat": ErrorMessage(lazy("The question was taken for an attack."), REPHRASE),
    "content_filter": ErrorMessage(lazy("The answer was held back by a content filter."), REPHRASE),
    "refused": ErrorMessage(lazy("The model declined to answer."), REPHRASE),
    "empty": ErrorMessage(lazy("The answer came back empty."), TRY_AGAIN_LATER),
    "length_without_text": ErrorMessage(
        lazy("The allowed length was used up before an answer began."), CONTACT_OPERATORS
    ),
    "length": ErrorMessage(
        lazy("The answer reached its longest allowed length."), lazy("Let it continue.")
    ),
    "server_error": ErrorMessage(lazy("The model's provider had a fault."), TRY_AGAIN_LATER),
    "no_connection": ErrorMessage(lazy("The model couldn't be reached."), TRY_AGAIN_LATER),
    "tls": ErrorMessage(lazy("No safe connection to the model could be made."), CONTACT_OPERATORS),
    "dns": ErrorMessage(lazy("The model's address couldn't be found."), CONTACT_OPERATORS),
    "no_first_token": ErrorMessage(
        lazy("The model didn't begin to answer in time."), TRY_AGAIN_LATER
    ),
    "stalled": ErrorMessage(lazy("The answer stopped arriving."), TRY_AGAIN_LATER),
    "thinking_too_long": ErrorMessage(
        lazy("The model thought for too long without answering."), TRY_AGAIN_LATER
    ),
    "cut": ErrorMessage(
        lazy("The connection broke off in the middle of the answer."), TRY_AGAIN_LATER
    ),
    "malformed": ErrorMessage(lazy("The provider sent something unreadable."), TRY_AGAIN_LATER),
    "web_page": ErrorMessage(
        lazy("The model's address answered with a web page."), CONTACT_OPERATORS
    ),
    "too_long": ErrorMessage(
        lazy("The conversation is too long for this model."), lazy("Start a new conversation.")
    ),
    "interrupted": ErrorMessage(
        lazy("The server stopped while this was being written."), lazy("Try again.")
    ),
}
NO_ASSISTANT = lazy("No assistant is available at the moment. Please try again later.")
UNKNOWN = ErrorMessage(lazy("Something went wrong with this answer."), TRY_AGAIN_LATER)


def error_message_for(answer: Message) -> ErrorMessage:
    """Title and advice for an answer's error, with the provider's retry time if known."""
    code = "interrupted" if answer.error == Message.ABANDONED else answer.error
    message = ERROR_MESSAGES.get(code, UNKNOWN)
    if answer.retry_after:
        return message._replace(advice=_("Try again in %s.") % duration_text(answer.retry_after))
    return message


def duration_text(seconds: int) -> str:
    """The duration in its largest unit of which it has at least two, rounded up."""
    if seconds < 2 * 60:
        return ngettext("%d second", "%d seconds", seconds) % seconds
    if seconds < 2 * 3600:
        minutes = -(-seconds // 60)
        return ngettext("%d minute", "%d minutes", minutes) % minutes
    if seconds < 2 * 86_400:
        hours = -(-seconds // 3600)
        return ngettext("%d hour", "%d hours", hours) % hours
    days = -(-seconds // 86_400)
    return ngettext("%d day", "%d days", days) % days
