"""The code of the last release works on today's schema, while both run side by side.

Its own tests say whether it does: they run from its own checkout, on a database that today's
migrations made. RELEASE=HEAD tries another revision in its place.
"""

import os
import subprocess
from pathlib import Path

import pytest

from tests.fixtures.services import POSTGRES_URL
from tests.migrations.databases import connected, migrate, new_database, run
from tests.migrations.releases import RELEASES
from tests.site_process import ROOT

RELEASE = RELEASES[-1]
REVISION = os.environ.get("RELEASE", RELEASE.revision)
pytestmark = pytest.mark.process
VENDORS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]
# Settings, and a plugin as well: TRUNCATE refuses a table that a newer one, which this code doesn't
# know, refers to.
SETTINGS = """
from tests.settings import *
from tests.settings import DATABASES

DATABASES["default"]["TEST"] = {{"NAME": {name!r}}}


def pytest_configure():
    from django.db.backends.postgresql.operations import DatabaseOperations

    sql_flush = DatabaseOperations.sql_flush

    def flush(self, style, tables, *, reset_sequences=False, allow_cascade=False):
        return sql_flush(self, style, tables, reset_sequences=reset_sequences, allow_cascade=True)

    DatabaseOperations.sql_flush = flush
"""


@pytest.fixture(scope="module")
def code(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The release's checkout."""
    folder = tmp_path_factory.mktemp("release")
    if not git("rev-parse", "--verify", f"{REVISION}^{{commit}}"):
        assert [one for one in RELEASE.tests if not (ROOT / one).exists()] == []
        pytest.skip(f"There is no {REVISION} in the history here.")
    archive = git("archive", REVISION)
    subprocess.run(["tar", "-x"], cwd=folder, check=True, input=archive)
    return folder


def git(*arguments: str) -> bytes:
    """What git prints; nothing where it fails, or where this is no clone."""
    try:
        return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True).stdout
    except FileNotFoundError:
        return b""


@pytest.mark.timeout(600)
@pytest.mark.parametrize("vendor", VENDORS)
def test_its_own_tests_pass_on_the_schema_of_today(vendor, code, tmp_path):
    with new_database(vendor, tmp_path) as url:
        assert migrate(url, tmp_path).returncode == 0
        done = own_tests(url, code, RELEASE.tests)
        assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-2000:]


@pytest.mark.timeout(600)
@pytest.mark.parametrize("vendor", VENDORS)
def test_they_notice_a_column_that_is_gone(vendor, code, tmp_path):
    """Or else the test above would say nothing."""
    with new_database(vendor, tmp_path) as url:
        assert migrate(url, tmp_path).returncode == 0
        with connected(url) as connection:
            connection.execute("ALTER TABLE feedback_review RENAME COLUMN note TO remark")
        done = own_tests(url, code, ("tests/feedback/test_rating.py",))
        assert done.returncode == 1
        assert "note" in done.stdout and " failed" in done.stdout


def own_tests(
    url: str, code: Path, files: tuple[str, ...]
) -> subprocess.CompletedProcess[str]:
    """pytest in that checkout, on this database."""
    on_sqlite = url.startswith("sqlite")
    name = url.removeprefix("sqlite:///") if on_sqlite else url.rpartition("/")[2]
    (code / "tests/todays_schema.py").write_text(SETTINGS.format(name=name))
    arguments = ("-q", "--reuse-db", "--ds=tests.todays_schema", "-p", "tests.todays_schema")
    return run("" if on_sqlite else POSTGRES_URL, "-m", "pytest", *arguments, *files, code=code)
