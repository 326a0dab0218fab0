"""Sessions in the database, stored as Django stores them, by prepared queries."""

from typing import cast

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import CreateError, UpdateError
from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction
from django.utils import timezone

from chatapp.prepared import Insert, Rows, Update, given

LIVE = Rows(
    lambda: Session.objects.filter(
        session_key=given(Session, "session_key"),
        expire_date__gt=given(Session, "expire_date", "now"),
    ).values_list("session_data")
)
KNOWN = Rows(
    lambda: Session.objects.filter(session_key=given(Session, "session_key")).values_list("pk")
)
ADD = Insert(lambda: Session)
RENEW = Update(
    lambda: Session.objects.filter(session_key=given(Session, "session_key")),
    "session_data",
    "expire_date",
)


class SessionStore(db.SessionStore):
    # Data is signed with this class's name, which has to be that of Django's.

    def load(self) -> dict[str, object]:
        found = LIVE.first(session_key=self.session_key, now=timezone.now())
        if found is None:
            self._session_key = None
            return {}
        data: dict[str, object] = self.decode(found[0])
        return data

    def exists(self, session_key: str) -> bool:
        return KNOWN.first(session_key=session_key) is not None

    def save(self, must_create: bool = False) -> None:
        if self.session_key is None:
            self.create()
            return
        data = self._get_session(no_load=must_create)  # type: ignore[attr-defined]
        session = self.create_model_instance(data)
        if must_create:
            try:
                with transaction.atomic():
                    ADD.run(cast(Session, session))
            except IntegrityError:
                raise CreateError from None
        elif not RENEW.run(
            session_key=session.session_key,
            session_data=session.session_data,
            expire_date=session.expire_date,
        ):
            raise UpdateError
