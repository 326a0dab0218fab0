"""Each module of the accounts can be the first that is loaded: who comes first is a matter of luck,
since Django's checks run in no order, and a worker that has no pages loads little else."""

import os
import subprocess
import sys

from tests.architecture.imports import ROOT

# A child for each module: what one has loaded, the next has not.
LOAD = """
import os, sys, django
django.setup()
for module in sys.argv[1:]:
    if not (child := os.fork()):
        __import__(f"chatapp.accounts.{module}")
        os._exit(0)
    if os.waitpid(child, 0)[1]:
        sys.exit(f"{module} can't be the first.")
"""
WITH = {
    "DJANGO_SETTINGS_MODULE": "chatapp.settings",
    "OIDC_SERVER_URL": "https://id.test",
    "OIDC_CLIENT_ID": "rapport",
}
MODULES = sorted(path.stem for path in (ROOT / "chatapp/accounts").glob("[a-z]*.py"))


def test_each_can_be_the_first():
    command = [sys.executable, "-c", LOAD, *MODULES]
    environment = os.environ | WITH
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
