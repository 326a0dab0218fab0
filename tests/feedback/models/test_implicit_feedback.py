"""Signals nobody has to give: what is noticed, what it orders, and that no rate counts it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chatapp.models import Message
from feedback.insights import queries
from feedback.models import Copied, Rating, Review
from feedback.models.implicit_feedback import (
    WEIGHTS,
    Signal,
    implicit_score,
    record_copy,
    signals_of,
)
from feedback.models.reviews.queue import Order, claim_next, peek
from tests.fixtures.people import answered, ended

LIST = reverse("admin:feedback_rating_changelist")


def copied_at(answer):
    return reverse("copied", args=[answer.pk])


def regenerate(answer):
    return ended(answer.conversation.answer(answer.parent), "Another.")


def reword(answer, text="Put otherwise?"):
    return ended(answer.conversation.ask(text, replaces=answer.parent), "Another.")


def score(rating):
    return Review.objects.get(rating=rating).signals


# What is noticed


def test_an_answer_that_was_just_read_says_nothing(alice):
    answer = answered(alice)
    ended(answer.conversation.ask("And then?"), "More.")
    assert signals_of(answer) == []


def test_the_earlier_of_two_versions_was_regenerated(alice):
    first = answered(alice)
    second = regenerate(first)
    assert (signals_of(first), signals_of(second)) == ([Signal.REGENERATED], [])


@pytest.mark.parametrize("place", ["first", "later"])
def test_the_answer_to_the_earlier_wording_was_edited(alice, place):
    answer = answered(alice)
    if place == "later":
        answer = ended(answer.conversation.ask("And then?"), "More.")
    second = reword(answer)
    assert (signals_of(answer), signals_of(second)) == ([Signal.EDITED], [])


def test_an_edit_further_down_says_nothing_of_what_came_before(alice):
    first = answered(alice)
    reword(ended(first.conversation.ask("And then?"), "More."))
    assert signals_of(first) == []


def test_another_conversation_is_another_place(alice):
    first = answered(alice)
    answered(alice)
    assert signals_of(first) == []


def test_who_stops_it_and_who_copies_it(alice):
    answer = answered(alice, status=Message.Status.STOPPED)
    record_copy(answer)
    assert signals_of(answer) == [Signal.STOPPED, Signal.COPIED]


# What is kept of it


def test_the_button_tells_once_that_it_copied(client_of, alice):
    answer = answered(alice)
    for _ in range(2):
        assert client_of(alice).post(copied_at(answer)).status_code == 204
    assert Copied.objects.get().answer == answer
    page = client_of(alice).get(answer.conversation.get_absolute_url()).text
    assert f'data-report-url="{copied_at(answer)}"' in page


def test_nobody_elses_answer_can_be_told_of(client_of, alice, bob, sam):
    answer = answered(alice)
    for stranger in (bob, sam, None):
        assert client_of(stranger).post(copied_at(answer)).status_code == 404
    assert not Copied.objects.exists()


def test_what_happened_before_the_thumb_counts(rate, alice):
    answer = answered(alice, status=Message.Status.STOPPED)
    regenerate(answer)
    assert score(rate(-1, answer=answer)) == 3 + 1


def test_what_happens_after_the_thumb_counts(rate, client_of, alice):
    rating = rate(-1)
    answer, client = rating.message, client_of(alice)
    steps = [
        (reverse("regenerate", args=[answer.pk]), {}, 3),
        (reverse("edit", args=[answer.parent_id]), {"message": "Put otherwise?"}, 5),
        (copied_at(answer), {}, 3),
    ]
    for url, data, expected in steps:
        Message.objects.running().update(status="complete", text="Done.")
        assert client.post(url, data).status_code in (204, 303)
        assert score(rating) == expected


def test_a_message_that_is_nobodys_second_asks_nothing(alice):
    answer = answered(alice)
    with CaptureQueriesContext(connection) as asked:
        answer.conversation.ask("And then?")
    assert not [query for query in asked if "feedback_" in query["sql"]]


def test_every_signal_has_a_weight_and_their_sum_is_the_score(alice):
    assert set(WEIGHTS) == set(Signal)
    answer = answered(alice, status=Message.Status.STOPPED)
    regenerate(answer), reword(answer)
    record_copy(answer)
    assert signals_of(answer) == list(WEIGHTS)
    assert implicit_score(answer) == sum(WEIGHTS.values())


# What it orders


@pytest.fixture
def three(rate, alice):
    """Rated in this order: nothing to see, regenerated, copied."""
    plain, again, copied = rate(-1), rate(-1), rate(-1)
    regenerate(again.message)
    record_copy(copied.message)
    return plain, again, copied


def listed(client, **query):
    response = client.get(LIST, query)
    assert response.status_code == 200, response
    return [rating.pk for rating in response.context["cl"].result_list]


def test_the_list_has_the_most_negative_first(rita_client, three):
    plain, again, copied = (rating.pk for rating in three)
    assert listed(rita_client, o="-signals") == [again, plain, copied]
    assert listed(rita_client, o="-signals", thumb="up") == []
    assert listed(rita_client) == [copied, again, plain]
    assert 'href="?o=-signals"' in rita_client.get(LIST).text


def test_next_and_previous_follow_the_list(rita_client, three):
    plain, again, copied = (rating.pk for rating in three)
    seen = {}
    for pk in (again, plain, copied):
        url = reverse("admin:feedback_rating_change", args=[pk])
        page = rita_client.get(url, {"_changelist_filters": "o=-signals"})
        seen[pk] = (page.context["previous"], page.context["next"])
    assert seen == {again: (None, plain), plain: (again, copied), copied: (plain, None)}


def test_of_the_same_score_the_newest_comes_first(rita_client, rate):
    pks = [rate(-1).pk for _ in range(3)]
    assert listed(rita_client, o="-signals") == pks[::-1]
    url = reverse("admin:feedback_rating_change", args=[pks[1]])
    page = rita_client.get(url, {"_changelist_filters": "o=-signals"})
    assert (page.context["previous"], page.context["next"]) == (pks[2], pks[0])


def test_the_queue_goes_from_the_worst_on_and_then_around(rita, three):
    plain, again, copied = (rating.review for rating in three)
    for review in (plain, again, copied):
        review.refresh_from_db()
    assert claim_next(rita, Order.SIGNALS) == again
    assert peek(rita, Order.SIGNALS, after=again) == plain
    assert peek(rita, Order.SIGNALS, after=plain) == copied
    assert peek(rita, Order.SIGNALS, after=copied) == again
    assert claim_next(rita, Order.OLDEST) == plain


def test_a_reviewer_sees_them_as_what_they_are(rita_client, three):
    plain, again, _copied = three
    page = rita_client.get(reverse("admin:feedback_rating_change", args=[again.pk])).text
    assert "asked for another answer" in page and "no rate counts it" in page
    page = rita_client.get(reverse("admin:feedback_rating_change", args=[plain.pk])).text
    assert "no rate counts it" not in page


# What people are told


def test_the_disclosure_page_tells_of_implicit_feedback(client, settings, db):
    assert "helps the team choose what to read first" in client.get(reverse("disclosure")).text
    settings.IMPLICIT_FEEDBACK = False
    assert "helps the team choose" not in client.get(reverse("disclosure")).text


# Switched off


@pytest.fixture
def off(settings):
    settings.IMPLICIT_FEEDBACK = False


def test_switched_off_nothing_is_kept_or_shown(off, client_of, rita_client, rate, alice):
    rating = rate(-1)
    answer = rating.message
    regenerate(answer), reword(answer)
    assert client_of(alice).post(copied_at(answer)).status_code == 204
    assert not Copied.objects.exists()
    assert (score(rating), signals_of(answer)) == (0, [])
    page = client_of(alice).get(answer.conversation.get_absolute_url()).text
    assert "data-report-url" not in page
    page = rita_client.get(LIST).text
    assert "signals" not in page
    page = rita_client.get(reverse("admin:feedback_rating_change", args=[rating.pk])).text
    assert "no rate counts it" not in page


def test_switched_off_what_was_known_before_orders_nothing(three, rita, rita_client, settings):
    settings.IMPLICIT_FEEDBACK = False
    plain, again, copied = three
    assert listed(rita_client, o="-signals") == [copied.pk, again.pk, plain.pk]
    assert claim_next(rita, Order.SIGNALS) == plain.review


# Never in a rate


def rates():
    cells = queries.cells(queries.shown())
    total = queries.total(cells)
    return cells, {
        reason.slug: share
        for reason, share in queries.shares(queries.reason_counts(queries.shown()), total).items()
    }


@pytest.fixture
def talk_with_versions(rate, ask, alice):
    """Two pairs of versions and two wordings, rated or not, so that each signal finds its place."""
    first = rate(-1, reasons=["wrong"]).message
    rate(1, answer=regenerate(first))
    rate(1, answer=reword(first))
    ask(alice, status="stopped")
    return first


def test_no_number_changes_with_what_signals_say(talk_with_versions, settings):
    with_signals = rates()
    assert Review.objects.exclude(signals=0).exists()
    for answer in Message.objects.answers():
        record_copy(answer)
    assert rates() == with_signals
    Review.objects.update(signals=100)
    assert rates() == with_signals
    settings.IMPLICIT_FEEDBACK = False
    assert rates() == with_signals
    Rating.objects.filter(value=1).update(value=-1)
    assert rates() != with_signals


def test_no_number_asks_for_a_signal(talk_with_versions):
    """Counted from the answers, as every number is."""
    with CaptureQueriesContext(connection) as asked:
        rates()
    sql = " ".join(query["sql"].lower() for query in asked)
    assert "feedback_rating" in sql
    for word in ("feedback_copied", "signals", "feedback_review"):
        assert word not in sql
