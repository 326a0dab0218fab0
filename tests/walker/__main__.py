"""make walk: walk at random for SECONDS (300), from a SEED; 1 if anything went wrong.

Guests, members and staff of every role click, type, press keys, go back and reload on a site and a
sandbox of their own. Any answer of 500 or more, console error, exception or CSP report is printed
with the steps before it.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.fixtures.browser import ARGUMENTS, where_chromium_is
from tests.sandbox_process import SandboxProcess
from tests.site_process import Site
from tests.walker.walk import Walk, tracebacks


def main() -> int:
    parser = argparse.ArgumentParser(prog="make walk", description="Walk at random.")
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    options = parser.parse_args()
    if not where_chromium_is():
        print("There is no chromium here: install it, or say where it is in CHROMIUM.")
        return 2
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        sandbox = stack.enter_context(SandboxProcess())
        site = stack.enter_context(
            Site(folder / "site", sandbox, ACCOUNT_RATE_LIMITS="false", ANSWERS_AT_ONCE="0")
        ).start()
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=where_chromium_is(), args=ARGUMENTS)
        walk = Walk(site, random.Random(options.seed))
        walk.go(browser, options.seconds)
        errors = tracebacks(site.log)
    print(*walk.complaints, *errors, sep="\n")
    roles = " ".join(f"{role}={number}" for role, number in walk.steps.items())
    print(f"seed={options.seed} {roles} complaints={len(walk.complaints)} tracebacks={len(errors)}")
    return 1 if walk.complaints or errors else 0


if __name__ == "__main__":
    sys.exit(main())
