"""The releases whose code has to work on the schema of today; see docs/decisions/0004."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Release:
    """`revision` is git's name of it, `migrations` the last one that each app had.

    `tests` are files of its own tests: the main flows, through views, models and triggers. Its code
    and tests read the schema that today's migrations make.
    """

    revision: str
    migrations: dict[str, str]
    tests: tuple[str, ...]


# The newest last. Each release adds itself, and the one before the newest may go.
RELEASES = (
    Release(
        "f74fff1c6939bc0ad08be7bd2ea342fc172e3cf3",  # v0.1.0
        {"chatapp": "0001_squashed_0008_counted", "feedback": "0020_glossary_names"},
        (
            "tests/chatapp/views/test_home.py",
            "tests/feedback/test_rating.py",
            "tests/feedback/test_reasons.py",
            "tests/feedback/admin/test_decide.py",
        ),
    ),
)
# Migrations that break a release on purpose, by app and name, with the reason: what they take away
# was announced as unused in the release before, or the linter errs.
ANNOUNCED: dict[tuple[str, str], str] = {}
