"""Taking over what a guest left here, whatever else is there or goes on."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, models

from chatapp import extensions
from chatapp.models import Conversation, User
from feedback import rating_flow
from feedback.models import Rating
from tests.fixtures.patience import DEADLINE

pytestmark = pytest.mark.django_db


def test_the_guest_is_gone_afterwards(alice, talk):
    guest = User.objects.create_guest()
    talk(guest)
    assert alice.adopt(guest.pk) is True
    assert list(User.objects.all()) == [alice]
    assert alice.conversations.count() == 1


def test_a_second_time_there_is_nobody_to_adopt(alice):
    guest = User.objects.create_guest()
    assert [alice.adopt(guest.pk), alice.adopt(guest.pk)] == [True, False]


def test_who_signed_up_is_never_adopted(alice, bob, talk):
    talk(bob)
    assert alice.adopt(bob.pk) is False
    assert bob.conversations.count() == 1


def test_nobody_adopts_oneself():
    guest = User.objects.create_guest()
    assert guest.adopt(guest.pk) is False
    assert User.objects.filter(pk=guest.pk).exists()


def test_of_two_ratings_of_one_answer_ones_own_stays(alice, talk):
    guest = User.objects.create_guest()
    both, only_guest = talk(guest).path()[-1], talk(guest).path()[-1]
    rating_flow.rate(both, guest, -1)
    rating_flow.rate(both, alice, 1)
    rating_flow.rate(only_guest, guest, -1)
    assert alice.adopt(guest.pk) is True
    assert dict(alice.ratings.values_list("message", "value")) == {both.pk: 1, only_guest.pk: -1}
    assert Rating.objects.count() == 2


def test_all_that_can_point_at_a_guest_is_taken_along_or_known_to_go():
    """A new relation to a user fails here until somebody has thought about guests."""
    pointing = {relation.field.model._meta.label for relation in User._meta.related_objects}
    adopted = {"chatapp", *extensions.app_labels()}
    taken = {label for label in pointing if label.split(".")[0] in adopted}
    assert {"chatapp.Conversation", "feedback.Rating"} <= taken
    # Guests have no email and no second factor, never see the admin, and are in no group; the list
    # of their sessions goes with them.
    assert pointing - taken == {
        "account.EmailAddress",
        "admin.LogEntry",
        "mfa.Authenticator",
        "usersessions.UserSession",
    }
    kinds = {
        type(r.field) for r in User._meta.related_objects if r.field.model._meta.label in taken
    }
    assert kinds <= {models.ForeignKey, models.OneToOneField}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round", range(3))
def test_of_two_adoptions_at_once_one_wins_and_nothing_is_lost(round, talk):
    alice, bob = (User.objects.create_user(name) for name in ("alice", "bob"))
    guest = User.objects.create_guest()
    for _ in range(3):
        rating_flow.rate(talk(guest).path()[-1], guest, 1)
    start = Barrier(2)

    def adopt(user: User) -> bool:
        try:
            start.wait(DEADLINE)
            return user.adopt(guest.pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        won = list(pool.map(adopt, (alice, bob)))
    assert sorted(won) == [False, True]
    winner = alice if won[0] else bob
    assert Conversation.objects.filter(user=winner).count() == 3
    assert Rating.objects.filter(user=winner).count() == 3
