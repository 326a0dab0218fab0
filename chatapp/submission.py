"""Submission of questions: locks, idempotency, quotas, start of the generation."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from chatapp.error_messages import NO_ASSISTANT
from chatapp.generation import runner
from chatapp.images import storage
from chatapp.images.processing import Image
from chatapp.limits.quotas import guest_quota_error, images_error, lock_user, quota_error
from chatapp.models import (
    Assistant,
    Conversation,
    Message,
    PromptVersion,
    User,
    WaitingMessage,
)
from chatapp.prepared import Rows, Select, given

ASKED = Rows(lambda: Message.objects.filter(pk=given(Message, "id")).values_list("pk"))

LOCKED = Select(
    lambda: (
        Conversation.objects.not_deleted()
        .filter(pk=given(Conversation, "id"))
        .select_related("assistant")
        .select_for_update(of=("self",))
        .order_by()
    )
)
RUNNING = Rows(
    lambda: (
        Message.objects.running()
        .filter(conversation=given(Message, "conversation"))
        .order_by()
        .values_list("pk")[:1]
    )
)


class SubmissionRejected(Exception):
    """A rejected submission: a `message` for the user and an HTTP `status`."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status, self.message = status, message


class AnswerRunning(SubmissionRejected):
    """Rejected because an answer of the conversation is running."""


def start_conversation(
    user: User,
    assistant: Assistant | None,
    text: str,
    temporary: bool = False,
    images: Sequence[Image] = (),
    idempotency_key: UUID | None = None,
) -> Message:
    """Start a conversation with its first question; returns the answer, queued. Raises
    SubmissionRejected."""
    with user_lock(user):
        same_form: dict[str, Any] = {
            "parent__parent": None,
            "conversation__is_temporary": temporary,
        }
        if assistant:
            same_form["conversation__assistant"] = assistant
        if answer := existing_answer(user, idempotency_key, text, images, **same_form):
            return answer
        check_quota(user)
        assistant = assistant or Assistant.objects.first_offered()
        if assistant is None:
            raise no_assistant_error()
        check_images_allowed(user, assistant, images)
        try:
            conversation = Conversation.objects.start(user, assistant, temporary)
            stored = storage.save_images(conversation.pk, images)
            answer = conversation.ask(text, images=stored, idempotency_key=idempotency_key)
            for only in filter(None, (answer.parent, answer)):
                only.versions = [only.pk]  # known, so not asked for
        except PromptVersion.DoesNotExist:
            raise no_assistant_error() from None
        runner.start(answer)
    return answer


@contextmanager
def user_lock(user: User) -> Iterator[None]:
    """A transaction that holds the user's lock. Other locks come after it, against deadlocks.
    Raises SubmissionRejected if the account was deleted meanwhile."""
    with transaction.atomic():
        try:
            lock_user(user)
        except User.DoesNotExist:
            deleted = _("This account was deleted, so nothing was sent. Reload the page to go on.")
            raise SubmissionRejected(410, deleted) from None
        yield


def existing_answer(
    user: User,
    idempotency_key: UUID | None,
    text: str,
    images: Sequence[Image],
    replaces: Message | None = None,
    **same_form: Any,
) -> Message | None:
    """The newest answer to the question that an earlier submission with this key has stored: its
    response may have been lost. None if there is none, or if the content differs."""
    if idempotency_key is None or not ASKED.first(id=idempotency_key):
        return None
    answers = (
        Message.objects.readable_by(user).answers().filter(parent=idempotency_key, **same_form)
    )
    answers = answers.filter(parent__text=text).select_related("parent", "conversation__user")
    answer = answers.order_by("created_at").last()
    if answer is None or answer.parent is None:
        return None
    stored = answer.parent.images[len(replaces.images) if replaces else 0 :]
    return answer if storage.equal_stored(answer.conversation_id, stored, images) else None


@contextmanager
def locked_conversation(user: User, pk: UUID) -> Iterator[Conversation]:
    """The conversation, locked, if the user may ask in it now. Call within `user_lock`. Raises
    SubmissionRejected, also if the body finds no assistant."""
    conversation = LOCKED.first(id=pk)
    if conversation is None:
        raise Http404
    if RUNNING.first(conversation=pk):
        raise AnswerRunning(
            409,
            _("The last answer is still being written. Wait for it or stop it, then send."),
        )
    check_quota(user)
    try:
        yield conversation
    except PromptVersion.DoesNotExist:
        raise no_assistant_error() from None


def ask(
    user: User,
    conversation: Conversation,
    text: str,
    replaces: Message | None = None,
    images: Sequence[Image] = (),
    idempotency_key: UUID | None = None,
) -> Message:
    """Add a question, or an edited version of the one it `replaces`; returns the answer, queued.
    Raises SubmissionRejected."""
    with user_lock(user):
        same_form = {"conversation": conversation}
        if answer := existing_answer(user, idempotency_key, text, images, replaces, **same_form):
            return answer
        with locked_conversation(user, conversation.pk) as conversation:
            check_images_allowed(user, conversation.assistant, images)
            stored = storage.save_images(conversation.pk, images)
            answer = conversation.ask(text, replaces, stored, idempotency_key)
            runner.start(answer)
    return answer


def ask_or_wait(
    user: User,
    conversation: Conversation,
    text: str,
    images: Sequence[Image] = (),
    idempotency_key: UUID | None = None,
) -> Message | WaitingMessage:
    """Like `ask`; while an answer runs, the message waits for its end. Raises
    SubmissionRejected."""
    try:
        return ask(user, conversation, text, images=images, idempotency_key=idempotency_key)
    except AnswerRunning:
        if waiting := wait(user, conversation, text, images, idempotency_key):
            return waiting
    return ask(user, conversation, text, images=images, idempotency_key=idempotency_key)


def wait(
    user: User,
    conversation: Conversation,
    text: str,
    images: Sequence[Image],
    idempotency_key: UUID | None,
) -> WaitingMessage | None:
    """Store a message that waits for the running answer; None if none is running any more. Raises
    SubmissionRejected if another message waits."""
    with user_lock(user):
        answer = conversation.messages.running().last()
        if answer is None:
            return None
        waiting = WaitingMessage.objects.filter(answer=answer).first()
        if waiting is None:
            check_images_allowed(user, conversation.assistant, images)
            key = idempotency_key or uuid4()
            return WaitingMessage.objects.create(
                pk=uuid4() if WaitingMessage.objects.filter(pk=key).exists() else key,
                answer=answer,
                text=text,
                images=storage.save_images(conversation.pk, images),
                language=get_language() or "",
            )
        stored = waiting.images
        is_repeated = (waiting.pk, waiting.text) == (idempotency_key, text)
        if is_repeated and storage.equal_stored(conversation.pk, stored, images):
            return waiting
    raise SubmissionRejected(
        409, _("A message waits here already. Take it back first, then send this one.")
    )


def take_back(user: User, conversation: Conversation, pk: UUID) -> WaitingMessage | None:
    """Remove a waiting or returned message; returns what it was. None if it is gone."""
    with user_lock(user):
        waiting = WaitingMessage.objects.of(conversation).filter(pk=pk).first()
        if waiting:
            WaitingMessage.objects.filter(pk=pk).delete()
    return waiting


def regenerate_answer(user: User, answer: Message) -> Message:
    """Add another answer to the same question; returns it, queued. Raises SubmissionRejected."""
    with user_lock(user), locked_conversation(user, answer.conversation_id) as conversation:
        if answer.parent is None:
            raise SubmissionRejected(
                409, _("This answer has no question that could be answered anew.")
            )
        another = conversation.answer(answer.parent)
        runner.start(another)
    return another


def retry_answer(user: User, failed: Message) -> Message:
    """Add an answer to the question of a failed one; returns it. Raises SubmissionRejected."""
    with user_lock(user):
        check_quota(user)
        undeleted = Conversation.objects.not_deleted().select_for_update()
        conversation = get_object_or_404(undeleted, pk=failed.conversation_id)
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


def check_quota(user: User) -> None:
    if message := quota_error(user):
        raise SubmissionRejected(429, message)


def check_guest_quota(request: HttpRequest) -> None:
    """Count a question of somebody who isn't signed in. Call before anything is stored for it.
    Raises SubmissionRejected."""
    if request.user.is_authenticated:
        return
    if message := guest_quota_error(request):
        raise SubmissionRejected(429, message)


def check_images_allowed(user: User, assistant: Assistant, images: Sequence[Image]) -> None:
    if error := images_error(user, assistant, len(images)):
        raise SubmissionRejected(*error)


def no_assistant_error() -> SubmissionRejected:
    return SubmissionRejected(503, str(NO_ASSISTANT))
