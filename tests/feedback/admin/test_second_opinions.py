"""Answers that two reviewers judge: blind, then agreed or left to a lead; and the page of numbers."""

import re

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chatapp.models import User
from feedback import rating_flow
from feedback.admin.review.decision_form import latest_change
from feedback.models import Category, Mention, Opinion, Review, ReviewChange
from feedback.models.reviews.queue import claim_next
from feedback.models.reviews.review import needs_double_review

LIST = reverse("admin:feedback_rating_changelist")
INBOX = reverse("admin:feedback_mention_changelist")
AGREEMENT = reverse("admin:feedback_opinion_changelist")
UNDO_LAST = reverse("admin:feedback_rating_undo_last")
BLIND = "Two reviewers judge this answer."


@pytest.fixture
def twice(settings):
    settings.DOUBLE_REVIEW = 1.0


@pytest.fixture
def rita(rita):
    rita.user_permissions.add(Permission.objects.get(codename="change_review"))
    return rita


@pytest.fixture
def rob(rita):
    rob = User.objects.create_user("rob", is_staff=True)
    rob.user_permissions.set(rita.user_permissions.all())
    return rob


@pytest.fixture
def both(rita, rob, client_of):
    """The two reviewers' browsers."""
    return client_of(rita), client_of(rob)


def page(client, rating):
    return client.get(reverse("admin:feedback_rating_change", args=[rating.pk])).content.decode()


def decide(client, rating, **changes):
    url = reverse("admin:feedback_rating_decide", args=[rating.pk])
    seen = latest_change(Review.objects.get(rating=rating))
    said = {"status": "fixed", "verdict": "agree", "seen": seen, "correction": "", "note": ""}
    return client.post(url, said | changes, follow=True).content.decode()


def state(rating):
    review = Review.objects.get(rating=rating)
    return (review.status, review.verdict, review.double_review)


# Which ones


def test_a_share_is_chosen_by_the_id_and_the_same_each_time(settings):
    settings.DOUBLE_REVIEW = 0.1
    chosen = [pk for pk in range(10_000) if needs_double_review(pk)]
    assert chosen == [pk for pk in range(10_000) if needs_double_review(pk)]
    assert 900 < len(chosen) < 1_100
    settings.DOUBLE_REVIEW = 0.2
    assert set(chosen) < {pk for pk in range(10_000) if needs_double_review(pk)}


@pytest.mark.parametrize(("share", "blind"), [(0.0, ""), (1.0, "open")])
def test_none_and_all_can_be_chosen(rate, settings, share, blind):
    settings.DOUBLE_REVIEW = share
    assert rate().review.double_review == blind


# DoubleReview


def test_the_queue_gives_it_to_two_and_to_neither_again(twice, rita, rob, both, rate):
    rating = rate()
    ruth = User.objects.create_user("ruth", is_staff=True)
    assert claim_next(rita, "oldest") == rating.review
    decide(both[0], rating)
    assert claim_next(rita, "oldest") is None
    assert claim_next(rob, "oldest") == rating.review
    decide(both[1], rating, verdict="disagree")
    assert [claim_next(person, "oldest") for person in (rita, rob, ruth)] == [None] * 3


def test_the_second_learns_nothing_of_the_first(twice, both, rate):
    rating, facts = rate(), Category.objects.get(slug="facts")
    before = page(both[1], rating), both[1].get(LIST).content.decode()
    said = {"status": "no-action", "verdict": "unclear", "category": facts.pk, "note": "Hm, hm."}
    decide(both[0], rating, **said, correction="Better so.")
    assert state(rating) == ("new", "", "open")
    assert not ReviewChange.objects.exists()
    after = page(both[1], rating), both[1].get(LIST).content.decode()
    token = re.compile(r'(csrfmiddlewaretoken" value=|data-nonce=)"[^"]+"')
    for was, now in zip(before, after, strict=True):
        assert token.sub("", was) == token.sub("", now)
    for filtered in ("status=no-action", "verdict=unclear", "category=facts"):
        found = both[1].get(f"{LIST}?{filtered}").context["cl"].result_list
        assert list(found) == []


def test_ones_own_opinion_is_kept_shown_to_oneself_and_can_be_changed(twice, both, rate):
    rating = rate()
    decide(both[0], rating, status="no-action", note="Mine.")
    mine = page(both[0], rating)
    assert BLIND in mine
    assert "Mine." in mine
    decide(both[0], rating, status="fixed", note="Mine, better.")
    assert Opinion.objects.get().note == "Mine, better."


def test_who_has_only_begun_has_not_decided(twice, rita, both, rate):
    """A verdict is saved by one key, a status by another: the opinion is whole with its status."""
    rating = rate()
    decide(both[1], rating)
    decide(both[0], rating, status="new", verdict="disagree")
    assert state(rating) == ("new", "", "open")
    assert claim_next(rita, "oldest") == rating.review


def test_the_way_back_in_the_queue_leads_through_opinions_too(twice, both, rate):
    def around(rating):
        url = reverse("admin:feedback_rating_change", args=[rating.pk])
        context = both[0].get(f"{url}?queue=oldest").context
        return context["previous"], context["next"]

    open_, agreed, waiting = rate(), rate(), rate()
    decide(both[1], agreed)
    for rating in (open_, agreed):
        decide(both[0], rating)
    assert around(waiting) == (agreed.pk, None)
    assert around(agreed) == (open_.pk, waiting.pk)
    assert around(open_) == (None, agreed.pk)


# Both have decided


def test_where_both_say_the_same_it_is_decided(twice, both, rate, rob):
    rating = rate()
    decide(both[0], rating, note="Quite so.")
    decide(both[1], rating, note="I think so too.", correction="Better.")
    assert state(rating) == ("fixed", "agree", "agreed")
    review = Review.objects.get()
    assert review.note == "rita: Quite so.\n\nrob: I think so too."
    assert review.correction == "Better."
    assert set(ReviewChange.objects.values_list("by", flat=True)) == {rob.pk}
    for client in both:
        shown = page(client, rating)
        assert "Two opinions" in shown
        assert "They differ" not in shown


@pytest.mark.parametrize(
    "other",
    [
        {"verdict": "disagree"},
        {"status": "no-action"},
        {"category": True},
        {"correction": "Other."},
    ],
)
def test_where_they_differ_a_lead_decides(twice, both, rate, sam_client, other):
    rating = rate()
    if other.get("category"):
        other = {"category": Category.objects.get(slug="facts").pk}
    decide(both[0], rating, correction="One.", note="Reason one.")
    decide(both[1], rating, **{"correction": "One.", "note": "Reason two."} | other)
    assert state(rating) == ("new", "", "differing")
    for client in (*both, sam_client):
        shown = page(client, rating)
        assert "The reviewers disagree: a lead decides." in shown
        assert "Reason one." in shown
        assert "Reason two." in shown
    assert 'id="decision"' not in page(both[0], rating)
    assert "a lead decides" in decide(both[0], rating)
    assert state(rating)[0] == "new"
    decide(sam_client, rating, status="needs-work")
    assert state(rating) == ("needs-work", "agree", "differing")
    assert "They differ" not in page(both[0], rating)


def test_undoing_what_the_lead_decided_makes_it_disputed_again(twice, both, rate, sam, sam_client):
    rating = rate()
    decide(both[0], rating)
    decide(both[1], rating, verdict="disagree")
    decide(sam_client, rating)
    sam_client.post(UNDO_LAST)
    assert Review.objects.get().is_disputed


def test_an_opinion_is_taken_back_as_long_as_it_is_the_only_one(twice, rita, both, rate):
    rating, earlier = rate(), rate()
    decide(both[0], earlier)
    decide(both[0], rating)
    assert "Your opinion was withdrawn." in both[0].post(UNDO_LAST, follow=True).content.decode()
    assert [o.review for o in Opinion.objects.all()] == [earlier.review]
    decide(both[1], earlier, verdict="disagree")
    assert "nothing to undo" in both[0].post(UNDO_LAST, follow=True).content.decode()


def test_a_thumb_that_changes_asks_both_again(twice, rita, rob, both, rate):
    rating = rate(-1)
    decide(both[0], rating)
    decide(both[1], rating)
    rating_flow.rate(rating.message, rating.user, 1)
    assert state(rating) == ("new", "", "open")
    assert claim_next(rita, "oldest") == rating.review
    decide(both[0], rating, verdict="disagree")
    assert claim_next(rob, "oldest") == rating.review
    assert Opinion.objects.count() == 3


def test_colleagues_named_in_a_blind_note_hear_of_it_when_both_have_decided(
    twice, sam, sam_client, both, rate
):
    rating = rate()
    decide(both[0], rating, note="@sam, look.")
    assert not Mention.objects.exists()
    decide(both[1], rating, verdict="disagree")
    assert Mention.objects.get().to == sam
    assert "@sam, look." in sam_client.get(INBOX).content.decode()


# The numbers


def test_the_page_counts_pairs_and_tells_kappa(twice, both, rate, sam_client):
    verdicts = ["agree"] * 3 + ["disagree"] * 2
    for first, second in zip(verdicts, ["agree", "agree", "disagree", *verdicts[3:]], strict=True):
        rating = rate()
        decide(both[0], rating, verdict=first)
        decide(both[1], rating, verdict=second)
    blank, waits = rate(), rate()
    decide(both[0], blank, verdict="")
    decide(both[1], blank)
    decide(both[0], waits)
    context = sam_client.get(AGREEMENT).context
    assert [row for _label, row in context["table"]] == [[2, 1, 0], [0, 2, 0], [0, 0, 0]]
    assert context["kappa"].value == pytest.approx((0.8 - 0.48) / 0.52)
    assert (context["kappa"].n, context["left_out"]) == (5, 1)
    assert (context["disputes"], context["waiting"]) == (2, 1)
    shown = sam_client.get(AGREEMENT).content.decode()
    assert "κ = 0.62" in shown
    assert "n = 5" in shown


def test_answers_of_the_sandbox_are_neither_waiting_nor_counted_on_a_site_with_keys(
    twice, rita, both, rate, sam_client, settings
):
    made_up = rate(origin="sandbox")
    settings.SANDBOX = False
    assert claim_next(rita, "oldest") is None
    settings.SANDBOX = True
    assert claim_next(rita, "oldest") == made_up.review
    for client, verdict in zip(both, ("agree", "disagree"), strict=True):
        decide(client, made_up, verdict=verdict)
    assert Opinion.objects.pairs() == {("agree", "disagree"): 1}
    assert sam_client.get(AGREEMENT).context["disputes"] == 1
    settings.SANDBOX = False
    assert Opinion.objects.pairs() == {}
    assert sam_client.get(AGREEMENT).context["disputes"] == 0


def test_what_was_said_of_an_earlier_thumb_counts_with_its_own_pair(twice, both, rate, sam_client):
    rating = rate(-1)
    decide(both[0], rating)
    decide(both[1], rating)
    rating_flow.rate(rating.message, rating.user, 1)
    decide(both[1], rating, verdict="disagree")
    decide(both[0], rating, verdict="unclear")
    table = [row for _label, row in sam_client.get(AGREEMENT).context["table"]]
    assert table == [[1, 0, 0], [0, 0, 1], [0, 0, 0]]


def test_disputes_lead_to_their_answers_in_as_many_queries_as_one(twice, both, rate, sam_client):
    counts = []
    for number in (1, 4):
        for _ in range(number):
            rating = rate(text="Is it so?")
            decide(both[0], rating)
            decide(both[1], rating, verdict="disagree")
        with CaptureQueriesContext(connection) as captured:
            shown = sam_client.get(AGREEMENT).content.decode()
        assert reverse("admin:feedback_rating_change", args=[rating.pk]) in shown
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_no_page_shows_a_single_opinion_before_its_time(twice, both, rate, sam_client):
    decide(both[0], rate(text="Is it so?"), note="Hm, hm.")
    for url in (f"{AGREEMENT}1/change/", f"{AGREEMENT}1/history/", AGREEMENT):
        assert "Hm, hm." not in sam_client.get(url, follow=True).content.decode()
