"""A question on its way into a conversation, and the reasons why it may not get in."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from uuid import UUID

from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from chatapp import generation
from chatapp.images import files
from chatapp.images.cleaning import Image
from chatapp.limits import reason_against_images, reason_to_wait
from chatapp.models import Assistant, Conversation, Message, PromptVersion, User


class Refused(Exception):
    """Said to the person in `words`; `status` is the HTTP status that goes with them."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status, self.words = status, words


def begin(
    person: User,
    assistant: Assistant | None,
    text: str,
    temporary: bool = False,
    images: Sequence[Image] = (),
) -> Message:
    """A new conversation with its first question; returns its answer. Raises Refused."""
    assistant = assistant or Assistant.objects.offered().first()
    if assistant is None:
        raise nobody_answers()
    with transaction.atomic():
        let_wait(person)
        let_see(person, assistant, images)
        try:
            conversation = Conversation.objects.start(person, assistant, temporary)
            answer = conversation.ask(text, images=files.keep(conversation.pk, images))
        except PromptVersion.DoesNotExist:
            raise nobody_answers() from None
        generation.start(answer)
    return answer


@contextmanager
def turn(person: User, pk: UUID) -> Iterator[Conversation]:
    """The conversation, locked, where this person may ask now. One answer at a time.
    Raises Refused, also for who finds nobody to answer within."""
    with transaction.atomic():
        let_wait(person)
        kept = Conversation.objects.kept().select_for_update()
        conversation = get_object_or_404(kept, pk=pk)
        if conversation.messages.running().exists():
            raise Refused(
                409,
                _("The last answer is still being written. Wait for it or stop it, then send."),
            )
        try:
            yield conversation
        except PromptVersion.DoesNotExist:
            raise nobody_answers() from None


def ask(
    person: User,
    conversation: Conversation,
    text: str,
    instead_of: Message | None = None,
    images: Sequence[Image] = (),
) -> Message:
    """The next question of a conversation, or another wording of an earlier one; returns its
    answer, about to be written. Raises Refused."""
    with turn(person, conversation.pk) as conversation:
        let_see(person, conversation.assistant, images)
        answer = conversation.ask(text, instead_of, files.keep(conversation.pk, images))
        generation.start(answer)
    return answer


def ask_anew(person: User, answer: Message) -> Message:
    """Another answer to the same question, beside the one there is. Raises Refused."""
    with turn(person, answer.conversation_id) as conversation:
        if answer.parent is None:
            raise Refused(409, _("This answer has no question that could be answered anew."))
        another = conversation.answer(answer.parent)
        generation.start(another)
    return another


def ask_again(person: User, failed: Message) -> Message:
    """A new answer to the question of one that came to nothing. Raises Refused."""
    with transaction.atomic():
        let_wait(person)  # first, as in `ask`: two who lock in different orders wait for ever
        kept = Conversation.objects.kept().select_for_update()
        conversation = get_object_or_404(kept, pk=failed.conversation_id)
        failed.conversation = conversation
        if failed.parent is None or not failed.is_retryable:
            raise Refused(409, _("This answer can't be tried again: something else came after it."))
        try:
            answer = conversation.answer(failed.parent)
        except PromptVersion.DoesNotExist:
            raise nobody_answers() from None
        generation.start(answer)
    return answer


def let_wait(person: User) -> None:
    """Raises Refused, also for who ended their account in another window meanwhile."""
    try:
        words = reason_to_wait(person)
    except User.DoesNotExist:
        gone = _("This account was deleted, so nothing was sent. Reload the page to go on.")
        raise Refused(410, gone) from None
    if words:
        raise Refused(429, words)


def let_see(person: User, assistant: Assistant, images: Sequence[Image]) -> None:
    if images and not assistant.sees_images:
        blind = _("“%(assistant)s” can't see images. Take them out, or choose another.")
        raise Refused(422, blind % {"assistant": assistant})
    if words := reason_against_images(person, len(images)):
        raise Refused(429, words)


def nobody_answers() -> Refused:
    return Refused(503, _("No assistant is available at the moment. Please try again later."))
