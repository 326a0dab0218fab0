"""What people may send: a message, a title."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chatapp.models import Assistant
from chatapp.text import validate_plain


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


class Spoken(forms.BaseForm):
    @property
    def problem(self) -> str:
        """The first thing that is wrong, as a sentence; empty if nothing is."""
        return next((str(error) for errors in self.errors.values() for error in errors), "")


class MessageForm(Spoken, forms.Form):
    message = TypedText(
        error_messages={"required": gettext_lazy("Write something first, then send it.")}
    )
    assistant = forms.ModelChoiceField(
        Assistant.objects.none(), to_field_name="slug", required=False
    )
    temporary = forms.BooleanField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
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


class TitleForm(Spoken, forms.Form):
    title = forms.CharField(
        max_length=200,
        validators=[validate_plain],
        error_messages={"required": gettext_lazy("A conversation needs a name.")},
    )
