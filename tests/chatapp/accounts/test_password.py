"""A forgotten password, and a changed one."""

import pytest
from django.core import mail
from django.test import Client

from chatapp.models import User
from tests.fixtures.people import PASSWORD

RESET, CHANGE = "/accounts/password/reset/", "/accounts/password/change/"
NEW = "Other-pass-2"
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def link_in(sent):
    return next(word for word in sent.body.split() if "/password/reset/key/" in word)


def reset(client, link, password=NEW, again=NEW):
    form = client.get(link, follow=True)
    assert form.redirect_chain, "The key leaves the address, and so the Referer, at once."
    return client.post(form.redirect_chain[-1][0], {"password1": password, "password2": again})


def test_the_link_of_the_mail_leads_to_a_new_password_and_in(client, alice):
    client.post(RESET, {"email": "alice@example.org"})
    answer = reset(client, link_in(mail.outbox[0]))
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    alice.refresh_from_db()
    assert alice.check_password(NEW)
    assert client.session["_auth_user_id"] == str(alice.pk)


def test_the_link_works_once(client, alice):
    client.post(RESET, {"email": "alice@example.org"})
    link = link_in(mail.outbox[0])
    reset(client, link)
    page = Client().get(link, follow=True).content.decode()
    assert "too old, or was used already" in page


def test_others_who_were_signed_in_are_out_afterwards(client, client_of, alice):
    elsewhere = client_of(alice)
    client.post(RESET, {"email": "alice@example.org"})
    reset(client, link_in(mail.outbox[0]))
    assert elsewhere.get("/accounts/email/").status_code == 302


def test_two_different_passwords_are_told_apart(client, alice):
    client.post(RESET, {"email": "alice@example.org"})
    page = reset(client, link_in(mail.outbox[0]), again="Something-else-3").content.decode()
    assert "must type the same password" in page
    alice.refresh_from_db()
    assert alice.check_password(PASSWORD)


def test_asking_never_tells_who_has_an_account(client, alice):
    answers = [client.post(RESET, {"email": f"{who}@example.org"}) for who in ("alice", "nobody")]
    assert [a.headers["Location"] for a in answers] == ["/accounts/password/reset/done/"] * 2
    assert [sent.subject for sent in mail.outbox] == [
        "Rapport: a new password",
        "Rapport: there is no account with this email",
    ]


def test_the_mail_is_plain_words_with_one_link(client, alice):
    client.post(RESET, {"email": "alice@example.org"})
    body = mail.outbox[0].body
    assert body.startswith("Hello,\n")
    assert body.count("http://") == 1
    assert body.rstrip().endswith("Rapport, testserver")
    assert "\n\n\n" not in body


@pytest.mark.parametrize("printed", [True, False])
def test_the_page_says_where_the_mail_goes(client, settings, printed):
    settings.MAIL_IS_PRINTED = printed
    for url in (RESET, f"{RESET}done/"):
        words = "printed in the terminal" in client.get(url).content.decode()
        assert words is printed


def test_changing_it_asks_for_the_one_now_and_stays_signed_in(client, alice):
    client.force_login(alice)
    before = client.session.session_key
    sent = {"oldpassword": "wrong", "password1": NEW, "password2": NEW}
    assert "your current password" in client.post(CHANGE, sent).content.decode()
    client.post(CHANGE, {**sent, "oldpassword": PASSWORD})
    alice.refresh_from_db()
    assert alice.check_password(NEW)
    assert client.session["_auth_user_id"] == str(alice.pk)
    assert client.session.session_key != before
    assert mail.outbox[0].subject == "Rapport: your password was changed"


def test_a_guest_has_no_password_to_forget(client):
    User.objects.create_guest()
    client.post(RESET, {"email": ""})
    assert mail.outbox == []
