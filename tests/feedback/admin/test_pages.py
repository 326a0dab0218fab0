"""Who of the staff gets which page of the admin: all of them, walked from its map of addresses.

A page that no table here knows fails `test_every_page_has_a_rule`. Adding one is a line.
"""

from uuid import uuid4

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group

from chatapp.models import Assistant, Conversation, Message, User
from feedback.models import (
    BulkChange,
    Category,
    Delivery,
    Export,
    Mention,
    Opinion,
    Rating,
    Reason,
    Review,
    StaffAccess,
)
from tests.architecture.urlmap import Route, routes
from tests.feedback.conftest import ROLES
from tests.fixtures.access_reason import say_why

pytestmark = pytest.mark.sqlite

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
    "feedback_rating_export_count": LEAD,
    "feedback_opinion_changelist": DECIDERS,
    "feedback_mention_changelist": READERS,
    **model("feedback_bulkchange", LEAD),
    **model("feedback_export", LEAD),
    **model("feedback_reason", READERS, add=LEAD),
    **model("feedback_category", READERS, add=LEAD),
    **model("feedback_staffaccess", LEAD),
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
    **model("mfa_authenticator", NOBODY),
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
    "feedback_staffaccess_reason": EVERYBODY,
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
    bulk = BulkChange.objects.prepare(rita, Review.objects.all(), status="fixed")
    StaffAccess.objects.record(rita, rating)
    talk, assistant = rating.message.conversation, Assistant.objects.get()
    return {
        "feedback_rating_undo": act.id,
        "feedback_rating_bulk": bulk.pk,
        "feedback_rating": rating.pk,
        "feedback_bulkchange": bulk.pk,
        "feedback_export": Export.objects.create(by=rita, form="csv").pk,
        "feedback_reason": Reason.objects.all()[0].pk,
        "feedback_category": Category.objects.all()[0].pk,
        "feedback_staffaccess": StaffAccess.objects.get().pk,
        "feedback_delivery": Delivery.objects.get().pk,
        "chatapp_assistant": assistant.pk,
        "chatapp_promptversion": assistant.versions.all()[0].pk,
        "chatapp_conversation": talk.pk,
        "chatapp_message": rating.message_id,
        "chatapp_user": alice.pk,
        "auth_user": alice.pk,
        "account_emailaddress": EmailAddress.objects.create(user=alice, email="a@example.org").pk,
        "mfa_authenticator": Authenticator.objects.create(user=alice, type="totp", data={}).pk,
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
    url = address(ADMIN["feedback_staffaccess_changelist"], ids)
    assert client.get(url).status_code == 200
    User.objects.get(username="the-lead").groups.clear()
    assert client.get(url).status_code == 403


# What was said is seen after it was said what for, and not before

WORD = "xylograph"
OF_REVIEW = {
    *("feedback_rating_changelist", "feedback_rating_change", "feedback_rating_queue"),
    *("feedback_opinion_changelist", "feedback_mention_changelist"),
}
# Django's history of these leads to the thing itself.
OF_WHOLE = {f"chatapp_{kind}" for kind in ("conversation_change", "conversation_history")}
OF_WHOLE |= {f"chatapp_{kind}" for kind in ("message_change", "message_history")}
LISTS = {"chatapp_conversation_changelist", "chatapp_message_changelist"}
UNASKED = {"whole": OF_REVIEW, "always": NOBODY, "never": OF_REVIEW | OF_WHOLE | LISTS}
LOOKED_AT = {*PAGES, "index"}


@pytest.fixture
def everything_said(ids, rate, rita):
    """everything_said(person): has this word in it, and one note of it is for this person."""

    def say(person):
        disputed = rate().review
        said = {"note": WORD, "correction": WORD}
        for by, verdict in ((rita, "agree"), (person, "disagree")):
            Opinion.objects.create(review=disputed, by=by, revision=1, verdict=verdict, **said)
        Review.objects.filter(pk=disputed.pk).update(double_review="differing")
        Conversation.objects.update(title=WORD)
        Message.objects.update(text=f"{WORD}!")
        Rating.objects.update(comment=WORD, correction=WORD)
        Rating.objects.get(pk=ids["feedback_rating"]).review.decide(rita, **said)
        Mention.objects.create(to=person, by=rita, review=disputed, act=uuid4())
        Review.objects.update(**said)

    return say


@pytest.fixture
def reader(member, client_of, sam, everything_said):
    """reader("lead"): their browser, with what they may see. Of "sam" that is everything."""

    def reader(role):
        client = client_of(sam) if role == "sam" else member(role)
        everything_said(sam if role == "sam" else User.objects.get(username=f"the-{role}"))
        return client, {name for name, who in PAGES.items() if role in who | {"sam"}}

    return reader


# Who sees least and most in the fast tests, the rest in the slow ones: each opens every page.
ALL_WHO_READ = [
    "sam",
    *(pytest.param(role, marks=pytest.mark.slow) for role in [*ROLES, ""] if role != "viewer"),
    "viewer",
]


def pages_with_the_word(client, ids, names=frozenset(LOOKED_AT)):
    return {
        name for name in names if WORD in client.get(address(ADMIN[name], ids), follow=True).text
    }


@pytest.mark.parametrize("role", ALL_WHO_READ)
@pytest.mark.parametrize("asks", UNASKED)
def test_no_page_shows_what_was_said_before_the_reason(role, asks, reader, ids, settings):
    settings.STAFF_ACCESS_REASON = asks
    client, may = reader(role)
    assert pages_with_the_word(client, ids) == UNASKED[asks] & may
    for name in LISTS | {"feedback_rating_changelist"}:
        assert name in UNASKED[asks] or WORD not in client.post(address(ADMIN[name], ids)).text


@pytest.mark.parametrize("role", ALL_WHO_READ)
def test_what_was_said_is_shown_as_far_as_the_reason_goes(role, reader, ids, settings):
    settings.STAFF_ACCESS_REASON = "always"
    client, may = reader(role)
    say_why(client, "review")
    assert pages_with_the_word(client, ids, names=UNASKED["never"]) == OF_REVIEW & may
    say_why(client, ids["chatapp_conversation"])
    shown = pages_with_the_word(client, ids, names=UNASKED["never"])
    assert shown == (OF_REVIEW | OF_WHOLE) & may


@pytest.mark.parametrize("kind", ["conversation", "message"])
@pytest.mark.parametrize("asked", ["title__startswith", "text__contains", "images__0__alt"])
def test_nor_is_it_found_out_by_guessing_in_an_address(reader, ids, kind, asked):
    client, _may = reader("sam")
    changelist = address(ADMIN[f"chatapp_{kind}_changelist"], ids)
    assert client.get(changelist, {asked: WORD}).status_code in (302, 400)
    assert not client.get(changelist, {"q": WORD}).context["cl"].result_list


def test_nor_by_counting_what_matches(reader, ids, settings):
    settings.STAFF_ACCESS_REASON = "always"
    client, _may = reader("lead")
    counts = address(ADMIN["feedback_rating_counts"], ids)
    assert client.get(counts, {"q": WORD}).json() == {"numbers": {}, "note": ""}
    say_why(client, "review")
    assert client.get(counts, {"q": WORD}).json()["numbers"]


@pytest.mark.parametrize(
    ("model", "field"),
    [("message", "conversation"), ("message", "parent"), ("conversation", "head")],
)
def test_nor_where_a_form_would_complete_it(reader, ids, model, field):
    client, _may = reader("sam")
    asked = {"app_label": "chatapp", "model_name": model, "field_name": field, "term": ""}
    assert client.get("/admin/autocomplete/", asked).status_code == 404


@pytest.mark.parametrize("kind", ["user", "assistant"])
def test_nor_where_it_would_be_deleted_along(reader, ids, kind):
    """Django's own page names each thing that goes."""
    client, _may = reader("sam")
    chosen = {"action": "delete_selected", "_selected_action": ids[f"chatapp_{kind}"], "index": 0}
    page = client.post(address(ADMIN[f"chatapp_{kind}_changelist"], ids), chosen).text
    page += client.get(address(ADMIN[f"chatapp_{kind}_delete"], ids)).text
    assert "onversation" in page  # how many go, or that they are in the way
    assert WORD not in page
