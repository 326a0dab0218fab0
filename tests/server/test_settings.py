"""The settings: one table, from which settings.py reads, and which every process checks by."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from chatapp.configuration import kinds, printing
from chatapp.configuration.env_file import EnvFile
from chatapp.configuration.findings import Findings, examine
from chatapp.configuration.setting import Unusable
from chatapp.configuration.table import PRINTED, SETTINGS
from tests.architecture.imports import ROOT

TABLE = {setting.name: setting for setting in SETTINGS}
KEY = "k7Qp2vLx9sWd4fHj6tRz8bNm3cGy5aEu"
STOPPING = {
    "SECRET_KEY": "x",
    "ALLOWED_HOSTS": "https://x.y",
    "EMAIL_VERIFICATION": "perhaps",
    "GUESTS": "perhaps",
    "HTTPS": "perhaps",
    "SITE_URL": "https://rapport.example/chat",
    "DATABASE_URL": "mysql://x/y",
    "REDIS_URL": "127.0.0.1:6379",
    "OPENAI_API_KEY": "sk-a b",
    "HELICONE_API_KEY": "sk-abc",
    "PROVIDER_URL": "localhost:11434",
    "AZURE_OPENAI_ENDPOINT": "my-resource",
    "HELICONE": "maybe",
    "HELICONE_GATEWAY_URL": "helicone",
    "HELICONE_API_URL": "helicone",
    "HELICONE_APP_URL": "helicone",
}


def found(*lines: str, **environment: str) -> Findings:
    """What an environment brings to light, and a file with these lines."""
    pairs = [line.split("=", 1) for line in lines]
    numbered = {name: (number, value) for number, (name, value) in enumerate(pairs, start=1)}
    in_force = dict(pairs) | environment
    return examine(in_force, EnvFile(Path(".env"), numbered))


def said(*lines: str, **environment: str) -> list[str]:
    findings = found(*lines, **environment)
    return findings.errors + findings.warnings


def run(folder: Path, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A process of the site whose `.env` is the one in `folder`."""
    own = {"ENV_FILE": str(folder / ".env"), "VAR_DIR": str(folder / "var")}
    return subprocess.run(
        [sys.executable, "-W", "error", *command],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **own, **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


def settings_with(folder: Path, text: str, name: str) -> str:
    """The repr of a setting, read from a file that says `text`."""
    (folder / ".env").write_text(text)
    done = run(folder, "-c", f"from chatapp import settings; print(repr(settings.{name}))")
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


# The table and what is printed from it


def test_env_example_is_the_table_printed():
    assert (ROOT / ".env.example").read_text("utf-8") == printing.env_example(), "make settings"


def test_the_readme_has_the_table_printed():
    readme = (ROOT / "README.md").read_text("utf-8")
    assert printing.readme_table() in readme, "make settings"
    assert printing.with_readme_table(readme) == readme


def test_a_readme_that_is_out_of_step_is_printed_anew():
    readme = f"Before\n\n{printing.COLUMNS}| `OLD` | `1` | gone |\n\nAfter\n"
    assert printing.with_readme_table(readme) == f"Before\n\n{printing.readme_table()}\nAfter\n"


@pytest.mark.process
@pytest.mark.parametrize(
    ("command", "text"), [("env", printing.env_example()), ("readme", printing.readme_table())]
)
def test_the_command_prints_them(tmp_path, command, text):
    done = run(tmp_path, "-m", "chatapp.configuration", command)
    assert done.stdout == text


def test_settings_py_reads_every_setting_and_no_other():
    tree = ast.parse((ROOT / "chatapp/settings.py").read_text())
    read = [
        ast.literal_eval(node.slice)
        for node in ast.walk(tree)
        if isinstance(node, ast.Subscript) and ast.unparse(node.value) == "configured"
    ]
    assert sorted(read) == sorted(TABLE)


def test_no_name_is_in_the_table_twice():
    names = [setting.name for setting in SETTINGS] + [each.old_name for each in SETTINGS]
    assert len(set(filter(None, names))) == len(list(filter(None, names)))


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_default_and_what_is_taken_for_an_unusable_value_pass_the_check(setting):
    for text in filter(None, (setting.default, setting.fallback)):
        assert setting.kind.check(text) == text


@pytest.mark.process
def test_the_example_as_a_whole_is_a_good_env_file(tmp_path):
    uncommented = re.sub(r"^#([A-Z_]+=)", r"\1", (ROOT / ".env.example").read_text(), flags=re.M)
    assert settings_with(tmp_path, uncommented, "MESSAGE_MAX_LENGTH") == "16000"
    assert run(tmp_path, "manage.py", "check").stderr == ""


# What is read


@pytest.mark.process
@pytest.mark.parametrize(
    ("name", "default"), [("PORT", "8000"), ("HELICONE_API_URL", "'https://api.helicone.ai'")]
)
def test_an_empty_setting_is_an_unset_one(tmp_path, name, default):
    assert settings_with(tmp_path, f"{name}=\n", name) == default


@pytest.mark.process
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
    ("text", "asks"),
    [("", "whole"), ("always", "always"), ("never", "never"), ("True", "always"), ("off", "never")],
)
def test_what_asked_for_a_reason_before_there_were_three_still_does(text, asks):
    findings = found(f"STAFF_ACCESS_REASON={text}")
    assert findings.texts["STAFF_ACCESS_REASON"] == asks
    assert findings.warnings == []


def test_blanks_and_capitals_do_no_harm():
    texts = found("ALLOWED_HOSTS=a.example, b.example", "LOG_LEVEL=info", "GUESTS= True ").texts
    assert texts["ALLOWED_HOSTS"] == "a.example,b.example"
    assert texts["LOG_LEVEL"] == "INFO"
    assert texts["GUESTS"] == "true"


def test_a_value_can_name_another_variable():
    findings = found("DATABASE_URL=$PG", "PG=postgres://me:hush@127.0.0.1/chat")
    assert findings.texts["DATABASE_URL"] == "postgres://me:hush@127.0.0.1/chat"
    assert findings.warnings == []


@pytest.mark.parametrize("value", ["$ABSENT", "$SECRET_KEY"])
def test_a_value_that_names_no_other_variable_is_refused_without_being_shown(value):
    (sentence,) = said(f"SECRET_KEY={value}")
    assert "SECRET_KEY starts with $, which stands for another variable" in sentence
    assert "ABSENT" not in sentence


# What can't be used


@pytest.mark.parametrize("name", sorted(STOPPING))
def test_what_the_site_depends_on_stops_the_start(name):
    findings = found(**{name: STOPPING[name]})
    (sentence,) = findings.errors
    assert sentence.startswith(f"In the environment: {name} ")
    assert findings.warnings == []


def test_nothing_else_stops_the_start():
    assert {setting.name for setting in SETTINGS if setting.stops} == set(STOPPING)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (
            "RATINGS=enabled",
            "RATINGS is 'enabled', and must be true or false. on is taken instead.",
        ),
        (
            "LOG_LEVEL=LOUD",
            "LOG_LEVEL is 'LOUD', and must be one of DEBUG, INFO, WARNING, ERROR, CRITICAL."
            " INFO is taken instead.",
        ),
        (
            "DELETED_KEEP_DAYS=soon",
            "DELETED_KEEP_DAYS is 'soon', and must be a whole number from 0 to 36,500."
            " 30 is taken instead.",
        ),
        (
            "PORT=65536",
            "PORT is '65536', and must be a number from 1 to 65535. 8000 is taken instead.",
        ),
        (
            "MESSAGE_MAX_LENGTH=0",
            "MESSAGE_MAX_LENGTH is '0', and must be a whole number above 0."
            " 16000 is taken instead.",
        ),
        (
            "IMAGE_MAX_SIZE=-1",
            "IMAGE_MAX_SIZE is '-1', and must be a whole number above 0."
            " 10000000 is taken instead.",
        ),
        (
            "STALL_SECONDS=1m",
            "STALL_SECONDS is '1m', and must be a number of seconds above 0. 30 is taken instead.",
        ),
        (
            "DOUBLE_REVIEW=10%",
            "DOUBLE_REVIEW must be a share from 0 to 1, such as 0.1. 0 is taken instead.",
        ),
        (
            "EMAIL_URL=mail.example",
            "EMAIL_URL must be an address that starts with smtp://."
            " consolemail:// is taken instead.",
        ),
        (
            "OIDC_SERVER_URL=login.example",
            "OIDC_SERVER_URL must be an address that starts with https://. It counts as not set.",
        ),
        (
            "CSRF_TRUSTED_ORIGINS=rapport.example",
            "CSRF_TRUSTED_ORIGINS is 'rapport.example', and must be origins such as"
            " https://rapport.example, with commas between them. It counts as not set.",
        ),
        (
            "LANGUAGES=en,xx",
            "LANGUAGES is 'en,xx', and must be languages that Django knows, as in"
            " en,de,es,fr,zh-hans. en,de,es,fr,zh-hans is taken instead.",
        ),
        (
            "LANGUAGE_CODE=en,de",
            "LANGUAGE_CODE is 'en,de', and must be a language that Django knows, such as en, de,"
            " es, fr or zh-hans. en is taken instead.",
        ),
    ],
)
def test_what_cannot_be_used_is_named_with_what_is_taken_instead(line, sentence):
    name, value = line.split("=")
    findings = found("GUESTS=true", line)
    assert findings.warnings == [f".env, line 2: {sentence}"]
    assert findings.errors == []
    assert findings.texts[name] == TABLE[name].default
    assert said(**{name: value}) == [f"In the environment: {sentence}"]


@pytest.mark.parametrize(
    ("name", "taken"),
    [
        ("STAFF_ACCESS", "answer"),
        ("STAFF_ACCESS_REASON", "always"),
        ("HIDE_NAMES", "true"),
        ("IMPLICIT_FEEDBACK", "off"),
    ],
)
def test_where_it_is_about_people_s_words_the_careful_choice_is_taken(name, taken):
    findings = found(**{name: "perhaps"})
    assert findings.texts[name] == taken
    assert findings.warnings[0].endswith(f" {taken} is taken instead.")


@pytest.mark.parametrize(
    "hosts",
    ["x.y/", "x.y:8000", "::1", "a b", ",", "http://x.y"],
)
def test_a_host_name_is_no_address(hosts):
    with pytest.raises(Unusable):
        kinds.HOSTS.check(hosts)


@pytest.mark.parametrize("hosts", ["*", ".x.y", "x.y", "127.0.0.1", "[::1]", "a_b.example"])
def test_what_django_takes_as_a_host_is_taken(hosts):
    assert kinds.HOSTS.check(hosts) == hosts


@pytest.mark.parametrize(
    "address", ["rapport.example", "https://*.example", "https://x.y/z", "ftp://x.y"]
)
def test_the_site_s_address_has_a_scheme_a_host_and_nothing_more(address):
    with pytest.raises(Unusable, match="an address such as https://rapport"):
        TABLE["SITE_URL"].kind.check(address)
    assert TABLE["SITE_URL"].kind.check("https://x.y:8443/") == "https://x.y:8443"


@pytest.mark.parametrize("address", ["sqlite://", "sqlite:///", "sqlite://x.sqlite3"])
def test_a_database_in_memory_is_refused(address):
    with pytest.raises(Unusable, match="must name a file"):
        kinds.DATABASE.check(address)


@pytest.mark.parametrize("address", ["redis://h/0?db=x", "redis://h?a=b", "redis://h?protocol=9"])
def test_an_address_that_redis_py_cannot_read_is_refused(address):
    with pytest.raises(Unusable, match="no options but redis-py's"):
        kinds.REDIS.check(address)
    assert kinds.REDIS.check("rediss://:a%2Fb@h:1/3?socket_timeout=3")


@pytest.mark.parametrize("headers", ["x-key", "=x", "x=", "x=y,z", "x y=z", "x=ä", "x=a\nb"])
def test_headers_are_names_and_values(headers):
    with pytest.raises(Unusable, match="headers such as name=value"):
        kinds.HEADERS.check(headers)
    assert kinds.HEADERS.check("authorization=Bearer%20x, x-key=a b=c") == (
        "authorization=Bearer%20x,x-key=a b=c"
    )


@pytest.mark.parametrize("value", ["a\0b", "a\x1bb", "a\nb", "a\udcff"])
def test_what_is_no_text_is_refused(value):
    assert said(OIDC_NAME=value) == [
        "In the environment: OIDC_NAME holds a control character, or is no text in UTF-8."
        " Single sign-on is taken instead."
    ]


@pytest.mark.parametrize("setting", PRINTED, ids=lambda setting: setting.name)
def test_what_looks_like_a_secret_is_never_repeated(setting):
    for value in ("sk-proj-Hush", "https://me:Hush@host", "Hush!" * 20):
        assert not any("Hush" in sentence for sentence in said(**{setting.name: value}))


# Names


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("PORTT", "PORT"),
        ("PROT", "PORT"),
        ("ALLOWED_HOST", "ALLOWED_HOSTS"),
        ("DATABASE_URI", "DATABASE_URL"),
        ("MESSAGE_PER_DAY", "MESSAGES_PER_DAY"),
        ("SECRETKEY", "SECRET_KEY"),
    ],
)
def test_a_name_that_is_nearly_a_setting_s_is_pointed_out(name, meant):
    assert said(**{name: "1"}) == [
        f"In the environment: {name} is not a setting; did you mean {meant}?"
    ]
    assert said("PORT=8000", f"{name}=1") == [
        f".env, line 2: {name} is not a setting of Rapport; did you mean {meant}?"
    ]


@pytest.mark.parametrize(
    "name",
    [
        *("PATH", "HOME", "HOST", "SHELL", "USER", "LANG", "LANGUAGE", "LC_ALL", "TERM", "PWD"),
        *("SORT", "EDITOR", "PAGER", "CI", "TZ", "HTTP_PROXY", "https_proxy", "NO_PROXY"),
        *("REDIS_PORT", "PGHOST", "PGPORT", "DATABASE", "PYTHONPATH", "DJANGO_SETTINGS_MODULE"),
        *("VIRTUAL_ENV", "LOGNAME", "HOSTNAME", "OPENAI_ORG_ID"),
    ],
)
def test_a_name_of_the_system_is_not_pointed_out(name):
    assert said(**{name: "1"}) == []


def test_what_is_far_from_every_setting_is_pointed_out_in_the_file_only():
    assert said("POSTGRES_PASSWORD=hush") == [
        ".env, line 1: POSTGRES_PASSWORD is not a setting of Rapport."
    ]
    assert said(POSTGRES_PASSWORD="hush") == []


def test_small_letters_are_pointed_out_in_the_file():
    assert said("port=1") == [".env, line 1: port is not a setting of Rapport; did you mean PORT?"]


@pytest.mark.parametrize(
    ("old", "value", "name", "text"),
    [
        ("SIGNALS", "off", "IMPLICIT_FEEDBACK", "off"),
        ("READING", "rated", "STAFF_ACCESS", "rated"),
        ("READING_REASON", "1", "STAFF_ACCESS_REASON", "always"),
        ("REVIEW_TWICE", "0.1", "DOUBLE_REVIEW", "0.1"),
        ("SHOW_FIXES", "true", "SHOW_CORRECTIONS", "true"),
    ],
)
def test_an_old_name_works_with_a_warning(old, value, name, text):
    findings = found(f"{old}={value}")
    assert findings.texts[name] == text
    assert findings.warnings == [
        f".env, line 1: {old} is called {name} now, until 0.2 the old name works."
    ]


def test_the_new_name_goes_before_the_old_one():
    findings = found("READING=rated", "STAFF_ACCESS=answer")
    assert findings.texts["STAFF_ACCESS"] == "answer"
    assert findings.warnings == [
        ".env, line 1: READING is called STAFF_ACCESS now, and STAFF_ACCESS goes before it."
    ]


def test_an_unusable_value_under_an_old_name_is_named_by_it():
    assert ".env, line 1: READING is 'some', and must be one of" in said("READING=some")[1]


@pytest.mark.process
def test_a_nul_in_the_file_is_named_by_its_line(tmp_path):
    (tmp_path / ".env").write_text("# first\nOIDC_NAME=a\0b\n")
    done = run(tmp_path, "manage.py", "check")
    assert done.stderr == ".env, line 2 (OIDC_NAME): a NUL character is in the line.\n"
    assert done.returncode == 1


# Every command


HOSTILE = """\
RATINGS=enabled
LOG_LEVEL=LOUD
DELETED_KEEP_DAYS=soon
PORTT=1
SIGNALS=off
"""


@pytest.mark.process
def test_every_command_says_what_it_cannot_use_and_goes_on(tmp_path):
    (tmp_path / ".env").write_text(HOSTILE)
    done = run(tmp_path, "manage.py", "check", GUEST="false")
    assert done.returncode == 0
    assert sorted(sentence.split(":")[0] for sentence in done.stderr.splitlines()) == [
        ".env, line 1",
        ".env, line 2",
        ".env, line 3",
        ".env, line 4",
        ".env, line 5",
        "In the environment",
    ]
    assert "no issues" in done.stdout


@pytest.mark.process
def test_every_command_stops_where_the_site_would(tmp_path):
    lines = (f"{name}={value}" for name, value in STOPPING.items())
    (tmp_path / ".env").write_text("\n".join(lines))
    done = run(tmp_path, "manage.py", "check")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) == len(STOPPING)


@pytest.mark.process
@pytest.mark.parametrize("command", ["import chatapp.asgi", "import chatapp.settings"])
def test_what_serves_the_site_stops_as_well(tmp_path, command):
    done = run(tmp_path, "-c", command, DJANGO_SETTINGS_MODULE="chatapp.settings", SECRET_KEY="x")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == (
        "In the environment: SECRET_KEY must have at least 32 characters, 5 of them different."
    )


@pytest.mark.process
def test_a_broken_line_stops_every_command(tmp_path):
    (tmp_path / ".env").write_text("PORT 8000\n")
    done = run(tmp_path, "manage.py", "check")
    assert done.returncode == 1
    assert done.stderr.startswith(".env, line 1: a line is NAME=value")


@pytest.mark.process
def test_a_file_that_is_not_there_is_named(tmp_path):
    done = run(tmp_path, "manage.py", "check")
    assert done.returncode == 0
    assert done.stderr.endswith("and there is no such file.\n")


@pytest.mark.process
def test_a_folder_of_data_that_cannot_be_made_is_a_sentence(tmp_path):
    (tmp_path / ".env").write_text("")
    (tmp_path / "file").write_text("")
    done = run(tmp_path, "manage.py", "check", VAR_DIR=str(tmp_path / "file" / "var"))
    assert done.returncode == 1
    assert done.stderr.startswith("VAR_DIR is ")


@pytest.mark.process
def test_a_good_file_is_passed_over_in_silence(tmp_path):
    (tmp_path / ".env").write_text(f"SECRET_KEY={KEY}\nGUESTS=false\nPORT=8001\n")
    done = run(tmp_path, "manage.py", "check")
    assert done.returncode == 0
    assert done.stderr == ""
