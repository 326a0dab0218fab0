"""Prepared queries: the same rows as the ORM's, without making the SQL anew."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections, models
from django.db.models import Exists, OuterRef
from django.utils import timezone

from chatapp.models import Conversation, Message, User
from chatapp.prepared import Insert, Rows, Select, Update, given
from tests.fixtures.people import answered

built: list[int] = []


def own_messages():
    built.append(1)
    children = Message.objects.filter(parent=OuterRef("pk"))
    return (
        Message.objects.filter(conversation__user=given(User, "id", "user"))
        .select_related("conversation", "prompt_version", "parent")
        .annotate(has_children=Exists(children))
    )


OWN = Select(own_messages)
SINCE = Rows(
    lambda: (
        Message.objects.filter(created_at__gt=given(Message, "created_at"))
        .order_by("created_at")
        .values_list("pk", "images", "created_at")
    )
)
RENAME = Update(
    lambda: Conversation.objects.filter(pk=given(Conversation, "id")),
    "title",
    updated_at=models.F("created_at"),
)


@pytest.fixture
def answer(alice):
    return answered(alice)


def fields_of(message):
    return {name: value for name, value in vars(message).items() if name != "_state"}


def test_objects_are_those_of_the_orm_with_related_and_annotated_ones(alice, bob, answer):
    answered(bob)
    found = OWN.all(user=alice.pk)
    assert found == list(Message.objects.filter(conversation__user=alice))
    again = Message.objects.select_related("conversation").get(pk=answer.pk)
    one = next(message for message in found if message == answer)
    assert all(fields_of(one)[name] == value for name, value in fields_of(again).items())
    assert [message.has_children for message in found] == [True, False]
    assert not one._state.adding
    assert "conversation" in one._state.fields_cache
    assert one.parent == answer.parent
    assert one.conversation.title == answer.conversation.title


def test_each_run_has_its_own_values_and_one_query(alice, bob, answer, django_assert_num_queries):
    OWN.all(user=alice.pk)
    made = len(built)
    with django_assert_num_queries(3):
        assert OWN.all(user=bob.pk) == []
        assert OWN.first(user=bob.pk) is None
        assert OWN.first(user=str(alice.pk)) is not None
    assert len(built) == made


@pytest.mark.django_db(transaction=True)
def test_another_thread_uses_the_same_sql_on_its_own_connection(alice, answer):
    OWN.all(user=alice.pk)
    made = len(built)

    def elsewhere():
        try:
            return OWN.all(user=alice.pk), SINCE.all(created_at=alice.date_joined)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as thread:
        found, rows = thread.submit(elsewhere).result()
    assert found == OWN.all(user=alice.pk) != []
    assert rows == SINCE.all(created_at=alice.date_joined)
    assert len(built) == made


def test_values_are_converted_both_ways(answer):
    earlier = timezone.now() - timedelta(days=1)
    expected = list(
        Message.objects.order_by("created_at").values_list("pk", "images", "created_at")
    )
    assert SINCE.all(created_at=earlier) == expected
    assert SINCE.all(created_at=timezone.now()) == []
    assert SINCE.first(created_at=earlier) == expected[0]


def test_a_value_that_is_not_given_is_an_error(answer):
    with pytest.raises(KeyError):
        SINCE.all()


def test_an_update_changes_given_fields_and_says_how_many_rows(alice, answer):
    conversation = answer.conversation
    assert RENAME.run(id=conversation.pk, title="It's “100 %”") == 1
    conversation.refresh_from_db()
    assert conversation.title == "It's “100 %”"
    assert conversation.updated_at == conversation.created_at
    assert RENAME.run(id=answer.pk, title="") == 0


def test_an_insert_saves_all_fields_as_the_orm_does(alice, answer):
    conversation, before = answer.conversation, timezone.now()
    new = Insert(lambda: Message).run(
        Message(conversation=conversation, role="user", text="Ünï", images=[{"alt": "a"}])
    )
    stored = Message.objects.get(pk=new.pk)
    assert all(fields_of(new)[name] == value for name, value in fields_of(stored).items())
    made = Insert(lambda: Conversation).run(
        Conversation(user=alice, assistant=conversation.assistant)
    )
    assert made.created_at >= before  # auto_now_add
    person = Insert(lambda: User).run(User(username="new"))
    assert User.objects.get(pk=person.pk).uid == person.uid
    person.first_name = "Changed"
    person.save()
    assert User.objects.filter(username="new").count() == 1
