"""Mail, sent by a thread of its own: a slow mail server holds up no request."""

import atexit
import contextlib
import logging
import time
from collections.abc import Sequence
from queue import Empty, Full, Queue
from smtplib import SMTPRecipientsRefused, SMTPResponseException
from threading import Lock, Thread

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend

log = logging.getLogger(__name__)
LONGEST_QUEUE = 100
FAILING_SECONDS = 300.0


class Mailer:
    """Queue of mail and the thread that empties it.

    A mail that can't be sent is dropped, with a line in the log: whoever wants it asks again.
    """

    def __init__(self) -> None:
        self.queue: Queue[EmailMessage | None] = Queue(LONGEST_QUEUE)
        self.lock = Lock()
        self.thread: Thread | None = None
        self.failed_at: float | None = None

    def put(self, message: EmailMessage) -> bool:
        """Queue a mail; returns whether there was room."""
        with self.lock:
            if self.thread is None:
                self.thread = Thread(target=self._run, name="mail", daemon=True)
                self.thread.start()
        try:
            self.queue.put_nowait(message)
        except Full:
            self.failed_at = time.monotonic()
            log.error("A mail was not sent: %s others are waiting.", LONGEST_QUEUE)
            return False
        return True

    @property
    def is_failing(self) -> bool:
        """Whether the last mail failed, not long ago."""
        return self.failed_at is not None and time.monotonic() - self.failed_at < FAILING_SECONDS

    def close(self) -> None:
        """Send what is waiting, for as long as one mail may take; drop the rest."""
        with self.lock:
            thread, self.thread = self.thread, None
        if not thread:
            return
        deadline = time.monotonic() + settings.EMAIL_TIMEOUT
        with contextlib.suppress(Full):
            self.queue.put(None, timeout=settings.EMAIL_TIMEOUT)
        thread.join(max(0.0, deadline - time.monotonic()))
        if dropped := self._drop():
            log.error("%s mails were not sent, since the site stopped.", dropped)

    def _drop(self) -> int:
        count = 0
        while True:
            try:
                count += self.queue.get_nowait() is not None
            except Empty:
                return count

    def _run(self) -> None:
        while message := self.queue.get():
            try:
                get_connection(settings.MAIL_BACKEND).send_messages([message])
                self.failed_at = None
            except Exception as error:
                # What a person typed as an address says nothing about the mail server.
                if not isinstance(error, SMTPRecipientsRefused):
                    self.failed_at = time.monotonic()
                log.error("A mail could not be sent: %s", _reason(error))


def _reason(error: Exception) -> str:
    """What failed, without the server's words: they may hold an address."""
    code = error.smtp_code if isinstance(error, SMTPResponseException) else ""
    cause = error.__context__ or error  # smtplib wraps a timeout
    words = cause.strerror if isinstance(cause, OSError) else ""
    kind = type(error if code else cause).__name__
    return " ".join(str(part) for part in (kind, code, words) if part)


mailer = Mailer()
atexit.register(mailer.close)


class QueuedBackend(BaseEmailBackend):
    """Django's mail backend that queues; `settings.MAIL_BACKEND` sends."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        return sum(map(mailer.put, email_messages))
