"""What can go wrong with an answer, in words for the person who waits for it."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from chatapp.models import Message

Words = str | Promise


class Failure(NamedTuple):
    title: Words
    advice: Words


AGAIN = lazy("Try again in a moment. If it keeps happening, tell the people who run this site.")
TELL = lazy(
    "Trying again won't help until it is put right. Please tell the people who run this site."
)
REPHRASE = lazy("Try to put the question in other words.")

FAILURES: dict[str, Failure] = {
    "bad_key": Failure(lazy("The site's key was refused."), TELL),
    "no_permission": Failure(lazy("This site may not use this model."), TELL),
    "unknown_model": Failure(lazy("The model of this assistant doesn't exist."), TELL),
    "rate_limited": Failure(lazy("Too many questions at once."), lazy("Wait a little, try again.")),
    "policy_limited": Failure(
        lazy("The limit set for this site is used up."), lazy("Try again later.")
    ),
    "no_quota": Failure(lazy("The site's account with the provider is used up."), TELL),
    "rejected": Failure(lazy("The provider didn't accept the request."), AGAIN),
    "moderated": Failure(lazy("The question was held back by moderation."), REPHRASE),
    "prompt_threat": Failure(lazy("The question was taken for an attack."), REPHRASE),
    "content_filter": Failure(lazy("The answer was held back by a content filter."), REPHRASE),
    "refused": Failure(lazy("The model declined to answer."), REPHRASE),
    "empty": Failure(lazy("The answer came back empty."), AGAIN),
    "length": Failure(
        lazy("The answer reached its longest allowed length."), lazy("Let it continue.")
    ),
    "server_error": Failure(lazy("The model's provider had a fault."), AGAIN),
    "no_connection": Failure(lazy("The model couldn't be reached."), AGAIN),
    "tls": Failure(lazy("No safe connection to the model could be made."), TELL),
    "dns": Failure(lazy("The model's address couldn't be found."), TELL),
    "no_first_token": Failure(lazy("The model didn't begin to answer in time."), AGAIN),
    "stalled": Failure(lazy("The answer stopped coming."), AGAIN),
    "cut": Failure(lazy("The connection broke off in the middle of the answer."), AGAIN),
    "malformed": Failure(lazy("The provider sent something unreadable."), AGAIN),
    "too_long": Failure(
        lazy("The conversation is too long for this model."), lazy("Start a new conversation.")
    ),
    "interrupted": Failure(
        lazy("The server stopped while this was being written."), lazy("Try again.")
    ),
}
UNKNOWN = Failure(lazy("Something went wrong with this answer."), AGAIN)


def error_message_for(answer: Message) -> Failure:
    """What went wrong and what to do, with the wait named where the provider named one."""
    code = "interrupted" if answer.error == Message.ABANDONED else answer.error
    failure = FAILURES.get(code, UNKNOWN)
    if answer.retry_after:
        return failure._replace(advice=_("Try again in %s.") % wait(answer.retry_after))
    return failure


def wait(seconds: int) -> str:
    if seconds < 120:
        return ngettext("%d second", "%d seconds", seconds) % seconds
    minutes = -(-seconds // 60)
    return ngettext("%d minute", "%d minutes", minutes) % minutes
