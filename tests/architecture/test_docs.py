"""Each path and module that the documentation names is there."""

import re

import pytest

from tests.architecture.documented import CODE, ROOT, Name, is_path, module_exists, names

DOCUMENTS = sorted(
    [
        *(ROOT / "docs").glob("*.md"),
        *(ROOT / "docs" / "decisions").glob("*.md"),
        *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")),
    ]
)
SECURITY = ROOT / "docs" / "security.md"
TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
ARCHITECTURE = ROOT / "docs" / "architecture.md"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda file: str(file.relative_to(ROOT)))
def test_what_a_document_names_is_there(document):
    assert [str(name) for name in names(document) if not name.exists()] == []


def test_the_architecture_has_a_line_for_every_module():
    in_sections = {ROOT / name.folder / name.text for name in names(ARCHITECTURE)}
    named = in_sections | {ROOT / name.text for name in names(ARCHITECTURE)}
    modules = [
        file
        for room in CODE
        if room != "tests"
        for file in (ROOT / room).rglob("*.py")
        if file.name != "__init__.py" and "migrations" not in file.parts
    ]
    assert len(modules) > 200
    assert sorted(str(file.relative_to(ROOT)) for file in modules if file not in named) == []


def test_each_threat_names_tests_that_are_there():
    table = [line for line in SECURITY.read_text("utf-8").splitlines() if line.startswith("| ")][2:]
    assert [row for row in table if "`tests/" not in row] == []
    named = [found.groups() for row in table for found in TEST.finditer(row)]
    assert len(named) > 30
    modules = {f"{file.removesuffix('.py').replace('/', '.')}.{test}" for file, test in named}
    assert [name for name in sorted(modules) if not module_exists(name)] == []


def test_every_decision_is_in_the_list_of_decisions():
    folder = ROOT / "docs" / "decisions"
    listed = {name.text for name in names(folder / "README.md") if name.is_link}
    assert sorted(listed) == sorted(file.name for file in folder.glob("0*.md"))


@pytest.fixture
def project(tmp_path):
    """A small project, and a function that returns which names of a text are missing from it."""
    (tmp_path / "chatapp" / "views").mkdir(parents=True)
    (tmp_path / "chatapp" / "__init__.py").write_text("")
    (tmp_path / "chatapp" / "views" / "__init__.py").write_text("")
    (tmp_path / "chatapp" / "views" / "home.py").write_text(
        "SIZE = 1\nclass Page:\n    def show(self): ...\ndef home(): ...\n"
    )
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "delivery.md").write_text("")
    document = tmp_path / "docs" / "page.md"

    def missing(text):
        document.write_text(text)
        found = list(names(document, tmp_path))
        assert found, "the text names nothing at all"
        return [name.text for name in found if not name.exists(tmp_path)]

    return missing


@pytest.mark.parametrize(
    "text",
    [
        "`chatapp/views/home.py`, `chatapp/views/` and `home.py`",
        "`chatapp.views.home`, `chatapp.views.home.Page.show` and `chatapp.views.home.SIZE`",
        "[the delivery](delivery.md#states) and [a view](../chatapp/views/home.py)",
        "`chatapp/views/*.py` and `chatapp/<folder>/home.py`",
        "```\npython -m chatapp.views.home chatapp/views\n```",
        'run `make test ARGS="chatapp/views/home.py::test_it -q"`.',
        "## `chatapp/views/`\n\n| `home.py` | the home page |",
        "1. `home.py` is this:\n\n   ```python\n   render('chatapp/new.html')\n   ```",
    ],
)
def test_a_name_of_something_that_is_there_passes(project, text):
    assert project(text) == []


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("`chatapp/views/gone.py`", "chatapp/views/gone.py"),
        ("`views/home.py`", "views/home.py"),
        ("`chatapp/gone/`", "chatapp/gone/"),
        ("`gone.py`", "gone.py"),
        ("`chatapp.views.gone`", "chatapp.views.gone"),
        ("`chatapp.views.home.gone`", "chatapp.views.home.gone"),
        ("`chatapp.views.home.Page.gone`", "chatapp.views.home.Page.gone"),
        ("[a page](gone.md)", "gone.md"),
        ("[a page](docs/delivery.md)", "docs/delivery.md"),
        ("`chatapp/gone/*.py`", "chatapp/gone/*.py"),
        ("```\nmake test ARGS='chatapp/gone -q'\n```", "chatapp/gone"),
        ("1. Run this:\n\n   ```\n   ls chatapp/gone\n   ```\n", "chatapp/gone"),
        ("## `chatapp/`\n\n| `home.py` | in another folder |", "home.py"),
    ],
)
def test_a_name_of_something_that_is_gone_fails(project, text, missing):
    assert project(text) == [missing]


@pytest.mark.parametrize(
    "word",
    [
        "https://example.org/page.html",
        "postgres://USER:PASSWORD@HOST:5432/NAME",
        "/healthz",
        "/m/<uuid>/rating/",
        "VAR_DIR/media",
        "var/",
        ".venv/bin/python",
        ".env",
        ".po",
        "0.1.0",
    ],
)
def test_urls_and_what_is_local_to_a_machine_are_no_paths(word):
    assert not is_path(word)


@pytest.mark.parametrize("word", ["chatapp/views", "docs/", "Variables/x", "home.py", ".env.json"])
def test_what_looks_like_a_path_is_one(word):
    assert is_path(word)


def test_a_failure_names_document_and_line(tmp_path):
    (tmp_path / "page.md").write_text("# Title\n\nSee `chatapp/gone.py`.\n")
    assert [str(name) for name in names(tmp_path / "page.md", tmp_path)] == [
        "page.md, line 3: chatapp/gone.py"
    ]


def test_modules_are_found_in_this_project():
    assert module_exists("chatapp.extensions.Extension.app_label")
    assert module_exists("helicone.Settings")
    assert not module_exists("chatapp.extensions.Extension.gone")
    assert not Name(ARCHITECTURE, 1, "chatapp/gone.py").exists()
