"""What must be there before the site can serve: the database, the static files, someone on staff.

On a second start all of it is there, and looking takes a few hundredths of a second.
"""

import os

import django

from chatapp.server import env_file
from chatapp.server.messages import say


def everything(url: str) -> None:
    """`url` is where the site is going to be. Raises SystemExit with a sentence."""
    env_file.var_dir()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chatapp.settings")
    django.setup()

    from chatapp.server import migrations_check, redis, staff, static

    migrations_check.bring_up_to_date()
    redis.must_answer()
    static.collect_if_changed()
    say(staff.how_to_sign_in(f"{url}/admin/"))
