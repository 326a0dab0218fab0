"""The files: gone with their conversation, whoever deletes it, and swept up where left over."""

import os
import time
from datetime import timedelta
from io import BytesIO, StringIO
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from chatapp.images import pending, storage
from chatapp.images.processing import Image, process
from chatapp.models import Assistant, Conversation, Message, User
from chatapp.retention import purge
from feedback import rating_flow
from feedback.models import StaffAccess
from tests.fixtures.access_reason import say_why
from tests.fixtures.pictures import picture

WHOLE = StaffAccess.What.CONVERSATION

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


def image(alt: str = "A cat") -> Image:
    made = process(BytesIO(picture()), "cat.png")
    return Image(made.data, made.width, made.height, alt)


def illustrated(person: User) -> Message:
    """An answered question with an image."""
    conversation = Conversation.objects.start(person, Assistant.objects.get())
    answer = conversation.ask("What?", images=storage.save_images(conversation.pk, [image()]))
    Message.objects.filter(pk=answer.pk).update(text="A cat.", status="complete")
    return answer


def left(media) -> list[str]:
    return [str(path) for path in media.rglob("*.webp")]


def age(media, seconds: float) -> None:
    for path in [*media.rglob("*")]:
        os.utime(path, (time.time() - seconds,) * 2)


def test_deleting_keeps_them_until_it_is_for_good(
    alice, media, settings, django_capture_on_commit_callbacks
):
    conversation = illustrated(alice).conversation
    conversation.soft_delete()
    assert len(left(media)) == 1
    settings.DELETED_KEEP_DAYS = 30
    old = timezone.now() - timedelta(days=31)
    Conversation.objects.update(deleted_at=old)
    with django_capture_on_commit_callbacks(execute=True):
        assert purge() == 1
    assert left(media) == [] and list(media.iterdir()) == []


@pytest.mark.django_db(transaction=True)
def test_a_deletion_that_is_taken_back_takes_no_file(alice, media):
    conversation = illustrated(alice).conversation
    with pytest.raises(RuntimeError), transaction.atomic():
        conversation.delete()
        raise RuntimeError
    assert len(left(media)) == 1
    alice.delete()
    assert left(media) == []


def test_with_the_account(alice, bob, media, client_of, django_capture_on_commit_callbacks):
    illustrated(alice)
    kept = illustrated(bob)
    with django_capture_on_commit_callbacks(execute=True):
        client_of(alice).post("/accounts/delete/", {"proof": "Cast-pass-1"})
    assert [str(kept.conversation_id) in file for file in left(media)] == [True]


def test_what_nothing_names_is_swept_up_and_nothing_else(alice, media):
    answer = illustrated(alice)
    storage.save_images(answer.conversation_id, [image()])
    storage.save_images(uuid4(), [image()])
    pending.stash([image()])
    (media / "readme").mkdir()
    assert storage.delete_orphans() == 0  # a transaction may still be about to name them
    age(media, 2 * storage.ORPHAN_SECONDS)
    assert storage.delete_orphans() == 2
    age(media, 2 * storage.PENDING_SECONDS)
    out = StringIO()
    call_command("purge_deleted", stdout=out)
    assert "1 orphaned image files" in out.getvalue()
    (question,) = Message.objects.exclude(images=[])
    assert [question.images[0]["file"] in file for file in left(media)] == [True]


def test_sweeping_where_no_image_ever_was():
    assert storage.delete_orphans() == 0


def test_a_note_is_good_for_a_day_and_as_often_as_it_is_sent(media):
    (note,) = pending.stash([image("Once")])
    assert [i.alt for i in pending.restore([note.token])] == ["Once"]
    assert [i.alt for i in pending.restore([note.token])] == ["Once"]
    age(media, 2 * storage.PENDING_SECONDS)
    storage.delete_orphans()
    assert pending.restore([note.token]) == []


def test_what_waits_fills_no_disk():
    rooms = [len(pending.stash([image()] * 2, limit=3)) for _ in range(3)]
    assert rooms == [2, 1, 0]


# Who of the team sees them


def url_of(question: Message) -> str:
    return f"/admin/chatapp/message/{question.pk}/images/1/"


def test_staff_see_it_where_they_read_the_conversation(client_of, alice, sam):
    question = illustrated(alice).parent
    assert question
    client = client_of(sam)
    assert client.get(url_of(question)).status_code == 404
    conversation = f"/admin/chatapp/conversation/{question.conversation_id}/change/"
    assert url_of(question) not in client.get(conversation).text
    assert url_of(question) in say_why(client, question.conversation_id, onward=conversation).text
    assert client.get(url_of(question)).headers["Content-Type"] == "image/webp"


def test_not_for_good_nor_for_others_who_were_handed_no_page(client_of, alice, sam, rita):
    question = illustrated(alice).parent
    assert question
    client, page = client_of(sam), StaffAccess.objects.filter(reader=sam)
    StaffAccess.objects.record_conversation(rita, question.conversation, WHOLE, "")
    assert client.get(url_of(question)).status_code == 404
    StaffAccess.objects.record_conversation(sam, question.conversation, WHOLE, "")
    assert client.get(url_of(question)).status_code == 200
    page.update(at=timezone.now() - timedelta(days=1))
    assert client.get(url_of(question)).status_code == 404


def test_a_reviewer_sees_those_of_rated_conversations(client_of, alice, rita):
    from django.contrib.auth.models import Permission

    rita.user_permissions.add(Permission.objects.get(codename="view_rating"))
    rated, other = illustrated(alice), illustrated(alice)
    rating = rating_flow.rate(rated, alice, 1)
    assert rated.parent and other.parent
    client = client_of(rita)
    page = client.get(f"/admin/feedback/rating/{rating.pk}/change/").text
    assert url_of(rated.parent) in page
    StaffAccess.objects.record_conversation(rita, other.conversation, WHOLE, "")
    assert client.get(url_of(rated.parent)).status_code == 200
    assert client.get(url_of(other.parent)).status_code == 404


@pytest.mark.parametrize(
    ("reading", "seen"),
    [("all", [200] * 3), ("rated", [200, 200, 404]), ("answer", [200, 404, 404])],
)
def test_staff_see_as_much_as_the_site_lets_them_read(
    client_of, alice, sam, settings, reading, seen
):
    """One image led to the rated answer, one came after it, one is in a conversation unrated."""
    settings.STAFF_ACCESS = reading
    answer = illustrated(alice)
    rating_flow.rate(answer, alice, 1)
    talk = answer.conversation
    later = talk.ask("And this?", images=storage.save_images(talk.pk, [image()])).parent
    unrated = illustrated(alice).parent
    client = client_of(sam)
    for conversation in Conversation.objects.all():
        StaffAccess.objects.record_conversation(sam, conversation, WHOLE, "")
    assert answer.parent and later and unrated
    got = [client.get(url_of(each)).status_code for each in (answer.parent, later, unrated)]
    assert got == seen


def test_staff_without_that_right_and_others_do_not(client_of, alice, bob, rita):
    question = illustrated(alice).parent
    assert question
    assert client_of(rita).get(url_of(question)).status_code == 403
    for person in (bob, alice, None):
        assert client_of(person).get(url_of(question)).status_code == 302


@pytest.mark.parametrize("change", [{"deleted_at": timezone.now()}, {"is_temporary": True}])
def test_what_is_deleted_or_temporary_is_nobodys_to_see(client_of, alice, sam, change):
    question = illustrated(alice).parent
    assert question
    StaffAccess.objects.record_conversation(sam, question.conversation, WHOLE, "")
    Conversation.objects.update(**change)
    assert client_of(sam).get(url_of(question)).status_code == 404
