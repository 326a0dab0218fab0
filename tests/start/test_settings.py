"""The settings: named in settings.py, explained in .env.example, checked at the start."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from chatapp.server.checks import CHECKS, Refused
from tests.imports import ROOT

# Which file and which stand-in: said by whoever starts the site, not by a file.
SAID_BY_THE_START = {"ENV_FILE", "SANDBOX"}


def read_by_settings() -> set[str]:
    tree = ast.parse((ROOT / "chatapp/settings.py").read_text())
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args]
    return {
        str(ast.literal_eval(call.args[0]))
        for call in calls
        if ast.unparse(call.func).startswith("env.")
    }


def explained() -> dict[str, str]:
    return dict(re.findall(r"^#([A-Z_]+)=(.*)$", (ROOT / ".env.example").read_text(), re.M))


def test_every_setting_is_explained_and_no_other():
    assert set(explained()) == read_by_settings() - SAID_BY_THE_START


@pytest.mark.parametrize("name", sorted(explained()))
def test_the_readme_has_every_setting(name):
    table = (ROOT / "README.md").read_text()
    assert f"`{name}`" in table or f"`{name.removeprefix('HELICONE')}`" in table


def test_every_check_is_for_a_setting():
    assert set(CHECKS) <= read_by_settings()


@pytest.mark.parametrize("name", sorted(set(CHECKS) & set(explained())))
def test_the_default_that_is_explained_passes_its_check(name):
    if explained()[name]:
        CHECKS[name](explained()[name])


def settings_with(folder: Path, text: str, name: str) -> str:
    """The repr of a setting, read from a file that says `text`."""
    (folder / ".env").write_text(text)
    program = f"from chatapp import settings; print(repr(settings.{name}))"
    environment = {"PATH": os.environ["PATH"], "ENV_FILE": str(folder / ".env")}
    command = [sys.executable, "-W", "error", "-c", program]
    environment["VAR_DIR"] = str(folder / "var")
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


@pytest.mark.parametrize(
    ("name", "default"), [("PORT", "8000"), ("HELICONE_API_URL", "'https://api.helicone.ai'")]
)
def test_an_empty_setting_is_an_unset_one(tmp_path, name, default):
    assert settings_with(tmp_path, f"{name}=\n", name) == default


@pytest.mark.parametrize(
    ("key", "address"),
    [
        ("sk-helicone-abcdefg-abcdefg-abcdefg-abcdefg", "'https://api.helicone.ai'"),
        ("sk-helicone-eu-abcdefg-abcdefg-abcdefg-abcdefg", "'https://eu.api.helicone.ai'"),
    ],
)
def test_a_key_knows_its_region(tmp_path, key, address):
    assert settings_with(tmp_path, f"HELICONE_API_KEY={key}\n", "HELICONE_API_URL") == address


@pytest.mark.parametrize(
    ("said", "asks"),
    [("", "whole"), ("always", "always"), ("never", "never"), ("True", "always"), ("off", "never")],
)
def test_what_asked_for_a_reason_before_there_were_three_still_does(tmp_path, said, asks):
    if said:
        CHECKS["READING_REASON"](said)
    assert settings_with(tmp_path, f"READING_REASON={said}\n", "READING_REASON") == repr(asks)


def test_a_reason_that_is_asked_otherwise_is_refused_at_the_start():
    with pytest.raises(Refused, match="must be one of whole, always, never"):
        CHECKS["READING_REASON"]("sometimes")


def test_the_example_as_a_whole_is_a_good_env_file(tmp_path):
    uncommented = re.sub(r"^#([A-Z_]+=)", r"\1", (ROOT / ".env.example").read_text(), flags=re.M)
    assert settings_with(tmp_path, uncommented, "MESSAGE_MAX_LENGTH") == "16000"
