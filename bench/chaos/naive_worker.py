"""Worker without the protocol: it posts each rating and believes the 201.

What fails is tried again, and a rating that changes meanwhile is posted again. Chaos must show
that this isn't enough.
"""

from __future__ import annotations

import threading
import time
from typing import Any

import django

from bench.chaos.site import TIMEOUT

THREADS = 6  # so that a call that hangs doesn't keep the others waiting


def main() -> None:
    django.setup()
    for _ in range(THREADS):
        threading.Thread(target=work, daemon=True).start()
    threading.Event().wait()


def work() -> None:
    from feedback.chat.runtime import helicone_settings
    from feedback.models import Delivery
    from helicone import Api, HeliconeError

    with Api(helicone_settings(), timeout=TIMEOUT) as api:
        while True:
            row = Delivery.objects.pending().select_related("rating__message").order_by("?").first()
            if row is None:
                time.sleep(0.1)
                continue
            try:
                post(api, row.rating.message.helicone_id, row.rating.value)
            except HeliconeError:
                continue
            believe(row)


def post(api: Any, request_id: Any, value: int | None) -> None:
    from feedback.models.outbox.desired_state import WITHDRAWN
    from helicone import Rating

    if value is None:
        api.set_property(request_id, WITHDRAWN, "true")
    else:
        api.rate(request_id, Rating.from_bool(value == 1))


def believe(row: Any) -> None:
    """Settle the delivery, unless its rating has changed meanwhile."""
    from django.db.models.functions import Now

    from feedback.models import Delivery

    same = Delivery.objects.filter(pk=row.pk, revision=row.revision)
    same.update(state=Delivery.State.SETTLED, call="", settled_at=Now())


if __name__ == "__main__":
    main()
