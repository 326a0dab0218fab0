"""A person's browser without the browser: asks, reads streams as htmx does, stops, rates."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple, Self

import httpx2

from tests.resilience.watched import Watched

ARTICLE = re.compile(r'<article id="m-([0-9a-f-]{36})" class="message answer"')
CONVERSATION = re.compile(r"/c/[0-9a-f-]{36}/")
HTMX = {"HX-Request": "true"}


class Refused(Exception):
    """The site did not take it: `status` and the page that said why."""

    def __init__(self, status: int, page: str) -> None:
        super().__init__(f"{status}: {page}")
        self.status, self.page = status, page


class Asked(NamedTuple):
    conversation: str  # its path
    answer: str  # its id


class Visitor:
    def __init__(self, url: str, cookies: Any = None) -> None:
        self.http = httpx2.Client(
            base_url=url, timeout=30, trust_env=False, verify=False, cookies=cookies
        )
        self.tabs: list[Visitor] = []
        if not self.http.cookies.get("csrftoken"):
            self.http.get("/").raise_for_status()

    def at(self, url: str) -> "Visitor":
        """The same person in another tab, or at another server's address."""
        self.tabs.append(Visitor(url, self.http.cookies))
        return self.tabs[-1]

    def post(self, path: str, headers: dict[str, str] | None = None, **form: str) -> Any:
        form["csrfmiddlewaretoken"] = self.http.cookies["csrftoken"]
        return self.http.post(path, data=form, headers=headers)

    def ask(self, text: str, to: str = "/", once: str = "") -> Asked:
        """A question, in a new conversation or in the one with this path; sent with the same
        `once` it is the same question. Raises Refused."""
        response = self.post(to, HTMX, message=text, idempotency_key=once)
        if response.status_code != 200:
            raise Refused(response.status_code, response.text)
        path = response.headers.get("HX-Push-Url", to)
        return Asked(path, ARTICLE.findall(response.text)[-1])

    def page(self, conversation: str) -> str:
        text: str = self.http.get(conversation).raise_for_status().text
        return text

    @contextmanager
    def reading(self, answer: str, after: int | str = 0) -> Iterator[Watched]:
        """What a page that shows this answer hears; leaves with the block."""
        headers = {"Last-Event-ID": str(after)} if after else {}
        path = f"/m/{answer}/stream/"
        with self.http.stream("GET", path, headers=headers) as response:
            assert response.status_code == 200, response.read()
            yield Watched(answer, response.iter_lines())

    def read(self, answer: str, after: int | str = 0) -> Watched:
        """All of it, up to its end."""
        with self.reading(answer, after) as watched:
            return watched.to_the_end()

    def stop(self, answer: str) -> int:
        status: int = self.post(f"/m/{answer}/stop/", HTMX).status_code
        return status

    def retry(self, answer: str) -> str:
        response = self.post(f"/m/{answer}/retry/", HTMX)
        if response.status_code != 200:
            raise Refused(response.status_code, response.text)
        again: str = ARTICLE.findall(response.text)[-1]
        return again

    def rate(self, answer: str, value: str = "1") -> int:
        status: int = self.post(f"/m/{answer}/rating/", HTMX, value=value).status_code
        return status

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for client in (self, *self.tabs):
            client.http.close()
