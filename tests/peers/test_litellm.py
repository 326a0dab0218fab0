"""Somebody else's code as the provider: LiteLLM's proxy, behind the gateway and without one."""

import re
import subprocess
import sys
from typing import Any

import httpx2
import pytest
from playwright.sync_api import Locator, Page, expect

from sandbox.faults import KINDS
from tests.fixtures.patience import DEADLINE
from tests.fixtures.processes import StartSite
from tests.peers.conftest import METRICS_TOKEN, LiteLLM
from tests.sandbox_process import SandboxProcess
from tests.site_process import ROOT, Site

# LiteLLM takes a minute to start, where its modules were never compiled.
pytestmark = [pytest.mark.peers, pytest.mark.browser, pytest.mark.timeout(600)]
MODEL = """
from chatapp.models import PromptVersion
first = PromptVersion.objects.order_by("pk").first()
PromptVersion.objects.update(weight=0)
PromptVersion(assistant=first.assistant, model="{}", instructions="").save()
"""


@pytest.fixture(autouse=True)
def empty(sandbox_server: SandboxProcess) -> None:
    sandbox_server.reset()


def use_model(site: Site, name: str) -> None:
    site.manage("shell", "-v", "0", "-c", MODEL.format(name))


def ask(page: Page, question: str) -> Locator:
    """The answer, once it can be rated."""
    page.goto("/")
    page.get_by_label("Your message").fill(question)
    page.get_by_label("Your message").press("Enter")
    answer = page.locator(".answer")
    expect(answer.get_by_role("button", name="Good answer")).to_be_visible()
    return answer


def settled(site: Site) -> int:
    """How many ratings were read back from Helicone as they were clicked."""
    headers = {"Authorization": f"Bearer {METRICS_TOKEN}"}
    text = httpx2.get(f"{site.url}/metrics", headers=headers, timeout=DEADLINE).text
    (number,) = re.findall(r'^rapport_deliveries\{state="settled"\} (\d+)', text, re.MULTILINE)
    return int(number)


def sign_in(page: Page, site: Site) -> None:
    name, password = site.staff
    page.goto("/accounts/login/")
    page.locator("input[name=login]").fill(name)
    page.get_by_label("Password", exact=True).fill(password)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/login/" not in url)


def test_a_browser_chats_and_rates_and_the_rating_is_read_back(
    page: Page, site: Site, sandbox_server: SandboxProcess
) -> None:
    use_model(site, "gpt-5.4-mini")
    answer = ask(page, "Who are you?")
    expect(answer.locator("strong")).to_have_text("mock")
    expect(answer).to_contain_text("LiteLLM made this up: a mock response, in a stream.")
    good = answer.get_by_role("button", name="Good answer")
    good.click()
    expect(good).to_have_attribute("aria-pressed", "true")
    # The gateway logged it, with the tokens that LiteLLM counted, and shows the rating.
    sandbox_server.wait_for(lambda: sandbox_server.request()["rating"])
    logged = sandbox_server.request()
    assert (logged["prompt"], logged["logged"]) == ("Who are you?", True)
    assert logged["sent_text"] == "LiteLLM made this up: a **mock** response, in a stream."
    assert logged["complete"] and logged["completion_tokens"] > 0
    # The site read it back.
    sandbox_server.wait_for(lambda: settled(site) == 1)
    sign_in(page, site)
    page.goto("/admin/feedback/rating/")
    page.get_by_role("link", name="Who are you?").first.click()
    expect(page.get_by_text("Helicone shows what was clicked here.")).to_be_visible()
    expect(page.get_by_text(logged["helicone_id"])).to_be_visible()
    tokens = page.locator("dt", has_text="Completion tokens").locator("+ dd")
    expect(tokens).to_have_text(str(logged["completion_tokens"]))


def test_an_answer_of_a_server_behind_litellm_streams_through(
    page: Page, site: Site, sandbox_server: SandboxProcess
) -> None:
    use_model(site, "gpt-behind")
    answer = ask(page, "[[tokens=40]] Hello")
    first, second = sandbox_server.requests()
    by_helicone, by_server = (first, second) if first["logged"] else (second, first)
    assert by_helicone["sent_text"] == by_server["sent_text"] != ""
    assert by_helicone["completion_tokens"] > 0
    bad = answer.get_by_role("button", name="Bad answer")
    bad.click()
    expect(bad).to_have_attribute("aria-pressed", "true")
    sandbox_server.wait_for(
        lambda: sandbox_server.request(id=by_helicone["helicone_id"])["rating"] is False
    )


@pytest.mark.skipif("reasoning" not in KINDS, reason="The sandbox sends no thinking yet.")
def test_thinking_passes_through_litellm_and_is_folded_away(page: Page, site: Site) -> None:
    use_model(site, "gpt-behind")
    fold = ask(page, "[[reasoning=12]] Why?").locator("details.thinking")
    expect(fold.locator("summary")).to_contain_text("Thought for")
    expect(fold.locator(".thought")).to_be_hidden()
    fold.locator("summary").click()
    expect(fold.locator(".thought")).to_be_visible()
    expect(fold.locator(".thought")).not_to_be_empty()


@pytest.mark.parametrize("model", ["gpt-5.4-mini", "gpt-behind"])
def test_check_helicone_works_with_litellm(site: Site, model: str) -> None:
    assert "Everything works." in site.manage("check_helicone", "--model", model)


def test_check_helicone_says_what_litellm_refused(site: Site, litellm: LiteLLM) -> None:
    def failure(**changes: str) -> str:
        done = subprocess.run(
            [
                sys.executable,
                "manage.py",
                "check_helicone",
                "--model",
                changes.pop("model", "gpt-5.4-mini"),
            ],
            cwd=ROOT,
            env=site.environment | changes,
            capture_output=True,
            text=True,
            timeout=DEADLINE,
        )
        assert done.returncode == 1
        return done.stderr

    assert "answered 429. Too many requests" in failure(model="broken")
    assert "answered 400. Look at DEFAULT_MODEL" in failure(model="no-such-model")


def test_without_helicone_it_chats_and_the_rating_stays_here(
    browser: Any, start_site: StartSite, sandbox_server: SandboxProcess, litellm: LiteLLM
) -> None:
    site = start_site(
        SANDBOX="false",
        HELICONE="off",
        HELICONE_GATEWAY_URL="",
        PROVIDER_URL=f"{litellm.url}/v1",
        OPENAI_API_KEY=litellm.key,
        METRICS_TOKEN=METRICS_TOKEN,
    )
    assert "ratings stay here" in site.log
    context = browser.new_context(base_url=site.url)
    page = context.new_page()
    answer = ask(page, "Who are you?")
    expect(answer).to_contain_text("LiteLLM made this up")
    good = answer.get_by_role("button", name="Good answer")
    good.click()
    expect(good).to_have_attribute("aria-pressed", "true")
    sign_in(page, site)
    page.goto("/admin/feedback/rating/")
    expect(page.get_by_text("This site runs without Helicone").first).to_be_visible()
    page.get_by_role("link", name="Who are you?").first.click()
    expect(page.get_by_text("without Helicone: the rating stays here.")).to_be_visible()
    context.close()
    assert sandbox_server.requests() == []
    assert "Everything works." in site.manage("check_helicone")
