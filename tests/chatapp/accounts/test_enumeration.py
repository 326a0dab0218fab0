"""Nothing tells who has an account: neither words nor work, which is counted, not timed."""

import re

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher

from chatapp.models import User
from tests.fixtures.people import PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
TOKEN = re.compile(r'csrfmiddlewaretoken" value="\w+')
hashed: list[str] = []


class CountingHasher(MD5PasswordHasher):
    """What takes the time of a sign-in, in small."""

    def encode(self, password: str, salt: str) -> str:
        hashed.append(password)
        return super().encode(password, salt)


@pytest.fixture(autouse=True)
def counting(settings):
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]


@pytest.fixture
def people(alice, counting) -> None:
    closed = User.objects.create_user("cleo", "cleo@example.org", PASSWORD)
    closed.is_active = False
    closed.save()
    User.objects.create_user("dora", "dora@example.org")  # signs in by a provider, say
    User.objects.create_guest()


def done(client, url: str, form: dict[str, str], name: str) -> tuple[str, int, str, int]:
    """Words and work: where it leads, the status, the page, and how often a password was hashed."""
    hashed.clear()
    answer = client.post(url, form)
    page = TOKEN.sub("", answer.content.decode()).replace(name, "")
    return answer.headers.get("Location", ""), answer.status_code, page, len(hashed)


@pytest.mark.parametrize("domain", ["", "@example.org"], ids=["username", "email"])
def test_signing_in_with_a_wrong_password(client, people, domain):
    url = "/accounts/login/"
    names = [f"{who}{domain}" for who in ("alice", "cleo", "dora", "nobody")]
    form = {"password": "Wrong-pass-1"}
    found = {name: done(client, url, form | {"login": name}, name) for name in names}
    assert {name: result[3] for name, result in found.items()} == dict.fromkeys(names, 1)
    assert len(set(found.values())) == 1


def test_asking_for_a_new_password(client, people, mailoutbox):
    url = "/accounts/password/reset/"
    emails = [f"{who}@example.org" for who in ("alice", "dora", "nobody")]
    found = {done(client, url, {"email": email}, email) for email in emails}
    assert len(found) == 1
    assert found.pop()[0] == "/accounts/password/reset/done/"
    assert [mail.to for mail in mailoutbox] == [[email] for email in emails]  # one each


def test_signing_up_where_emails_are_confirmed(client_of, people, settings, mailoutbox):
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    found = set()
    for email in ("alice@example.org", "nobody@example.org"):
        form = {"email": email, "password1": "New-pass-123"}
        found.add(done(client_of(), "/accounts/signup/", form, email))
    assert len(found) == 1, found
    assert len(mailoutbox) == 2
