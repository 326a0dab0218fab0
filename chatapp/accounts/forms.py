"""Forms of the account pages: display name, and confirmation of account deletion."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chatapp.accounts.decorators import confirmation_name
from chatapp.models import User
from chatapp.text.validators import validate_plain_text


class NameForm(forms.Form):
    name = forms.CharField(
        label=_("Name"),
        max_length=100,
        required=False,
        validators=[validate_plain_text],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )


class DeleteAccountForm(forms.Form):
    """Confirmation by password, or by user name if the user has no password."""

    proof = forms.CharField(
        max_length=200, error_messages={"required": _("Type it: nothing was deleted yet.")}
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.by_password = user.has_usable_password()
        field = self.fields["proof"]
        field.label = _("Your password") if self.by_password else _("Your name here, as above")
        autocomplete = "current-password" if self.by_password else "off"
        field.widget = (
            forms.PasswordInput(attrs={"autocomplete": autocomplete})
            if self.by_password
            else forms.TextInput(attrs={"autocomplete": autocomplete})
        )

    def clean_proof(self) -> str:
        proof = str(self.cleaned_data["proof"])
        if self.by_password:
            if not self.user.check_password(proof):
                raise forms.ValidationError(_("That isn't your password. Nothing was deleted."))
        elif proof.strip() not in (self.user.username, confirmation_name(self.user)):
            raise forms.ValidationError(_("That isn't your name here. Nothing was deleted."))
        return proof
