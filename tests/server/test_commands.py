"""Commands of manage.py that fail: what they print, and their exit status."""

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.fixtures.patience import DEADLINE
from tests.site_process import ROOT, Site

KEY = "sk-proj-hush0123456789"
WORD = "wordcanary"


@pytest.fixture
def site(tmp_path: Path, stopped_site: Site) -> Site:
    """A site whose database says KEY and WORD where a command stumbles over it."""
    site = Site(tmp_path, like=stopped_site, OPENAI_API_KEY=KEY)
    with closing(sqlite3.connect(site.var / "rapport.sqlite3")) as database:
        database.execute(
            "CREATE TRIGGER broken BEFORE DELETE ON django_session"
            f" BEGIN SELECT RAISE(ABORT, '{KEY}'); END"
        )
        database.execute(
            "INSERT INTO django_session VALUES ('old', ?, '2020-01-01 00:00:00')", [WORD]
        )
        database.commit()
    return site


def failed(site: Site, *arguments: str, **settings: str) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=site.environment | settings,
        capture_output=True,
        text=True,
        timeout=DEADLINE,
    )
    assert done.returncode == 1
    return done.stdout + done.stderr


def test_what_ends_a_command_is_in_the_log_without_secrets(site):
    said = failed(site, "clearsessions")
    assert " CRITICAL manage [-]: The command clearsessions failed." in said
    assert "Traceback (most recent call last):" in said
    assert said.splitlines()[-1] == "IntegrityError: [secret]"
    assert KEY not in said


def test_it_is_one_object_where_the_log_is_json(site):
    (line,) = failed(site, "clearsessions", LOG_FORMAT="json", LOG_LEVEL="CRITICAL").splitlines()
    logged = json.loads(line)
    assert (logged["level"], logged["logger"]) == ("CRITICAL", "manage")
    assert logged["exception"].endswith("IntegrityError: [secret]")


def test_words_of_an_exception_are_not_shown(site):
    said = failed(site, "shell", "-v0", "-c", f"raise ValueError('{WORD}')")
    assert said.splitlines()[-1] == "ValueError"
    assert WORD not in said


def test_an_error_that_a_command_explains_is_printed_as_it_is(site):
    assert failed(site, "check_helicone") == (
        "CommandError: HELICONE_API_KEY must be set first, in .env for instance.\n"
    )
    traceback = failed(site, "check_helicone", "--traceback")
    assert "CommandError: HELICONE_API_KEY must be set first" in traceback
