"""One run of the load test, from the start of the servers to the audit."""

import random
import re
import tempfile
import time
import uuid
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from bench.storm.audit import Count, audit
from bench.storm.people import Notes, Person
from bench.storm.weather import Weather
from tests.fixtures.services import REDIS_URL
from tests.resilience import stored
from tests.sandbox_process import SandboxProcess
from tests.site_process import Site

AT_ONCE = 50  # people at most
SETTLE_SECONDS = 60
SETTINGS: dict[str, Any] = {
    "MESSAGES_PER_MINUTE": "0",
    "MESSAGES_PER_DAY": "0",
    "ANSWERS_AT_ONCE": "0",
    "FIRST_TOKEN_SECONDS": "5",
    "STALL_SECONDS": "3",
    "SHUTDOWN_SECONDS": "2",
}


class Storm:
    def __init__(self, *, seed: str, conversations: int, seconds: float, servers: int = 1) -> None:
        self.seed, self.conversations, self.seconds = seed, conversations, seconds
        self.servers = servers
        self.notes, self.happened = Notes(), Counter[str]()
        self.complaints = ""

    def run(self) -> Count:
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            sandbox = stack.enter_context(SandboxProcess())
            sites = self.start(folder, sandbox, stack)
            self.rage(sites)
            self.settle(sites[0])
            self.complaints = "\n".join(filter(None, map(complaints, sites)))
            return audit(sites[0], sandbox, self.notes)

    def start(self, folder: Path, sandbox: SandboxProcess, stack: ExitStack) -> Sequence[Site]:
        if self.servers == 1:
            return [stack.enter_context(Site(folder / "one", sandbox, **SETTINGS)).start()]
        shared = SETTINGS | {"REDIS_URL": REDIS_URL, "REDIS_PREFIX": f"storm-{uuid.uuid4()}"}
        shared["SECRET_KEY"] = "one-for-all-" + "x" * 50
        first = Site(folder / "one", sandbox, database_url="postgres", **shared)
        sites = [stack.enter_context(first).start()]
        for number in range(1, self.servers):
            url = first.own_database
            other = Site(folder / str(number), sandbox, database_url=url, **shared)
            sites.append(stack.enter_context(other).start())
        return sites

    def rage(self, sites: Sequence[Site]) -> None:
        weather = Weather(sites, f"{self.seed}-weather", pause=max(3, self.seconds / 30))
        began = time.monotonic()
        weather.start()
        try:
            with ThreadPoolExecutor(min(AT_ONCE, self.conversations)) as people:
                jobs = [
                    people.submit(self.one, sites, number, began)
                    for number in range(self.conversations)
                ]
                for job in jobs:
                    job.result()
        finally:
            weather.end()
            self.happened = weather.happened

    def one(self, sites: Sequence[Site], number: int, began: float) -> None:
        """Run one conversation; their starts are spread over the time of the test."""
        starts = began + 0.8 * self.seconds * number / self.conversations
        time.sleep(max(0, starts - time.monotonic()))
        person = Person([site.url for site in sites], f"{self.seed}-{number}", self.notes)
        lasts = random.Random(person.seed).uniform(0, 0.2) * self.seconds
        person.converse(min(time.monotonic() + lasts, began + self.seconds))

    def settle(self, site: Site) -> None:
        """Wait until undisturbed servers have finished the remaining answers."""
        deadline = time.monotonic() + SETTLE_SECONDS
        running = "SELECT id FROM chatapp_message WHERE status IN ('queued', 'streaming')"
        while stored.rows(site, running) and time.monotonic() < deadline:
            time.sleep(0.2)


def complaints(site: Site) -> str:
    """Tracebacks in a site's log."""
    found = re.findall(r"^Traceback .*(?:\n[ \t].*)*\n.*", site.log, re.MULTILINE)
    return "\n".join(found[:3])
