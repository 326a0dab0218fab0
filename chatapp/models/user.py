"""A person, signed up or a guest."""

import re
from contextlib import suppress
from datetime import datetime
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib.auth.models import AbstractUser, UserManager
from django.db import IntegrityError, models, transaction
from django.db.models.fields.reverse_related import ForeignObjectRel
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chatapp import extensions

# Hexadecimal, of a pseudonym: 16 million, so that two people rarely share one.
DIGITS = 6
PSEUDONYM = re.compile(f"[0-9a-f]{{{DIGITS}}}")


class PersonManager(UserManager["User"]):
    def create_guest(self) -> "User":
        """Somebody who chats before signing up. Can never sign in with a password."""
        uid = uuid4()
        guest = self.model(username=f"guest-{uid}", uid=uid, is_guest=True)
        guest.set_unusable_password()
        guest.save()
        return guest

    def guests_unused_since(self, moment: datetime) -> models.QuerySet["User"]:
        """Guests who came before, and have neither written nor rated anything from then on."""
        unused = self.filter(is_guest=True, date_joined__lt=moment)
        for active_at in ("conversations__updated_at", *extensions.guest_activity()):
            unused = unused.exclude(**{f"{active_at}__gte": moment})
        return unused

    def with_pseudonym(self, text: str) -> models.QuerySet["User"]:
        """Whose pseudonym has this number. By index."""
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
        """Whether this member of staff sees the names of those whose conversations they read."""
        return not settings.HIDE_NAMES or any(map(self.has_perm, extensions.names_permissions()))

    @property
    def pseudonym(self) -> str:
        """The same for good, and the beginning of what Helicone knows this person by."""
        return _("Person %(number)s") % {"number": self.uid.hex[:DIGITS]}

    def name_for(self, viewer: "User") -> str:
        if self.is_guest:
            return _("Guest %(number)s") % {"number": self.uid.hex[:8]}
        return (self.email or self.username) if viewer.sees_names else self.pseudonym

    def adopt(self, guest_pk: int) -> bool:
        """Take over all that a guest left in the chat and its extensions; the guest is gone, with
        what else points at it. False if it was gone already, or was none: of two adoptions at once,
        one finds the guest."""
        adopted = {self._meta.app_label, *extensions.app_labels()}
        guests = User.objects.select_for_update().filter(is_guest=True).exclude(pk=self.pk)
        with transaction.atomic():
            guest = guests.filter(pk=guest_pk).first()
            if guest is None:
                return False
            for relation in self._meta.related_objects:
                if relation.field.model._meta.app_label in adopted:
                    self._take(relation, guest)
            guest.delete()
        return True

    def _take(self, relation: ForeignObjectRel, guest: "User") -> None:
        """The rows of one relation. Where this person has a row that allows no second one, such
        as a rating of the same answer, their own stays and the guest's goes with the guest."""
        name = relation.field.name
        rows = relation.field.model._base_manager.filter(**{name: guest})
        try:
            with transaction.atomic():
                rows.update(**{name: self})
        except IntegrityError:
            for pk in list(rows.values_list("pk", flat=True)):
                with suppress(IntegrityError), transaction.atomic():
                    rows.filter(pk=pk).update(**{name: self})
