"""Who of the staff reads what: how far, what for, under which names; and that people are told."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from chatapp.images import storage
from chatapp.images.processing import process
from chatapp.models import Message, User
from feedback import rating_flow
from feedback.models import StaffAccess
from feedback.staff_access.guard import recently_opened, save_reason
from tests.fixtures.pictures import picture

pytestmark = pytest.mark.sqlite

LIST = reverse("admin:feedback_rating_changelist")
REASON = reverse("admin:feedback_staffaccess_reason")


def answer_page(rating):
    return reverse("admin:feedback_rating_change", args=[rating.pk])


def talk_page(conversation):
    return reverse("admin:chatapp_conversation_change", args=[conversation.pk])


def message_page(message):
    return reverse("admin:chatapp_message_change", args=[message.pk])


def said(client, url):
    response = client.get(url)
    return response.content.decode() if response.status_code == 200 else ""


def log():
    return list(StaffAccess.objects.order_by("pk").values_list("what", "purpose", "reason"))


# What for


def test_reading_a_conversation_or_a_message_is_logged(sam, sam_client, alice, talk, settings):
    settings.STAFF_ACCESS_REASON = "never"
    conversation = talk(alice)
    answer = conversation.path()[-1]
    sam_client.get(talk_page(conversation))
    sam_client.get(message_page(answer))
    assert log() == [("whole", "", ""), ("message", "", "")]
    assert {r.reader for r in StaffAccess.objects.all()} == {sam}
    assert {r.conversation for r in StaffAccess.objects.all()} == {conversation}


@pytest.mark.parametrize("asks", ["whole", "always", "never"])
def test_a_list_of_conversations_is_a_reading_where_it_shows_what_was_said(
    sam_client, alice, talk, settings, asks
):
    settings.STAFF_ACCESS_REASON = asks
    lists = [reverse(f"admin:chatapp_{model}_changelist") for model in ("conversation", "message")]
    for url in lists:
        sam_client.get(url)
    assert log() == []
    talk(alice)
    for url in lists:
        sam_client.get(url)
    assert log() == ([("list", "", "")] * 2 if asks == "never" else [])


@pytest.mark.parametrize("asks", ["whole", "never"])
def test_for_review_nobody_is_asked_and_the_log_says_it_was_that(rita_client, rate, settings, asks):
    settings.STAFF_ACCESS_REASON = asks
    rating = rate(text="First.")
    rita_client.get(LIST, {"thumb": "down"})
    page = answer_page(rating)
    assert "First." in said(rita_client, f"{page}?_changelist_filters=thumb%3Ddown%00")
    assert "First." in said(rita_client, f"{page}?queue=oldest")
    assert log() == [("list", "review", ""), ("rated", "review", ""), ("rated", "queue", "")]
    filters = StaffAccess.objects.order_by("pk").values_list("filters", flat=True)
    assert list(filters) == ["thumb=down", "thumb=down%00", "queue=oldest"]


def test_an_empty_list_is_no_reading(rita_client, rate):
    rate(-1)
    rita_client.get(LIST, {"thumb": "up"})
    assert log() == []


def test_a_header_makes_no_reading_less_of_one(rita_client, rate):
    """A reviewer can send what a browser does that fetches ahead: the page is shown all the same."""
    page = answer_page(rate(text="First."))
    ahead = rita_client.get(f"{page}?queue=oldest", headers={"Sec-Purpose": "prefetch"})
    assert "First." in ahead.text
    assert [(one.was_ahead, one.purpose) for one in StaffAccess.objects.all()] == [(False, "queue")]


def test_the_log_says_it_in_the_language_of_who_looks(sam_client, rita_client, rate):
    rita_client.get(f"{answer_page(rate())}?queue=oldest")
    listed = reverse("admin:feedback_staffaccess_changelist")
    entry = reverse("admin:feedback_staffaccess_change", args=[StaffAccess.objects.get().pk])
    for url in (listed, entry):
        assert "review, in the queue" in sam_client.get(url).text
        german = sam_client.get(url, headers={"Accept-Language": "de"}).text
        assert "Prüfung, in der Warteschlange" in german


@pytest.mark.parametrize("asks", ["whole", "always"])
def test_where_a_reason_is_asked_nothing_is_read_without_one(
    sam_client, alice, talk, settings, asks
):
    settings.STAFF_ACCESS_REASON = asks
    conversation = talk(alice, answer="A secret.")
    url = talk_page(conversation)
    page = said(sam_client, url)
    assert "Why do you need to read this?" in page
    assert "A secret." not in page
    assert log() == []
    form = {"about": conversation.pk, "next": url, "reason": "A complaint."}
    assert "A secret." in sam_client.post(REASON, form, follow=True).content.decode()
    assert log() == [("whole", "stated", "A complaint.")]


@pytest.mark.parametrize("reason", ["", "   "])
def test_an_empty_reason_is_none(sam_client, alice, talk, settings, reason):
    settings.STAFF_ACCESS_REASON = "always"
    url = talk_page(talk(alice))
    form = {"about": "review", "next": url, "reason": reason}
    assert "This field is required." in sam_client.post(REASON, form).content.decode()


def test_a_reason_for_one_conversation_is_none_for_another(sam_client, alice, talk):
    one, other = talk(alice), talk(alice)
    form = {"about": one.pk, "next": talk_page(one), "reason": "A complaint."}
    sam_client.post(REASON, form)
    assert "Why do you need to read this?" in said(sam_client, talk_page(other))


def test_for_rated_answers_a_reason_is_said_once(rita_client, rate, settings):
    settings.STAFF_ACCESS_REASON = "always"
    one, other = rate(text="First."), rate(text="Second.")
    assert "First." not in said(rita_client, answer_page(one))
    form = {"about": "review", "next": answer_page(one), "reason": "This week's review."}
    assert "First." in rita_client.post(REASON, form, follow=True).content.decode()
    assert "Second." in said(rita_client, answer_page(other))
    assert log() == [("rated", "review", "This week's review.")] * 2


def test_a_reason_is_forgotten_after_a_working_day(rita_client, rate, settings, rf):
    settings.STAFF_ACCESS_REASON = "always"
    session = rita_client.session
    session["reading_reasons"] = {"review": ("Yesterday.", 1)}
    session.save()
    assert "Why do you need to read this?" in said(rita_client, answer_page(rate()))


def test_a_session_keeps_the_newest_reasons_only(rf):
    request = rf.get("/")
    request.session = {}
    for number in range(25):
        save_reason(request, str(number), "Why.")
    assert list(request.session["reading_reasons"]) == [str(n) for n in range(5, 25)]


# What is on a page that was handed out


@pytest.fixture
def asked_by(rf):
    def asked_by(person):
        request = rf.get("/")
        request.user = person
        return request

    return asked_by


def test_only_the_conversation_that_was_read_was_handed_and_only_to_who_read_it(
    sam, rita, alice, talk, asked_by
):
    read, other = talk(alice), talk(alice)
    StaffAccess.objects.record_conversation(sam, read, StaffAccess.What.CONVERSATION, "")
    StaffAccess.objects.create(reader=sam, what=StaffAccess.What.LIST)
    assert recently_opened(asked_by(sam), read)
    assert not recently_opened(asked_by(sam), other)
    assert not recently_opened(asked_by(rita), read)


def test_what_was_read_was_handed_for_a_working_day(sam, alice, talk, asked_by):
    read = talk(alice)
    StaffAccess.objects.record_conversation(sam, read, StaffAccess.What.CONVERSATION, "")
    for hours, handed in ((7.9, True), (8.1, False)):
        StaffAccess.objects.update(at=timezone.now() - timedelta(hours=hours))
        assert recently_opened(asked_by(sam), read) is handed


def image_page(message):
    return reverse("admin:chatapp_message_image", args=[message.pk, 1])


def test_reading_one_conversation_opens_the_images_of_no_other(sam_client, alice, talk, settings):
    settings.STAFF_ACCESS, settings.STAFF_ACCESS_REASON = "all", "never"
    read, other = talk(alice), talk(alice)
    for conversation in (read, other):
        kept = storage.save_images(conversation.pk, [process(BytesIO(picture()), "cat.png")])
        conversation.messages.filter(role="user").update(images=kept)
    assert sam_client.get(image_page(read.path()[0])).status_code == 404
    sam_client.get(talk_page(read))
    assert sam_client.get(image_page(read.path()[0])).status_code == 200
    assert sam_client.get(image_page(other.path()[0])).status_code == 404


def test_the_reason_leads_nowhere_else(rita_client):
    form = {"about": "review", "next": "https://elsewhere.example/", "reason": "x"}
    assert rita_client.post(REASON, form)["Location"] == "/admin/"


# How far


@pytest.fixture
def long_talk(rate, alice, ask):
    """A rated answer with something before it, after it and beside it."""
    first = ask(alice, "Before?", "What led to it.")
    talk = first.conversation
    rating = rate(question="And this?", text="The rated one.", conversation=talk)
    talk.refresh_from_db()
    ask(alice, "After?", "What came later.", conversation=talk)
    beside = Message.objects.create(
        conversation=talk, parent=rating.message.parent, role="assistant", text="Another version."
    )
    assert beside.parent
    return rating


@pytest.mark.parametrize(("reading", "whole"), [("all", True), ("rated", True), ("answer", False)])
def test_the_page_of_an_answer_shows_no_more_than_the_site_allows(
    sam_client, long_talk, settings, reading, whole
):
    settings.STAFF_ACCESS = reading
    page = said(sam_client, answer_page(long_talk))
    assert "What led to it." in page
    assert "The rated one." in page
    assert ("What came later." in page) is whole
    assert ("Another version." in page) is whole
    assert (talk_page(long_talk.message.conversation) in page) is whole


@pytest.mark.parametrize(
    ("reading", "with_rating", "without"),
    [("all", 200, 200), ("rated", 200, 302), ("answer", 403, 403)],
)
def test_conversations_are_read_as_far_as_the_site_allows(
    sam_client, long_talk, bob, talk, settings, reading, with_rating, without
):
    settings.STAFF_ACCESS, settings.STAFF_ACCESS_REASON = reading, "never"
    other = talk(bob, "Nothing rated here?")
    assert sam_client.get(talk_page(long_talk.message.conversation)).status_code == with_rating
    assert sam_client.get(talk_page(other)).status_code == without
    page = said(sam_client, reverse("admin:chatapp_conversation_changelist"))
    assert ("Nothing rated here?" in page) is (reading == "all")


@pytest.mark.parametrize(
    ("reading", "rated", "same_talk", "other"),
    [("all", 200, 200, 200), ("rated", 200, 200, 302), ("answer", 200, 302, 302)],
)
def test_so_are_single_messages(
    sam_client, long_talk, bob, talk, settings, reading, rated, same_talk, other
):
    settings.STAFF_ACCESS = reading
    first = long_talk.message.conversation.path()[0]
    got = [
        sam_client.get(message_page(message)).status_code
        for message in (long_talk.message, first, talk(bob).path()[0])
    ]
    assert got == [rated, same_talk, other]


def test_a_withdrawn_rating_opens_nothing(sam_client, long_talk, settings):
    settings.STAFF_ACCESS = "rated"
    rating_flow.rate(long_talk.message, long_talk.user, None)
    assert sam_client.get(talk_page(long_talk.message.conversation)).status_code == 302


# Under which names


@pytest.fixture
def hidden(settings):
    settings.HIDE_NAMES, settings.STAFF_ACCESS_REASON = True, "never"


def test_reviewers_see_the_same_pseudonym_everywhere(hidden, rita_client, rate, alice):
    rating = rate(comment="Mine.")
    rate()
    pages = [said(rita_client, LIST), said(rita_client, answer_page(rating))]
    pages += [said(rita_client, talk_page(rating.message.conversation))]
    pages += [said(rita_client, reverse("admin:chatapp_conversation_changelist"))]
    for page in pages:
        assert f"Person {alice.uid.hex[:6]}" in page
        assert "alice" not in page


def test_whoever_may_sees_names_all_the_same(hidden, rita, client_of, rate):
    rating = rate()
    rita.user_permissions.add(Permission.objects.get(codename="see_names"))
    client = client_of(User.objects.get(pk=rita.pk))
    for url in (LIST, answer_page(rating), talk_page(rating.message.conversation)):
        assert "alice" in said(client, url)


@pytest.mark.parametrize("words", ["alice", "alice@example.org", "example.org"])
def test_no_name_can_be_found_out_by_searching(hidden, rita_client, rate, words):
    rate()
    found = rita_client.get(LIST, {"q": words}).context["cl"].result_list
    assert list(found) == []
    conversations = reverse("admin:chatapp_conversation_changelist")
    assert not rita_client.get(conversations, {"q": words}).context["cl"].result_list


def test_a_person_is_found_by_pseudonym(hidden, rita_client, rate, alice, bob):
    mine = rate()
    rate(by=bob)
    conversations = reverse("admin:chatapp_conversation_changelist")
    for words in (alice.uid.hex[:6], alice.uid.hex[:6].upper()):
        found = rita_client.get(LIST, {"q": words}).context["cl"].result_list
        assert [rating.pk for rating in found] == [mine.pk]
        found = rita_client.get(conversations, {"q": words}).context["cl"].result_list
        assert [talk.pk for talk in found] == [mine.message.conversation_id]


def test_names_are_found_where_they_are_seen(rita_client, rate, bob):
    rate()
    theirs = rate(by=bob)
    found = rita_client.get(LIST, {"q": "bob@example.org"}).context["cl"].result_list
    assert [rating.pk for rating in found] == [theirs.pk]


# What people are told


def told(client, settings, **changes):
    for name, value in changes.items():
        setattr(settings, name, value)
    return client.get(reverse("disclosure")).content.decode()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"STAFF_ACCESS": "all"}, "It can read other conversations too"),
        ({"STAFF_ACCESS": "rated"}, "no others"),
        ({"STAFF_ACCESS": "answer"}, "what led to them, no more"),
        ({"HIDE_NAMES": True}, "a pseudonym instead of your name"),
        ({"HIDE_NAMES": False}, "Reviewers see your name"),
        ({"STAFF_ACCESS_REASON": "whole"}, "To read anything else"),
        ({"STAFF_ACCESS_REASON": "always"}, "Before reading a conversation"),
        (
            {"STAFF_ACCESS_REASON": "never"},
            "Which member of the team read a conversation, and when, is logged.",
        ),
        ({"HELICONE_SEND_REASONS": True}, "your reasons and your comment go to Helicone"),
        ({"SHOW_CORRECTIONS": True}, "a better answer"),
        ({"DOUBLE_REVIEW": 0.1}, "Two members of the team"),
    ],
)
def test_the_page_says_what_the_settings_are(client, db, settings, changes, words):
    page = told(client, settings, **changes)
    assert words in page
    others: dict[str, object] = {name: not value for name, value in changes.items()}
    others["STAFF_ACCESS"] = "rated" if changes.get("STAFF_ACCESS") != "rated" else "all"
    others["STAFF_ACCESS_REASON"] = (
        "never" if changes.get("STAFF_ACCESS_REASON") != "never" else "whole"
    )
    assert words not in told(client, settings, **others)


def test_it_is_linked_before_the_first_click_and_said_where_one_rates(
    client_of, alice, talk, settings
):
    settings.HIDE_NAMES = True
    conversation = talk(alice)
    answer = conversation.path()[-1]
    client = client_of(alice)
    page = client.get(conversation.get_absolute_url()).content.decode()
    assert f'href="{reverse("disclosure")}"' in page
    assert "Reviewers see a pseudonym" not in page
    rating_flow.rate(answer, alice, -1)
    asked = client.get(f"{conversation.get_absolute_url()}?reasons={answer.pk}").content.decode()
    assert "The team reads this answer with its conversation." in asked
    assert "Reviewers see a pseudonym" in asked
