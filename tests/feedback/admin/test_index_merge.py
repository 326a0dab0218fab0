"""However the list is found, it is what the filters say: compared with Django's own query."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin import site
from django.contrib.auth.models import Permission
from django.test import RequestFactory
from django.utils import timezone

from chatapp.models import Conversation, User
from feedback.admin.changelist import index_merge
from feedback.admin.changelist.changelist import Beside, Unlisted
from feedback.models import Category, Delivery, Rating

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
    "o": ["4", "-4"],
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
def listed(rita):
    """listed({"thumb": "up"}): the list under this address, not yet fetched."""
    rita.user_permissions.add(Permission.objects.get(codename="view_rating"))

    def listed(query, rows=Unlisted):
        request: Any = RequestFactory().get("/", query)
        request.user, request.rows = User.objects.get(pk=rita.pk), rows
        return site.get_model_admin(Rating).get_changelist_instance(request)

    return listed


def some_queries(number, seed):
    rng = random.Random(seed)
    for _ in range(number):
        names = rng.sample(list(CHOICES), rng.choice([1, 2, 2, 3, 4]))
        yield {name: rng.choice(CHOICES[name]) for name in names}


@pytest.mark.parametrize(("few", "frequent"), [(5_000, 25_000), (0, 25_000), (3, 0), (0, 0)])
def test_any_filters_find_the_same_as_djangos_own_query(listed, many, few, frequent, monkeypatch):
    monkeypatch.setattr(index_merge, "FEW", few)
    monkeypatch.setattr(index_merge, "MANY", frequent)
    monkeypatch.setattr(index_merge, "AT_ONCE", (1, 5))
    found = 0
    for query in some_queries(60, seed=few + frequent):
        page = listed(query)
        wanted = list(page.queryset.values_list("pk", flat=True))
        assert page.first(1_000) == wanted, query
        assert page.first(2) == wanted[:2], query
        found += bool(wanted)
    assert found > 20, "Too few of these find anything."


def test_the_next_and_the_previous_are_the_neighbours_in_the_list(listed, many):
    for query in [{}, {"o": "4"}, {"thumb": "down"}, {"q": "because"}, {"person": "guest"}]:
        pks = listed(query).first(1_000)
        page, at = listed(query, Beside), len(pks) // 2
        rating = Rating.objects.get(pk=pks[at])
        assert (page.previous(rating), page.next(rating)) == (pks[at - 1], pks[at + 1]), query
        assert page.previous(Rating.objects.get(pk=pks[0])) is None
