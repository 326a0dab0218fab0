"""A person, signed up or a guest."""

from contextlib import suppress
from datetime import datetime
from uuid import uuid4

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import IntegrityError, models, transaction
from django.db.models.fields.reverse_related import ForeignObjectRel

# Whose rows follow a guest who signs up. Everything else that points at a guest goes with it.
ADOPTED = ("chatapp", "feedback")


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
        return (
            self.filter(is_guest=True, date_joined__lt=moment)
            .exclude(conversations__updated_at__gte=moment)
            .exclude(ratings__updated_at__gte=moment)
        )


class User(AbstractUser):
    uid = models.UUIDField(
        default=uuid4,
        unique=True,
        editable=False,
        help_text="What Helicone knows this person by. Says nothing about who it is.",
    )
    is_guest = models.BooleanField(default=False)

    objects = PersonManager()  # type: ignore[misc]

    def adopt(self, guest_pk: int) -> bool:
        """Take over all that a guest left here; the guest is gone. False if it was gone already,
        or was none: of two adoptions at once, one finds the guest."""
        guests = User.objects.select_for_update().filter(is_guest=True).exclude(pk=self.pk)
        with transaction.atomic():
            guest = guests.filter(pk=guest_pk).first()
            if guest is None:
                return False
            for relation in self._meta.related_objects:
                if relation.field.model._meta.app_label in ADOPTED:
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
