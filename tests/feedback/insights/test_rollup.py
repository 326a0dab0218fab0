"""The numbers that are counted beforehand are those that counting everything finds, whoever writes."""

import asyncio
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.urls import reverse

from chatapp.models import Assistant, Conversation, Message
from feedback.insights import rollup
from feedback.insights.intervals import Count
from feedback.insights.rollup import loop, update
from feedback.models import CountedConversation, DailyCount, PendingRecount, TallyState
from tests.feedback.conftest import asked
from tests.feedback.example_day import BusyDay, lies
from tests.fixtures.patience import DEADLINE


@pytest.mark.parametrize("seed", range(3))
def test_whatever_happens_the_tallies_say_what_counting_all_would(ask, seed):
    day, log = BusyDay(ask, seed), []
    for number in range(80):
        log.append(day.happens())
        if number % 4 == 3:
            assert lies() == [], log[-8:]


def test_many_changes_are_counted_together(ask):
    day = BusyDay(ask, 10)
    for _ in range(60):
        day.happens()
    assert PendingRecount.objects.count() > 20
    assert lies() == []
    assert not PendingRecount.objects.exists()


def test_step_by_step_when_they_are_too_many_for_one(ask, monkeypatch):
    monkeypatch.setattr(update, "BATCH", 3)
    day = BusyDay(ask, 11)
    for _ in range(20):
        day.happens()
    assert lies() == []


def test_very_many_are_counted_as_well(ask, monkeypatch):
    monkeypatch.setattr(update, "FAR_BEHIND", 2)
    monkeypatch.setattr(update, "LARGE_BATCH", 3)
    day = BusyDay(ask, 12)
    for _ in range(20):
        day.happens()
    assert lies() == []


# What is noted


@pytest.fixture
def nothing_noted(db):
    assert update.update_rollup(60)


def test_an_answer_is_noted_once_however_long_it_streams(alice, ask, nothing_noted):
    talk = Conversation.objects.start(alice, Assistant.objects.get(slug="assistant"))
    answer = talk.ask("Why?")
    answer.claim()
    for text in ("Be", "Beca", "Becau"):
        answer.save_result(text=text)
    assert not PendingRecount.objects.exists()
    answer.save_result(text="Because.", status="complete", finish_reason="stop")
    assert [one.conversation_id for one in PendingRecount.objects.all()] == [talk.pk]


def test_a_long_conversation_that_goes_is_one_note(alice, ask, nothing_noted):
    talk = ask(alice).conversation
    Message.objects.bulk_create(
        Message(conversation=talk, role="assistant", text="So.", status="complete")
        for _ in range(50)
    )
    assert update.update_rollup(60)
    talk.soft_delete()
    assert PendingRecount.objects.count() == 1
    talk.delete()
    if connection.vendor == "postgresql":  # SQLite has no triggers of a whole statement
        assert PendingRecount.objects.count() == 2
    assert lies() == []


def test_what_is_gone_is_forgotten(rate):
    rating = rate(1, reasons=["clear"])
    assert update.update_rollup(60) and CountedConversation.objects.count() == 1
    rating.message.conversation.delete()
    assert lies() == []
    assert not CountedConversation.objects.exists()
    assert not PendingRecount.objects.exists()


# How it is read


def page(client, **asked):
    response = client.get(reverse("admin:feedback_rating_numbers"), asked)
    return dict(response.context["tables"][0].rows)["All answers"]


def test_the_page_adds_up_the_tallies(rita_client, rate):
    rate(1)
    assert page(rita_client) == Count(1, 1, 1)
    DailyCount.objects.update(shown=7)
    assert page(rita_client) == Count(7, 1, 1)


def test_where_very_much_waits_the_answers_themselves_are_counted(rita_client, rate, monkeypatch):
    monkeypatch.setattr(update, "FAR_BEHIND", 2)
    rate(1), rate(-1)
    assert page(rita_client) == Count(2, 2, 1)
    assert not DailyCount.objects.exists()


def test_days_are_those_of_the_site(rate, settings):
    late = datetime(2026, 3, 1, 20, tzinfo=UTC)  # a Sunday; in India it is Monday already
    Message.objects.filter(pk=rate(1).message_id).update(created_at=late)
    assert lies() == []
    assert DailyCount.objects.exclude(shown=0).get().week == date(2026, 2, 23)
    settings.TIME_ZONE = "Asia/Kolkata"
    assert lies() == []
    kept = DailyCount.objects.exclude(shown=0).get()
    assert (kept.day, kept.week) == (date(2026, 3, 2), date(2026, 3, 2))
    assert TallyState.objects.get().zone == "Asia/Kolkata"


def test_a_database_that_was_emptied_begins_anew(rate):
    rate(1)
    assert update.update_rollup(60)
    for model in (TallyState, DailyCount, CountedConversation, PendingRecount):
        model.objects.all().delete()
    assert lies() == []
    assert DailyCount.objects.exclude(shown=0).get().rated == 1


def test_what_migrations_took_away_is_mended(rate, transactional_db):
    rate(1)
    assert update.update_rollup(60)
    rollup.disable_triggers(connection)
    rate(-1)
    rollup.repair_triggers(connection)
    rate(-1)
    assert lies() == []


def test_the_server_counts_in_the_background(rate, transactional_db):
    rate(1)

    async def until_counted():
        stop = asyncio.Event()
        running = asyncio.create_task(loop.run(stop))
        async with asyncio.timeout(DEADLINE):
            while await asyncio.to_thread(asked, PendingRecount.objects.exists):
                await asyncio.sleep(0.02)
        stop.set()
        await running

    asyncio.run(until_counted())
    assert DailyCount.objects.get().rated == 1
