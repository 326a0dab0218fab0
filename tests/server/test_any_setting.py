"""Any text as the value of any setting: a sentence that names the setting, or settings that work."""

import os
import runpy
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from environ import Env
from hypothesis import given, settings
from hypothesis import strategies as st

from chatapp.configuration.env_file import EnvFile
from chatapp.configuration.findings import examine
from chatapp.configuration.setting import Setting
from chatapp.configuration.table import SETTINGS
from chatapp.streams import make_streams
from tests.architecture.imports import ROOT

NUMBERS = ["0", "-1", "1e9", "1_000", "٣", "²", "NaN", "inf", "0x10", "9" * 400, "+1", "1.0.0"]
WORDS = ["true", "TRUE", "None", "[]", "$", "$HOME", "$NOTHING", "%s", "{0}", "\\$x", " ", "\t", ""]
ADDRESSES = [
    *("https://", "https://:80", "https://[", "https://[::1]]", "https://a:b", "https://a:99999"),
    *("https://a:0", "https://@", "https://a b", "https://℀", "HTTPS://X.Y", "//x.y", "http:x.y"),
    *(
        "https://x.y:٣",
        "https://[v1.a]",
        "http://x.y/?a=b#c",
        "http://127.0.0.1",
        "http://[fe80::1%a]",
    ),
    *("postgres://", "postgres://h:x/d", "postgres://h/d?a=b", "postgres://%zz@h/d", "sqlite://"),
    *(
        "postgres://u:p@[::1/d",
        "sqlite:///x?timeout=a",
        "sqlite:////dev/null/x",
        "postgres://h,i/d",
    ),
    *("redis://", "redis://h:x", "redis://h/x", "redis://h/0?db=x", "redis://h?socket_timeout=x"),
    *("redis://h?a=b", "rediss://h?ssl_cert_reqs=x", "redis://h?protocol=9", "unix://", "smtp://"),
    *("smtp://h:x", "smtp+tls://h:0", "smtp://u:p@h:1?timeout=x", "smtp://[::1", "smtp://%ff@h"),
]
NAMES = [
    *(
        "a@b",
        '"a" <b@c',
        "a@b, c@d",
        "ä@ö",
        "a@[b",
        "*",
        "*.x",
        ".",
        "a,b,,",
        ",",
        "en,",
        "zh-hans",
    ),
    *("xx", "sk-", "sk-helicone-", "sk-ä", "a=b", "a=b,c", "=", "a=", "a=b ä", "100;w=60", ";;;"),
]
ODD = [
    "x" * 5000,
    "\u202e",
    "\u2028",
    "ß",
    "'",
    '"',
    "'a",
    "\x1b[2J",
    "a\rb",
    "a\nb: c",
    "a\0b",
    "\x85",
]
NASTY = [*NUMBERS, *WORDS, *ADDRESSES, *NAMES, *ODD]
TEXTS = st.one_of(
    st.sampled_from(NASTY),
    st.text(max_size=40),
    st.lists(st.sampled_from([*NASTY, *":/@?#[].,;=$%&-+ ab01"]), max_size=4).map("".join),
)
# The same texts on each run: what a longer search finds belongs into the lists above.
LIMITS = settings(deadline=None, derandomize=True, database=None)
# Any text is the name of a folder, which would be made.
OTHERS = st.sampled_from([setting for setting in SETTINGS if setting.name != "VAR_DIR"])


@contextmanager
def environment(**values: str) -> Iterator[None]:
    kept = dict(os.environ)
    os.environ.clear()
    os.environ.update(values)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(kept)


def loaded(folder: Path, values: Mapping[str, str], env_file: str = "") -> dict[str, Any] | str:
    """The settings, or the sentences with which the start ends."""
    (folder / ".env").write_text(env_file, "utf-8", newline="")
    own = {"ENV_FILE": str(folder / ".env"), "VAR_DIR": str(folder / "var")}
    with environment(**{**own, **values}):
        try:
            return runpy.run_path(str(ROOT / "chatapp/settings.py"))
        except SystemExit as stopped:
            return str(stopped.code)


def check(setting: Setting, found: dict[str, Any] | str) -> None:
    if isinstance(found, str):
        assert setting.name in found and "Traceback" not in found
    else:
        make_streams(found["REDIS_URL"] or None, found["REDIS_PREFIX"])


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_what_is_hard_to_read_is_read_or_refused_by_name(setting):
    for text in NASTY:
        found = examine({setting.name: text}, EnvFile(Path(".env"), {}))
        for sentence in found.errors + found.warnings:
            assert setting.name in sentence
        env = Env()
        env.ENVIRON = found.texts
        getattr(env, setting.kind.reader)(setting.name)


@settings(LIMITS, max_examples=500)
@given(OTHERS, TEXTS, st.sampled_from(["", "\udcff"]))
def test_any_text_in_the_environment_works_or_is_refused_by_name(folder, setting, text, tail):
    check(setting, loaded(folder, {setting.name: text.replace("\0", "") + tail}))


@settings(LIMITS, max_examples=500)
@given(OTHERS, TEXTS)
def test_any_text_in_the_file_works_or_is_refused_by_name(folder, setting, text):
    line = text.replace("\n", " ").replace("\r", " ")
    check(setting, loaded(folder, {}, f"{setting.name}={line}\n"))


@settings(LIMITS, max_examples=150)
@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_any_file_is_read_or_refused_by_its_line(folder, text):
    found = loaded(folder, {"SECRET_KEY": "k7Qp2vLx9sWd4fHj6tRz8bNm3cGy5aEu"}, text)
    assert not isinstance(found, str) or found.startswith(".env, line ")
