"""A site that began without keys gets them: what the sandbox answered stays where it is."""

import re
import time

import httpx2

from tests.fixtures.patience import DEADLINE
from tests.resilience.visitor import Visitor
from tests.sandbox_process import SandboxProcess
from tests.site_process import Site

HINT = "Some answers are from the sandbox"


def test_the_sandbox_s_ratings_never_reach_helicone_and_are_cleared_by_one_command(
    tmp_path, stopped_site: Site, sandbox_server: SandboxProcess
):
    site = Site(tmp_path, like=stopped_site)
    site.environment |= {"HELICONE_SECOND_WRITE_SECONDS": "0", "METRICS_TOKEN": "tests"}
    with site, Visitor(site.start().url) as before:
        rated, unrated = ended(before, "Hello"), ended(before, "Are you there?")
        assert before.rate(rated) == 200
        settled(site, 1)
        site.stop()
        assert HINT not in site.log

        sandbox_server.reset()
        site.environment |= with_keys(sandbox_server)
        after = before.at(site.start().url)
        assert HINT in site.log
        assert after.rate(rated, "-1") == after.rate(unrated) == 200
        real = ended(after, "And really?")
        assert after.rate(real) == 200
        settled(site, 1)
        assert httpx2.get(f"{site.url}/readyz", trust_env=False).text == "ready\n"
        assert sandbox_server.calls()["rate 201"] == 1
        assert [one for one in sandbox_server.ratings().values() if one is not None] == [True]

        assert "2 conversations, 2 answers, 2 ratings, 2 reviews" in site.manage("clear_sandbox")
        site.manage("clear_sandbox", "--yes")
        assert "0 conversations" in site.manage("clear_sandbox")
        assert after.rate(real, "-1") == 200
        assert after.rate(rated) == 404


def with_keys(helicone: SandboxProcess) -> dict[str, str]:
    """Settings of a site that has keys: nothing tells it who plays Helicone."""
    return {
        "OPENAI_API_KEY": "sk-tests",
        "HELICONE_API_KEY": helicone.key,
        "HELICONE_GATEWAY_URL": helicone.openai_url,
        "HELICONE_API_URL": helicone.api_url,
        "HELICONE_APP_URL": helicone.url,
    }


def ended(visitor: Visitor, question: str) -> str:
    answer = visitor.ask(question).answer
    visitor.read(answer)
    return answer


def settled(site: Site, number: int) -> None:
    """Wait until so many ratings are settled and none is waiting."""
    deadline = time.monotonic() + DEADLINE
    while (found := states(site)) != (number, 0):
        assert time.monotonic() < deadline, found
        time.sleep(0.1)


def states(site: Site) -> tuple[int, int]:
    """Numbers of settled and of waiting ratings."""
    token = {"Authorization": "Bearer tests"}
    page = httpx2.get(f"{site.url}/metrics", headers=token, trust_env=False).text
    by_state = {k: int(float(v)) for k, v in re.findall(r'state="(\w+)"} ([0-9.]+)', page)}
    return by_state["settled"], sum(by_state[state] for state in ("due", "posted", "seen"))
