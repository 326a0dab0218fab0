"""Sessions in the database, as Django's, of which each request loads one."""

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from chatapp.prepared import Rows, given

LIVE = Rows(
    lambda: Session.objects.filter(
        session_key=given(Session, "session_key"),
        expire_date__gt=given(Session, "expire_date", "now"),
    ).values_list("session_data")
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
