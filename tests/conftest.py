"""Fixtures for all tests, by what they are about."""

pytest_plugins = [
    "tests.fixtures.browser",
    "tests.fixtures.database",
    "tests.fixtures.languages",
    "tests.fixtures.people",
    "tests.fixtures.processes",
]


def pytest_terminal_summary(terminalreporter):
    """Why a test needed another try: it may be a real fault that is rarely seen."""
    for report in terminalreporter.stats.get("rerun", []):
        terminalreporter.section(f"tried again: {report.nodeid}")
        terminalreporter.write_line(report.longreprtext)
