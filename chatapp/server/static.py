"""Collects the static files, but only when one of them, or how they are kept, has changed."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import CommandError, call_command

IGNORED = ["CVS", ".*", "*~"]  # what collectstatic ignores by itself


def collect_if_changed() -> None:
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
