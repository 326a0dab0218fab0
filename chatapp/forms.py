"""What people may send: a message, a title."""

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.conf import settings
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chatapp.images import pending
from chatapp.images import uploads as sent
from chatapp.images.processing import Image
from chatapp.models import Assistant
from chatapp.validators import validate_plain


def grouped(number: int) -> str:
    return str(number_format(number, force_grouping=True))


class TypedText(forms.CharField):
    """Text as typed: blank lines around it go, indentation and line breaks stay.

    Checked on each use against `settings.MESSAGE_MAX_LENGTH`, counting a line break as one.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(strip=False, **kwargs)
        self.validators = [validate_plain]

    def to_python(self, value: Any) -> str:
        text = str(super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n")
        return text.strip("\n").rstrip() if text.strip() else ""


class Once(forms.UUIDField):
    """The same for all that one form sends until it succeeds: what comes twice is known by it.
    What can't be one is none, and is taken as ever."""

    def __init__(self) -> None:
        super().__init__(required=False, initial=uuid4)

    def bound_data(self, data: Any, initial: Any) -> Any:
        return data or initial

    def clean(self, value: Any) -> UUID | None:
        try:
            return super().clean(value)  # type: ignore[no-any-return]
        except forms.ValidationError:
            return None


class Spoken(forms.BaseForm):
    @property
    def problem(self) -> str:
        """The first thing that is wrong, as a sentence; empty if nothing is."""
        return next((str(error) for errors in self.errors.values() for error in errors), "")


class MessageForm(Spoken, forms.Form):
    """`images` are those that came and can be used; `kept` is what the page carries of them."""

    message = TypedText(required=False)
    assistant = forms.ModelChoiceField(
        Assistant.objects.none(), to_field_name="slug", required=False
    )
    temporary = forms.BooleanField(required=False)
    once = Once()

    def __init__(self, *args: Any, has_images: bool = False, **kwargs: Any) -> None:
        """`has_images`: the question that is worded otherwise has some already."""
        super().__init__(*args, **kwargs)
        self.has_images = has_images
        self.images: list[Image] = []
        self.kept: list[pending.Note] = []
        field = self.fields["assistant"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - for the type checker
        field.queryset = Assistant.objects.offered()

    def clean_message(self) -> str:
        text = str(self.cleaned_data["message"])
        limit = settings.MESSAGE_MAX_LENGTH
        if len(text) > limit:
            raise forms.ValidationError(
                _("This is %(length)s characters long; at most %(limit)s can be sent at once.")
                % {"length": grouped(len(text)), "limit": grouped(limit)},
                code="max_length",
            )
        return text

    def clean(self) -> None:
        """Images last: reading them is the work."""
        if self.files or "kept" in self.data:
            kept = pending.take(many(self.data, "kept")[: settings.IMAGES_PER_MESSAGE])
            alts, uploads = many(self.data, "alt"), many(self.files, "images")
            self.images, problems = sent.read(uploads, alts, kept)
            for problem in problems:
                self.add_error(None, problem)
        given = self.cleaned_data.get("message") or self.images or self.has_images
        if not given and not self.errors:
            self.add_error("message", _("Write something first, then send it."))

    def keep_images(self) -> None:
        """For a page that comes again."""
        self.kept = pending.put(self.images)


def many(data: Any, name: str) -> list[Any]:
    """All values of a name, also where the data is a plain dict."""
    return list(data.getlist(name)) if hasattr(data, "getlist") else []


class TitleForm(Spoken, forms.Form):
    title = forms.CharField(
        max_length=200,
        validators=[validate_plain],
        error_messages={"required": gettext_lazy("A conversation needs a name.")},
    )
