"""Chatting before signing up, and what becomes of it."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from chatapp.current_user import GUEST_KEY
from chatapp.models import Conversation, Message, User
from feedback import rating_flow
from feedback.models import Delivery, Rating
from tests.fixtures.people import PASSWORD

SIGN_UP = {"email": "new@example.org", "password1": PASSWORD}
pytestmark = pytest.mark.django_db


def say(client: Client, text: str = "Hello from a guest") -> Conversation:
    """Through the page, as a visitor does; with a finished answer to it."""
    url = client.post("/", {"message": text}).headers["Location"]
    conversation = Conversation.objects.get(pk=url.split("/")[2])
    conversation.messages.filter(role="assistant").update(text="Hi.", status="complete")
    return conversation


def rate(client: Client, conversation: Conversation) -> None:
    answer = client.post(f"/m/{conversation.head_id}/rating/", {"value": "1"})
    assert answer.status_code == 303


def sign_in(client: Client, who: str = "alice") -> None:
    answer = client.post("/accounts/login/", {"login": who, "password": PASSWORD})
    assert answer.status_code == 302


def test_looking_around_makes_no_guest(client):
    for url in ("/", "/accounts/login/", "/accounts/signup/"):
        client.get(url)
    client.post("/", {"message": "   "})
    assert not User.objects.exists()


def test_the_first_message_makes_one_and_the_second_does_not(client):
    first, second = say(client), say(client)
    assert first.user == second.user == User.objects.get()
    assert first.user.is_guest
    assert not first.user.has_usable_password()


def test_signing_up_keeps_conversations_and_ratings(client):
    conversation = say(client)
    rate(client, conversation)
    client.post("/accounts/signup/", SIGN_UP)
    assert "Hello from a guest" in client.get(conversation.get_absolute_url()).content.decode()
    new = User.objects.get()
    assert not new.is_guest
    assert new.ratings.get().message_id == conversation.head_id


def test_signing_in_adds_them_to_what_is_there(client, alice, talk):
    earlier = talk(alice)
    conversation = say(client)
    rate(client, conversation)
    sign_in(client)
    assert set(alice.conversations.all()) == {earlier, conversation}
    assert alice.ratings.count() == 1
    assert Delivery.objects.filter(rating__user=alice).count() == 1
    assert not User.objects.filter(is_guest=True).exists()


def test_a_new_password_keeps_them_too(client, alice, mailoutbox):
    conversation = say(client)
    client.post("/accounts/password/reset/", {"email": "alice@example.org"})
    link = next(word for word in mailoutbox[0].body.split() if "/reset/key/" in word)
    form = client.get(link, follow=True).redirect_chain[-1][0]
    client.post(form, {"password1": "Other-pass-2", "password2": "Other-pass-2"})
    assert client.get(conversation.get_absolute_url()).status_code == 200


def test_what_another_guest_wrote_stays_with_that_guest(client, alice):
    other = Client()
    theirs, ours = say(other), say(client)
    sign_in(client)
    assert list(alice.conversations.all()) == [ours]
    assert other.get(theirs.get_absolute_url()).status_code == 200
    assert client.get(theirs.get_absolute_url()).status_code == 404


def test_a_failed_sign_in_takes_nothing(client, alice):
    conversation = say(client)
    client.post("/accounts/login/", {"login": "alice", "password": "wrong"})
    assert not alice.conversations.exists()
    assert client.get(conversation.get_absolute_url()).status_code == 200


def test_after_signing_out_the_browser_knows_nobody(client, alice):
    conversation = say(client)
    sign_in(client)
    client.post("/accounts/logout/")
    assert GUEST_KEY not in client.session
    assert client.get(conversation.get_absolute_url()).status_code == 404


def test_an_invented_session_is_nobodys(client):
    conversation = say(client)
    for value in ("x" * 32, "", "../../etc/passwd", client.session.session_key[:-1]):
        forger = Client()
        forger.cookies["sessionid"] = value
        assert forger.get(conversation.get_absolute_url()).status_code == 404
        assert say(forger).user != conversation.user


@pytest.mark.parametrize("is_guest", [True, False])
def test_a_session_of_somebody_who_is_no_guest_or_gone_is_nobodys(client, alice, is_guest):
    gone = User.objects.create_guest()
    session = client.session
    session[GUEST_KEY] = gone.pk if is_guest else alice.pk
    session.save()
    User.objects.filter(pk=gone.pk).delete()
    assert client.get("/").status_code == 200
    assert say(client).user not in (gone, alice)


def test_signing_in_with_a_guest_who_is_gone_signs_in(client, alice):
    say(client).user.delete()
    sign_in(client)
    assert client.get("/accounts/email/").status_code == 200


def test_becoming_a_guest_changes_the_session_key(client):
    session = client.session
    session["draft"] = "Hello?"
    session.save()
    known = session.session_key
    say(client)
    assert client.session.session_key != known
    assert not client.session.exists(known)


def test_signing_up_changes_the_session_key(client):
    say(client)
    known = client.session.session_key
    client.post("/accounts/signup/", SIGN_UP)
    assert not client.session.exists(known)


def test_each_new_conversation_makes_the_cookie_live_on(client):
    say(client)
    answer = client.post("/", {"message": "Again"})
    assert int(answer.cookies["sessionid"]["max-age"]) == 90 * 24 * 60 * 60


def test_a_guest_is_told_how_to_keep_what_was_written(client):
    assert "as a guest are kept" not in client.get("/accounts/signup/").content.decode()
    say(client)
    assert "as a guest are kept" in client.get("/accounts/signup/").content.decode()
    assert "as a guest are kept" in client.get("/accounts/login/").content.decode()


# Guests turned off


def test_where_guests_are_off_a_visitor_is_sent_to_sign_in(client, settings):
    settings.GUESTS = False
    assert client.get("/").headers["Location"] == "/accounts/login/?next=/"
    assert client.get("/healthz").status_code == 200
    for page in ("login", "signup", "password/reset", "password/reset/done", "inactive"):
        assert client.get(f"/accounts/{page}/").status_code == 200


def test_where_guests_are_off_nobody_becomes_one_and_no_text_is_lost(client, alice, settings):
    settings.GUESTS = False
    answer = client.post("/", {"message": "Typed before signing in"})
    assert answer.headers["Location"].startswith("/accounts/login/?next=/")
    assert list(User.objects.all()) == [alice]
    sign_in(client)
    assert "Typed before signing in" in client.get("/").content.decode()


def test_what_a_guest_wrote_opens_again_by_signing_in(client, alice, settings):
    conversation = say(client)
    settings.GUESTS = False
    url = conversation.get_absolute_url()
    page = client.get(url, follow=True)
    assert page.redirect_chain == [(f"/accounts/login/?next={url}", 302)]
    sent = {"login": "alice", "password": PASSWORD, "next": url}
    assert client.post("/accounts/login/", sent).headers["Location"] == url
    assert client.get(url).status_code == 200


# delete_inactive_guests


def long_ago(user: User, days: int) -> None:
    then = timezone.now() - timedelta(days)
    User.objects.filter(pk=user.pk).update(date_joined=then)
    Conversation.objects.filter(user=user).update(updated_at=then)
    Rating.objects.filter(user=user).update(updated_at=then)


def forget(*arguments: str, command: str = "delete_inactive_guests") -> str:
    out = StringIO()
    call_command(command, *arguments, stdout=out)
    return out.getvalue().strip()


def test_guests_unused_for_long_are_forgotten_with_what_they_wrote(talk, alice):
    old, fresh = User.objects.create_guest(), User.objects.create_guest()
    talk(old)
    for user in (old, alice):
        long_ago(user, 91)
    assert forget() == "1 guests were deleted."
    assert set(User.objects.all()) == {fresh, alice}
    assert not Message.objects.exists()


@pytest.mark.parametrize("sign_of_life", ["conversation", "rating"])
def test_a_guest_who_wrote_or_rated_lately_stays(talk, sign_of_life):
    guest = User.objects.create_guest()
    conversation = talk(guest)
    rating = rating_flow.rate(conversation.path()[-1], guest, 1)
    long_ago(guest, 91)
    used = {"conversation": conversation, "rating": rating}[sign_of_life]
    type(used)._base_manager.filter(pk=used.pk).update(updated_at=timezone.now())
    assert forget() == "0 guests were deleted."


def test_the_old_name_of_the_command_works_as_well():
    assert forget("--dry-run", command="forget_guests") == "0 guests would be deleted."


def test_the_days_can_be_chosen_and_a_dry_run_deletes_nothing(monkeypatch):
    monkeypatch.setattr("chatapp.management.commands.delete_inactive_guests.BATCH", 2)
    for _ in range(5):
        long_ago(User.objects.create_guest(), 8)
    assert forget("--days", "9") == "0 guests were deleted."
    assert forget("--days", "7", "--dry-run") == "5 guests would be deleted."
    assert forget("--days", "7") == "5 guests were deleted."
    with pytest.raises(CommandError):
        forget("--days", "0")
