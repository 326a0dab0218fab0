"""Deleting deletes: a mark in every field that a person can fill, or staff about them, and after the
end of the account no mark in any table, index, file, session or log."""

import base64
import re
import sqlite3
import zlib
from contextlib import closing
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.db import models

from chatapp.models import User
from tests.fixtures.pictures import picture
from tests.resilience.visitor import ARTICLE, HTMX, Asked, Visitor
from tests.site_process import Site

PASSWORD = "Cast-pass-1"
# Marks begin differently: an index of words stores only where a word differs from the one before.
EMAIL, NAME, QUESTION, ALT, TITLE = "emailzqx", "namezqx", "questionzqx", "altzqx", "titlezqx"
NEXT, NEXT_ALT, COMMENT, BETTER = "waitingzqx", "picturezqx", "commentzqx", "betterzqx"
SURNAME = "surnamezqx"
MARK = re.compile("[a-z]+zqx")
# By a form for everybody, and by a form for staff.
BY_A_PERSON = {
    *("User.username", "User.first_name", "User.email", "EmailAddress.email"),
    *("Message.text", "Message.images", "Conversation.title"),
    *("SharedCopy.title", "SharedCopy.messages", "WaitingMessage.text", "WaitingMessage.images"),
    *("Rating.comment", "Rating.correction", "Session.session_data"),
}
BY_STAFF = {
    *("User.last_name", "StaffAccess.reason", "Export.reason", "SavedFilter.name"),
    *("SavedFilter.query", "Review.note", "Review.correction", "ReviewChange.was"),
    *("ReviewChange.became", "LogEntry.object_repr"),
}
# Filled by staff as well: the words of a search are taken out before these are stored, an opinion
# is a decision under double review, and Django names the fields that were changed.
BY_STAFF_WITHOUT_A_MARK = {
    *("StaffAccess.filters", "Export.filters", "BulkChange.query", "BulkChange.changes"),
    *("Opinion.note", "Opinion.correction", "LogEntry.change_message"),
}
# By the site, the model, the team about its own work, or an operator.
OURS = {
    *("Assistant.name", "Assistant.slug", "Assistant.description", "PromptVersion.model"),
    *("PromptVersion.instructions", "PromptVersion.parameters", "PromptVersion.note"),
    *("PromptVersion.digest", "User.password", "Message.role", "Message.thinking"),
    *("Message.status", "Message.model", "Message.parameters", "Message.origin"),
    *("Message.finish_reason", "Message.error", "Message.error_detail", "Conversation.titled_by"),
    *("SharedCopy.token", "WaitingMessage.language", "WaitingMessage.problem", "Reason.slug"),
    *("Reason.label", "Category.slug", "Category.label", "Rating.evidence", "Rating.model"),
    *("Rating.origin", "StaffAccess.what", "StaffAccess.purpose", "Export.form", "Export.status"),
    *("HeliconeCircuit.refusal", "HeliconeCircuit.refused_call", "HeliconeCircuit.refused_key"),
    *("Delivery.state", "Delivery.call", "Delivery.sent", "Delivery.shown_properties"),
    *("Delivery.last_error", "ReviewChange.field", "ReviewChange.why", "Review.status"),
    *("Review.verdict", "Review.double_review", "BulkBatch.reviews", "Opinion.status"),
    *("Opinion.verdict", "DailyCount.kind", "DailyCount.origin", "CountedConversation.cells"),
    *("TallyState.zone", "LogEntry.object_id", "Permission.name", "Permission.codename"),
    *("UserSession.data", "UserSession.session_key", "UserSession.user_agent"),
    *("Authenticator.type", "Authenticator.data"),
    *("Group.name", "ContentType.app_label", "ContentType.model", "Session.session_key"),
    "EmailConfirmation.key",
}
TEXT = (models.CharField, models.TextField, models.JSONField, models.FileField)


def text_columns() -> dict[str, tuple[str, str | None]]:
    """Table and column of each field that can hold text, by model and field."""
    return {
        f"{model.__name__}.{field.name}": (model._meta.db_table, field.column)
        for model in apps.get_models()
        for field in model._meta.local_fields
        if isinstance(field, TEXT)
    }


def test_it_is_known_of_every_field_who_fills_it():
    known = BY_A_PERSON | BY_STAFF | BY_STAFF_WITHOUT_A_MARK | OURS
    assert text_columns().keys() ^ known == set()


Places = dict[tuple[str, str | None], set[str]]


def marks_in(value: Any) -> set[str]:
    if isinstance(value, bytes | memoryview):
        value = bytes(value).decode("latin-1")
    return set(MARK.findall(str(value).lower()))


def session_text(value: str) -> str:
    """What Django packed and signed."""
    packed = value.partition(":")[0]
    data = base64.urlsafe_b64decode(packed.lstrip(".") + "==")
    return (zlib.decompress(data) if packed.startswith(".") else data).decode()


def marks_of(site: Site) -> Places:
    """The marks in each column of each table, by SELECT: hidden tables of search indexes too."""
    found: Places = {}
    for table, names, rows in tables(site):
        for row in rows:
            for name, value in zip(names, row, strict=True):
                text = session_text(value) if name == "session_data" else value
                if marks := marks_in(text):
                    found.setdefault((table, name), set()).update(marks)
    return found


def tables(site: Site) -> Any:
    if url := site.environment.get("DATABASE_URL", ""):
        with psycopg.connect(url) as database:
            query = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            for (table,) in database.execute(query).fetchall():
                cursor = database.execute(f'SELECT * FROM "{table}"'.encode())
                yield table, [column.name for column in cursor.description or ()], cursor.fetchall()
        return
    with closing(sqlite3.connect(site.var / "rapport.sqlite3", timeout=20)) as database:
        listed = database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
        for table, sql in listed.fetchall():
            found = database.execute(f'SELECT * FROM "{table}"')
            yield table, [column[0] for column in found.description], found.fetchall()
            if "USING fts5" in sql:
                words = f"CREATE VIRTUAL TABLE temp.v USING fts5vocab('main', '{table}', 'row')"
                database.execute(words)
                terms = database.execute("SELECT term FROM temp.v").fetchall()
                yield table, ["words"], terms
                database.execute("DROP TABLE temp.v")


def marks_in_files(site: Site) -> dict[str, set[str]]:
    """The marks in the bytes of each file of the site: database, images, logs."""
    files = [path for path in site.var.rglob("*") if path.is_file() and "static" not in path.parts]
    marks = {path.name: marks_in(path.read_bytes()) for path in (*files, site.log_file)}
    return {name: found for name, found in marks.items() if found}


def send(visitor: Visitor, path: str, text: str, alt: str) -> str:
    form = {"message": text, "alt": alt, "csrfmiddlewaretoken": visitor.http.cookies["csrftoken"]}
    files = [("images", ("a.png", picture(), "image/png"))]
    response = visitor.http.post(path, data=form, files=files, headers=HTMX)
    assert response.status_code == 200, response.text
    return str(response.headers.get("HX-Push-Url", path))


def newest_answer(visitor: Visitor, conversation: str) -> str:
    return str(ARTICLE.findall(visitor.page(conversation))[-1])


def did(response: Any) -> Any:
    assert response.status_code in (200, 204, 302, 303), (response.url, response.text)
    return response


def fill_all_fields(visitor: Visitor) -> Asked:
    """What a person can write, each with its own mark; returns the rated answer."""
    did(visitor.post("/accounts/signup/", email=f"{EMAIL}@example.org", password1=PASSWORD))
    did(visitor.post("/accounts/", name=NAME))
    path = send(visitor, "/", f"Is it {QUESTION}? [[tokens=5]]", ALT)
    answer = newest_answer(visitor, path)
    visitor.read(answer)
    did(visitor.post(f"{path}rename/", title=f"My {TITLE}"))
    assert visitor.rate(answer, "-1") == 200
    did(visitor.post(f"/m/{answer}/rating/reasons/", HTMX, comment=COMMENT, correction=BETTER))
    did(visitor.post(f"{path}share/"))
    long = visitor.ask(f"Long {QUESTION}. [[tokens=2000 tps=20 times=1]]", path)
    send(visitor, path, f"And {NEXT}?", NEXT_ALT)
    assert visitor.stop(long.answer) in (200, 204)  # 204: it stops in a moment
    return Asked(path, answer)


def work_as_staff(staff: Visitor, site: Site, person: int, rating: int) -> None:
    """Searches, exports and decisions that leave the marks where staff leaves them."""
    admin = "/admin/feedback/rating/"
    for about in ("review", "export"):
        reason = f"Asked by {EMAIL}@example.org"
        did(staff.post("/admin/feedback/staffaccess/reason/", about=about, reason=reason, next="/"))
    for words in (QUESTION, COMMENT, EMAIL):
        listed = did(staff.http.get(admin, params={"q": words})).text
        assert f"{admin}{rating}/change/" in listed
    from_list = {"_changelist_filters": f"q={QUESTION}"}
    did(staff.http.get(f"{admin}{rating}/change/", params=from_list))
    decision = {"seen": "0", "status": "fixed", "verdict": "", "category": "", "assignee": ""}
    for note in (f"About {NAME}.", f"About {NAME} once more."):
        page = staff.http.get(f"{admin}{rating}/change/").text
        decision["seen"] = re.search(r'name="seen" value="(\d+)"', page)[1]  # type: ignore[index]
        did(staff.post(f"{admin}{rating}/decide/", None, **decision, note=note, correction=BETTER))
    did(staff.post(f"{admin}filters/", name="A question", query=f"q={QUESTION}&thumb=down"))
    did(staff.post(f"{admin}filters/", name=f"By {EMAIL}", query="thumb=down"))
    did(staff.post(f"{admin}filters/", name="Kept", query="q=nobodys&thumb=down"))
    did(staff.post(f"{admin}export/csv/?q={COMMENT}"))
    chosen = {"select_across": "1", "_selected_action": str(rating), "index": "0"}
    did(staff.post(f"{admin}?q={COMMENT}", None, action="status-fixed", **chosen))
    change = f"/admin/chatapp/user/{person}/change/"
    form = dict(re.findall(r'<input[^>]* name="([a-z_0-9]+)"[^>]* value="([^"]*)"',
                           staff.http.get(change).text))  # fmt: skip
    form |= {"username": EMAIL, "email": f"{EMAIL}@example.org", "first_name": NAME}
    form |= {"is_active": "on", "last_name": SURNAME}
    did(
        staff.post(
            change, None, **{k: v for k, v in form.items() if not k.startswith(("_", "csrf"))}
        )
    )


@pytest.mark.both_databases
def test_nothing_of_an_account_is_left_anywhere(start_site):
    # Mail leaves the site: without a server for it, it is printed with the address.
    site: Site = start_site(STAFF_ACCESS_REASON="always", EMAIL_URL="dummymail://")
    with Visitor(site.url) as visitor, Visitor(site.url) as staff:
        asked = fill_all_fields(visitor)
        name, password = site.staff
        did(staff.post("/accounts/login/", login=name, password=password))
        did(staff.post("/accounts/reauthenticate/", password=password))
        person, rating = ids(site)
        work_as_staff(staff, site, person, rating)
        planted = marks_of(site)
        columns = text_columns()
        empty = [field for field in BY_A_PERSON | BY_STAFF if columns[field] not in planted]
        assert empty == [], f"no mark was stored in {empty}"
        without = [field for field in BY_STAFF_WITHOUT_A_MARK if columns[field] in planted]
        assert without == []
        other = visitor.at(site.url)
        did(visitor.post("/accounts/delete/", proof=PASSWORD))
        assert other.http.get(asked.conversation).status_code == 404
    assert marks_of(site) == {}
    assert marks_in_files(site) == {}
    assert [path for path in (site.var / "media").rglob("*") if path.is_file()] == []
    assert kept_filters(site) == ["Kept"]


def ids(site: Site) -> tuple[int, int]:
    found = {table: (names, rows) for table, names, rows in tables(site) if names != ["words"]}
    names, rows = found[User._meta.db_table]
    (person,) = (row[names.index("id")] for row in rows if EMAIL in row[names.index("email")])
    names, rows = found["feedback_rating"]
    return person, rows[0][names.index("id")]


def kept_filters(site: Site) -> list[str]:
    (names, rows), *_ = (
        (names, rows) for table, names, rows in tables(site) if table == "feedback_savedfilter"
    )
    return [row[names.index("name")] for row in rows]
