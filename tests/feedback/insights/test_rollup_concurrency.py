"""Counting while others write: PostgreSQL, where they do so at the same time."""

import random
import threading
from uuid import uuid4

import pytest
from django.db import connection, connections, transaction

from chatapp.models import Assistant, Conversation, Message, User
from feedback import rating_flow
from feedback.insights import queries
from feedback.insights.rollup import read, update
from feedback.insights.rollup.read import RollupQuery
from feedback.models import Reason
from tests.feedback.example_day import counted, found, lies, tallied
from tests.fixtures.patience import DEADLINE

# SQLite has one writer at a time.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


def beside(work):
    """A thread that works in a connection of its own; what it raises, `join` of it raises."""

    class Beside(threading.Thread):
        error = None

        def run(self):
            try:
                work()
            except Exception as error:
                self.error = error
            finally:
                connections.close_all()

        def join(self, timeout=DEADLINE):
            super().join(timeout)
            assert not self.is_alive()
            if self.error:
                raise self.error

    thread = Beside()
    thread.start()
    return thread


def held(work):
    """(thread, go): `work` is done but not committed until `go` is set."""
    done, go = threading.Event(), threading.Event()

    def work_and_wait():
        with transaction.atomic():
            work()
            done.set()
            assert go.wait(DEADLINE)

    thread = beside(work_and_wait)
    assert done.wait(DEADLINE)
    return thread, go


def test_thumbs_and_counting_at_once_lose_nothing(alice, bob, ask, monkeypatch):
    monkeypatch.setattr(update, "BATCH", 2)
    answers = {person.pk: [ask(person) for _ in range(4)] for person in (alice, bob)}
    rated = threading.Event()

    def clicks(person):
        draw = random.Random(person.pk)
        for _ in range(60):
            answer = draw.choice(answers[person.pk])
            rating = rating_flow.rate(answer, person, draw.choice([1, -1, None]))
            rating_flow.explain(rating, Reason.objects.all()[:2], "")

    def counts():
        while not rated.is_set():
            update.update_rollup(0)

    raters = [beside(lambda one=one: clicks(one)) for one in (alice, bob)]
    counters = [beside(counts) for _ in range(2)]
    for rater in raters:
        rater.join(60)
    rated.set()
    for counter in counters:
        counter.join(60)
    assert lies() == []


def test_an_answer_that_came_while_its_conversation_was_deleted(alice, ask):
    talk = ask(alice).conversation
    assert update.update_rollup(60)
    deletion, go = held(lambda: Conversation.objects.get(pk=talk.pk).soft_delete())
    Message.objects.create(conversation=talk, role="assistant", text="So.", status="complete")
    assert update.update_rollup(60)
    assert queries.total(read.read_rollup(RollupQuery())[0]).shown == 2
    go.set()
    deletion.join()
    assert lies() == []
    assert tallied(RollupQuery()) == ({}, {})


def test_a_conversation_that_began_while_its_guest_signed_up(ask):
    guest = User.objects.create_guest()
    signing, go = held(lambda: User.objects.filter(pk=guest.pk).update(is_guest=False))
    talk = Conversation(id=uuid4(), user=guest, assistant=Assistant.objects.get(slug="assistant"))
    talk.save()
    Message.objects.create(conversation=talk, role="assistant", text="So.", status="complete")
    assert update.update_rollup(60)
    assert len(tallied(RollupQuery(guests=True))[0]) == 1
    go.set()
    signing.join()
    assert lies() == []
    assert len(tallied(RollupQuery(guests=False))[0]) == 1


def test_who_chats_and_rates_never_waits_for_who_counts(rate, alice, monkeypatch):
    monkeypatch.setattr(update, "LOCK_TIMEOUT", 50)
    rating = rate(1, reasons=["clear"])

    def count_without_end():
        with update.exclusive_snapshot():
            update.recount_batch()
            counting.set()
            assert go.wait(DEADLINE)

    counting, go = threading.Event(), threading.Event()
    counter = beside(count_without_end)
    assert counting.wait(DEADLINE)
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '2s'")
    rating_flow.rate(rating.message, alice, -1)
    rating.message.conversation.soft_delete()
    rate(1)
    assert not update.update_rollup(5)
    assert found(*read.count(RollupQuery())) == counted(RollupQuery())
    go.set()
    counter.join()
    assert lies() == []
