"""Somebody must be able to look at the rated answers: a new site makes its first member of staff."""

import secrets

from chatapp.models import User

FIRST = "Staff sign in at {url} as {name} with the password {password} (made now, shown only here)."
KNOWN = (
    "Staff sign in at {url} as {name}; for a new password:"
    " .venv/bin/python manage.py changepassword {name}"
)


def how_to_sign_in(url: str) -> str:
    known = (
        User.objects.filter(is_staff=True, is_active=True).order_by("-is_superuser", "pk").first()
    )
    if known:
        return KNOWN.format(url=url, name=known.get_username())
    name, password = _free_name(), secrets.token_urlsafe(12)
    User.objects.create_superuser(name, password=password)
    return FIRST.format(url=url, name=name, password=password)


def _free_name() -> str:
    """A visitor may have signed up as "admin" long before there was any staff."""
    taken = User.objects.filter(username="admin").exists()
    return f"admin-{secrets.token_hex(2)}" if taken else "admin"
