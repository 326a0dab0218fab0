"""The law of docs/architecture.md: who may import whom."""

import re

import pytest

from tests.architecture.imports import (
    Import,
    circle,
    closure,
    identifiers,
    imports,
    modules,
    unexplained_local_imports,
)

# What a room may take of the others: these modules and what is inside them. The longest name that
# fits is asked.
MAY_TAKE = {
    "chatapp": ("helicone",),
    "feedback": ("helicone",),
    # All that feedback knows of the chat it belongs to, but for its pages in the admin.
    "feedback.chat": (
        "chatapp.availability",
        "chatapp.concurrency",
        "chatapp.current_user",
        "chatapp.extensions",
        "chatapp.helicone_settings",
        "chatapp.text.hidden_characters",
        "chatapp.observability.masking",
        "chatapp.observability.metrics",
        "chatapp.observability.tracing",
        "chatapp.models",
        "chatapp.limits.places",
        "chatapp.search",
        "chatapp.views.responses",
    ),
    "feedback.admin": (
        "chatapp.admin.base",
        "chatapp.helicone_settings",
        "chatapp.images.responses",
        "chatapp.models",
        "chatapp.search",
        "helicone",
    ),
    "helicone": (),
    "sandbox": (),
}
# Of each package, from the top down; those in one line may import each other, not in circles.
LEVELS = {
    "chatapp": [
        "server",
        "asgi",
        "http accounts urls",
        "views admin",
        "submission management erasure",
        "generation retention",
        "forms templatetags context_processors apps middleware admin_site",
        "pagination limits images current_user conversation_export error_messages concurrency",
        "models",
        "search markdown streams availability text helicone_settings configuration"
        " extensions settings security_headers staticfiles formats io observability",
    ],
    "feedback": [
        "urls apps management",
        "views admin templatetags",
        "delivery insights export list_index staff_access monitoring personal_data",
        "rating_flow permissions forms",
        "models",
        "database triggers chat",
    ],
    "feedback.models": [
        "rollup implicit_feedback access_log export_log group_policy saved_filter",
        "reviews",
        "outbox",
        "rating",
        "labels",
    ],
}
KNOW_NO_MODELS = ["streams", "markdown", "generation.completion", "generation.errors"]
# What chatapp may not name; `rating` where it begins a lookup. Settings and URLs put both together.
NAMES_OF_FEEDBACK = re.compile(r"(^|\.|__)(feedback|ratings|chat_rules)($|\.|__)|(^|__)rating__")
MAY_NAME_FEEDBACK = {
    "chatapp.settings",
    "chatapp.urls",
}


def leaves_its_room_lawfully(one: Import) -> bool:
    mine = max((name for name in MAY_TAKE if is_in(one.importer, name)), key=len)
    room = one.importer.split(".")[0]
    return any(is_in(one.imported, name) for name in (room, *MAY_TAKE[mine]))


def is_in(module: str, package: str) -> bool:
    return f"{module}.".startswith(f"{package}.")


def goes_down(one: Import) -> bool:
    """In the innermost package of the law that holds both; its own module stands above."""
    both = [name for name in LEVELS if is_in(one.importer, name) and is_in(one.imported, name)]
    if not both:
        return True
    package = max(both, key=len)
    return level(package, one.importer) >= level(package, one.imported)


def level(package: str, module: str) -> int:
    """Counted from the bottom; -1 for what the law doesn't know."""
    names = [set(line.split()) for line in reversed(LEVELS[package])]
    if module == package:
        return len(names)
    member = module.removeprefix(f"{package}.").split(".")[0]
    return next((n for n, line in enumerate(names) if member in line), -1)


def test_no_room_takes_more_of_another_than_the_law_allows():
    assert [str(one) for one in imports() if not leaves_its_room_lawfully(one)] == []


def test_inside_an_app_imports_go_down_only():
    assert [str(one) for one in imports() if not goes_down(one)] == []


@pytest.mark.parametrize("package", LEVELS)
def test_the_law_knows_every_module(package):
    known = set(" ".join(LEVELS[package]).split())
    there = {
        name.split(".")[package.count(".") + 1]
        for name in modules()
        if is_in(name, package) and name != package
    }
    assert there == known


@pytest.mark.parametrize("name", KNOW_NO_MODELS)
def test_what_knows_no_models_takes_nothing_that_does(name):
    taken = closure(f"chatapp.{name}", imports())
    assert f"chatapp.{name}" in taken
    django_models = ("chatapp.models", "feedback.models")
    assert [module for module in taken if module.startswith(django_models)] == []


def test_no_modules_and_no_packages_import_each_other():
    assert circle(imports()) == []


def test_an_import_inside_a_function_says_why():
    assert unexplained_local_imports() == []


def test_the_chat_names_nothing_of_feedback():
    named = [
        f"{module}, line {line}: {text}"
        for module, file in modules().items()
        if is_in(module, "chatapp") and module not in MAY_NAME_FEEDBACK
        for line, text in identifiers(file)
        if NAMES_OF_FEEDBACK.search(text)
    ]
    assert named == []


@pytest.mark.parametrize("name", ["services", "utils", "helpers", "managers"])
def test_no_module_has_a_name_that_says_nothing(name):
    assert [module for module in modules() if module.split(".")[-1] == name] == []


@pytest.fixture
def house(tmp_path):
    """A tree of files with given texts, to see that the law has teeth."""

    def build(**texts):
        for dotted, text in texts.items():
            file = tmp_path / f"{dotted.replace('__', '/')}.py"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        return imports(tmp_path)

    return build


def test_the_law_sees_feedback_reaching_into_the_chat(house):
    (found,) = house(chatapp__models="", feedback__views="from chatapp import models")
    assert found.imported == "chatapp.models"
    assert not leaves_its_room_lawfully(found)


def test_the_law_sees_an_import_inside_a_function(house):
    (found,) = house(sandbox__app="", chatapp__views="def view():\n    import sandbox.app\n")
    assert not leaves_its_room_lawfully(found)


def test_the_law_sees_a_model_that_knows_a_view(house):
    (found,) = house(chatapp__views="", chatapp__models__user="from chatapp.views import home")
    assert not goes_down(found)


def test_the_law_sees_a_rating_that_knows_its_delivery(house):
    (found,) = house(
        feedback__models__outbox="",
        feedback__models__rating="def rate():\n    from feedback.models import outbox\n",
    )
    assert not goes_down(found)


def test_the_law_sees_models_through_another_module(house):
    found = house(
        chatapp__generation__completion="import chatapp.one",
        chatapp__one="from chatapp.models import user",
        chatapp__models__user="",
    )
    assert "chatapp.models.user" in closure("chatapp.generation.completion", found)


def test_the_law_sees_a_circle(house):
    found = house(chatapp__one="import chatapp.two", chatapp__two="from chatapp.one import x")
    assert set(circle(found)) == {"chatapp.one", "chatapp.two"}


@pytest.mark.parametrize(
    "back",
    ["def f():\n    import chatapp.two\n", "if TYPE_CHECKING:\n    import chatapp.two\n"],
    ids=["inside a function", "for type checkers"],
)
def test_the_law_sees_a_circle_that_never_closes_at_run_time(house, back):
    found = house(chatapp__one=back, chatapp__two="import chatapp.one")
    assert set(circle(found)) == {"chatapp.one", "chatapp.two"}


def test_the_law_sees_a_circle_of_packages_without_one_of_modules(house):
    found = house(
        chatapp__a__one="import chatapp.b.one",
        chatapp__a__two="",
        chatapp__b__one="",
        chatapp__b__two="import chatapp.a.two",
    )
    assert set(circle(found)) == {"chatapp.a", "chatapp.b"}


def test_the_law_sees_a_module_that_imports_its_own_package(house):
    found = house(chatapp__a="from chatapp.a.one import x", chatapp__a__one="import chatapp.a")
    assert set(circle(found)) == {"chatapp.a.__init__", "chatapp.a.one"}


@pytest.mark.parametrize(
    ("line", "is_explained"),
    [
        ("import openai", False),
        ("import openai  # noqa: F401", False),
        ("import openai  # takes half a second", True),
        ("# takes half a second\n    import openai\n    import httpx2", True),
    ],
)
def test_the_law_sees_a_local_import_that_says_nothing(house, tmp_path, line, is_explained):
    house(chatapp__one=f"def f():\n    {line}\n")
    assert (unexplained_local_imports(tmp_path) == []) is is_explained


@pytest.mark.parametrize(
    ("line", "is_named"),
    [
        ('x = "feedback.view_rating"', True),
        ('x.prefetch_related("ratings__reasons")', True),
        ("x.filter(message__rating__value=1)", True),
        ("x.filter(chat_rules__may_rate=False)", True),
        ("person.ratings.count()", True),
        ('"""Delivery of ratings to Helicone."""', False),
        ("x = settings.RATINGS", False),
        ("x = message.is_rateable", False),
    ],
)
def test_the_law_sees_a_name_of_feedback(tmp_path, line, is_named):
    (file := tmp_path / "one.py").write_text(line)
    named = any(NAMES_OF_FEEDBACK.search(text) for _line, text in identifiers(file))
    assert named is is_named
