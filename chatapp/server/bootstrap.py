"""What must be there before the site can serve: migrations, Redis, static files, a first admin.

On a second start all of it is there, and looking takes a few hundredths of a second.
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

from chatapp.server import migrations_check
from chatapp.server.messages import say

IGNORED = ["CVS", ".*", "*~"]  # what collectstatic ignores by itself
FIRST = "Staff sign in at {url} as {name} with the password {password} (made now, shown only here)."
KNOWN = (
    "Staff sign in at {url} as {name}; for a new password:"
    " .venv/bin/python manage.py changepassword {name}"
)


def everything(url: str) -> None:
    """`url` is where the site is going to be. Raises SystemExit with a sentence."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chatapp.settings")
    django.setup()
    migrations_check.bring_up_to_date()
    require_redis()
    collect_static_if_changed()
    say(how_to_sign_in(f"{url}/admin/"))


def require_redis() -> None:
    """Raises SystemExit where nothing answers at REDIS_URL: answers would never be seen."""
    parts = urlsplit(settings.REDIS_URL)
    if parts.scheme not in ("redis", "rediss"):
        return
    place = parts.hostname or "localhost", parts.port or 6379
    try:
        socket.create_connection(place, timeout=3).close()
    except OSError as error:
        raise SystemExit(
            f"REDIS_URL points at {place[0]}:{place[1]}, where nothing answers: {error.strerror}."
        ) from None


def collect_static_if_changed() -> None:
    """Raises SystemExit with a sentence, as for a stylesheet that names a missing file."""
    stamp, fingerprint = settings.VAR_DIR / "static.stamp", _fingerprint()
    root = Path(settings.STATIC_ROOT)
    if root.is_dir() and stamp.exists() and stamp.read_text() == fingerprint:
        return
    try:
        call_command("collectstatic", verbosity=0, interactive=False)
    except (CommandError, ValueError, OSError) as error:
        raise SystemExit(f"The static files can't be collected: {error}") from None
    stamp.write_text(fingerprint)


def _fingerprint() -> str:
    digest = hashlib.sha256(repr((settings.STORAGES, settings.STATIC_ROOT)).encode())
    for finder in get_finders():
        for path, storage in finder.list(IGNORED):
            found = Path(storage.path(path)).stat()
            digest.update(f"{path}|{found.st_size}|{found.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def how_to_sign_in(url: str) -> str:
    """The line about the first admin, who is made where there is no staff yet."""
    from chatapp.models import User  # models load once django.setup() has run

    known = (
        User.objects.filter(is_staff=True, is_active=True).order_by("-is_superuser", "pk").first()
    )
    if known:
        return KNOWN.format(url=url, name=known.get_username())
    name, password = (
        _free_name(User.objects.filter(username="admin").exists()),
        secrets.token_urlsafe(12),
    )
    User.objects.create_superuser(name, password=password)
    return FIRST.format(url=url, name=name, password=password)


def _free_name(is_taken: bool) -> str:
    """A visitor may have signed up as "admin" long before there was any staff."""
    return f"admin-{secrets.token_hex(2)}" if is_taken else "admin"
