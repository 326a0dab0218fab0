"""The start as a newcomer sees it: real processes, nothing in between."""

import os
import re
import signal
import time
from collections.abc import Callable

import httpx2
import pytest

from tests.fixtures.patience import DEADLINE
from tests.site_process import Site


@pytest.fixture
def newcomer(tmp_path, stopped_site):
    """A site that starts a sandbox of its own; its data are those of a first start."""
    with Site(tmp_path, like=stopped_site) as site:
        yield site


def sign_in(site: Site, name: str, password: str) -> httpx2.Response:
    """What comes after /admin/ sent somebody to sign in."""
    with httpx2.Client(base_url=site.url, trust_env=False, follow_redirects=True) as client:
        page = client.get("/admin/").url
        form = {"login": name, "password": password, "next": "/admin/"}
        form["csrfmiddlewaretoken"] = client.cookies["csrftoken"]
        return client.post(page, data=form, headers={"Referer": site.url})


def test_the_printed_password_opens_the_admin_and_is_printed_once(newcomer, stopped_site):
    name, password = stopped_site.staff
    newcomer.start()
    assert sign_in(newcomer, name, password).url.path == "/admin/"
    assert sign_in(newcomer, name, "admin").url.path == "/accounts/login/"
    assert stopped_site.log.count(password) == 1
    assert password not in newcomer.log
    assert f"manage.py changepassword {name}" in newcomer.log
    assert password.encode() not in b"".join(
        path.read_bytes() for path in newcomer.var.glob("*") if path.is_file()
    )


def test_every_site_makes_its_own_password(tmp_path, stopped_site):
    with Site(tmp_path) as other:
        other.start()
        assert other.staff[1] not in ("", stopped_site.staff[1])


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_stopping_leaves_no_process_behind(newcomer, number):
    newcomer.start()
    assert len(newcomer.processes()) == 2
    assert newcomer.stop(number) == 0
    assert newcomer.processes() == []
    assert "Traceback" not in newcomer.log


def test_ctrl_c_reaches_all_at_once_and_nobody_complains(newcomer):
    newcomer.start()
    assert newcomer.interrupt() == 0
    assert newcomer.processes() == []
    assert newcomer.log.endswith("Ctrl-C stops everything.\n")


def test_a_killed_site_takes_its_sandbox_along(newcomer):
    newcomer.start()
    newcomer.kill()
    wait_until(lambda: newcomer.processes() == [])


def test_a_dead_sandbox_ends_the_site_with_a_sentence(newcomer):
    newcomer.start()
    _, sandbox = newcomer.processes()
    os.kill(sandbox, signal.SIGKILL)
    assert newcomer.wait() == 1
    assert newcomer.log.endswith("The sandbox has ended, and with it the site: start again.\n")


def test_a_second_start_does_nothing_twice_and_keeps_the_data(newcomer):
    newcomer.start()
    newcomer.manage("shell", "-c", "from chatapp.models import User; User.objects.create_guest()")
    manifest = newcomer.var / "static" / "staticfiles.json"
    collected = manifest.stat().st_mtime_ns
    newcomer.restart(signal.SIGINT)
    assert manifest.stat().st_mtime_ns == collected
    count = "from chatapp.models import User; print(User.objects.filter(is_guest=True).count())"
    assert newcomer.manage("shell", "-v", "0", "-c", count).strip() == "1"


def test_a_changed_stamp_collects_the_static_files_again(newcomer):
    manifest = newcomer.var / "static" / "staticfiles.json"
    collected = manifest.stat().st_mtime_ns
    (newcomer.var / "static.stamp").write_text("of other files")
    newcomer.start()
    assert manifest.stat().st_mtime_ns > collected


def test_a_port_in_use_is_named(newcomer, site):
    port = site.environment["PORT"]
    newcomer.environment["PORT"] = port
    assert refusal_of(newcomer) == (
        f"PORT {port} on 127.0.0.1 is in use by another program: set another PORT, as in"
        " `make run PORT=8001`."
    )


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("PORT 8000", r"a line is NAME=value"),
        ("PORT = 8000", r"a line is NAME=value"),
        ('SECRET_KEY="abc', r"\(SECRET_KEY\): a line is NAME=value.* quotes closed"),
        ("GUESTS=perhaps", r"GUESTS is 'perhaps', and must be true or false"),
        ("HELICONE_API_URL=helicone", r"HELICONE_API_URL is refused: .* must look like https://"),
        ("DATABASE_URL=mysql://x/y", r"DATABASE_URL must be an address that starts with postgres:"),
        ("OPENAI_API_KEY='sk-a b'", r"OPENAI_API_KEY is refused: .*copy the bare key"),
        ("HELICONE_API_KEY=sk-abc", r"HELICONE_API_KEY is no Helicone key"),
    ],
)
def test_a_broken_env_file_is_one_sentence_with_its_line(newcomer, line, sentence):
    env_file = newcomer.folder / ".env"
    env_file.write_text(f"# First line\n{line}\n")
    del newcomer.environment["PORT"]
    newcomer.environment["ENV_FILE"] = str(env_file)
    said = refusal_of(newcomer)
    assert re.match(rf"\.env, line 2.*{sentence}", said)
    assert "a b" not in said


def test_an_unusable_setting_is_said_once_and_the_default_taken(newcomer):
    newcomer.environment["STALL_SECONDS"] = "1m"
    newcomer.start()
    sentence = (
        "In the environment: STALL_SECONDS is '1m', and must be a number of seconds above 0."
        " 30 is taken instead.\n"
    )
    assert newcomer.log.count("STALL_SECONDS") == newcomer.log.count(sentence) == 1


def test_a_database_that_cannot_be_reached_is_one_sentence_without_its_password(newcomer):
    newcomer.environment["DATABASE_URL"] = "postgres://me:hush@127.0.0.1:9/chat"
    said = refusal_of(newcomer)
    assert said.startswith("The database chat at 127.0.0.1:9 can't be opened: ")
    assert "hush" not in said


def test_a_database_of_a_newer_copy_is_refused(newcomer):
    newcomer.manage("shell", "-c", NEWER)
    assert "has chatapp.0999_newer, which this copy of Rapport lacks" in refusal_of(newcomer)


NEWER = """
from django.db.migrations.recorder import MigrationRecorder
from django.db import connection
MigrationRecorder(connection).record_applied("chatapp", "0999_newer")
"""


def test_a_redis_that_does_not_answer_is_named(newcomer):
    newcomer.environment["REDIS_URL"] = "redis://127.0.0.1:9/0"
    assert "REDIS_URL points at 127.0.0.1:9, where nothing answers" in refusal_of(newcomer)


def test_with_only_helicone_s_key_the_stand_in_answers(newcomer):
    newcomer.environment["HELICONE_API_KEY"] = "sk-helicone-aaaaaaa-aaaaaaa-aaaaaaa-aaaaaaa"
    newcomer.start()
    assert "HELICONE_API_KEY is set, but OPENAI_API_KEY is missing" in newcomer.log
    assert "Answers come from a local stand-in: sandbox on http://127.0.0.1:" in newcomer.log


def test_with_only_openai_s_key_ratings_are_kept(newcomer):
    newcomer.environment["OPENAI_API_KEY"] = "sk-real"
    newcomer.start()
    assert "Helicone logs none of them, so their ratings stay here" in newcomer.log
    assert "stand-in" not in newcomer.log
    assert len(newcomer.processes()) == 1


def test_without_helicone_the_start_says_that_ratings_stay_here(newcomer):
    newcomer.environment |= {"HELICONE": "off", "PROVIDER_URL": "http://127.0.0.1:9/v1"}
    newcomer.start()
    assert "HELICONE is off" in newcomer.log
    assert "ratings stay here. They can't be delivered later either" in newcomer.log
    assert "stand-in" not in newcomer.log
    assert len(newcomer.processes()) == 1


def test_the_ai_gateway_needs_no_other_key(newcomer):
    key = "pk-helicone-aaaaaaa-aaaaaaa-aaaaaaa-aaaaaaa"
    newcomer.environment |= {"HELICONE": "ai-gateway", "HELICONE_API_KEY": key}
    newcomer.start()
    assert "stand-in" not in newcomer.log
    assert "HELICONE" not in newcomer.log  # a key that may only write is as good as any


def refusal_of(site: Site) -> str:
    """What it says instead of starting: one line, whatever else the sandbox had to say."""
    site.launch()
    assert site.wait() == 1, site.log
    assert site.processes() == []
    lines = [line for line in site.log.splitlines() if "sandbox on" not in line]
    assert len(lines) == 1, site.log
    return lines[0]


def wait_until(true: Callable[[], bool], seconds: float = DEADLINE) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)
