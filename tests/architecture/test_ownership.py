"""What is somebody else's can't be found: at every URL there is, for every method it takes.

A URL that no table here knows fails `test_every_url_has_a_rule`. Adding one is a line.
"""

from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.forms.models import model_to_dict

from chatapp.images import storage
from chatapp.images.processing import process
from chatapp.models import Conversation, Message, User
from feedback import rating_flow
from feedback.models import Rating
from tests.architecture.urlmap import Route, routes
from tests.fixtures.pictures import picture


@dataclass(frozen=True)
class Owned:
    """What its owner gets, by method: a status, for what isn't listed 405."""

    of: str
    get: int = 405
    post: int = 405
    data: dict[str, Any] = field(default_factory=dict)
    has_head: bool = True

    @property
    def statuses(self) -> dict[str, int]:
        return {"get": self.get, "head": self.get if self.has_head else 405, "post": self.post}


OWNED = {
    "conversation": Owned("conversation", get=200, post=303, data={"message": "And then?"}),
    "rename": Owned("conversation", post=303, data={"title": "Renamed"}),
    "title": Owned("conversation", get=303),
    "export_md": Owned("conversation", get=200),
    "export_json": Owned("conversation", get=200),
    "take_back": Owned("conversation", post=200),  # the page, with the text in its field
    "share": Owned("conversation", post=303),
    "unshare": Owned("conversation", post=303),
    "pin": Owned("conversation", post=303),
    "archive": Owned("conversation", post=303),
    "delete": Owned("conversation", post=303),
    "restore": Owned("conversation", post=404),  # of what isn't deleted; see test_keeping.py
    "stream": Owned("answer", get=200, has_head=False),
    "stop": Owned("answer", post=303),
    "retry": Owned("answer", post=409),  # a finished answer can't be tried again
    "source": Owned("answer", get=200),
    "message": Owned("answer", get=303),
    "image": Owned("question", get=200),
    "edit": Owned("question", get=200, post=303, data={"message": "Put otherwise?"}),
    "regenerate": Owned("answer", post=303),
    "show": Owned("answer", post=303),
    "rating": Owned("answer", get=303, post=303, data={"value": "1"}),
    "copied": Owned("answer", post=204),
    "reasons": Owned("answer", post=303, data={"comment": "Good."}),
    "dismiss": Owned("answer", post=303),
}
# For everybody, with nothing of anybody's in it.
OPEN = {"home", "disclosure", "health", "ready", "conversations", "archived", "deleted", "search"}
# A choice of this browser, in a cookie of its own.
SWITCHES = {"theme", "language"}
# Not there but for a machine that knows a secret.
TOKEN = {"metrics"}
# For whoever was given the link; see test_sharing.py.
LINKED = {"shared"}
# Of one's own account, without an id: a visitor is sent to sign in.
SIGNED_IN = {
    "account_profile",
    "account_data",
    "account_requests",
    "account_delete",
    "account_email",
    "account_change_password",
    "account_set_password",
    "account_reauthenticate",
    "account_sessions",
    "mfa_index",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes",
    "mfa_add_webauthn",
}
# Of these, what only reads takes no post: in front of that, it doesn't matter who asks.
READ_ONLY = {"account_data", "account_requests", "mfa_index", "mfa_view_recovery_codes"}
READ_ONLY |= {"mfa_download_recovery_codes"}
# The ways in, and the links of mails, which are signed.
ENTRANCE = {
    "account_login",
    "mfa_authenticate",
    "mfa_list_webauthn",
    "account_logout",
    "account_signup",
    "account_inactive",
    "account_email_verification_sent",
    "account_confirm_email",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
}
# A passkey of one's own, by its number; see test_second_factor.py.
NUMBERED = {"mfa_remove_webauthn"}
GROUPS = {"admin"}  # Django's own rules: staff only

ALL = routes()
OWNED_ROUTES = [route for route in ALL if route.name in OWNED]
METHODS = ["get", "head", "post", "put", "patch", "delete", "options"]
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def called(owned: list[Route]) -> Any:
    return pytest.mark.parametrize("route", owned, ids=lambda route: route.name)


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def conversation(alice, talk):
    return illustrated(talk(alice))


def illustrated(conversation: Conversation) -> Conversation:
    """With an image in its question."""
    image = process(BytesIO(picture()), "cat.png")
    kept = storage.save_images(conversation.pk, [image])
    conversation.messages.filter(role="user").update(images=kept)
    return conversation


@pytest.fixture
def rating(alice, conversation) -> Rating:
    return rating_flow.rate(conversation.path()[-1], alice, 1)


@pytest.fixture
def url_of(conversation, rating):
    """The URL of a route, with the id of what alice owns."""
    return lambda route: route.with_id(id_of(route, conversation))


def id_of(route: Route, conversation: Conversation) -> UUID:
    question, answer = conversation.path()
    ids = {"conversation": conversation.pk, "question": question.pk, "answer": answer.pk}
    return ids[OWNED[route.name].of]


def everything() -> list[Any]:
    """All that could have been changed."""
    return [
        [model_to_dict(row) for row in model._base_manager.order_by("pk")]
        for model in (Conversation, Message, Rating)
    ]


def test_every_url_has_a_rule():
    known = set(OWNED) | OPEN | SWITCHES | TOKEN | LINKED | SIGNED_IN | ENTRANCE | NUMBERED
    assert [r for r in ALL if r.name not in known and r.group not in GROUPS] == []
    assert known <= {route.name for route in ALL}, "A rule for a URL that is gone."


def test_every_url_with_an_id_is_somebodys():
    """Only what a mail carries may have an id without an owner."""
    with_id = {r.name for r in ALL if "<" in r.path and r.group not in GROUPS}
    links = {"account_confirm_email", "account_reset_password_from_key"}
    assert with_id - links - LINKED - NUMBERED == set(OWNED)


@called(OWNED_ROUTES)
@pytest.mark.parametrize("method", METHODS)
def test_the_owner_gets_what_each_method_gives(route, method, alice, client_of, url_of):
    rule = OWNED[route.name]
    wanted = rule.statuses.get(method, 405)
    data = rule.data if method == "post" else None
    assert getattr(client_of(alice), method)(url_of(route), data).status_code == wanted


@called(OWNED_ROUTES)
def test_a_guest_owns_as_well(route, talk, client_of):
    guest = User.objects.create_guest()
    conversation = illustrated(talk(guest))
    rating_flow.rate(conversation.path()[-1], guest, -1)
    rule = OWNED[route.name]
    method, wanted = ("get", rule.get) if rule.get != 405 else ("post", rule.post)
    data = rule.data if method == "post" else None
    assert (
        getattr(client_of(guest), method)(
            route.with_id(id_of(route, conversation)), data
        ).status_code
        == wanted
    )


@called(OWNED_ROUTES)
@pytest.mark.parametrize("htmx", [False, True], ids=["page", "htmx"])
@pytest.mark.parametrize("who", ["bob", "rita", "sam", "guest", "visitor"])
def test_to_anybody_else_it_does_not_exist(route, htmx, who, request, client_of, url_of):
    before = everything()
    people = {"guest": User.objects.create_guest, "visitor": lambda: None}
    stranger = people.get(who, lambda: request.getfixturevalue(who))()
    client = client_of(stranger, headers={"HX-Request": "true"} if htmx else {})
    rule = OWNED[route.name]
    for method, allowed in rule.statuses.items():
        data = rule.data if method == "post" else None
        response = getattr(client, method)(url_of(route), data)
        assert response.status_code == (405 if allowed == 405 else 404)
        assert b"Hi there." not in response.content
    assert everything() == before


@called(OWNED_ROUTES)
def test_what_exists_and_what_never_did_look_the_same(route, bob, client_of, url_of):
    rule = OWNED[route.name]
    method = "get" if rule.get != 405 else "post"
    theirs = getattr(client_of(bob), method)(url_of(route))
    nothing = getattr(client_of(bob), method)(route.with_id(uuid4()))
    assert (theirs.status_code, theirs.content) == (nothing.status_code, nothing.content)


@called(OWNED_ROUTES)
def test_where_guests_are_off_a_visitor_is_sent_to_sign_in(route, settings, client_of, url_of):
    settings.GUESTS = False
    url, rule = url_of(route), OWNED[route.name]
    page = client_of().get(url)
    assert (page.status_code, page.headers["Location"]) == (302, f"/accounts/login/?next={url}")
    if rule.post != 405:
        assert client_of().post(url, rule.data).status_code == 404


@called(OWNED_ROUTES)
def test_where_guests_are_off_an_old_guest_reads_nothing(route, settings, talk, client_of):
    guest = User.objects.create_guest()
    conversation = talk(guest)
    settings.GUESTS = False
    rule = OWNED[route.name]
    url = route.with_id(id_of(route, conversation))
    htmx = client_of(guest, headers={"HX-Request": "true"})
    assert client_of(guest).get(url).status_code == 302
    assert htmx.get(url).status_code == (405 if rule.get == 405 else 404)
    assert htmx.post(url, rule.data).status_code == (405 if rule.post == 405 else 404)


@called([route for route in ALL if route.name in SIGNED_IN])
def test_a_visitor_is_sent_to_sign_in_before_an_account_page(route, client_of):
    url = f"/{route.path}"
    answers = [client_of().get(url)]
    answers += [client_of().post(url)] if route.name not in READ_ONLY else []
    for answer in answers:
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/accounts/login/")


@called([route for route in ALL if route.name in OPEN | ENTRANCE])
def test_an_entrance_shows_nothing_of_anybody(route, conversation, client_of):
    answer = client_of().get(route.with_id("1"), follow=True)
    assert answer.status_code == 200
    assert b"Hello?" not in answer.content
    assert b"alice" not in answer.content


@called([route for route in ALL if route.name in TOKEN])
@pytest.mark.parametrize("who", ["alice", "sam", None])
def test_what_takes_a_secret_does_not_exist_without_it(route, who, request, client_of):
    client = client_of(who and request.getfixturevalue(who))
    forged = client.get(f"/{route.path}", headers={"Authorization": "Bearer "})
    assert (client.get(f"/{route.path}").status_code, forged.status_code) == (404, 404)


# Posts are only taken from our own forms

POSTED = [r for r in ALL if r.name in OWNED and OWNED[r.name].post != 405] + [
    r for r in ALL if r.name in SIGNED_IN | ENTRANCE | SWITCHES | {"home"}
]


@called(POSTED)
def test_a_post_from_elsewhere_is_refused(route, alice, client_of, conversation, url_of):
    before = everything()
    url = url_of(route) if route.name in OWNED else route.with_id("1")
    for person in (alice, None):
        answer = client_of(person, enforce_csrf_checks=True).post(url, {"message": "From afar"})
        assert answer.status_code == 403
        assert "page was open for too long" in answer.content.decode()
    assert everything() == before


# The admin

ADMIN = [route for route in ALL if route.group == "admin"]
ADMIN_WITHOUT_SIGN_IN = {"login", "logout"}


@called([route for route in ADMIN if route.name not in ADMIN_WITHOUT_SIGN_IN])
@pytest.mark.parametrize("who", ["alice", "guest", "visitor"])
def test_the_admin_sends_who_is_not_staff_to_its_login(route, who, request, client_of):
    people = {"guest": User.objects.create_guest, "visitor": lambda: None}
    client = client_of(people.get(who, lambda: request.getfixturevalue(who))())
    url = route.with_id("1")
    for answer in (client.get(url), client.post(url)):
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/admin/login/?next=/admin/")


def test_the_admin_has_something_to_protect():
    assert {"index", "chatapp_user_changelist"} & {route.name for route in ADMIN}


@pytest.mark.parametrize("name", ["login", "logout"])
def test_the_admin_takes_posts_from_its_own_forms_only(name, sam, client_of):
    client = client_of(sam, enforce_csrf_checks=True)
    assert client.post(f"/admin/{name}/").status_code == 403
