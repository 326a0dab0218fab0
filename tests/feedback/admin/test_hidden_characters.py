"""Hidden characters on the pages for staff: no text reads differently from what it is."""

import pytest
from django.urls import reverse

from chatapp.models import Conversation

pytestmark = pytest.mark.sqlite
OVERRIDE, ZERO, TAG = "\u202e", "\u200b", "\U000e0041"
LIST = reverse("admin:feedback_rating_changelist")


@pytest.fixture
def rated(rate, sam):
    """An answer with a hidden character in each text that a reviewer is shown."""
    question, answer = f"question{OVERRIDE}first", f"answer**{ZERO}bold** and `co{OVERRIDE}de`"
    rating = rate(comment=f"comment{TAG}tagged", question=question, text=answer)
    rating.review.decide(sam, note=f"note{ZERO}zero")
    Conversation.objects.update(title=f"title{OVERRIDE}turned")
    return rating


def mark(char):
    return f">U+{ord(char):04X}</span>"


def test_the_list_and_the_rated_answer_show_them(sam_client, rated):
    listed = sam_client.get(LIST).text
    assert (
        f'question<span class="hidden-character" title="RIGHT-TO-LEFT OVERRIDE"{mark(OVERRIDE)}first'
        in listed
    )
    assert f"{mark(TAG)}tagged" in listed
    page = sam_client.get(reverse("admin:feedback_rating_change", args=[rated.pk])).text
    for words in ("first", "de</code>"):
        assert f"{mark(OVERRIDE)}{words}" in page
    assert f"{mark(ZERO)}bold" in page and f"{mark(ZERO)}zero" in page
    assert f"{mark(TAG)}tagged" in page


def test_titles_and_single_messages_show_them(sam_client, rated, settings):
    settings.STAFF_ACCESS, settings.STAFF_ACCESS_REASON = "all", "never"
    conversation = rated.message.conversation
    for url in (
        reverse("admin:chatapp_conversation_changelist"),
        reverse("admin:chatapp_conversation_change", args=[conversation.pk]),
    ):
        assert f"{mark(OVERRIDE)}turned" in sam_client.get(url).text
    url = reverse("admin:chatapp_message_change", args=[rated.message.parent_id])
    assert f"{mark(OVERRIDE)}first" in sam_client.get(url).text


def test_what_a_reviewer_edits_stays_exact(sam_client, rated):
    page = sam_client.get(reverse("admin:feedback_rating_change", args=[rated.pk])).text
    assert f"note{ZERO}zero</textarea>" in page.replace("\n", "")
