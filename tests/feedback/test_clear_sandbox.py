"""`manage.py clear_sandbox`: shows what the sandbox made, and deletes exactly that."""

from io import StringIO

import pytest
from django.core.management import call_command

from chatapp.models import Conversation, Message
from feedback.models import Delivery, Rating, Review

pytestmark = pytest.mark.django_db


def run(*arguments):
    said = StringIO()
    call_command("clear_sandbox", *arguments, stdout=said)
    return said.getvalue()


@pytest.fixture
def mixed(rate, ask, alice):
    """Two conversations of the sandbox's, one of which has a real answer too; one real one."""
    rate(origin="sandbox"), rate()
    first = rate(origin="sandbox").message
    return ask(alice, "And really?", "Really.", conversation=first.conversation)


def test_it_shows_what_there_is_and_deletes_nothing(mixed):
    said = run()
    assert "2 conversations, 2 answers, 2 ratings, 2 reviews" in said
    assert "1 of the conversations have other answers too, which stay." in said
    assert "Nothing was deleted." in said
    assert Message.objects.filter(origin="sandbox").count() == 2


def test_told_so_it_deletes_exactly_that(mixed):
    assert "They were deleted." in run("--yes")
    assert Conversation.objects.count() == 2
    assert not Message.objects.filter(origin="sandbox").exists()
    assert mixed.conversation.messages.count() == 2
    assert [model.objects.count() for model in (Rating, Review, Delivery)] == [1, 1, 1]


def test_where_there_is_nothing_it_says_so(rate):
    rate()
    assert "0 conversations, 0 answers, 0 ratings, 0 reviews" in run("--yes")
    assert Rating.objects.count() == 1
