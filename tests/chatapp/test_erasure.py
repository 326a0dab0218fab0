"""Deleting deletes: a mark in every field that a person can fill, or staff about them, and after the
end of the account no mark in any table, index, file, session or log."""

import re
from typing import Any

import pytest
from django.apps import apps
from django.db import models

from tests.chatapp.marks import (
    ids,
    kept_filters,
    let_time_pass,
    marks_in_files,
    marks_of,
    number_of_guest,
    values,
)
from tests.fixtures.pictures import picture
from tests.resilience.visitor import ARTICLE, HTMX, Asked, Visitor
from tests.site_process import Site

PASSWORD = "Cast-pass-1"
# Marks begin differently: an index of words stores only where a word differs from the one before.
EMAIL, NAME, QUESTION, ALT, TITLE = "emailzqx", "namezqx", "questionzqx", "altzqx", "titlezqx"
NEXT, NEXT_ALT, COMMENT, BETTER = "waitingzqx", "picturezqx", "commentzqx", "betterzqx"
SURNAME = "surnamezqx"
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


def sign_up(visitor: Visitor) -> None:
    did(visitor.post("/accounts/signup/", email=f"{EMAIL}@example.org", password1=PASSWORD))
    did(visitor.post("/accounts/", name=NAME))


def fill_all_fields(visitor: Visitor) -> Asked:
    """What a person can write, each with its own mark; returns the rated answer."""
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


def work_as_staff(staff: Visitor, rating: int, person: int, *searched: str) -> None:
    """Searches, exports and decisions that leave the marks where staff leaves them."""
    admin = "/admin/feedback/rating/"
    for about in ("review", "export"):
        reason = f"Asked by {EMAIL}@example.org"
        did(staff.post("/admin/feedback/staffaccess/reason/", about=about, reason=reason, next="/"))
    for words in (QUESTION, COMMENT, *searched):
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


def check_that_all_is_planted(site: Site, fields: set[str]) -> None:
    planted = marks_of(site)
    columns = text_columns()
    empty = [field for field in fields if columns[field] not in planted]
    assert empty == [], f"no mark was stored in {empty}"
    without = [field for field in BY_STAFF_WITHOUT_A_MARK if columns[field] in planted]
    assert without == []


def check_that_nothing_is_left(site: Site) -> None:
    assert marks_of(site) == {}
    assert marks_in_files(site) == {}
    assert [path for path in (site.var / "media").rglob("*") if path.is_file()] == []
    assert kept_filters(site) == ["Kept"]


def sign_in_as_staff(staff: Visitor, site: Site) -> None:
    name, password = site.staff
    did(staff.post("/accounts/login/", login=name, password=password))
    did(staff.post("/accounts/reauthenticate/", password=password))


@pytest.mark.both_databases
def test_nothing_of_an_account_is_left_anywhere(start_site):
    # Mail leaves the site: without a server for it, it is printed with the address.
    site: Site = start_site(STAFF_ACCESS_REASON="always", EMAIL_URL="dummymail://")
    with Visitor(site.url) as visitor, Visitor(site.url) as staff:
        sign_up(visitor)
        asked = fill_all_fields(visitor)
        sign_in_as_staff(staff, site)
        person, rating = ids(site)
        work_as_staff(staff, rating, person, EMAIL)
        check_that_all_is_planted(site, BY_A_PERSON | BY_STAFF)
        other = visitor.at(site.url)
        did(visitor.post("/accounts/delete/", proof=PASSWORD))
        assert other.http.get(asked.conversation).status_code == 404
    check_that_nothing_is_left(site)


@pytest.mark.both_databases
def test_nothing_of_an_inactive_guest_is_left_anywhere(start_site):
    site: Site = start_site(STAFF_ACCESS_REASON="always", EMAIL_URL="dummymail://")
    with Visitor(site.url) as visitor, Visitor(site.url) as staff:
        asked = fill_all_fields(visitor)
        sign_in_as_staff(staff, site)
        person, rating = ids(site)
        number = number_of_guest(site, person)
        filters = "/admin/feedback/rating/filters/"
        did(staff.post(filters, name=f"Of Guest {number}", query="thumb=down"))
        work_as_staff(staff, rating, person)
        check_that_all_is_planted(site, (BY_A_PERSON | BY_STAFF) - {"EmailAddress.email"})
        assert site.manage("delete_inactive_guests") == "0 guests were deleted.\n"
        let_time_pass(site)
        assert site.manage("delete_inactive_guests") == "1 guests were deleted.\n"
        assert visitor.http.get(asked.conversation).status_code == 404
        assert visitor.http.get("/").status_code == 200
    check_that_nothing_is_left(site)
    assert [found[:2] for found in values(site) if number in str(found[2])] == []
