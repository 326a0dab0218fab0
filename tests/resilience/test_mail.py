"""A mail server that never speaks, and a site with two threads."""

import httpx2

from tests.fixtures.patience import DEADLINE
from tests.fixtures.people import PASSWORD
from tests.mail_server import MailServer


def sign_up(url: str, email: str) -> int:
    with httpx2.Client(base_url=url, timeout=DEADLINE, trust_env=False) as person:
        person.get("/accounts/signup/").raise_for_status()
        form = {"email": email, "password1": PASSWORD}
        form["csrfmiddlewaretoken"] = person.cookies["csrftoken"]
        return person.post("/accounts/signup/", data=form).status_code


def test_a_mail_server_that_never_speaks_stops_nobody(start_site):
    with MailServer("is silent") as server:
        site = start_site(
            EMAIL_URL=server.url,
            EMAIL_TIMEOUT="3600",
            THREADS="2",
            ACCOUNT_RATE_LIMITS="false",
        )
        for number in range(3):
            assert sign_up(site.url, f"new{number}@example.org") == 302
        server.asked.get(timeout=DEADLINE)
        assert httpx2.get(site.url, timeout=DEADLINE, trust_env=False).status_code == 200
    assert "Traceback" not in site.log


def test_a_stopping_site_waits_for_a_mail_no_longer_than_the_timeout(start_site):
    with MailServer("is silent") as server:
        site = start_site(EMAIL_URL=server.url, EMAIL_TIMEOUT="1")
        assert sign_up(site.url, "new@example.org") == 302
        server.asked.get(timeout=DEADLINE)
        assert site.stop() == 0
    assert "Traceback" not in site.log


def test_a_stopping_site_sends_the_mail_that_waits(start_site):
    with MailServer("accepts") as server:
        site = start_site(EMAIL_URL=server.url)
        assert sign_up(site.url, "new@example.org") == 302
        assert site.stop() == 0
        assert "To: new@example.org" in server.mails.get_nowait()
