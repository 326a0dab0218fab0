"""No migration since the last release breaks the code of that release: what SQL can tell of it.

The linter reads statements of PostgreSQL: SQLite changes a table by making it anew, which says
nothing about what changed.
"""

import pytest
from django.db import connection
from django_migration_linter import MigrationLinter

from tests.migrations.releases import ANNOUNCED, RELEASES

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
BREAKING = {
    "0002_not_null": "NOT_NULL",
    "0003_dropped": "DROP_COLUMN",
    "0004_renamed": "RENAME_COLUMN",
    "0005_narrower": "ALTER_COLUMN",
    "0006_deleted": "DROP_TABLE",
}


@pytest.fixture
def lint():
    """lint(app, name) is what is wrong with this migration, by the linter's codes."""
    if connection.vendor != "postgresql":
        pytest.skip("The linter reads statements of PostgreSQL.")

    def lint(app, name):
        linter = MigrationLinter(no_output=True, no_cache=True)
        statements = linter.get_sql(app, name)
        analyser = linter.sql_analyser_class([])
        analyser.analyse(statements)
        return [issue.code for issue in analyser.errors]

    return lint


def test_nothing_that_the_last_release_needs_is_taken_away(lint):
    last = RELEASES[-1].migrations
    loader = MigrationLinter(no_output=True, no_cache=True).migration_loader
    newer = [(app, name) for app, name in loader.disk_migrations if name > last.get(app, "~")]
    found = {one: errors for one in newer if (errors := lint(*one)) and one not in ANNOUNCED}
    assert found == {}, "Add, fill, and remove one release later: docs/decisions/0004."


@pytest.mark.parametrize("name", BREAKING)
def test_a_migration_that_would_break_it_is_noticed(lint, settings, name):
    settings.MIGRATION_MODULES = {"feedback": "tests.migrations.breaking"}
    assert BREAKING[name] in lint("feedback", name)


@pytest.mark.parametrize("name", ["0007_with_a_default", "0008_nullable"])
def test_a_column_that_old_code_can_ignore_is_not(lint, settings, name):
    settings.MIGRATION_MODULES = {"feedback": "tests.migrations.breaking"}
    assert lint("feedback", name) == []


def test_what_is_announced_is_there(lint):
    loader = MigrationLinter(no_output=True, no_cache=True).migration_loader
    assert ANNOUNCED.keys() <= loader.disk_migrations.keys()
