"""python -m tests.migrations.make_dumps: the dumps of a database of the oldest supported commit.

That commit's own code makes the database, on SQLite and on PostgreSQL, and FILL puts rows into each
of its tables. Needs git, sqlite3 and pg_dump. To be run again only where the dumps lack something:
what an old database looks like doesn't change.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.site_process import ROOT, _drop_database, _new_database

OLDEST = "620bdc9"
HERE = Path(__file__).resolve().parent

FILL = '''
from datetime import timedelta
from allauth.account.models import EmailAddress, EmailConfirmation
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone
from chatapp.models import Assistant, Conversation, Message, SharedCopy, User
from feedback.models import (
    BulkAct, Category, Channel, Copied, Decision, Export, GroupRules, Opinion, Rating, ReadingLog,
    Reason, Review, SavedFilter,
)
from feedback.tallies.fold import fold

def person(name, group="", **more):
    made = User.objects.create_user(name, f"{name}@example.org", "Cast-pass-1", **more)
    made.groups.set(Group.objects.filter(name=group))
    return made

def answered(who, question, text):
    answer = Conversation.objects.start(who, Assistant.objects.get()).ask(question)
    Message.objects.filter(pk=answer.pk).update(text=text, status="complete", model="echo")
    return Message.objects.get(pk=answer.pk)

def rated(who, question, text, value, comment="", *reasons):
    rating = Rating.objects.record(answered(who, question, text), who, value)
    rating.explain(Reason.objects.filter(slug__in=reasons), comment)
    return rating

alice, guest = person("alice"), person("guest", is_guest=True)
rita = person("rita", "reviewer", is_staff=True)
lena = person("lena", "lead", is_staff=True)
sam = User.objects.create_superuser("sam", "sam@example.org", "Cast-pass-1")
rita.user_permissions.add(Permission.objects.get(codename="view_readinglog"))
address = EmailAddress.objects.create(user=alice, email=alice.email, verified=False, primary=True)
EmailConfirmation.create(address).save()
SessionStore().create()

blue = rated(alice, "Why is the sky blue?", "Because of Rayleigh scattering.", -1, "Of what?", "wrong")
rain = rated(guest, "为什么下雨？", "因为云里的水滴变大了。", 1, "", "clear")
snow = rated(alice, "Why is snow white?", "It scatters all colours.", -1, "")
tide = rated(alice, "Why are there tides?", "The moon pulls.", 1, "")
hail = rated(alice, "Why does it hail?", "Cold updrafts.", -1, "")
shared = answered(alice, "What is fog?", "A cloud that lies on the ground.").conversation
SharedCopy.objects.make(shared)
Rating.objects.record(tide.message, alice, None)
facts = Category.objects.get(slug="facts")
act = blue.review.decide(rita, status="needs-work", verdict="agree", category=facts, note="@lena, see?", assignee=rita)
assert act.reviews == 1
wrong = snow.review.decide(rita, status="no-action")
assert Decision.objects.undo(wrong.id, rita) == 1
snow.review.claim(rita)
Review.objects.filter(rating=hail).update(blind="open")
Opinion.objects.submit(Review.objects.get(rating=hail), rita, status="fixed", verdict="agree", note="", correction="")
BulkAct.objects.prepare(lena, Review.objects.filter(rating=rain), "thumb=up", status="no-action")
ReadingLog.objects.note(rita, blue, purpose="queue")
SavedFilter.objects.create(owner=rita, name="Thumbs down", query="thumb=down", is_shared=True)
Export.objects.create(by=lena, form="csv", status="complete", expected=3, rows=3, reason="A report")
Copied.objects.create(answer=rain.message)
GroupRules.objects.create(group=Group.objects.create(name="testers"), may_rate=False)
Channel.objects.now()
LogEntry.objects.create(
    user=sam, content_type=ContentType.objects.get_for_model(ReadingLog), object_id="1",
    object_repr="A reading", action_flag=CHANGE,
)
assert fold(60)
Conversation.objects.filter(pk=rain.message.conversation_id).update(is_temporary=False)
rated(guest, "What is dew?", "Water out of the air, at night.", 1, "")
'''


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        code = Path(folder) / "code"
        code.mkdir()
        archive = subprocess.run(
            ["git", "archive", f"{OLDEST}e"], cwd=ROOT, check=True, capture_output=True
        )
        subprocess.run(["tar", "-x"], cwd=code, check=True, input=archive.stdout)
        file = Path(folder) / "old.sqlite3"
        fill(code, f"sqlite:///{file}")
        dump = ["sqlite3", str(file), ".dump"]
        (HERE / f"{OLDEST}.sqlite.sql").write_text(printed(dump))
        url = _new_database()
        try:
            fill(code, url)
            dump = ["pg_dump", "--inserts", "--no-owner", "--no-privileges", "--no-comments", url]
            (HERE / f"{OLDEST}.postgresql.sql").write_text(for_any_client(printed(dump)))
        finally:
            _drop_database(url)


def fill(code: Path, database_url: str) -> None:
    with tempfile.TemporaryDirectory() as var:
        own = {"ENV_FILE": os.devnull, "VAR_DIR": var, "DATABASE_URL": database_url}
        for command in (["migrate", "--verbosity=0"], ["shell", "-c", FILL]):
            subprocess.run(
                [sys.executable, "manage.py", *command], cwd=code, env=os.environ | own, check=True
            )


def printed(command: list[str]) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def for_any_client(dump: str) -> str:
    """Without comments, and without what only psql understands."""
    kept = (line for line in dump.splitlines() if line and not line.startswith(("--", "\\")))
    return "\n".join(kept) + "\n"


if __name__ == "__main__":
    main()
