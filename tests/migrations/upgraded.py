"""python -m tests.migrations.upgraded: uses the database of DATABASE_URL, and prints what it found.

What the dumps hold, see FILL in `make_dumps`. The main flows go through the site's own views.
"""

import json
import os
from typing import Any

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
django.setup()

from django.contrib.admin.models import LogEntry  # noqa: E402
from django.contrib.auth.models import Group, Permission  # noqa: E402
from django.contrib.contenttypes.models import ContentType  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import setup_test_environment  # noqa: E402
from django.urls import reverse  # noqa: E402

from chatapp.models import Message, User  # noqa: E402
from feedback.models import Delivery, Rating, Review  # noqa: E402
from tests.feedback import example_day  # noqa: E402
from tests.feedback.list_index import test_triggers  # noqa: E402
from tests.fixtures.people import HTMX  # noqa: E402

LIST = reverse("admin:feedback_rating_changelist")


def main() -> dict[str, Any]:
    setup_test_environment()
    fog = Message.objects.get(text__startswith="A cloud that lies")
    rated = client_of("alice").post(
        reverse("rating", args=[fog.pk]), {"value": "-1"}, headers=HTMX
    )
    rating = Rating.objects.get(message=fog)
    rita, lena = client_of("rita"), client_of("lena")
    decided = rita.post(
        reverse("admin:feedback_rating_decide", args=[rating.pk]),
        {"status": "fixed", "verdict": "agree", "note": "", "correction": "", "seen": "0"},
    )
    return {
        "rated": [rated.status_code, rating.value, Delivery.objects.get(rating=rating).state],
        "decided": [decided.status_code, Review.objects.get(rating=rating).status],
        "found": {word: questions(rita, word) for word in ("rayleigh", "fog", "水滴")},
        "log": lena.get(reverse("admin:feedback_staffaccess_changelist")).status_code,
        "lies": [str(one) for one in (*test_triggers.lies(), *example_day.lies())],
        "permissions": sorted(
            Permission.objects.filter(content_type__app_label="feedback").values_list(
                "content_type__model", "codename", "name"
            )
        ),
        "lead": sorted(Group.objects.get(name="lead").permissions.values_list("codename", flat=True)),
        "rita": list(User.objects.get(username="rita").user_permissions.values_list("codename")),
        "types": sorted(
            ContentType.objects.filter(app_label="feedback").values_list("model", flat=True)
        ),
        "logged": [str(entry.content_type) for entry in LogEntry.objects.all()],
    }


def client_of(name: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=name))
    return client


def questions(client: Client, word: str) -> list[str]:
    listed = client.get(LIST, {"q": word}).context["cl"].result_list
    return [rating.message.parent.text for rating in listed]


if __name__ == "__main__":
    print(json.dumps(main()))
