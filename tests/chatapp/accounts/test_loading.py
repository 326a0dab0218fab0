"""Each module of the accounts can be the first that is loaded: who comes first is a matter of luck,
since Django's checks run in no order, and a worker that has no pages loads little else."""

import os
import subprocess
import sys

import pytest

from tests.architecture.imports import ROOT

LOAD = """
import sys, django
django.setup()
__import__(sys.argv[1])
"""
WITH = {
    "DJANGO_SETTINGS_MODULE": "chatapp.settings",
    "OIDC_SERVER_URL": "https://id.test",
    "OIDC_CLIENT_ID": "rapport",
}
MODULES = sorted(path.stem for path in (ROOT / "chatapp/accounts").glob("[a-z]*.py"))


@pytest.mark.parametrize("module", MODULES)
def test_it_can_be_the_first(module):
    command = [sys.executable, "-c", LOAD, f"chatapp.accounts.{module}"]
    environment = os.environ | WITH
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
