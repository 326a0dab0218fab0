"""@name in a note reaches that colleague, and nobody else."""

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chatapp.models import User
from feedback.admin.review.decision_form import latest_change
from feedback.models import BulkChange, Mention, Review
from feedback.models.reviews.mention import names_in

INBOX = reverse("admin:feedback_mention_changelist")
INDEX = reverse("admin:index")


def colleague(name, like):
    person = User.objects.create_user(name, is_staff=True)
    person.user_permissions.set(like.user_permissions.all())
    return person


@pytest.fixture
def rob(rita):
    rita.user_permissions.add(Permission.objects.get(codename="change_review"))
    return colleague("rob", rita)


def page_of(rating):
    return reverse("admin:feedback_rating_change", args=[rating.pk])


def named():
    return set(Mention.objects.values_list("to__username", flat=True))


@pytest.mark.parametrize(
    ("note", "names"),
    [
        ("@rob, look", {"rob"}),
        ("See @rob.b and @ruth_2.", {"rob.b", "ruth_2"}),
        ("(@rob)", {"rob"}),
        ("write to rob@example.org", set()),
        ("@", set()),
        ("@@rob", set()),
        ("@jörg!", {"jörg"}),
    ],
)
def test_names_are_told_from_addresses(note, names):
    assert names_in(note) == names


def test_a_colleague_who_is_named_finds_it_and_is_led_to_the_answer(rita, rob, client_of, rate):
    rating = rate()
    url = reverse("admin:feedback_rating_decide", args=[rating.pk])
    note = {"status": "new", "correction": "", "seen": latest_change(rating.review)}
    client_of(rita).post(url, note | {"note": "@rob, is it so?"})
    client = client_of(rob)
    assert '<strong class="unread-count">1' in client.get(INDEX).content.decode()
    inbox = client.get(INBOX).content.decode()
    assert "rita mentioned you" in inbox
    assert "@rob, is it so?" in inbox
    assert f'href="{page_of(rating)}"' in inbox
    assert client.get(page_of(rating)).status_code == 200
    assert '<strong class="unread-count">' not in client.get(INDEX).content.decode()
    assert "rita mentioned you" in client.get(INBOX).content.decode()


def test_a_page_fetched_ahead_is_not_read(rita, rob, client_of, rate):
    rating = rate()
    rating.review.decide(rita, note="@rob")
    client_of(rob).get(page_of(rating), headers={"Sec-Purpose": "prefetch"})
    assert Mention.objects.unread().count() == 1


def test_an_inbox_is_ones_own(rita, rob, client_of, rate):
    rate().review.decide(rita, note="@rob, a secret.")
    ruth = colleague("ruth", rob)
    assert "a secret" not in client_of(ruth).get(INBOX).content.decode()
    client_of(ruth).post(reverse("admin:feedback_mention_read"))
    assert Mention.objects.unread().count() == 1
    client_of(rob).post(reverse("admin:feedback_mention_read"))
    assert Mention.objects.unread().count() == 0


def test_only_staff_who_may_read_ratings_are_told_and_not_oneself(rita, rob, alice, rate):
    User.objects.create_user("clerk", is_staff=True)
    gone = colleague("gone", rob)
    gone.is_active = False
    gone.save()
    rate().review.decide(rita, note="@alice @clerk @gone @nobody @rita @rob")
    assert named() == {"rob"}


def test_a_note_that_is_changed_tells_only_who_is_new_in_it(rita, rob, rate):
    review, _ruth = rate().review, colleague("ruth", rob)
    review.decide(rita, note="@rob")
    review.decide(rita, note="@rob and @ruth")
    assert sorted(Mention.objects.values_list("to__username", flat=True)) == ["rob", "ruth"]


def test_undoing_a_note_takes_back_what_nobody_has_read(rita, rob, rate):
    review = rate().review
    act = review.decide(rita, note="@rob")
    Review.objects.undo(act.id, rita)
    assert not Mention.objects.exists()
    act = review.decide(rita, note="@rob")
    Mention.objects.all().mark_read()
    Review.objects.undo(act.id, rita)
    assert Mention.objects.count() == 1


def test_what_the_person_deleted_is_in_no_inbox(rita, rob, client_of, rate):
    rating = rate()
    rating.review.decide(rita, note="@rob")
    rating.message.conversation.soft_delete()
    client = client_of(rob)
    assert "rita mentioned you" not in client.get(INBOX).content.decode()
    assert '<strong class="unread-count">' not in client.get(INDEX).content.decode()


def test_the_inbox_asks_as_often_for_30_as_for_3(rita, rob, client_of, rate):
    counts, client = [], client_of(rob)
    for number in (3, 27):
        for _ in range(number):
            rate().review.decide(rita, note="@rob")
        with CaptureQueriesContext(connection) as captured:
            client.get(INBOX)
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_many_at_once_are_told_in_one_batch(rita, rob, rate):
    rate(), rate()
    bulk = BulkChange.objects.prepare(rita, Review.objects.all(), note="@rob")
    bulk.work()
    assert Mention.objects.filter(to=rob, act=bulk.pk).count() == 2
