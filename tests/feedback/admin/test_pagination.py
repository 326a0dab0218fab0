"""Pages of the rated answers: together they are what the filters say, forwards and backwards."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin import site
from django.contrib.auth.models import Permission
from django.http import QueryDict
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from chatapp.models import Conversation, User
from feedback.list_index import query as search
from feedback.models import Category, Delivery, Rating, Review

LIST = reverse("admin:feedback_rating_changelist")
NOW = timezone.now()
CHOICES = {
    "thumb": ["up", "down", "withdrawn"],
    "reason": ["wrong", "unsafe", "clear"],
    "comment": ["yes", "no"],
    "status": ["new", "fixed", "needs-work"],
    "assignee": ["me", "nobody"],
    "verdict": ["agree", "unclear", "none"],
    "category": ["facts", "other"],
    "drift": ["yes"],
    "delivery": ["due", "failed", "settled"],
    "person": ["guest", "signed-up", "0"],
    "assistant": ["assistant", "nothing"],
    "since": [str((NOW - timedelta(days=n)).date()) for n in (1, 9, 25)],
    "until": [str((NOW - timedelta(days=n)).date()) for n in (2, 20, 40)],
    "q": [
        "?!",
        "because",
        "often",
        "rarely",
        '"often because"',
        "nowhere",
        "alice",
        "alice@example",
    ],
    "o": ["4", "-4", "-signals"],
}


@pytest.fixture
def many(rate, alice, rita):
    """48 ratings over 30 days, as different as the filters can tell; some of them hidden."""
    rng, guest = random.Random(6), User.objects.create_guest()
    for number in range(48):
        words = rng.choice(["Because.", "Often because.", "Rarely."])
        value = rng.choice([1, -1, -1, None])
        reasons = [rng.choice(["wrong", "unsafe"])] if value == -1 and rng.random() < 0.5 else []
        reasons = reasons or (["clear"] if value == 1 and rng.random() < 0.5 else [])
        by = rng.choice([alice, guest])
        rating = rate(value, rng.choice(["", "", "No."]), reasons, by=by, text=words)
        if rng.random() < 0.5:
            rating.review.decide(
                rita,
                status=rng.choice(["fixed", "needs-work"]),
                verdict=rng.choice(["agree", "unclear"]),
                assignee=rng.choice([rita, None]),
                category=rng.choice([*Category.objects.filter(slug__in=["facts", "other"]), None]),
            )
        state = rng.choice(["due", "failed", "settled"])
        Delivery.objects.filter(rating=rating).update(state=state)
        Rating.objects.filter(pk=rating.pk).update(
            created_at=NOW - timedelta(days=30 - number * 0.6), has_drifted=rng.random() < 0.2
        )
        if rng.random() < 0.1:
            Conversation.objects.filter(messages=rating.message).update(deleted_at=NOW)
    return list(Rating.objects.values_list("pk", flat=True))


@pytest.fixture
def listed(rita, monkeypatch):
    """listed({"thumb": "up"}): the list under this address, five rows a page."""
    rita.user_permissions.add(Permission.objects.get(codename="view_rating"))
    monkeypatch.setattr("feedback.admin.ratings.RatingAdmin.list_per_page", 5)

    def listed(query):
        request: Any = RequestFactory().get("/", query)
        request.user = User.objects.get(pk=rita.pk)
        return site.get_model_admin(Rating).get_changelist_instance(request)

    return listed


def some_queries(number, seed):
    rng = random.Random(seed)
    for _ in range(number):
        names = rng.sample(list(CHOICES), rng.choice([1, 2, 2, 3, 4]))
        yield {name: rng.choice(CHOICES[name]) for name in names}


def follow(listed, query, link):
    """The ids of a page and of all that this link of each leads to."""
    page = listed(query)
    pages = [page.page.ids]
    while address := getattr(page, link):
        page = listed(QueryDict(address[1:]).dict())
        pages.append(page.page.ids)
    return pages


@pytest.mark.parametrize("few", [10_000, 0])
def test_pages_together_are_what_the_filters_find(listed, many, few, monkeypatch):
    monkeypatch.setattr(search, "MAX_FETCHED_IDS", few)
    found = 0
    for query in some_queries(60, seed=few):
        wanted = list(listed(query).queryset.values_list("pk", flat=True))
        pages = follow(listed, query, "next_page")
        assert sum(pages, []) == wanted, query
        assert [len(ids) for ids in pages[:-1]] == [5] * (len(pages) - 1), query
        found += len(pages) > 1
    assert found > 15, "Too few of these have more than one page."


def test_previous_pages_lead_back_to_the_first_which_is_full(listed, many):
    for order in ("-4", "4", "-signals"):
        pks = list(listed({"o": order}).queryset.values_list("pk", flat=True))
        pages = follow(listed, {"o": order, "p": f"after-{pks[17]}"}, "previous_page")
        assert pages == [pks[18:23], pks[13:18], pks[8:13], pks[3:8], pks[:5]], order


def test_a_row_that_comes_or_goes_shifts_no_later_page(listed, many, rate):
    page = listed({})
    following = listed(QueryDict(page.next_page[1:]).dict()).page.ids
    rate()
    Conversation.objects.filter(messages__ratings=page.page.ids[1]).update(deleted_at=NOW)
    assert listed(QueryDict(page.next_page[1:]).dict()).page.ids == following


def test_a_score_that_changes_keeps_pages_by_signals_in_order(listed, many):
    page = listed({"o": "-signals"})
    Review.objects.filter(rating=page.page.ids[-1]).update(signals=-99)
    assert listed(QueryDict(page.next_page[1:]).dict()).page.ids == page.page.ids[:4] + [
        listed({"o": "-signals"}).page.ids[4]
    ], "Nothing comes after the last; so it is the first page."


def test_a_page_that_makes_no_sense_is_the_first(listed, many):
    first = listed({}).page.ids
    for cursor in ("2", "-1", "after-", "after-x", "after-" + "9" * 40):
        assert listed({"p": cursor}).page.ids == first, cursor


def test_the_links_of_a_page_say_where_they_lead_and_keep_the_filters(
    rita_client, rate, monkeypatch
):
    monkeypatch.setattr("feedback.admin.ratings.RatingAdmin.list_per_page", 1)
    first, second, third = rate(-1), rate(-1), rate(-1)
    page = rita_client.get(LIST, {"thumb": "down"}).text
    assert f'<a rel="next" href="?p=after-{third.pk}&amp;thumb=down">Next page</a>' in page
    assert 'rel="prev"' not in page
    page = rita_client.get(LIST, {"thumb": "down", "p": f"after-{third.pk}"}).text
    assert f'<a rel="prev" href="?p=before-{second.pk}&amp;thumb=down">Previous page</a>' in page
    assert f'<a rel="next" href="?p=after-{second.pk}&amp;thumb=down">' in page
    page = rita_client.get(LIST, {"p": f"after-{second.pk}"}).text
    assert 'rel="next"' not in page
    assert f"/{first.pk}/change/" in page


def test_the_next_and_the_previous_are_the_neighbours_in_the_list(listed, many):
    for query in [{}, {"o": "4"}, {"o": "-signals"}, {"thumb": "down"}, {"q": "because"}]:
        page = listed(query)
        pks, at = list(page.queryset.values_list("pk", flat=True)), 4
        rating = Rating.objects.get(pk=pks[at])
        assert (page.previous(rating), page.next(rating)) == (pks[at - 1], pks[at + 1]), query
        assert page.previous(Rating.objects.get(pk=pks[0])) is None
