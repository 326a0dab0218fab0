"""A database of the oldest commit that is supported, brought up to date: nothing is lost or late."""

import json
from pathlib import Path

import pytest

from tests.migrations.databases import (
    columns_of,
    connected,
    migrate,
    new_database,
    restore,
    rows_of,
    run,
)
from tests.migrations.make_dumps import HERE, OLDEST
from tests.migrations.schema import schema_of

pytestmark = pytest.mark.process
VENDORS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]
# What upgrading changes: it names its steps and renames permissions; and on SQLite, whose triggers
# step aside meanwhile, all is counted anew.
RENAMED = {"django_migrations", "auth_permission", "django_content_type"}
RECOUNTED = {"feedback_tally", "feedback_tallied", "feedback_tallystate", "feedback_touched"}
OLD_NAMES = ("channel", "decision", "bulkact", "bulkpart", "readinglog", "tally", "tallied", "touched")


@pytest.fixture(scope="module", params=VENDORS)
def vendor(request):
    return request.param


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("upgrade")


@pytest.fixture(scope="module")
def old(vendor, folder):
    """The dump, restored."""
    with new_database(vendor, folder) as url:
        restore(url, (HERE / f"{OLDEST}.{vendor}.sql").read_text())
        yield url


@pytest.fixture(scope="module")
def fresh(vendor, folder):
    with new_database(vendor, folder) as url:
        done = migrate(url, folder)
        assert done.returncode == 0, done.stderr
        yield url


@pytest.fixture(scope="module")
def upgraded(old, folder):
    """Its address, and its rows before and after."""
    with connected(old) as connection:
        columns, before = columns_of(connection), rows_of(connection)
    done = migrate(old, folder)
    assert done.returncode == 0, done.stderr
    with connected(old) as connection:
        return old, before, rows_of(connection, columns)


@pytest.fixture(scope="module")
def used(upgraded, folder):
    """What its users and staff find, see `upgraded.py`; after all else, since it changes rows."""
    done = run(upgraded[0], "-m", "tests.migrations.upgraded", VAR_DIR=str(folder))
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_the_dump_has_rows_in_every_table(upgraded):
    assert [table for table, rows in upgraded[1].items() if not rows] == []


def test_the_schema_is_that_of_a_fresh_database(upgraded, fresh):
    with connected(upgraded[0]) as connection, connected(fresh) as other:
        theirs, ours = schema_of(connection), schema_of(other)
    for kind in ours:
        assert theirs[kind] == ours[kind]
    assert all(ours[kind] for kind in ("columns", "indexes", "triggers"))


def test_every_row_is_there_as_it_was(upgraded, vendor):
    _url, before, after = upgraded
    assert before.keys() <= after.keys(), "Later migrations add tables, and drop none."
    may_change = RENAMED | (RECOUNTED if vendor == "sqlite" else set())
    assert [t for t in before.keys() - may_change if before[t] != after[t]] == []
    for table in ("auth_permission", "django_content_type"):
        assert len(before[table]) <= len(after[table])


def test_answers_are_rated_reviewed_and_found(used):
    assert used["rated"] == [200, -1, "due"]
    assert used["decided"] == [302, "fixed"]
    assert used["found"] == {
        "rayleigh": ["Why is the sky blue?"],
        "fog": ["What is fog?"],
        "水滴": ["为什么下雨？"],
    }


def test_the_copies_and_the_numbers_are_right(used):
    assert used["lies"] == []


def test_permissions_have_the_new_names_and_whoever_had_them_keeps_them(used):
    assert not set(OLD_NAMES) & set(used["types"])
    assert not [p for p in used["permissions"] if p[1].endswith(OLD_NAMES)]
    assert ["staffaccess", "view_staffaccess", "Can view staff access"] in used["permissions"]
    assert "view_staffaccess" in used["lead"]
    assert used["rita"] == [["view_staffaccess"]]
    assert used["log"] == 200
    assert used["logged"] == ["Feedback | staff access"]


def test_a_second_upgrade_has_nothing_to_do(upgraded, folder):
    arguments = ("manage.py", "migrate", "--check")
    assert run(upgraded[0], *arguments, VAR_DIR=str(folder)).returncode == 0


@pytest.mark.parametrize("app", ["chatapp", "feedback"])
def test_a_database_that_is_older_is_refused_in_a_sentence(vendor, tmp_path, app):
    with new_database(vendor, tmp_path) as url:
        restore(url, (HERE / f"{OLDEST}.{vendor}.sql").read_text())
        with connected(url) as connection:
            newest = f"SELECT max(name) FROM django_migrations WHERE app = '{app}'"
            connection.execute(f"DELETE FROM django_migrations WHERE name = ({newest})")
        for arguments in (["manage.py", "migrate"], ["-m", "chatapp.server"]):
            done = run(url, *arguments, VAR_DIR=str(tmp_path), PORT="0")
            assert done.returncode == 1
            assert f"is older than commit {OLDEST}" in done.stdout + done.stderr
            assert "Traceback" not in done.stderr


def test_the_dumps_are_small():
    sizes = [Path(file).stat().st_size for file in HERE.glob("*.sql")]
    assert len(sizes) == 2 and max(sizes) < 200_000
