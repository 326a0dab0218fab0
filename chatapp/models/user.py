"""User: signed up or guest."""

import re
from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib.auth.models import AbstractUser, UserManager
from django.db import IntegrityError, models, transaction
from django.db.models.fields.reverse_related import ForeignObjectRel
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chatapp import extensions
from chatapp.prepared import Insert, Select, given

# Hexadecimal digits of a pseudonym: 16 million values, so that collisions are rare.
PSEUDONYM_DIGITS = 6
# A shorter name is too often a part of other texts.
SHORTEST_NAME = 3
PSEUDONYM = re.compile(f"[0-9a-f]{{{PSEUDONYM_DIGITS}}}")


class PersonManager(UserManager["User"]):
    def get(self, *args: Any, **kwargs: Any) -> "User":
        """As always, but by its id alone, as each request of somebody signed in asks for the user,
        with SQL that is made once."""
        if args or kwargs.keys() != {"pk"} or type(self) is not PersonManager:
            return super().get(*args, **kwargs)
        found = BY_ID.first(id=kwargs["pk"])
        if found is None:
            raise User.DoesNotExist
        return found

    def create_guest(self) -> "User":
        """Create a guest, who chats before signing up and can't log in."""
        uid = uuid4()
        guest = self.model(username=f"guest-{uid}", uid=uid, is_guest=True)
        guest.set_unusable_password()
        return ADD.run(guest)

    def guests_unused_since(self, moment: datetime) -> models.QuerySet["User"]:
        """Guests created before `moment` who have written and rated nothing since then."""
        unused = self.filter(is_guest=True, date_joined__lt=moment)
        for active_at in ("conversations__updated_at", *extensions.guest_activity()):
            unused = unused.exclude(**{f"{active_at}__gte": moment})
        return unused

    def with_pseudonym(self, text: str) -> models.QuerySet["User"]:
        """Users whose pseudonym has this number. Uses the index of `uid`."""
        number = text.lower()
        if not PSEUDONYM.fullmatch(number):
            return self.none()
        first, last = (UUID(number.ljust(32, digit)) for digit in "0f")
        return self.filter(uid__gte=first, uid__lte=last)


class User(AbstractUser):
    uid = models.UUIDField(
        default=uuid4,
        unique=True,
        editable=False,
        help_text=gettext_lazy("What Helicone knows this person by. Says nothing about who it is."),
    )
    is_guest = models.BooleanField(default=False)

    objects = PersonManager()  # type: ignore[misc]

    @property
    def sees_names(self) -> bool:
        """Whether this member of staff sees the names of other users."""
        return not settings.HIDE_NAMES or any(map(self.has_perm, extensions.names_permissions()))

    @property
    def pseudonym(self) -> str:
        """A constant pseudonym: the first digits of `uid`, which is the user id at Helicone."""
        return _("Person %(number)s") % {"number": self.uid.hex[:PSEUDONYM_DIGITS]}

    @property
    def guest_number(self) -> str:
        return self.uid.hex[:8]

    def name_for(self, viewer: "User") -> str:
        if self.is_guest:
            return _("Guest %(number)s") % {"number": self.guest_number}
        return (self.email or self.username) if viewer.sees_names else self.pseudonym

    def names(self) -> set[str]:
        """What staff may have typed to name this user, of three characters or more."""
        addresses = self.emailaddress_set.values_list("email", flat=True)  # type: ignore[attr-defined]  # allauth's
        names = {self.username, self.email, self.get_full_name(), self.first_name, self.last_name}
        names |= {self.guest_number} if self.is_guest else set()
        return {name for name in (*names, *addresses) if len(name) >= SHORTEST_NAME}

    def adopt(self, guest_pk: int) -> bool:
        """Take over a guest's rows in the chat and its extensions, and delete the guest. False if
        there is no such guest, as for the second of two concurrent adoptions."""
        adopted = {self._meta.app_label, *extensions.app_labels()}
        guests = User.objects.select_for_update().filter(is_guest=True).exclude(pk=self.pk)
        with transaction.atomic():
            guest = guests.filter(pk=guest_pk).first()
            if guest is None:
                return False
            for relation in self._meta.related_objects:
                if relation.field.model._meta.app_label in adopted:
                    self._reassign(relation, guest)
            guest.delete()
        return True

    def _reassign(self, relation: ForeignObjectRel, guest: "User") -> None:
        """Move the rows of one relation. On a unique conflict, such as two ratings of one answer,
        the user's row stays and the guest's is deleted with the guest."""
        name = relation.field.name
        rows = relation.field.model._base_manager.filter(**{name: guest})
        try:
            with transaction.atomic():
                rows.update(**{name: self})
        except IntegrityError:
            for pk in list(rows.values_list("pk", flat=True)):
                with suppress(IntegrityError), transaction.atomic():
                    rows.filter(pk=pk).update(**{name: self})


ADD = Insert(lambda: User)
BY_ID = Select(lambda: User.objects.filter(pk=given(User, "id")))
