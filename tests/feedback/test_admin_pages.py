"""Who of the staff gets which page of the admin: all of them, walked from its map of addresses.

A page that no table here knows fails `test_every_page_has_a_rule`. Adding one is a line.
"""

from uuid import uuid4

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group

from chatapp.models import Assistant, User
from feedback.models import (
    BulkAct,
    Category,
    Delivery,
    Export,
    ReadingLog,
    Reason,
    Review,
)
from tests.feedback.conftest import ROLES
from tests.urlmap import Route, routes

EVERYBODY = set(ROLES) | {""}
READERS = {"viewer", "reviewer", "lead"}
DECIDERS = {"reviewer", "lead"}
LEAD, OPERATOR, NOBODY = {"lead"}, {"operator"}, set[str]()


def model(name: str, view: set[str], **others: set[str]) -> dict[str, set[str]]:
    """The five pages of one model. Who may see the list may see the rest, unless it is said."""
    rules = {"changelist": view, "change": view, "history": view}
    rules |= {"add": NOBODY, "delete": NOBODY} | others
    return {f"{name}_{page}": who for page, who in rules.items()}


# "" is staff without any role.
PAGES: dict[str, set[str]] = {
    **model("feedback_rating", READERS),
    "feedback_rating_counts": READERS,
    "feedback_rating_queue": DECIDERS,
    "feedback_rating_ahead": EVERYBODY,
    "feedback_rating_undo": LEAD,  # of somebody else's decision
    "feedback_rating_bulk": LEAD,
    "feedback_rating_numbers": READERS,
    "feedback_rating_export": LEAD,
    "feedback_opinion_changelist": DECIDERS,
    "feedback_mention_changelist": READERS,
    **model("feedback_bulkact", LEAD),
    **model("feedback_export", LEAD),
    **model("feedback_reason", READERS, add=LEAD),
    **model("feedback_category", READERS, add=LEAD),
    **model("feedback_readinglog", LEAD),
    **model("feedback_delivery", OPERATOR),
    **model("chatapp_assistant", LEAD | OPERATOR, add=OPERATOR),
    **model("chatapp_promptversion", LEAD | OPERATOR, add=OPERATOR),
    **model("chatapp_conversation", LEAD),
    **model("chatapp_message", NOBODY),
    "chatapp_message_image": READERS,
    **model("chatapp_user", NOBODY),
    "auth_user_password_change": NOBODY,
    **model("auth_group", NOBODY),
    **model("account_emailaddress", NOBODY),
}
# What only takes a POST.
DEEDS: dict[str, set[str]] = {
    "feedback_rating_decide": DECIDERS,
    "feedback_rating_undo_last": DECIDERS,
    "feedback_rating_retry": NOBODY,  # a reader and an operator in one
    "feedback_rating_download": LEAD,
    "feedback_rating_save_filter": READERS,
    "feedback_rating_forget_filter": READERS,
    "feedback_mention_read": READERS,
    "feedback_readinglog_reason": EVERYBODY,
    "feedback_delivery_retry_failed": OPERATOR,
    "feedback_delivery_resume": OPERATOR,
}
# Django's own, with nothing of this site in them; and those that only lead to another address.
DJANGOS = {
    *("index", "login", "logout", "password_change", "password_change_done", "jsi18n"),
    *("autocomplete", "view_on_site", "app_list", ""),
}
ADMIN = {route.name: route for route in routes() if route.group == "admin"}


@pytest.fixture
def ids(rate, rita, alice):
    """Of something that is there, for each kind of page."""
    rating = rate()
    act = rating.review.decide(rita, note="Somebody else's.")
    bulk = BulkAct.objects.prepare(rita, Review.objects.all(), status="fixed")
    ReadingLog.objects.note(rita, rating)
    talk, assistant = rating.message.conversation, Assistant.objects.get()
    return {
        "feedback_rating_undo": act.id,
        "feedback_rating_bulk": bulk.pk,
        "feedback_rating": rating.pk,
        "feedback_bulkact": bulk.pk,
        "feedback_export": Export.objects.create(by=rita, form="csv").pk,
        "feedback_reason": Reason.objects.all()[0].pk,
        "feedback_category": Category.objects.all()[0].pk,
        "feedback_readinglog": ReadingLog.objects.get().pk,
        "feedback_delivery": Delivery.objects.get().pk,
        "chatapp_assistant": assistant.pk,
        "chatapp_promptversion": assistant.versions.all()[0].pk,
        "chatapp_conversation": talk.pk,
        "chatapp_message": rating.message_id,
        "chatapp_user": alice.pk,
        "auth_user": alice.pk,
        "account_emailaddress": EmailAddress.objects.create(user=alice, email="a@example.org").pk,
        "auth_group": Group.objects.all()[0].pk,
    }


def address(route: Route, ids: dict[str, object]) -> str:
    """Of the first thing whose name the route's begins with."""
    pk = next((pk for name, pk in ids.items() if route.name.startswith(name)), uuid4())
    return route.with_id(str(pk))


def test_every_page_has_a_rule():
    known = set(PAGES) | set(DEEDS) | DJANGOS
    assert set(ADMIN) - known == set(), "A page without a rule."
    assert known - set(ADMIN) == set(), "A rule for a page that is gone."


@pytest.mark.parametrize("role", [*ROLES, ""])
def test_each_role_gets_its_pages_and_no_other(role, member, ids):
    client, got = member(role), {}
    for name in PAGES:
        got[name] = client.get(address(ADMIN[name], ids)).status_code
    assert {name for name, status in got.items() if status != 403} == {
        name for name, who in PAGES.items() if role in who
    }
    assert got.pop("chatapp_message_image") in (403, 404)  # there is none in that message
    assert set(got.values()) <= {200, 302, 403}


@pytest.mark.parametrize("role", [*ROLES, ""])
def test_each_role_does_its_deeds_and_no_other(role, member, ids):
    client, got = member(role), {}
    for name in DEEDS:
        url = address(ADMIN[name], ids)
        assert client.get(url).status_code in (403, 405)
        got[name] = client.post(url).status_code
    assert {name for name, status in got.items() if status != 403} == {
        name for name, who in DEEDS.items() if role in who
    }
    # Neither a filter of its own to forget nor a form of the file is named.
    for name in ("feedback_rating_forget_filter", "feedback_rating_download"):
        assert got.pop(name) in (403, 404)
    assert set(got.values()) <= {200, 302, 403}


@pytest.mark.parametrize("name", sorted(PAGES | DEEDS))
def test_whoever_is_not_staff_is_sent_to_sign_in(name, client, db):
    response = client.get(ADMIN[name].with_id(str(uuid4())))
    assert response.status_code == 302
    assert response["Location"].startswith("/admin/login/")


def test_a_role_that_is_taken_away_takes_its_pages_along(member, ids, client_of):
    client = member("lead")
    url = address(ADMIN["feedback_readinglog_changelist"], ids)
    assert client.get(url).status_code == 200
    User.objects.get(username="the-lead").groups.clear()
    assert client.get(url).status_code == 403
