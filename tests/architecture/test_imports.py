"""The law of docs/architecture.md: who may import whom."""

import pytest

from tests.architecture.imports import Import, circles, closure, imports, modules

# What a room may take of the others: these modules and what is inside them.
MAY_TAKE = {
    "feedback": (
        "chatapp.models",
        "chatapp.markdown",
        "chatapp.views.responses",
        "chatapp.current_user",
        "chatapp.images.responses",
        "chatapp.helicone_settings",
        "chatapp.availability",
        "chatapp.concurrency",
        "chatapp.admin.base",
        "chatapp.search",
        "helicone",
    ),
    "chatapp": ("helicone",),
    "helicone": (),
    "sandbox": (),
}
# Inside an app, from the top down; a module that isn't named here stands on "between".
LEVELS = {
    "start": 5,
    "asgi": 5,
    "apps": 5,
    "urls": 4,
    "views": 3,
    "admin": 3,
    "management": 3,
    "middleware": 3,
    "context": 3,
    "between": 2,
    "models": 1,
    "configuration": 0,
    "search": 0,
    "streams": 0,
    "markup": 0,
    "llm": 0,
    "refusals": 0,
    "away": 0,
}
APPS = ("chatapp", "feedback")


def room(module: str) -> str:
    return module.split(".")[0]


def level(module: str) -> int:
    parts = module.split(".")
    return LEVELS.get(parts[1], LEVELS["between"]) if len(parts) > 1 else 0


def leaves_its_room_lawfully(one: Import) -> bool:
    allowed = (room(one.importer), *MAY_TAKE[room(one.importer)])
    return any(one.imported == name or one.imported.startswith(f"{name}.") for name in allowed)


def goes_down(one: Import) -> bool:
    inside = room(one.importer) == room(one.imported) and room(one.importer) in APPS
    return not inside or level(one.importer) >= level(one.imported)


def test_no_room_takes_more_of_another_than_the_law_allows():
    assert [str(one) for one in imports() if not leaves_its_room_lawfully(one)] == []


def test_inside_an_app_imports_go_down_only():
    assert [str(one) for one in imports() if not goes_down(one)] == []


@pytest.mark.parametrize("name", ["streams", "markup", "llm"])
def test_what_knows_no_models_takes_nothing_that_does(name):
    taken = closure(f"chatapp.{name}", imports())
    django_models = ("chatapp.models", "feedback.models")
    assert [module for module in taken if module.startswith(django_models)] == []


def test_no_modules_wait_for_each_other():
    assert circles(imports()) == []


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
    (found,) = house(chatapp__generation="", feedback__deliver="from chatapp import generation")
    assert found.imported == "chatapp.generation.runner"
    assert not leaves_its_room_lawfully(found)


def test_the_law_sees_an_import_inside_a_function(house):
    (found,) = house(sandbox__app="", chatapp__views="def view():\n    import sandbox.app\n")
    assert not found.on_load
    assert not leaves_its_room_lawfully(found)


def test_the_law_sees_a_model_that_knows_a_view(house):
    (found,) = house(chatapp__views="", chatapp__models__user="from chatapp.views import home")
    assert not goes_down(found)


def test_the_law_sees_models_through_another_module(house):
    found = house(
        chatapp__llm="import chatapp.one",
        chatapp__one="from chatapp.models import user",
        chatapp__models__user="",
    )
    assert "chatapp.models.user" in closure("chatapp.generation.completion", found)


def test_the_law_sees_a_circle(house):
    found = house(chatapp__one="import chatapp.two", chatapp__two="from chatapp.one import x")
    assert circles(found) == [["chatapp.one", "chatapp.two"]]
