"""A thumb, and why it went up or down."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from feedback.models import Rating, Reason


class ThumbForm(forms.Form):
    """`value` is the state wanted: 1, -1, or 0 for none."""

    value = forms.TypedChoiceField(choices=[(1, "up"), (-1, "down"), (0, "none")], coerce=int)

    def wanted(self) -> int | None:
        """The value as a Rating keeps it. For a valid form."""
        return int(self.cleaned_data["value"]) or None


class ReasonsForm(forms.Form):
    reasons = forms.ModelMultipleChoiceField(
        Reason.objects.none(),
        to_field_name="slug",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    comment = forms.CharField(
        max_length=2000,
        required=False,
        widget=forms.Textarea(
            attrs={"rows": 2, "dir": "auto", "placeholder": _("In your own words…")}
        ),
    )

    correction = forms.CharField(
        max_length=10_000, required=False, widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"})
    )

    def __init__(self, rating: Rating, *args: Any, **kwargs: Any) -> None:
        """Offers the reasons of this thumb's side, and those chosen earlier though retired since."""
        chosen = [reason.slug for reason in rating.reasons.all()]
        said = {"comment": rating.comment, "correction": rating.correction}
        kwargs.setdefault("initial", {"reasons": chosen, **said})
        kwargs.setdefault("auto_id", f"reasons-{rating.message_id}-%s")
        super().__init__(*args, **kwargs)
        field = self.fields["reasons"]
        assert isinstance(field, forms.ModelMultipleChoiceField)  # noqa: S101 - for type checkers
        offered = Q(is_retired=False) | Q(slug__in=chosen)
        field.queryset = Reason.objects.filter(offered, value=rating.value or 0)
