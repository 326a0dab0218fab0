"""Walk: random steps of people of all roles through the site's pages, and what went wrong."""

from __future__ import annotations

import contextlib
import itertools
import random
import re
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Request,
    Response,
)
from playwright.sync_api import Error as BrowserError

from tests.site_process import Site

PASSWORD = "Walks-at-random-7"  # noqa: S105
ROLES = ("guest", "member", "viewer", "reviewer", "lead", "operator", "superuser")
MAKE = f"""
from django.contrib.auth.models import Group
from chatapp.models import User
for name in {ROLES[1:]!r}:
    person = User.objects.create_user(name, f"{{name}}@example.org", {PASSWORD!r})
    person.is_staff, person.is_superuser = name != "member", name == "superuser"
    person.save()
    person.groups.set(Group.objects.filter(name=name))
"""
STEP_MS = 3_000  # for one action of the browser
SIGN_IN_MS = 30_000
TEXTS = (
    "Hello",
    "What is **fog**? [[tokens=30]]",
    "<img src=x onerror=alert(1)>'\"&{{ 7*7 }}",
    "\u202eright to left\u2069 \u200b",
    "a" * 4_000,
    "-1",
    "9" * 40,
    "%00' OR 1=1 --",
    "[[status=500]]",
    "```\n| a |\n$\\frac{1}{",
    "2026-02-31",
    "水滴 🙂",
    "",
)
KEYS = ("Tab", "Enter", "Escape", "j", "k", "d", "a", "?", "5", "z", "Control+k", "ArrowDown")
TARGETS = "a[href], button, summary, input, select, textarea, label, [tabindex='0']"
# A console message of the browser about a response that a page is right to give.
REFUSED = re.compile(r"Failed to load resource: .* status of 4\d\d|net::ERR_ABORTED")
# Without these pages the walk would soon be over, or lead out of the site.
LEFT_OUT = re.compile(r"/logout/|/accounts/delete/|/admin/.*/delete/|/download/")
TRACEBACK = re.compile(r".*\nTraceback \(most recent call last\):\n(?:[ ].*\n|\n)*.*")


def tracebacks(log: str) -> list[str]:
    """Those in a site's log, but for pages that were refused, which Django logs with one."""
    return [text for text in TRACEBACK.findall(log) if not text.endswith("PermissionDenied")]


@dataclass
class Walk:
    """Steps by role, and complaints: answers over 499, console errors, exceptions, CSP reports."""

    site: Site
    random: random.Random
    steps: Counter[str] = field(default_factory=Counter)
    complaints: list[str] = field(default_factory=list)
    trail: list[str] = field(default_factory=list)  # the latest steps, to repeat a complaint

    def prepare(self) -> None:
        """Make somebody of each role."""
        self.site.manage("shell", "-v", "0", "-c", MAKE)

    def go(self, browser: Browser, seconds: float) -> None:
        """Walk for about so long, each role in turn."""
        self.prepare()
        end = time.monotonic() + seconds
        for role in itertools.cycle(ROLES):
            self.visit(browser, role, steps=30)
            if time.monotonic() > end:
                break

    def visit(self, browser: Browser, role: str, steps: int) -> None:
        with contextlib.closing(self.context(browser)) as context:
            page = context.new_page()
            if role != "guest":
                self.sign_in(page, role)
            for _ in range(steps):
                page = context.pages[-1] if context.pages else context.new_page()
                self.step(page, role)

    def context(self, browser: Browser) -> BrowserContext:
        is_phone = self.random.random() < 0.3
        context = browser.new_context(
            base_url=self.site.url,
            viewport={"width": 390, "height": 844} if is_phone else {"width": 1280, "height": 800},
            color_scheme=self.random.choice(["light", "dark"]),
            java_script_enabled=self.random.random() > 0.1,
        )
        context.set_default_timeout(STEP_MS)
        context.route(LEFT_OUT, lambda route: route.abort())
        context.on("response", self.note_response)
        context.on("requestfailed", self.note_failure)
        context.on("console", self.note_message)
        context.on("weberror", lambda found: self.complain(f"uncaught: {found.error}"))
        context.on("page", lambda page: page.on("dialog", lambda dialog: dialog.dismiss()))
        return context

    def sign_in(self, page: Page, role: str) -> None:
        page.goto("/accounts/login/")
        page.locator("input[name=login]").fill(role)
        page.locator("input[name=password]").fill(PASSWORD)
        with page.expect_navigation(timeout=SIGN_IN_MS):
            page.keyboard.press("Enter")
        page.goto("/" if role == "member" else "/admin/", timeout=SIGN_IN_MS)

    def step(self, page: Page, role: str) -> None:
        """One random action. What the browser can't do, such as click what is covered, is no
        complaint."""
        actions: dict[Callable[[Page], str], int] = {self.click: 6, self.type: 4, self.press: 3}
        actions |= {self.back: 1, self.reload: 1, self.home: 1}
        action = self.random.choices([*actions], [*actions.values()])[0]
        self.trail = self.trail[-11:]
        try:
            done = action(page)
        except BrowserError as error:
            done = f"{action.__name__}: {error.message.splitlines()[0]}"
        self.trail.append(f"{role} {page.url.removeprefix(self.site.url)} {done}"[:200])
        self.steps[role] += 1

    def click(self, page: Page) -> str:
        target = self.one_of(page, TARGETS)
        target.click(no_wait_after=True)
        return f"click {target}"

    def type(self, page: Page) -> str:
        field = self.one_of(page, "textarea, input:not([type=hidden]):not([type=file])")
        kind = field.get_attribute("type")
        if kind in ("checkbox", "radio", "submit", "button"):
            field.click(no_wait_after=True)
            return f"click {kind}"
        text = self.random.choice(TEXTS)
        field.fill(text)
        if self.random.random() < 0.6:
            field.press("Enter", no_wait_after=True)
        return f"type {text[:20]!r}"

    def press(self, page: Page) -> str:
        key = self.random.choice(KEYS)
        page.keyboard.press(key)
        return f"press {key}"

    def back(self, page: Page) -> str:
        page.go_back(wait_until="commit")
        return "back"

    def reload(self, page: Page) -> str:
        page.reload(wait_until="commit")
        return "reload"

    def home(self, page: Page) -> str:
        page.goto(self.random.choice(["/", "/admin/", "/accounts/", "/admin/feedback/rating/"]))
        return "home"

    def one_of(self, page: Page, selector: str) -> Locator:
        visible = page.locator(selector).locator("visible=true")
        count = visible.count()
        if not count:
            raise BrowserError(f"nothing visible of {selector}")
        return visible.nth(self.random.randrange(count))

    def note_response(self, response: Response) -> None:
        if response.status >= 500:
            self.complain(f"{response.status}: {response.request.method} {response.url}")

    def note_failure(self, request: Request) -> None:
        failure = request.failure or "ERR_ABORTED"
        if "ERR_ABORTED" not in failure and not LEFT_OUT.search(request.url):
            self.complain(f"{failure}: {request.method} {request.url}")

    def note_message(self, message: ConsoleMessage) -> None:
        is_right = REFUSED.search(message.text) or LEFT_OUT.search(message.location["url"])
        if message.type == "error" and not is_right:
            self.complain(f"console: {message.text}")

    def complain(self, text: str) -> None:
        self.complaints.append("\n  ".join([text, *self.trail]))
