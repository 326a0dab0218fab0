"""Where ratings are switched off: no thumbs, a refusal in words, and what is there stays."""

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chatapp.models import User
from feedback import rating_flow
from feedback.models import Delivery, GroupRules, Rating
from tests.fixtures.people import HTMX, answered, ended

pytestmark = pytest.mark.sqlite


@pytest.fixture
def answer(alice):
    return answered(alice)


@pytest.fixture
def url(answer):
    return reverse("rating", args=[answer.pk])


def silence(person, may_rate=False):
    group = Group.objects.create(name=f"group {Group.objects.count()}")
    GroupRules.objects.create(group=group, may_rate=may_rate)
    person.groups.add(group)
    return group


@pytest.fixture(params=["site", "group"])
def off(request, settings, alice):
    if request.param == "site":
        settings.RATINGS = False
    else:
        silence(alice)


def page_of(client, answer):
    return client.get(answer.conversation.get_absolute_url()).text


def test_there_are_no_thumbs(client_of, alice, answer, off):
    page = page_of(client_of(alice), answer)
    assert "Rayleigh" in page
    assert "Good answer" not in page and "Bad answer" not in page


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
@pytest.mark.parametrize("value", ["1", "-1", "0"])
def test_a_rating_is_refused_in_words(client_of, alice, url, off, headers, value):
    refusal = client_of(alice).post(url, {"value": value}, headers=headers)
    assert refusal.status_code == 403
    assert "Ratings are switched off." in refusal.text
    assert not Rating.objects.exists()


def test_what_was_rated_stays_and_goes_on_to_helicone(client_of, alice, answer, url, off):
    rating = rating_flow.rate(answer, alice, -1)
    client = client_of(alice)
    assert client.post(url, {"value": "1"}, headers=HTMX).status_code == 403
    why = client.post(reverse("reasons", args=[answer.pk]), {"comment": "So."}, headers=HTMX)
    assert why.status_code == 403
    rating.refresh_from_db()
    assert (rating.value, rating.comment) == (-1, "")
    assert Delivery.objects.get(rating=rating).state == Delivery.State.DUE
    page = page_of(client, answer)
    assert "You found this answer bad." in page and "Withdraw rating" in page
    assert "Say why" not in page and "Good answer" not in page


def test_it_can_be_withdrawn(client_of, alice, answer, url, off):
    rating_flow.rate(answer, alice, 1)
    client = client_of(alice)
    assert "Withdraw rating" in client.get(url, headers=HTMX).text
    fragment = client.post(url, {"value": "0"}, headers=HTMX)
    assert Rating.objects.get().value is None
    assert f'id="rating-{answer.pk}"' in fragment.text
    assert "<button" not in fragment.text
    assert "Withdraw" not in page_of(client, answer)


def test_who_asks_for_the_question_why_gets_none(client_of, alice, answer, off):
    rating_flow.rate(answer, alice, 1)
    page = (
        client_of(alice).get(f"{answer.conversation.get_absolute_url()}?reasons={answer.pk}").text
    )
    assert "What was good about it?" not in page


def test_off_for_all_the_page_names_no_readers_of_ratings(client_of, alice, answer, settings):
    assert "Rated answers are read" in page_of(client_of(alice), answer)
    settings.RATINGS = False
    assert "Rated answers are read" not in page_of(client_of(alice), answer)


def test_guests_are_asked_unless_nobody_is(client_of, settings, db):
    guest = User.objects.create_guest()
    answer = answered(guest)
    assert "Good answer" in page_of(client_of(guest), answer)
    settings.RATINGS = False
    assert "Good answer" not in page_of(client_of(guest), answer)


def test_a_group_speaks_for_its_own_people_alone(client_of, alice, bob, url):
    silence(bob)
    silence(alice, may_rate=True)
    assert client_of(alice).post(url, {"value": "1"}, headers=HTMX).status_code == 200


def test_of_two_groups_the_one_that_may_not_decides(client_of, alice, url):
    silence(alice, may_rate=True)
    silence(alice)
    assert client_of(alice).post(url, {"value": "1"}, headers=HTMX).status_code == 403


def test_a_superuser_has_every_permission_but_is_switched_off_by_a_group_only(client_of, sam):
    answer = answered(sam)
    assert "Good answer" in page_of(client_of(sam), answer)
    silence(sam)
    assert "Good answer" not in page_of(client_of(sam), answer)


def test_a_page_learns_it_with_the_conversation_and_a_fragment_with_one_query(
    client_of, alice, answer
):
    def queries(ask):
        with CaptureQueriesContext(connection) as asked:
            assert ask().status_code == 200
        sql = [query["sql"].lower() for query in asked if "may_rate" in query["sql"]]
        return len(sql), len([one for one in sql if "chatapp_conversation" not in one])

    for number in range(5):
        ended(answer.conversation.ask(f"Question {number}"), "An answer")
    client = client_of(alice)
    assert queries(lambda: client.get(answer.conversation.get_absolute_url())) == (1, 0)
    turn = reverse("show", args=[answer.pk])
    assert queries(lambda: client.post(turn, headers=HTMX)) == (1, 1)


def test_a_box_on_the_groups_page_switches_them_off(client_of, sam, alice, url):
    group = Group.objects.create(name="pilot")
    alice.groups.add(group)
    page = reverse("admin:auth_group_change", args=[group.pk])
    assert "may rate answers" in client_of(sam).get(page).text.lower()
    inline = {"chat_rules-TOTAL_FORMS": 1, "chat_rules-INITIAL_FORMS": 0}
    saved = client_of(sam).post(page, {"name": "pilot", **inline, "chat_rules-0-group": group.pk})
    assert saved.status_code == 302
    assert client_of(alice).post(url, {"value": "1"}, headers=HTMX).status_code == 403


def test_a_group_that_is_saved_as_it_is_changes_nothing(client_of, sam):
    page = reverse("admin:auth_group_add")
    inline = {"chat_rules-TOTAL_FORMS": 1, "chat_rules-INITIAL_FORMS": 0}
    client_of(sam).post(page, {"name": "new", **inline, "chat_rules-0-may_rate": "on"})
    assert Group.objects.filter(name="new").exists()
    assert not GroupRules.objects.exists()
