"""A change of all that is filtered: told beforehand, done by batches, undone as one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from feedback.models import BulkChange, Review, ReviewChange
from feedback.models.reviews import bulk_change as bulk_module

LIST = reverse("admin:feedback_rating_changelist")
HTMX = {"HX-Request": "true"}


def at(bulk):
    return reverse("admin:feedback_rating_bulk", args=[bulk.pk])


def undo_at(bulk):
    return reverse("admin:feedback_rating_undo", args=[bulk.pk])


def choose_all(client, action, query="", **data):
    """What the list sends for all that is filtered, not only for what is on its page."""
    data = {"action": action, "select_across": "1", "_selected_action": ["1"], "index": "0", **data}
    response = client.post(LIST + query, data)
    bulk = BulkChange.objects.get(begun_at=None)
    assert response["Location"] == at(bulk)
    return bulk


def statuses():
    return list(Review.objects.order_by("pk").values_list("status", flat=True))


@pytest.fixture
def small_batches(monkeypatch):
    """Batches of two, one a request: what 10,000 take, a handful does."""
    monkeypatch.setattr(bulk_module, "BATCH", 2)
    monkeypatch.setattr(BulkChange.work, "__defaults__", (0,))


def test_it_says_how_many_and_by_which_filter_before_anything_happens(sam_client, rate):
    for value in (-1, -1, 1):
        rate(value)
    bulk = choose_all(sam_client, "status-no-action", "?thumb=down")
    page = sam_client.get(at(bulk)).content.decode()
    assert "exactly 2 rated answers" in page
    assert "thumb: down" in page
    assert "Change 2 reviews" in page
    assert statuses() == ["new"] * 3


def test_it_changes_what_was_counted_and_nothing_that_came_since(sam_client, rate):
    rate()
    bulk = choose_all(sam_client, "status-fixed", "?status=new")
    rate()
    page = sam_client.post(at(bulk), follow=True).content.decode()
    assert "1 review was changed." in page
    assert statuses() == ["fixed", "new"]


def test_it_goes_on_request_by_request_and_says_how_far_it_is(sam_client, rate, small_batches):
    for _ in range(5):
        rate()
    bulk = choose_all(sam_client, "status-fixed")
    first = sam_client.post(at(bulk), follow=True).content.decode()
    assert "2 of 5 are done." in first
    assert 'hx-trigger="load, submit"' in first
    assert statuses().count("fixed") == 2
    second = sam_client.post(at(bulk), headers=HTMX).content.decode()
    assert "4 of 5 are done." in second
    assert "<html" not in second
    last = sam_client.post(at(bulk), headers=HTMX).content.decode()
    assert "5 reviews were changed." in last
    assert "hx-trigger" not in last
    assert statuses() == ["fixed"] * 5


def test_all_of_it_is_one_act_and_undone_as_one(sam_client, rate, small_batches):
    for _ in range(5):
        rate()
    bulk = choose_all(sam_client, "status-fixed")
    for _ in range(3):
        sam_client.post(at(bulk))
    assert set(ReviewChange.objects.values_list("act", flat=True)) == {bulk.pk}
    assert "5 reviews" in sam_client.get(undo_at(bulk)).content.decode()
    first = sam_client.post(undo_at(bulk), follow=True)
    assert "2 of 5 are done." in first.content.decode()
    undoing = BulkChange.objects.get(undoes=bulk.pk)
    for _ in range(2):
        page = sam_client.post(at(undoing), follow=True).content.decode()
    assert "5 reviews were restored." in page
    assert statuses() == ["new"] * 5


def test_undoing_in_the_middle_stops_the_rest(sam_client, rate, small_batches):
    for _ in range(5):
        rate()
    bulk = choose_all(sam_client, "status-fixed")
    sam_client.post(at(bulk))
    sam_client.post(undo_at(bulk))
    sam_client.post(at(bulk))
    assert statuses() == ["new"] * 5
    assert "2 reviews were changed." in sam_client.get(at(bulk)).content.decode()


def test_what_somebody_decided_since_is_left_alone_and_said(sam_client, rita, rate):
    first = rate()
    rate()
    bulk = choose_all(sam_client, "status-fixed")
    sam_client.post(at(bulk))
    first.review.decide(rita, status="needs-work")
    page = sam_client.post(undo_at(bulk), follow=True).content.decode()
    assert "1 review was restored." in page
    assert "1 was changed again since" in page
    assert statuses() == ["needs-work", "new"]


def test_the_key_for_undo_asks_before_it_undoes_a_bulk(sam_client, rate):
    rate()
    bulk = choose_all(sam_client, "status-fixed")
    sam_client.post(at(bulk))
    response = sam_client.post(reverse("admin:feedback_rating_undo_last"))
    assert response["Location"] == undo_at(bulk)
    assert statuses() == ["fixed"]


def test_two_windows_do_no_batch_twice(sam, rate, small_batches):
    for _ in range(5):
        rate()
    bulk = BulkChange.objects.prepare(sam, Review.objects.all(), status="fixed")
    other = BulkChange.objects.get(pk=bulk.pk)
    done = [window.work_once() for window in (bulk, other, bulk, other)]
    assert done == [True, True, True, False]
    bulk.refresh_from_db()
    assert (bulk.total, bulk.done, bulk.changed, ReviewChange.objects.count()) == (5, 5, 5, 5)


def test_nobody_but_its_maker_goes_on_with_it(sam, client_of, rate, django_user_model):
    rate()
    bulk = BulkChange.objects.prepare(sam, Review.objects.all(), status="fixed")
    other = django_user_model.objects.create_superuser("other")
    assert client_of(other).post(at(bulk)).status_code == 403
    assert client_of(other).get(at(bulk)).status_code == 200
    assert statuses() == ["new"]


def test_a_batch_asks_as_often_for_30_as_for_3(sam, rate):
    counts = []
    for number in (3, 27):
        for _ in range(number):
            rate()
        bulk = BulkChange.objects.prepare(sam, Review.objects.all(), status="fixed")
        Review.objects.update(status="new")
        with CaptureQueriesContext(connection) as captured:
            bulk.work_once()
        assert set(statuses()) == {"fixed"}
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_the_list_of_bulk_changes_leads_to_each(sam_client, rate):
    rate()
    bulk = choose_all(sam_client, "status-fixed")
    page = sam_client.get(reverse("admin:feedback_bulkchange_changelist")).content.decode()
    assert "status: fixed" in page
    url = reverse("admin:feedback_bulkchange_change", args=[bulk.pk])
    assert sam_client.get(url)["Location"] == at(bulk)
