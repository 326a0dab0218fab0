"""Mail over real SMTP: it leaves outside of requests, and what fails is a sentence."""

import threading
import time

import pytest
from django.core import mail as outbox
from django.test import override_settings

from chatapp.io.mail import LONGEST_QUEUE, Mailer, mailer
from tests.fixtures.patience import DEADLINE, patience
from tests.fixtures.people import PASSWORD
from tests.mail_server import MailServer

SIGN_UP, RESET = "/accounts/signup/", "/accounts/password/reset/"
MAY_NOT_ARRIVE = "this one may not arrive"
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def sending_to(settings):
    """A function that makes the site send its mail to a server."""

    def send_to(server: MailServer) -> None:
        settings.EMAIL_BACKEND = "chatapp.io.mail.QueuedBackend"
        settings.MAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port

    settings.EMAIL_TIMEOUT, settings.MAIL_IS_PRINTED = DEADLINE, False
    settings.ACCOUNT_RATE_LIMITS = False
    mailer.failed_at = None
    yield send_to
    mailer.close()
    mailer.failed_at = None


def sign_up(client, email="new@example.org"):
    return client.post(SIGN_UP, {"email": email, "password1": PASSWORD})


def test_a_mail_reaches_the_server(client, sending_to):
    with MailServer("accepts") as server:
        sending_to(server)
        assert sign_up(client).status_code == 302
        assert "To: new@example.org" in server.mails.get(timeout=DEADLINE)
        mailer.close()
    assert not mailer.is_failing


def test_a_server_that_never_speaks_holds_up_no_request(client, client_of, sending_to, settings):
    with MailServer("is silent") as server:
        sending_to(server)
        began = time.monotonic()
        for number in range(10):
            assert sign_up(client_of(), f"new{number}@example.org").status_code == 302
        server.asked.get(timeout=DEADLINE)
        # One waits for DEADLINE; ten would for ten times as long.
        assert time.monotonic() - began < patience(10)
    assert mailer.thread and mailer.thread.name == "mail"
    assert threading.current_thread() is not mailer.thread


def test_a_server_that_never_speaks_fails_after_the_timeout(client, sending_to, settings, caplog):
    settings.EMAIL_TIMEOUT = 0.2
    with MailServer("is silent") as server:
        sending_to(server)
        sign_up(client)
        mailer.queue.put(None)
        assert mailer.thread
        mailer.thread.join(DEADLINE)
        assert not mailer.thread.is_alive()
    assert mailer.is_failing
    assert "A mail could not be sent: TimeoutError" in caplog.text


def test_a_server_that_refuses_is_a_sentence_and_no_error(client, client_of, sending_to, caplog):
    with MailServer("refuses") as server:
        sending_to(server)
        assert sign_up(client).status_code == 302
        mailer.close()
        assert "A mail could not be sent: SMTPSenderRefused 451" in caplog.text
        assert "example.org" not in caplog.text
        page = client_of().post(RESET, {"email": "new@example.org"}, follow=True)
        assert page.status_code == 200
        assert MAY_NOT_ARRIVE in page.text
        again = client.post("/accounts/email/", {"action_send": "", "email": "new@example.org"})
        assert again.status_code == 302
        assert MAY_NOT_ARRIVE in client.get("/accounts/email/").text


def test_a_server_that_is_not_there_is_a_sentence(client, sending_to, caplog):
    with MailServer("accepts") as server:
        sending_to(server)
    assert sign_up(client).status_code == 302
    mailer.close()
    assert "A mail could not be sent: ConnectionRefusedError" in caplog.text
    assert MAY_NOT_ARRIVE in client.get(RESET).text


def test_the_sentence_goes_with_the_next_mail_that_is_sent(client, client_of, sending_to):
    with MailServer("accepts") as server:
        sending_to(server)
        mailer.failed_at = time.monotonic()
        assert MAY_NOT_ARRIVE in client_of().get(RESET).text
        sign_up(client)
        mailer.close()
        assert MAY_NOT_ARRIVE not in client_of().get(RESET).text


def test_an_address_that_is_refused_says_nothing_about_the_server(client, sending_to, caplog):
    with MailServer("accepts") as server:
        sending_to(server)
        assert sign_up(client, "nobody@example.org").status_code == 302
        mailer.close()
    assert "A mail could not be sent: SMTPRecipientsRefused" in caplog.text
    assert "nobody" not in caplog.text
    assert not mailer.is_failing


def test_the_queue_is_bounded(sending_to, settings, caplog):
    mails = Mailer()
    with MailServer("is silent") as server:
        sending_to(server)
        mails.put(outbox.EmailMessage("Subject", "Text", to=["new@example.org"]))
        server.asked.get(timeout=DEADLINE)  # the first is being sent, and the queue is empty
        message = outbox.EmailMessage("Subject", "Text", to=["new@example.org"])
        assert [mails.put(message) for _ in range(LONGEST_QUEUE + 1)] == [True] * LONGEST_QUEUE + [
            False
        ]
        assert mails.is_failing
        settings.EMAIL_TIMEOUT = 0.1
        mails.close()
    assert f"{LONGEST_QUEUE} mails were not sent, since the site stopped." in caplog.text


@override_settings(SITE_URL="https://rapport.example", ALLOWED_HOSTS=["*"])
@pytest.mark.parametrize("email", ["alice@example.org", "unknown@example.org"])
def test_links_lead_to_the_address_in_the_settings(client, alice, email):
    client.post(RESET, {"email": email}, headers={"Host": "evil.example"})
    sign_up(client, "new@example.org")
    assert len(outbox.outbox) == 2
    for sent in outbox.outbox:
        assert "https://rapport.example/accounts/" in sent.body
        assert "Rapport, rapport.example" in sent.body
        assert "evil.example" not in sent.body and "testserver" not in sent.body


def test_without_the_setting_links_lead_to_the_host_of_the_request(client, alice):
    client.post(RESET, {"email": "alice@example.org"})
    assert "http://testserver/accounts/password/reset/key/" in outbox.outbox[0].body
