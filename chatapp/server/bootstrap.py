"""Preparation of the site before it serves: migrations, Redis, static files, a first admin.

On a second start the checks take a few hundredths of a second.
"""

import hashlib
import os
import secrets
import socket
from pathlib import Path
from urllib.parse import urlsplit

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import CommandError, call_command

from chatapp.io.files import locked, write_whole
from chatapp.server import migrations_check, start_lock
from chatapp.server.messages import print_lines

IGNORED = ["CVS", ".*", "*~"]  # collectstatic's default
NEW_ADMIN = (
    "Staff sign in at {url} as {name} with the password {password} (made now, shown only here)."
)
KNOWN_ADMIN = (
    "Staff sign in at {url} as {name}; for a new password:"
    " .venv/bin/python manage.py changepassword {name}"
)
SANDBOX_ANSWERS = (
    "Some answers are from the sandbox: they are labelled, not counted and not delivered;"
    " .venv/bin/python manage.py clear_sandbox deletes them."
)


def prepare(url: str) -> None:
    """Prepare the site that will be served at `url`. Raises SystemExit with a sentence."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chatapp.settings")
    django.setup()
    migrations_check.connect_or_exit()
    require_redis()
    with start_lock.database_locked():
        migrations_check.migrate_or_exit()
        hint = admin_login_hint(f"{url}/admin/")
    with locked(settings.VAR_DIR / "start.lock"):
        collect_static_if_changed()
    print_lines(hint, *sandbox_hint())


def require_redis() -> None:
    """Raises SystemExit if REDIS_URL is not reachable: no answer could be streamed."""
    parts = urlsplit(settings.REDIS_URL)
    if parts.scheme not in ("redis", "rediss"):
        return
    address = parts.hostname or "localhost", parts.port or 6379
    try:
        socket.create_connection(address, timeout=3).close()
    except OSError as error:
        raise SystemExit(
            f"REDIS_URL points at {address[0]}:{address[1]}, where nothing answers: {error.strerror}."
        ) from None


def collect_static_if_changed() -> None:
    """Run collectstatic if a file has changed. Raises SystemExit with a sentence."""
    stamp, fingerprint = settings.VAR_DIR / "static.stamp", _fingerprint()
    root = Path(settings.STATIC_ROOT)
    if root.is_dir() and stamp.exists() and stamp.read_text() == fingerprint:
        return
    # Without a stamp the last collection did not end: what it left may be half a file, which
    # Django would take for the file itself.
    clear = not stamp.exists()
    try:
        stamp.unlink(missing_ok=True)
        call_command("collectstatic", verbosity=0, interactive=False, clear=clear)
        write_whole(stamp, fingerprint.encode())
    except (CommandError, ValueError, OSError) as error:
        raise SystemExit(f"The static files can't be collected: {error}") from None


def _fingerprint() -> str:
    digest = hashlib.sha256(repr((settings.STORAGES, settings.STATIC_ROOT)).encode())
    for finder in get_finders():
        for path, storage in finder.list(IGNORED):
            found = Path(storage.path(path)).stat()
            digest.update(f"{path}|{found.st_size}|{found.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def admin_login_hint(url: str) -> str:
    """How to log in as staff, as a line of text. Creates the first admin if there is no staff."""
    from chatapp.models import User  # models load once django.setup() has run

    staff = (
        User.objects.filter(is_staff=True, is_active=True).order_by("-is_superuser", "pk").first()
    )
    if staff:
        return KNOWN_ADMIN.format(url=url, name=staff.get_username())
    name, password = (
        _free_name(User.objects.filter(username="admin").exists()),
        secrets.token_urlsafe(12),
    )
    User.objects.create_superuser(name, password=password)
    return NEW_ADMIN.format(url=url, name=name, password=password)


def sandbox_hint() -> list[str]:
    """How to delete the sandbox's answers, as a line of text, if the site has keys and has any."""
    from chatapp.models import Message, Origin  # models load once django.setup() has run

    left = not settings.SANDBOX and Message.objects.filter(origin=Origin.SANDBOX).exists()
    return [SANDBOX_ANSWERS] if left else []


def _free_name(is_taken: bool) -> str:
    """A user name for the first admin: a visitor may have signed up as "admin" before."""
    return f"admin-{secrets.token_hex(2)}" if is_taken else "admin"
