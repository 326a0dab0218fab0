"""/ : the empty composer, and the first message that makes a conversation."""

import pytest
from django.urls import reverse

from chatapp.models import Assistant, Conversation, Message, PromptVersion, User
from tests.fixtures.people import HTMX, answered

pytestmark = pytest.mark.sqlite

HOME = reverse("home")


def test_it_opens_for_a_visitor_without_making_a_guest(client_of, db):
    page = client_of(None).get(HOME)
    assert page.status_code == 200
    assert "Your message" in page.text
    assert not User.objects.exists()


def test_it_lists_conversations_that_belong_to_its_owner(client_of, alice, bob):
    answered(alice, "Alice asks")
    answered(bob, "Bob asks")
    page = client_of(alice).get(HOME)
    assert "Alice asks" in page.text
    assert "Bob asks" not in page.text


def test_without_htmx_the_first_message_leads_to_its_conversation(client_of, alice):
    answer = client_of(alice).post(HOME, {"message": "Hello\r\nthere"})
    conversation = Conversation.objects.get()
    assert answer.status_code == 303
    assert answer.url == conversation.get_absolute_url()
    assert [message.text for message in conversation.path()] == ["Hello\nthere", ""]


def test_with_htmx_the_thread_takes_the_place_of_the_page(client_of, alice):
    answer = client_of(alice).post(HOME, {"message": "Hello"}, headers=HTMX)
    conversation = Conversation.objects.get()
    running = Message.objects.answers().get()
    assert answer.headers["HX-Push-Url"] == conversation.get_absolute_url()
    assert f'hx-sse:connect="{reverse("stream", args=[running.pk])}"' in answer.text
    assert f'action="{conversation.get_absolute_url()}"' in answer.text
    assert '<hx-partial hx-target="#conversations"' in answer.text
    assert "<html" not in answer.text


def test_a_visitor_who_writes_becomes_a_guest_and_finds_it_again(client_of, db):
    client = client_of(None)
    client.post(HOME, {"message": "Hello"})
    assert User.objects.get().is_guest
    assert client.get(Conversation.objects.get().get_absolute_url()).status_code == 200


def test_where_guests_are_off_one_signs_in_first_and_loses_nothing(client_of, alice, settings):
    settings.GUESTS = False
    client = client_of(None)
    answer = client.post(HOME, {"message": "Kept for later"})
    assert answer.status_code == 302
    assert answer.url == f"{reverse('account_login')}?next=/"
    client.force_login(alice)
    assert "Kept for later" in client.get(HOME).text
    assert not Conversation.objects.exists()


def test_where_guests_are_off_htmx_is_led_to_sign_in_too(client_of, db, settings):
    settings.GUESTS = False
    answer = client_of(None).post(HOME, {"message": "Hello"}, headers=HTMX)
    assert answer.headers["HX-Redirect"].startswith(reverse("account_login"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Write something first"),
        (" \n\t ", "Write something first"),
        ("x" * 101, "101 characters"),
        ("a\0b", "not text"),
        ("\x1b[31mred", "not text"),
    ],
    ids=["empty", "blank", "over-long", "binary", "control"],
)
@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
def test_what_cannot_be_sent_gets_a_sentence(client_of, alice, settings, text, words, headers):
    settings.MESSAGE_MAX_LENGTH = 100
    answer = client_of(alice).post(HOME, {"message": text}, headers=headers)
    assert answer.status_code == 422
    assert words in answer.text
    assert not Conversation.objects.exists()


def test_without_htmx_the_text_refused_is_still_in_its_field(client_of, alice, settings):
    settings.MESSAGE_MAX_LENGTH = 5
    answer = client_of(alice).post(HOME, {"message": "far <too> long"})
    assert "far &lt;too&gt; long</textarea>" in answer.text


def test_a_line_break_counts_as_one_character(client_of, alice, settings):
    settings.MESSAGE_MAX_LENGTH = 3
    assert client_of(alice).post(HOME, {"message": "a\r\nb"}).status_code == 303


def test_hostile_markup_is_shown_as_typed(client_of, alice):
    client = client_of(alice)
    hostile = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    page = client.post(HOME, {"message": hostile}, follow=True)
    assert "<script>alert" not in page.text
    assert "<img src=x" not in page.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text


def test_bytes_that_are_no_utf8_are_taken_as_unreadable_characters(client_of, alice):
    body = b"message=%ff%fe+and+%ED%A0%80"
    form = "application/x-www-form-urlencoded"
    assert client_of(alice).post(HOME, body, content_type=form).status_code == 303
    assert "\ufffd" in Message.objects.get(role="user").text


def test_a_lone_surrogate_smuggled_in_by_an_odd_charset_is_refused(client_of, alice):
    body = (
        b'--x\r\nContent-Disposition: form-data; name="message"\r\n\r\n\\ud800 hello\r\n--x--\r\n'
    )
    odd = "multipart/form-data; boundary=x; charset=unicode_escape"
    answer = client_of(alice).post(HOME, body, content_type=odd)
    assert answer.status_code in (400, 422)


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
def test_a_body_of_3_MB_is_refused_in_words(client_of, alice, headers):
    answer = client_of(alice).post(HOME, {"message": "x" * 3_000_000}, headers=headers)
    # Django's own test client sends multipart, where the field itself counts.
    assert answer.status_code == 413
    assert "more than can be sent at once" in answer.text
    assert ("<html" in answer.text) == (not headers)


def test_an_assistant_can_be_chosen_by_its_slug(client_of, alice):
    poet = Assistant.objects.create(name="Poet", slug="poet", position=5)
    PromptVersion.objects.create(assistant=poet, model="showcase")
    assert 'value="poet"' in client_of(alice).get(HOME).text
    client_of(alice).post(HOME, {"message": "Hello", "assistant": "poet"})
    assert Conversation.objects.get().assistant == poet


def test_where_nobody_answers_it_is_said_and_nothing_is_stored(client_of, alice):
    PromptVersion.objects.update(weight=0)
    answer = client_of(alice).post(HOME, {"message": "Kept"})
    assert answer.status_code == 503
    assert "No assistant is available" in answer.text
    assert "Kept</textarea>" in answer.text
    assert not Conversation.objects.exists()


def test_it_takes_a_handful_of_queries_however_long_the_list(
    client_of, alice, django_assert_max_num_queries
):
    for number in range(30):
        answered(alice, f"Question {number}")
    client = client_of(alice)
    with django_assert_max_num_queries(6):
        client.get(HOME)


def test_the_sandbox_says_what_it_is_on_every_page(client_of, alice, settings):
    settings.SANDBOX = True
    for url in [HOME, answered(alice).conversation.get_absolute_url(), "/nowhere"]:
        assert "local stand-in" in client_of(alice).get(url).text
