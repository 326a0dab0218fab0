"""Any fields with any text in any form: an answer below 500, and nothing that raises."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape
from urllib.parse import quote_from_bytes

import pytest
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chatapp.models import Assistant, User
from feedback import rating_flow
from feedback.models import Rating
from tests.fixtures.people import answered

pytestmark = [pytest.mark.sqlite, pytest.mark.slow]

TAG = re.compile(r"<(?:input|textarea|select|button)\b[^>]*>")
OPTION = re.compile(r'<option\b[^>]*\bvalue="([^"]*)"')
NAME, VALUE = re.compile(r'\bname="([^"]*)"'), re.compile(r'\bvalue="([^"]*)"')
# The same on each run: what a longer search finds is fixed, or becomes a test of its own.
LIMITS = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
NASTY = [
    *(
        "",
        " ",
        "\0",
        "a\0b",
        "\ud800",
        "\n",
        "\r\n",
        "x" * 20_000,
        "9" * 400,
        "-1",
        "0",
        "1",
        "2",
        "true",
    ),
    *(
        "1.5",
        "1e400",
        "NaN",
        "٣",
        "{}",
        "[]",
        '{"a": NaN}',
        '{"temperature": 1e400}',
        "[" * 5000,
        "null",
    ),
    *(
        "\u202e",
        "é",
        "𝒳",
        "<b>",
        "%",
        "\\",
        "'",
        "--",
        "0001-01-01",
        "9999-12-31",
        "on",
        "@",
        "a@b.example",
    ),
    "99999999999999999999",
    "00000000-0000-0000-0000-000000000000",
    "-9223372036854775809",
    "http://[",
]
Pairs = list[tuple[str, str | bytes]]


@dataclass(frozen=True)
class Form:
    """Where it is posted, its page, from which names and usual values are read, and its sender."""

    name: str
    person: str
    page: str
    post: str = ""
    more: tuple[str, ...] = ()
    method: str = "post"


@pytest.fixture
def rating(alice: User) -> Rating:
    return rating_flow.rate(answered(alice), alice, -1)


@pytest.fixture
def addresses(rating: Rating) -> dict[str, str]:
    """What stands for a part of the addresses of FORMS."""
    message = rating.message
    assert message.parent
    assistant = Assistant.objects.get()
    version = assistant.versions.get()
    return {
        "CONVERSATION": message.conversation.get_absolute_url(),
        "ANSWER": f"/m/{message.pk}/",
        "QUESTION": f"/m/{message.parent.pk}/",
        "RATING": f"/admin/feedback/rating/{rating.pk}/",
        "ASSISTANT": f"/admin/chatapp/assistant/{assistant.pk}/",
        "VERSION": f"/admin/chatapp/promptversion/{version.pk}/",
    }


FORMS = [
    Form("composer", "guest", "/", more=("alt", "pending_images", "images", "temporary")),
    Form("next question", "alice", "CONVERSATION", more=("alt", "pending_images", "images")),
    Form("rename", "alice", "CONVERSATIONrename/", more=("title",)),
    Form("take back", "alice", "CONVERSATION", "CONVERSATIONtake-back/", more=("text", "answer")),
    Form("share", "alice", "CONVERSATION", "CONVERSATIONshare/", more=("message", "answer")),
    Form("edit", "alice", "QUESTIONedit/", more=("alt", "pending_images", "images")),
    Form("thumb", "alice", "ANSWERrating/", more=("value",)),
    Form("reasons", "alice", "ANSWERrating/?reasons=1", "ANSWERrating/reasons/", more=("reasons", "comment", "correction")),
    Form("version", "alice", "ANSWERshow/", more=("version",)),
    Form("language", "guest", "/language/", more=("language", "next")),
    Form("theme", "guest", "/theme/", more=("theme", "next")),
    Form("sign-up", "visitor", "/accounts/signup/", more=("password2", "username", "next")),
    Form("sign-in", "visitor", "/accounts/login/", more=("next",)),
    Form("password reset", "visitor", "/accounts/password/reset/"),
    Form("profile", "alice", "/accounts/", more=("name",)),
    Form("email", "alice", "/accounts/email/", more=("email", "action_add", "action_primary")),
    Form("new password", "alice", "/accounts/password/change/"),
    Form("decision", "sam", "RATINGchange/", "RATINGdecide/", more=("then", "to_me", "seen")),
    Form("saved filter", "sam", "/admin/feedback/rating/", "/admin/feedback/rating/filters/",
         more=("name", "query", "is_shared", "delete")),
    Form("bulk change", "sam", "/admin/feedback/rating/", more=("action", "_selected_action")),
    Form("export", "sam", "/admin/feedback/rating/export/", more=("value", "q", "p"), method="get"),
    Form("search", "alice", "/search", more=("q", "after", "page"), method="get"),
    Form("conversations", "alice", "/conversations/", more=("after", "before", "page"), method="get"),
    Form("thread", "alice", "CONVERSATION", more=("above", "reasons", "edit", "focus"), method="get"),
    Form("rated answers", "sam", "/admin/feedback/rating/", method="get",
         more=("q", "p", "o", "value", "status", "rated__gte", "day", "reason", "facets", "origin")),
    Form("numbers", "sam", "/admin/feedback/rating/numbers/", more=("weeks",), method="get"),
    Form("new assistant", "sam", "/admin/chatapp/assistant/add/"),
    Form("assistant", "sam", "ASSISTANTchange/"),
    Form("new prompt version", "sam", "/admin/chatapp/promptversion/add/"),
    Form("prompt version", "sam", "VERSIONchange/"),
    Form("new reason", "sam", "/admin/feedback/reason/add/"),
    Form("new category", "sam", "/admin/feedback/category/add/"),
    Form("new user", "sam", "/admin/chatapp/user/add/"),
    Form("group", "sam", "/admin/auth/group/add/"),
]  # fmt: skip


def usual(page: str) -> dict[str, list[str]]:
    """Names of a page's fields, each with the values that the page offers."""
    found: dict[str, list[str]] = {}
    options = [unescape(value) for value in OPTION.findall(page)]
    for tag in TAG.findall(page):
        if name := NAME.search(tag):
            value = VALUE.search(tag)
            values = found.setdefault(unescape(name[1]), [])
            values += [unescape(value[1])] if value else []
            values += options if tag.startswith("<select") else []
    return found


def encoded(pairs: Pairs) -> str:
    as_bytes = [
        (name.encode("utf-8", "surrogatepass"), value.encode("utf-8", "surrogatepass")
         if isinstance(value, str) else value)
        for name, value in pairs
    ]  # fmt: skip
    return "&".join(f"{quote_from_bytes(n)}={quote_from_bytes(v)}" for n, v in as_bytes)


def multipart(pairs: Pairs) -> bytes:
    """Fields, of which those called images are files."""
    parts = []
    for name, value in pairs:
        text = value.encode("utf-8", "surrogatepass") if isinstance(value, str) else value
        file = '; filename="a.png"' if name == "images" else ""
        head = f'--B\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'
        parts.append(head.encode() + text + b"\r\n")
    return b"".join(parts) + b"--B--\r\n"


def fields(offered: dict[str, list[str]]) -> st.SearchStrategy[Pairs]:
    """Any of the fields, left out, once or more often, with what is usual or with anything."""
    anything = st.one_of(
        st.sampled_from(NASTY), st.text(st.characters(), max_size=30), st.binary(max_size=10)
    )

    def field(name: str) -> st.SearchStrategy[tuple[str, str | bytes]]:
        known = st.sampled_from(offered[name] or ["1"])
        return st.tuples(st.just(name), st.one_of(known, anything))

    def whole(replaced: Pairs) -> Pairs:
        """All fields as the page has them, but for those that are replaced."""
        names = {name for name, _ in replaced}
        rest = [(n, values[0]) for n, values in offered.items() if values and n not in names]
        return [*rest, *replaced]

    some = st.lists(st.sampled_from(sorted(offered)).flatmap(field), max_size=6)
    return st.one_of(some, some.map(whole), some.map(whole))


def sent(
    client: Client, method: str, target: str, pairs: Pairs, kind: str, headers: dict[str, str]
) -> HttpResponseBase:
    if method == "get":
        response = client.get(f"{target}?{encoded(pairs)}", headers=headers)
    elif kind == "multipart":
        form = "multipart/form-data; boundary=B"
        response = client.post(target, multipart(pairs), content_type=form, headers=headers)
    else:
        form = "application/x-www-form-urlencoded"
        response = client.post(target, encoded(pairs), content_type=form, headers=headers)
    return response


@pytest.fixture
def sender(
    request: pytest.FixtureRequest, client_of: Callable[..., Client]
) -> Callable[[str], Client]:
    def sender(person: str) -> Client:
        if person in ("visitor", "guest"):
            return client_of(User.objects.create_guest()) if person == "guest" else client_of()
        return client_of(request.getfixturevalue(person))

    return sender


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_any_fields_are_answered(form, sender, addresses, settings):
    settings.ACCOUNT_RATE_LIMITS = False
    settings.MESSAGES_PER_MINUTE = settings.MESSAGES_PER_DAY = settings.ANSWERS_AT_ONCE = 0
    client = sender(form.person)

    def at(address: str) -> str:
        for word, real in addresses.items():
            address = address.replace(word, real)
        return address

    offered = usual(client.get(at(form.page), follow=True).text) | {name: [] for name in form.more}
    offered.pop("csrfmiddlewaretoken", None)
    assert offered, form
    target = at(form.post or form.page)
    statuses: set[int] = set()

    @LIMITS
    @given(fields(offered), st.sampled_from(["urlencoded", "multipart"]), st.booleans())
    def any_fields(pairs: Pairs, kind: str, is_htmx: bool) -> None:
        headers = {"HX-Request": "true"} if is_htmx else {}
        with transaction.atomic():
            response = sent(client, form.method, target, pairs, kind, headers)
            transaction.set_rollback(True)
        statuses.add(response.status_code)
        assert response.status_code < 500

    any_fields()
    assert statuses - {403, 404, 405}, (target, statuses)
