"""A message with images: sent, refused, limited; on the pages and at the model."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from chatapp.images import storage
from chatapp.models import Assistant, Conversation, Message
from tests.fixtures.people import ended
from tests.fixtures.pictures import picture

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


def upload(name: str = "cat.png", data: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, picture() if data is None else data, "image/png")


def send(client: Client, url: str = "/", *uploads: Any, **form: Any) -> Any:
    return client.post(url, {"message": "What is it?", "images": list(uploads), **form})


def sent(client: Client, *uploads: Any, **form: Any) -> Conversation:
    answer = send(client, "/", *(uploads or (upload(),)), **form)
    assert answer.status_code == 303, answer.text
    return Conversation.objects.get(pk=answer.headers["Location"].split("/")[2])


def test_it_is_kept_privately_and_shown_with_its_question(client_of, alice, media):
    client = client_of(alice)
    conversation = sent(client)
    question, _ = conversation.path()
    (image,) = question.images
    assert (image["width"], image["height"], image["alt"]) == (60, 40, "cat.png")
    file = media / str(conversation.pk) / image["file"]
    assert file.stat().st_mode & 0o077 == 0 and file.parent.stat().st_mode & 0o077 == 0
    page = client.get(conversation.get_absolute_url()).text
    assert f'<img src="/m/{question.pk}/images/1/" alt="cat.png" width="60" height="40"' in page


def test_it_is_served_as_an_image_and_nothing_else(client_of, alice):
    client = client_of(alice)
    question = sent(client).path()[0]
    response = client.get(f"/m/{question.pk}/images/1/")
    assert response.headers["Content-Type"] == "image/webp"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert response.headers["Cache-Control"].startswith("private")
    assert "Cookie" in response.headers["Vary"]
    assert response.content[8:12] == b"WEBP"
    for number in (0, 2, 99):
        assert client.get(f"/m/{question.pk}/images/{number}/").status_code == 404


def test_what_it_shows_is_what_the_person_says_else_its_name(client_of, alice):
    client = client_of(alice)
    several = [upload("../../a.png"), upload("b.png"), upload("c.png")]
    conversation = sent(client, *several, alt=["A  cat", "", "a\x07b"])
    assert [i["alt"] for i in conversation.path()[0].images] == ["A cat", "b.png", "c.png"]
    conversation = sent(client, upload(), upload("b.png"), alt=["Two cats"])
    assert [i["alt"] for i in conversation.path()[0].images] == ["Two cats", "Two cats"]


def test_an_image_needs_no_words(client_of, alice):
    client = client_of(alice)
    conversation = sent(client, message="")
    assert str(conversation) == "cat.png"
    page = client.get(conversation.get_absolute_url()).text
    assert "question-text" not in page and "/images/1/" in page
    assert send(client, "/", message="").status_code == 422


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"no image", "“cat.png” is no image that can be read here"),
        (picture(size=(600, 500)) + bytes(2000), "an image may have at most"),
    ],
    ids=["no image", "too large"],
)
def test_a_refusal_keeps_the_text_and_the_other_images(client_of, alice, settings, data, words):
    settings.IMAGE_MAX_SIZE = 2000
    client = client_of(alice)
    answer = send(client, "/", upload("good.png"), upload(data=data))
    assert answer.status_code == 422 and words in answer.text
    assert ">\nWhat is it?</textarea>" in answer.text
    assert "good.png (60 × 40)" in answer.text
    assert not Conversation.objects.exists()
    kept = re.findall(r'name="pending_images" value="([^"]+)"', answer.text)
    assert len(kept) == 1
    again = client.post("/", {"message": "What is it?", "pending_images": kept})
    conversation = Conversation.objects.get(pk=again.headers["Location"].split("/")[2])
    assert [i["alt"] for i in conversation.path()[0].images] == ["good.png"]


def test_a_text_that_is_too_long_keeps_the_images_too(client_of, alice, settings):
    settings.MESSAGE_MAX_LENGTH = 5
    answer = send(client_of(alice), "/", upload())
    assert answer.status_code == 422 and "characters long" in answer.text
    assert "cat.png (60 × 40)" in answer.text


def test_a_forged_note_is_no_image(client_of, alice):
    answer = client_of(alice).post("/", {"message": "", "pending_images": ["forged", "a:b:c"]})
    assert answer.status_code == 422 and "Write something first" in answer.text


def test_for_htmx_a_refusal_is_only_the_sentence(client_of, alice, media):
    client = client_of(alice, headers={"HX-Request": "true"})
    answer = send(client, "/", upload("good.png"), upload(data=b"none"))
    assert answer.status_code == 422
    assert "<form" not in answer.text and "is no image" in answer.text
    assert not media.exists()


def test_no_more_than_a_message_takes(client_of, alice, settings):
    settings.IMAGES_PER_MESSAGE = 2
    answer = send(client_of(alice), "/", *[upload(f"{n}.png") for n in range(3)])
    assert answer.status_code == 422
    assert "A message takes 2 images, and these were 3" in answer.text
    assert "0.png (" in answer.text and "1.png (" in answer.text and "2.png (" not in answer.text


def test_no_more_than_a_day_takes(client_of, alice, settings):
    settings.IMAGES_PER_DAY = 3
    client = client_of(alice)
    sent(client, upload(), upload("b.png"))
    Message.objects.update(status="complete")
    answer = send(client, "/", upload(), upload("b.png"))
    assert answer.status_code == 429 and "3 images a day is the limit here" in answer.text
    sent(client, upload())
    assert send(client, "/").status_code == 303  # words alone have no such limit


def test_an_assistant_that_does_not_see_is_shown_none(client_of, alice):
    Assistant.objects.update(sees_images=False)
    client = client_of(alice)
    assert 'type="file"' not in client.get("/").text
    answer = send(client, "/", upload())
    assert answer.status_code == 422 and "can't see images" in answer.text.replace("&#x27;", "'")
    assert not Conversation.objects.exists()


def test_where_it_sees_the_composer_offers_it(client_of, alice, talk, settings):
    client, conversation = client_of(alice), talk(alice)
    for url in ("/", conversation.get_absolute_url()):
        page = client.get(url).text
        assert 'type="file" name="images"' in page and 'enctype="multipart/form-data"' in page
    settings.IMAGES_PER_MESSAGE = 0
    for url in ("/", conversation.get_absolute_url()):
        assert 'type="file"' not in client.get(url).text


def test_a_question_without_words_is_a_version_like_any_other(client_of, alice):
    client = client_of(alice)
    conversation = sent(client, message="")
    question, answer = conversation.path()
    ended(answer, "A cat.")
    client.post(f"/m/{question.pk}/edit/", {"message": "Which cat?"})
    assert "2 of 2" in client.get(conversation.get_absolute_url()).text


def test_an_edit_and_another_answer_keep_them(client_of, alice):
    client = client_of(alice)
    conversation = sent(client)
    question, answer = conversation.path()
    ended(answer, "A cat.")
    client.post(f"/m/{question.pk}/edit/", {"message": ""})
    conversation.refresh_from_db()
    reworded, second = conversation.path()
    assert (reworded.text, reworded.images) == ("", question.images)
    assert "/images/1/" in client.get(f"/m/{reworded.pk}/edit/").text
    ended(second, "Still a cat.")
    client.post(f"/m/{second.pk}/regenerate/")
    conversation.refresh_from_db()
    assert conversation.path()[0].images == question.images


def test_where_guests_are_off_they_wait_until_one_has_signed_in(client_of, alice, settings):
    settings.GUESTS = False
    client = client_of()
    assert send(client, "/", upload()).status_code == 302
    client.post("/accounts/login/", {"login": "alice", "password": "Cast-pass-1"})
    page = client.get("/").text
    assert ">\nWhat is it?</textarea>" in page and "cat.png (60 × 40)" in page


def test_an_export_names_them(client_of, alice):
    client = client_of(alice)
    conversation = sent(client)
    url = conversation.get_absolute_url()
    assert "*Image: cat.png, 60 × 40*" in client.get(f"{url}export.md").text
    question = client.get(f"{url}export.json").json()["messages"][0]
    assert question["images"][0]["alt"] == "cat.png"


def test_a_shared_copy_says_that_there_was_one_and_shows_none(client_of, alice):
    client = client_of(alice)
    conversation = sent(client)
    client.post(f"{conversation.get_absolute_url()}share/")
    assert conversation.shared_copies.live().exists()
    page = client_of().get(conversation.shared_copies.live().get().get_absolute_url()).text
    assert "1 image, which is not part of this copy." in page
    assert "<img" not in page and "cat.png" not in page


def test_nothing_more_is_asked_of_the_database_for_them(
    client_of, alice, django_assert_max_num_queries
):
    client = client_of(alice)
    conversation = sent(client)
    ended(conversation.path()[-1], "A cat.")
    for _ in range(3):
        ended(conversation.ask("?", images=conversation.path()[0].images), "A cat.")
    with django_assert_max_num_queries(9):
        page = client.get(conversation.get_absolute_url()).text
    assert page.count("/images/1/") == 8
    assert storage.read(conversation.pk, conversation.path()[0].images[0]["file"])


def left(media) -> int:
    return sum(1 for file in media.rglob("*") if file.is_file())


@pytest.mark.parametrize("text", ["What is it?", ""])
def test_uploaded_again_with_the_same_form_they_are_the_same(client_of, alice, media, text):
    client, once = client_of(alice), str(uuid4())
    for _ in range(2):
        found = sent(
            client, upload(), upload("b.jpg", picture("JPEG")), message=text, idempotency_key=once
        )
    assert Conversation.objects.get() == found
    assert left(media) == 2


def test_other_images_in_the_same_form_make_another_question(client_of, alice, media):
    client, once = client_of(alice), str(uuid4())
    several = [upload()], [upload(data=picture("JPEG"))], [upload(), upload()]
    found = {sent(client, *uploads, message="", idempotency_key=once).pk for uploads in several}
    assert len(found) == 3 and left(media) == 4


def test_a_wording_sent_twice_keeps_them_and_is_one_version(client_of, alice):
    client, once = client_of(alice), str(uuid4())
    question, answer = sent(client).path()
    ended(answer, "A cat.")
    for _ in range(2):
        form = {"message": "Who is it?", "idempotency_key": once}
        assert client.post(reverse("edit", args=[question.pk]), form).status_code == 303
    versions = question.conversation.messages.filter(role="user")
    assert [each.images for each in versions] == [question.images] * 2
