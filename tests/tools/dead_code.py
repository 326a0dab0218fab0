"""Find code that nothing uses: `python -m tests.tools.dead_code`, part of `make check`.

vulture finds what the code defines and never names. Tests don't count as use, so that code which
only tests call is found too; names in templates, keyword arguments and strings do count: that is
how Django, its queries and its settings name things.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from vulture import Vulture  # type: ignore[import-untyped]

ROOT = Path(__file__).parents[2]
CODE = ("chatapp", "feedback", "helicone", "sandbox", "manage.py")
SETTINGS = ROOT / "chatapp" / "settings.py"  # Django and allauth read it, name by name
TAG = re.compile(r"{[{%].*?[}%]}", re.DOTALL)

# What is used by other code than ours, and by which.
KNOWN = {
    "options and hooks of Django's ModelAdmin": """
        action_checkbox action_form can_delete change_form_template change_list_template
        date_hierarchy delete_model delete_queryset get_changelist get_fields get_fieldsets
        get_list_display get_prepopulated_fields get_readonly_fields get_search_fields
        has_delete_permission has_module_permission history_view inlines list_display_links
        list_editable list_max_show_all list_select_related readonly_fields show_facets
        show_full_result_count""",
    "hooks and attributes of Django's ChangeList and its filters": """
        can_show_all full_result_count get_ordering get_ordering_field_columns get_results
        has_output lookups show_admin_actions url_for_result""",
    "options and hooks of Django's AdminSite": "autocomplete_view default_site index_title",
    "registered by a decorator with Django's admin or a signal": """
        adopt_guest""",
    "Meta of Django's models and forms": "abstract constraints default_permissions widgets",
    "Django calls it for the form's field, or for the form": """
        _post_clean bound_data clean_correction clean_is_shown clean_message clean_proof
        clean_query clean_seen""",
    "Django calls it on management commands": "add_arguments",
    "Django's URL configuration": "handler400 handler403 handler404 handler429 handler500",
    "a hook of Django's middleware": "process_exception",
    "Django's formats": "TIME_FORMAT",
    "an argument of Django's finders": "ignore_patterns",
    "django-environ reads this instead of the process environment": "ENVIRON",
    "an attribute of Django's session": "modified",
    "an attribute of logging's records": "exc_text",
    "hooks of Django's filter of error pages": "get_post_parameters",
    "an attribute of allauth's providers": "oauth2_adapter_class",
    "an attribute of markdown-it's parser": "validateLink",
    "hooks of uvicorn's server and protocol": "capture_signals send_400_response",
    "keep their tasks from being collected": "announcing open_task",
    "choices of a model, named in forms by their values": """
        IN_REVIEW NEEDS_WORK NO_ACTION UNCLEAR""",
    "part of the client's public interface": "from_keys self_hosted",
}


def main() -> int:
    """How many names are unused, or known and not unused any more."""
    known = {name for names in KNOWN.values() for name in names.split()}
    found = dict(unused())
    for name in sorted(found.keys() - known):
        print(f"{found[name]}: {name} is used by nothing: remove it, or explain it in {__file__}")
    for name in sorted(known - found.keys()):
        print(f"{__file__}: {name} is used, or is gone: remove it from KNOWN")
    return len(found.keys() ^ known)


def unused() -> Iterator[tuple[str, str]]:
    """Names and where they are defined."""
    vulture = Vulture()
    vulture.scavenge([str(ROOT / name) for name in CODE], exclude=["*/migrations/*"])
    used = set(names_in_templates()) | set(names_in_strings())
    for item in vulture.get_unused_code(min_confidence=60):
        if item.name not in used and item.filename != SETTINGS:
            yield item.name, f"{item.filename.relative_to(ROOT)}:{item.first_lineno}"


def names_in_templates() -> Iterator[str]:
    for file in (ROOT / "templates").rglob("*.*"):
        for tag in TAG.findall(file.read_text()):
            yield from re.findall(r"\w+", tag)


def names_in_strings() -> Iterator[str]:
    """Parts of dotted names and lookups: `settings.MIDDLEWARE`, `order_by`, `filter(a__b=…)`."""
    for node in nodes():
        if isinstance(node, ast.keyword) and node.arg:
            yield from node.arg.split("__")
        elif isinstance(node, ast.Constant) and re.fullmatch(r"-?[\w.]+", str(node.value)):
            yield from re.split(r"\.|__|-", str(node.value))


def nodes() -> Iterable[ast.AST]:
    for name in CODE:
        path = ROOT / name
        for file in [path] if path.is_file() else path.rglob("*.py"):
            if "migrations" not in file.parts:
                yield from ast.walk(ast.parse(file.read_text()))


if __name__ == "__main__":
    sys.exit(bool(main()))
