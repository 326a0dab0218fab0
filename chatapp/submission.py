"""A question on its way into a conversation, and the reasons why it may not get in."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from chatapp.generation import runner
from chatapp.images import storage
from chatapp.images.processing import Image
from chatapp.models import Assistant, Conversation, Message, PromptVersion, User
from chatapp.quotas import image_quota_error, lock_user, quota_error


class SubmissionRejected(Exception):
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
    idempotency_key: UUID | None = None,
) -> Message:
    """A new conversation with its first question; returns its answer. Raises Refused."""
    with user_lock(person):
        form: dict[str, Any] = {"parent__parent": None, "conversation__is_temporary": temporary}
        if assistant:
            form["conversation__assistant"] = assistant
        if answer := answer_to(person, idempotency_key, text, images, **form):
            return answer
        check_quota(person)
        assistant = assistant or Assistant.objects.offered().first()
        if assistant is None:
            raise no_assistant_error()
        check_images_allowed(person, assistant, images)
        try:
            conversation = Conversation.objects.start(person, assistant, temporary)
            kept = storage.save_images(conversation.pk, images)
            answer = conversation.ask(text, images=kept, idempotency_key=idempotency_key)
        except PromptVersion.DoesNotExist:
            raise no_assistant_error() from None
        runner.start(answer)
    return answer


@contextmanager
def user_lock(person: User) -> Iterator[None]:
    """A transaction in which nobody else acts for this person. It holds them first, whatever it
    locks then: two who lock in different orders wait for ever. Raises Refused for who ended their
    account in another window meanwhile."""
    with transaction.atomic():
        try:
            lock_user(person)
        except User.DoesNotExist:
            gone = _("This account was deleted, so nothing was sent. Reload the page to go on.")
            raise SubmissionRejected(410, gone) from None
        yield


def answer_to(
    person: User,
    idempotency_key: UUID | None,
    text: str,
    images: Sequence[Image],
    instead_of: Message | None = None,
    **form: Any,
) -> Message | None:
    """The newest answer to the question that this form brought before, though its sender may not
    have heard of it: a connection broke while it was stored, or on the way back. None where what
    comes now is something else."""
    if idempotency_key is None:
        return None
    answers = Message.objects.readable_by(person).answers().filter(parent=idempotency_key, **form)
    answers = answers.filter(parent__text=text).select_related("parent", "conversation__user")
    answer = answers.order_by("created_at").last()
    if answer is None or answer.parent is None:
        return None
    kept = answer.parent.images[len(instead_of.images) if instead_of else 0 :]
    return answer if storage.are_kept(answer.conversation_id, kept, images) else None


@contextmanager
def locked_conversation(person: User, pk: UUID) -> Iterator[Conversation]:
    """The conversation, locked, where this person, who is held, may ask now. One answer at a time.
    Raises Refused, also for who finds nobody to answer within."""
    check_quota(person)
    kept = Conversation.objects.kept().select_for_update()
    conversation = get_object_or_404(kept, pk=pk)
    if conversation.messages.running().exists():
        raise SubmissionRejected(
            409,
            _("The last answer is still being written. Wait for it or stop it, then send."),
        )
    try:
        yield conversation
    except PromptVersion.DoesNotExist:
        raise no_assistant_error() from None


def ask(
    person: User,
    conversation: Conversation,
    text: str,
    instead_of: Message | None = None,
    images: Sequence[Image] = (),
    idempotency_key: UUID | None = None,
) -> Message:
    """The next question of a conversation, or another wording of an earlier one; returns its
    answer, about to be written. Raises Refused."""
    with user_lock(person):
        form = {"conversation": conversation}
        if answer := answer_to(person, idempotency_key, text, images, instead_of, **form):
            return answer
        with locked_conversation(person, conversation.pk) as conversation:
            check_images_allowed(person, conversation.assistant, images)
            kept = storage.save_images(conversation.pk, images)
            answer = conversation.ask(text, instead_of, kept, idempotency_key)
            runner.start(answer)
    return answer


def regenerate_answer(person: User, answer: Message) -> Message:
    """Another answer to the same question, beside the one there is. Raises Refused."""
    with user_lock(person), locked_conversation(person, answer.conversation_id) as conversation:
        if answer.parent is None:
            raise SubmissionRejected(
                409, _("This answer has no question that could be answered anew.")
            )
        another = conversation.answer(answer.parent)
        runner.start(another)
    return another


def retry_answer(person: User, failed: Message) -> Message:
    """A new answer to the question of one that came to nothing. Raises Refused."""
    with user_lock(person):
        check_quota(person)
        kept = Conversation.objects.kept().select_for_update()
        conversation = get_object_or_404(kept, pk=failed.conversation_id)
        failed.conversation = conversation
        if failed.parent is None or not failed.is_retryable:
            raise SubmissionRejected(
                409, _("This answer can't be tried again: something else came after it.")
            )
        try:
            answer = conversation.answer(failed.parent)
        except PromptVersion.DoesNotExist:
            raise no_assistant_error() from None
        runner.start(answer)
    return answer


def check_quota(person: User) -> None:
    if words := quota_error(person):
        raise SubmissionRejected(429, words)


def check_images_allowed(person: User, assistant: Assistant, images: Sequence[Image]) -> None:
    if images and not assistant.sees_images:
        blind = _("“%(assistant)s” can't see images. Take them out, or choose another.")
        raise SubmissionRejected(422, blind % {"assistant": assistant})
    if words := image_quota_error(person, len(images)):
        raise SubmissionRejected(429, words)


def no_assistant_error() -> SubmissionRejected:
    return SubmissionRejected(
        503, _("No assistant is available at the moment. Please try again later.")
    )
