"""Filtered lists by name: who sees, shares and deletes them."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from chatapp.models import User
from feedback.models import SavedFilter

LIST = reverse("admin:feedback_rating_changelist")
SAVE = reverse("admin:feedback_rating_save_filter")


def forget(one):
    return reverse("admin:feedback_rating_forget_filter", args=[one.pk])


@pytest.fixture
def lead(rita):
    lead = User.objects.create_user("lena", is_staff=True)
    lead.user_permissions.set(rita.user_permissions.all())
    lead.user_permissions.add(Permission.objects.get(codename="manage_reviews"))
    return lead


def names(client):
    return [str(one["filter"]) for one in client.get(LIST).context["saved"]]


def test_a_filtered_list_is_saved_without_its_page_and_opened_again(rita_client, rita, rate):
    wanted = rate(1, comment="Nice.")
    rate(-1)
    data = {"name": "Praise", "query": "thumb=up&p=3&comment=yes&_facets=1"}
    response = rita_client.post(SAVE, data)
    assert response["Location"] == f"{LIST}?comment=yes&thumb=up"
    one = SavedFilter.objects.get(owner=rita)
    page = rita_client.get(f"{LIST}?{one.query}")
    assert [row.pk for row in page.context["cl"].result_list] == [wanted.pk]
    assert (
        '<a href="?comment=yes&amp;thumb=up" aria-current="true">Praise</a>'
        in page.content.decode()
    )
    assert 'aria-current="true"' not in rita_client.get(LIST).content.decode()


def test_a_name_is_used_once_and_its_filter_replaced(rita_client):
    for query in ("thumb=up", "thumb=down"):
        rita_client.post(SAVE, {"name": "Mine", "query": query})
    assert SavedFilter.objects.get().query == "thumb=down"


@pytest.mark.parametrize(
    "data", [{"name": " "}, {"name": "x" * 61}, {"name": "a", "query": "q" * 1001}]
)
def test_what_has_no_name_or_no_measure_is_refused_in_words(rita_client, data):
    page = rita_client.post(SAVE, {"query": "", **data}, follow=True)
    assert "A filter needs a name" in page.content.decode()
    assert not SavedFilter.objects.exists()


def test_ones_own_are_for_oneself(rita_client, lead, client_of):
    rita_client.post(SAVE, {"name": "Mine", "query": "thumb=up"})
    assert names(rita_client) == ["Mine"]
    assert names(client_of(lead)) == []


def test_only_a_lead_shares(rita_client, lead, client_of):
    rita_client.post(SAVE, {"name": "Mine", "query": "", "is_shared": "on"})
    assert not SavedFilter.objects.get().is_shared
    client_of(lead).post(SAVE, {"name": "Ours", "query": "thumb=down", "is_shared": "on"})
    assert names(rita_client) == ["Mine", "Ours"]
    assert 'name="is_shared"' not in rita_client.get(LIST).content.decode()


def test_ones_own_is_deleted_and_the_list_stays(rita_client):
    rita_client.post(SAVE, {"name": "Mine", "query": "thumb=up"})
    response = rita_client.post(forget(SavedFilter.objects.get()), {"query": "thumb=down&p=2"})
    assert response["Location"] == f"{LIST}?thumb=down"
    assert not SavedFilter.objects.exists()


def test_a_lead_deletes_what_is_shared_and_nobody_elses_own(rita, rita_client, lead, client_of):
    own = SavedFilter.objects.create(owner=rita, name="Own")
    shared = SavedFilter.objects.create(owner=lead, name="Shared", is_shared=True)
    assert rita_client.post(forget(shared)).status_code == 404
    assert client_of(lead).post(forget(own)).status_code == 404
    other = User.objects.create_user("leo", is_staff=True)
    other.user_permissions.set(lead.user_permissions.all())
    assert client_of(other).post(forget(shared)).status_code == 302
    assert list(SavedFilter.objects.all()) == [own]


def test_an_address_in_a_filter_leads_nowhere_else(rita_client):
    response = rita_client.post(SAVE, {"name": "x", "query": "//elsewhere.example/?a=b"})
    assert response["Location"].startswith(f"{LIST}?")


def test_who_may_not_see_the_list_saves_nothing(client_of, alice):
    clerk = User.objects.create_user("clerk", is_staff=True)
    assert client_of(clerk).post(SAVE, {"name": "x", "query": ""}).status_code == 403
    assert client_of(alice).post(SAVE, {"name": "x", "query": ""}).status_code == 302
    assert not SavedFilter.objects.exists()


def test_looking_saves_and_deletes_nothing(rita, rita_client):
    one = SavedFilter.objects.create(owner=rita, name="Own")
    assert rita_client.get(SAVE).status_code == 405
    assert rita_client.get(forget(one)).status_code == 405
    assert SavedFilter.objects.exists()
