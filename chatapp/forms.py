"""Forms of the chat: message and conversation title."""

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.conf import settings
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chatapp.images import pending, uploads
from chatapp.images.processing import Image
from chatapp.models import Assistant
from chatapp.text.validators import validate_plain_text


def format_count(number: int) -> str:
    return str(number_format(number, force_grouping=True))


class MessageTextField(forms.CharField):
    """Multi-line text: strips blank lines around it, keeps indentation and line breaks.

    Line breaks are normalised, so that each counts as one character of the maximum length.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(strip=False, **kwargs)
        self.validators = [validate_plain_text]

    def to_python(self, value: Any) -> str:
        text = str(super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n")
        return text.strip("\n").rstrip() if text.strip() else ""


class IdempotencyKeyField(forms.UUIDField):
    """Idempotency key of a form: constant until a submission succeeds, so that a repetition is
    recognised. An invalid key is ignored."""

    def __init__(self) -> None:
        super().__init__(required=False, initial=uuid4)

    def bound_data(self, data: Any, initial: Any) -> Any:
        return data or initial

    def clean(self, value: Any) -> UUID | None:
        try:
            return super().clean(value)  # type: ignore[no-any-return]
        except forms.ValidationError:
            return None


class FirstErrorMixin(forms.BaseForm):
    @property
    def problem(self) -> str:
        """The first error as a sentence; empty if there is none."""
        return next((str(error) for errors in self.errors.values() for error in errors), "")


class MessageForm(FirstErrorMixin, forms.Form):
    """A question with images. `images` are the valid ones; `kept` their tokens for the page."""

    message = MessageTextField(required=False)
    assistant = forms.ModelChoiceField(
        Assistant.objects.offered(), to_field_name="slug", required=False
    )
    temporary = forms.BooleanField(required=False)
    idempotency_key = IdempotencyKeyField()

    def __init__(self, *args: Any, has_images: bool = False, **kwargs: Any) -> None:
        """`has_images`: the edited question has images already."""
        super().__init__(*args, **kwargs)
        self.has_images = has_images
        self.images: list[Image] = []
        self.pending_images: list[pending.PendingImage] = []

    def clean_message(self) -> str:
        text = str(self.cleaned_data["message"])
        limit = settings.MESSAGE_MAX_LENGTH
        if len(text) > limit:
            raise forms.ValidationError(
                _("This is %(length)s characters long; at most %(limit)s can be sent at once.")
                % {"length": format_count(len(text)), "limit": format_count(limit)},
                code="max_length",
            )
        return text

    def clean(self) -> None:
        """Read images after the other fields are validated: it is expensive."""
        if self.files or "pending_images" in self.data:
            kept = pending.restore(
                values_of(self.data, "pending_images")[: settings.IMAGES_PER_MESSAGE]
            )
            alts, files = values_of(self.data, "alt"), values_of(self.files, "images")
            self.images, problems = uploads.read_uploads(files, alts, kept)
            for problem in problems:
                self.add_error(None, problem)
        has_something = self.cleaned_data.get("message") or self.images or self.has_images
        if not has_something and not self.errors:
            self.add_error("message", _("Write something first, then send it."))

    def stash_images(self) -> None:
        """Store the images for the next submission of the form."""
        self.pending_images = pending.stash(self.images)


def values_of(data: Any, name: str) -> list[Any]:
    """All values of a name; none if `data` is a plain dict."""
    return list(data.getlist(name)) if hasattr(data, "getlist") else []


class TitleForm(FirstErrorMixin, forms.Form):
    title = forms.CharField(
        max_length=200,
        validators=[validate_plain_text],
        error_messages={"required": gettext_lazy("A conversation needs a name.")},
    )
