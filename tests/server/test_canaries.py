"""Marked secrets and marked words in every field, every error provoked: where they turn up after."""

import re
from collections.abc import Iterator
from contextlib import closing
from sqlite3 import connect
from typing import Any

import httpx2
import pytest

from tests.fixtures.patience import DEADLINE
from tests.resilience import stored
from tests.resilience.conftest import NO_LIMITS
from tests.resilience.visitor import Visitor
from tests.sandbox_process import SandboxProcess
from tests.site_process import Site

SECRETS = {
    "OPENAI_API_KEY": "secretcanary-openai-0001",
    "SECRET_KEY": "secretcanary-of-the-site-0002-abcdefgh",
    "METRICS_TOKEN": "secretcanary-metrics-0003",
    "OIDC_CLIENT_SECRET": "secretcanary-oidc-0004",
    "EMAIL_URL": "smtp://me:secretcanary-mail-0005@127.0.0.1:9",
}
SETTINGS = {
    "HELICONE_SEND_REASONS": "true",
    "OIDC_SERVER_URL": "http://127.0.0.1:9",
    "OIDC_CLIENT_ID": "rapport",
    "ACCOUNT_RATE_LIMITS": "false",
    "FIRST_TOKEN_SECONDS": "1",
    "STALL_SECONDS": "1",
    "LOG_LEVEL": "DEBUG",
    "TITLE_MODEL": "eliza",
}
FAULTS = [
    "status=400 repeat",
    "status=400 repeat=2",
    "status=401 repeat",
    "status=429 repeat=2",
    "status=503 repeat=2",
    "error_chunk=3 repeat",
    "malformed=3",
    "cut=3",
    "reset=3",
    "hang",
    "stall=3",
    "moderation",
    "empty",
    "length=3",
    "no_done",
    "refusal",
]
WORD = "wordcanary"
REDIRECTED = (302, 303)
METRICS = {"Authorization": f"Bearer {SECRETS['METRICS_TOKEN']}"}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[SandboxProcess]:
    with SandboxProcess() as sandbox:
        yield sandbox


@pytest.fixture(scope="module", params=["text", "json"])
def site(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    stopped_site: Site,
    sandbox: SandboxProcess,
) -> Iterator[Site]:
    """A site whose secrets and fields have all been in use, and whose errors have all happened."""
    sandbox.reset()
    settings = NO_LIMITS | SECRETS | SETTINGS | {"LOG_FORMAT": request.param}
    if request.param == "json":
        settings["DEBUG"] = "true"
    folder = tmp_path_factory.mktemp("canaries")
    with Site(folder, sandbox, like=stopped_site, **settings) as site:
        site.environment["OPENAI_API_KEY"] = SECRETS["OPENAI_API_KEY"]
        use(site.start(), sandbox)
        yield site


def use(site: Site, sandbox: SandboxProcess) -> None:
    pages: list[str] = []
    with Visitor(site.url) as visitor:
        sign_up(visitor)
        converse(visitor, sandbox, pages)
        wait_for_errors(site, sandbox)
        review(site, pages)
        unforeseen(site, visitor, pages)
        pages.append(visitor.http.get("/accounts/oidc/login/").text)
        pages.append(visitor.http.get("/metrics", headers=METRICS).raise_for_status().text)
    (site.folder / "pages.html").write_text("\n".join(pages))


def took(response: httpx2.Response, *statuses: int) -> None:
    """Else the site refused the words, and their absence elsewhere shows nothing."""
    assert response.status_code in (statuses or (200, 204, 302, 303)), (response.url, response.text)


def sign_up(visitor: Visitor) -> None:
    """With mail that can't be sent; then out, and in after a wrong password."""
    password = f"{WORD}-password-1"
    address = f"{WORD}-mail@example.org"
    took(visitor.post("/accounts/signup/", email=address, password1=password), *REDIRECTED)
    took(visitor.post("/accounts/password/reset/", email=address), *REDIRECTED)
    took(visitor.post("/accounts/logout/"), *REDIRECTED)
    took(visitor.post("/accounts/login/", login=address, password=f"{WORD}-wrong"), 200)
    took(visitor.post("/accounts/login/", login=address, password=password), *REDIRECTED)
    took(visitor.post("/accounts/", name=f"{WORD} name"), *REDIRECTED)


def converse(visitor: Visitor, sandbox: SandboxProcess, pages: list[str]) -> None:
    for fault in FAULTS:
        asked = visitor.ask(f"{WORD} question [[fault {fault} times=3]]")
        visitor.read(asked.answer)
        pages.append(visitor.page(asked.conversation))
    took(visitor.post(f"{asked.conversation}rename/", title=f"{WORD} title"))
    for status in (503, 400, 401):  # the last one pauses the delivery
        asked = visitor.ask(f"{WORD} rated {status}")
        visitor.read(asked.answer)
        rule = {"fault": f"status={status} repeat", "count": 1}
        sandbox.faults({"on": "rate", **rule}, {"on": "property", **rule})
        assert visitor.rate(asked.answer, "-1") == 200
        words: dict[str, Any] = {"comment": f"{WORD} comment", "correction": f"{WORD} correction"}
        took(visitor.post(f"/m/{asked.answer}/rating/reasons/", **words))
        wanted = f"rate {status}"
        sandbox.wait_for(lambda wanted=wanted: sandbox.calls().get(wanted))  # type: ignore[misc]
    sandbox.faults()
    for path in (f"/search?q={WORD}", f"/search?q={WORD}%0A%22'", f"/nowhere%0Aforged?x={WORD}"):
        pages.append(visitor.http.get(path).text)
    took(visitor.http.post("/", data={"message": f"{WORD} without a token"}), 403)
    took(visitor.post("/", message=f"{WORD}\x00"), 422)
    took(visitor.http.get(f"/c/?{WORD}", headers={"Host": "evil.example"}), 400)


def wait_for_errors(site: Site, sandbox: SandboxProcess) -> None:
    query = "SELECT last_error FROM feedback_delivery WHERE last_error != ''"
    sandbox.wait_for(lambda: stored.rows(site, query))


def review(site: Site, pages: list[str]) -> None:
    name, password = site.staff
    (rating,) = stored.rows(site, "SELECT MIN(id) AS id FROM feedback_rating")
    with Visitor(site.url) as staff:
        took(staff.post("/accounts/login/", login=name, password=password), *REDIRECTED)
        path = f"/admin/feedback/rating/{rating['id']}/"
        page = staff.http.get(f"{path}change/").text
        (seen,) = re.findall(r'name="seen" value="(\d+)"', page)
        fields: dict[str, Any] = {"status": "fixed", "note": f"{WORD} note", "seen": seen}
        took(staff.post(f"{path}decide/", **fields), *REDIRECTED)
        filters = "/admin/feedback/rating/filters/"
        took(staff.post(filters, name=f"{WORD} filter", query=f"q={WORD}&thumb=down"), *REDIRECTED)
        for path in ("delivery/", "deliveries/", f"rating/?q={WORD}"):
            pages.append(staff.http.get(f"/admin/feedback/{path}").text)


def unforeseen(site: Site, visitor: Visitor, pages: list[str]) -> None:
    """An error that nobody foresaw, while a page with words is made and while one is posted."""
    asked = visitor.ask(f"{WORD} of a broken row")
    visitor.read(asked.answer)
    with closing(connect(site.var / "rapport.sqlite3", timeout=20)) as database:
        broken = "UPDATE chatapp_message SET images = '5' WHERE text LIKE '%broken row%'"
        database.execute(broken)
        database.commit()
    query = "SELECT id FROM chatapp_message WHERE text LIKE '%broken row%'"
    question = stored.rows(site, query)[0]["id"]
    took(visitor.post(f"/m/{question}/edit/", message=f"{WORD} posted to a broken row"), 500)
    broken_page = visitor.http.get(asked.conversation)
    took(broken_page, 500)
    pages.append(broken_page.text)


def secrets(sandbox: SandboxProcess) -> list[str]:
    return ["secretcanary", sandbox.key]


def lines_with(text: str, *canaries: str) -> list[str]:
    return [line[:500] for line in text.splitlines() if any(one in line for one in canaries)]


PLANTED = {
    "account_emailaddress": "email",
    "chatapp_user": "first_name",
    "chatapp_conversation": "title",
    "chatapp_message": "text",
    "feedback_rating": "comment",
    "feedback_review": "note",
    "feedback_savedfilter": "name",
}


@pytest.mark.parametrize("table", PLANTED)
def test_the_words_are_stored(site, table):
    rows = stored.rows(site, f"SELECT {PLANTED[table]} AS words FROM {table}")  # noqa: S608
    assert [row for row in rows if WORD in row["words"]]


def test_no_secret_and_no_word_is_in_the_log(site, sandbox):
    assert lines_with(site.log, WORD, *secrets(sandbox)) == []
    assert "rejected HTTP 400" in site.log and "TypeError" in site.log
    assert "Helicone refuses the key or the address; ratings wait." in site.log


def test_no_foreign_line_is_in_the_log(site):
    assert "ERROR forged" not in site.log
    assert all(line.isprintable() for line in site.log.splitlines())


def test_no_secret_is_in_what_is_stored(site, sandbox):
    for file in site.var.rglob("*"):
        if file.is_file() and "static" not in file.parts:
            data = file.read_bytes()
            assert [one for one in secrets(sandbox) if one.encode() in data] == [], file
            assert "rapport.sqlite3" in file.name or WORD.encode() not in data, file


def test_staff_see_what_the_provider_said_without_the_keys(site):
    details = "\n".join(row["error_detail"] for row in stored.answers(site))
    assert "authorization: Bearer [secret]" in details and "helicone-auth" in details
    errors = stored.rows(site, "SELECT last_error FROM feedback_delivery")
    assert any("Bearer [key]" in row["last_error"] for row in errors), errors


def test_no_secret_is_on_a_page(site, sandbox):
    pages = (site.folder / "pages.html").read_text()
    assert lines_with(pages, *secrets(sandbox)) == []
    assert "rapport_answer_failures_total{code=" in pages


def test_words_are_in_no_metric(site):
    text = httpx2.get(f"{site.url}/metrics", headers=METRICS, trust_env=False).text
    assert WORD not in text
    for name in ("rejected", "cut", "no_first_token", "bad_key"):
        assert f'rapport_answer_failures_total{{code="{name}"}}' in text


def test_a_request_id_is_in_the_log_in_the_response_and_at_helicone(site, sandbox):
    with Visitor(site.url) as visitor:
        response = visitor.post("/", {"HX-Request": "true"}, message="Hello [[status=400]]")
        name = response.headers["X-Request-ID"]
        answer = re.findall(r'id="m-([0-9a-f-]{36})" class="message answer"', response.text)[-1]
        visitor.read(answer)
    assert [line for line in site.log.splitlines() if name in line and answer in line]
    sent = [one["properties"]["site-request"] for one in sandbox.requests()]
    assert name in sent
    assert httpx2.get(f"{site.url}/none", timeout=DEADLINE, trust_env=False).status_code == 404


def test_pages_of_errors_name_the_request(site):
    if site.environment.get("DEBUG"):
        pytest.skip("with DEBUG these are Django's pages")
    response = httpx2.get(f"{site.url}/none", timeout=DEADLINE, trust_env=False)
    assert f"<code>{response.headers['X-Request-ID']}</code>" in response.text
