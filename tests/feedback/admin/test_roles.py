"""What each role may do, and that reading is logged; what each may see is in test_admin_pages.py."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from feedback.models import Delivery, Review, ReviewChange, StaffAccess

pytestmark = pytest.mark.sqlite


def test_reviewers_and_leads_decide_and_nobody_else(role, member, rate):
    rating = rate()
    url = reverse("admin:feedback_rating_decide", args=[rating.pk])
    response = member(role).post(url, {"status": "fixed", "seen": 0, "correction": ""})
    may = role in {"reviewer", "lead"}
    assert response.status_code == (302 if may else 403)
    assert Review.objects.get().status == ("fixed" if may else "new")


def test_only_a_lead_decides_on_many_and_undoes_for_others(role, member, rita, rate):
    rating = rate()
    client = member(role)
    data = {"action": "status-fixed", "_selected_action": [rating.pk], "index": "0"}
    client.post(reverse("admin:feedback_rating_changelist"), data)
    assert Review.objects.get().status == ("fixed" if role == "lead" else "new")
    act = rating.review.decide(rita, note="Mine.")
    assert client.post(reverse("admin:feedback_rating_undo", args=[act.id])).status_code == (
        302 if role == "lead" else 403
    )
    assert ReviewChange.objects.filter(undoes__act=act.id).exists() == (role == "lead")


def test_only_an_operator_has_ratings_delivered_again(role, member, rate):
    rate()
    Delivery.objects.update(state=Delivery.State.FAILED)
    member(role).post(reverse("admin:feedback_delivery_retry_failed"))
    assert Delivery.objects.get().state == ("due" if role == "operator" else "failed")


def test_making_the_roles_again_keeps_what_a_team_added(roles, make_roles):
    group = Group.objects.get(name="viewer")
    before = group.permissions.count()
    make_roles()
    assert (Group.objects.count(), group.permissions.count()) == (4, before)


# Reading is logged


def test_reading_a_rated_answer_is_logged(rita, rita_client, rate):
    rating = rate()
    rita_client.get(reverse("admin:feedback_rating_changelist"))
    assert not StaffAccess.objects.exclude(what="list").exists()
    rita_client.get(reverse("admin:feedback_rating_change", args=[rating.pk]))
    reading = StaffAccess.objects.get(what="rated")
    assert (reading.reader, reading.rating) == (rita, rating)


def test_who_is_refused_reads_nothing(member, rate):
    url = reverse("admin:feedback_rating_change", args=[rate().pk])
    assert member("operator").get(url).status_code == 403
    assert not StaffAccess.objects.exists()


def test_the_log_outlives_what_was_read_and_nobody_edits_it(sam_client, alice, rate):
    rating = rate()
    sam_client.get(reverse("admin:feedback_rating_change", args=[rating.pk]))
    alice.delete()
    reading = StaffAccess.objects.get()
    assert reading.rating is None
    url = reverse("admin:feedback_staffaccess_change", args=[reading.pk])
    assert sam_client.post(url, {"was_ahead": "on"}).status_code == 403
    delete = reverse("admin:feedback_staffaccess_delete", args=[reading.pk])
    assert sam_client.post(delete, {"post": "yes"}).status_code == 403
