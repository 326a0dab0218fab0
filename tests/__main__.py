"""python -m tests [ARGUMENTS FOR PYTEST]: all on SQLite, then what touches a database on PostgreSQL.

TEST_DATABASE_URL says where PostgreSQL is, WORKERS how many processes share the work.
"""

import os
import subprocess
import sys

from tests.fixtures.services import POSTGRES_URL, why_no_postgres

# Real browsers, kills and clocks on a machine that does other things too: in CI a test that fails is
# tried twice more, and the summary names each that needed it. What fails three times is broken.
AGAIN = ["--reruns", "2", "-rR"] if "CI" in os.environ else []


def main(arguments: list[str]) -> int:
    # Whole files to a worker: a file's tests share the processes they start.
    workers = ["-n", os.environ.get("WORKERS", "2"), "--dist", "loadfile"]
    if not arguments:
        # Our client for Helicone is small, and everything rests on it: no line goes untested.
        covered = ["--cov=helicone", "--cov-branch", "--cov-fail-under=100", "--cov-report=term"]
        if status := _pytest([*workers, "tests/helicone", *covered], ""):
            return status
    if status := _pytest([*workers, *(arguments or ["--ignore=tests/helicone"])], ""):
        return status
    if why := why_no_postgres():
        print(f"Skipped: the tests on PostgreSQL ({why}). TEST_DATABASE_URL says where it is.")
        return 0
    print("Once more on PostgreSQL, what touches a database:", flush=True)
    return _pytest([*workers, "--only-database", *arguments], POSTGRES_URL)


def _pytest(arguments: list[str], database_url: str) -> int:
    command = [sys.executable, "-m", "pytest", *AGAIN, *arguments]
    return subprocess.run(command, env=os.environ | {"DATABASE_URL": database_url}).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
