"""python -m tests GROUP [ARGUMENTS FOR PYTEST]: one group of tests, or `all` of them.

TEST_DATABASE_URL and TEST_REDIS_URL say where PostgreSQL and Redis are, WORKERS how many processes
share the work. docs/development.md says what is in which group.
"""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass

from tests.fixtures.browser import where_chromium_is
from tests.fixtures.services import POSTGRES_URL, why_no_postgres
from tests.tools.install_peers import why_no_peers

NOTHING_COLLECTED = 5  # the exit status of pytest that chose no test
# Our client for Helicone is small, and everything rests on it: no line goes untested.
COVERED = ("tests/helicone", "--cov=helicone", "--cov-branch", "--cov-fail-under=100")


@dataclass(frozen=True)
class Group:
    """Which tests, how many workers share them and how, and why they can't run here, if so."""

    marks: str
    workers: str
    dist: str
    database_url: str = ""
    why_not: Callable[[], str] = str

    def run(self, *arguments: str) -> int:
        """The exit status of pytest."""
        workers = ["-n", os.environ.get("WORKERS", self.workers), "--dist", self.dist]
        command = [sys.executable, "-m", "pytest", *workers, "-m", self.marks, *arguments]
        environment = os.environ | {"DATABASE_URL": self.database_url}
        return subprocess.run(command, env=environment).returncode


def why_no_chromium() -> str:
    return "" if where_chromium_is() else "There is no chromium; CHROMIUM may say where it is"


APART = "slow or process or postgres or redis"
# loadfile: a file's tests share the processes they start.
GROUPS = {
    "fast": Group(f"not (browser or {APART})", "auto", "worksteal"),
    "slow": Group(f"({APART}) and not browser and not (postgres and database)", "6", "loadfile"),
    "browser": Group("browser and not peers", "2", "loadfile", why_not=why_no_chromium),
    "postgres": Group(
        "database and not sqlite or both_databases", "2", "loadfile", POSTGRES_URL, why_no_postgres
    ),
    "peers": Group("peers", "1", "loadfile", why_not=lambda: why_no_peers() or why_no_chromium()),
}


def run(name: str, arguments: list[str]) -> int:
    """Run a group; the exit status. A group that can't run here says why and passes."""
    group = GROUPS[name]
    if why := group.why_not():
        print(f"Skipped the group {name}: {why}.", flush=True)
        return 0
    if name == "fast" and not arguments:
        if status := group.run(*COVERED):
            return status
        arguments = ["--ignore=tests/helicone"]
    return group.run(*arguments)


def main(arguments: list[str]) -> int:
    name, *rest = arguments or ["fast"]
    if name != "all":
        return run(name, rest)
    statuses = [run(one, rest) for one in GROUPS]
    ran = [status for status in statuses if status != NOTHING_COLLECTED]
    return max(ran, default=NOTHING_COLLECTED)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
