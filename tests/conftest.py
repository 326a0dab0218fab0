"""Fixtures for all tests, by what they are about."""

pytest_plugins = [
    "tests.fixtures.browser",
    "tests.fixtures.languages",
    "tests.fixtures.marks",
    "tests.fixtures.people",
    "tests.fixtures.processes",
]
