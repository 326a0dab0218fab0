"""Forms for a thumb, and for its reasons, comment and correction."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from feedback.models import Rating, Reason


class ThumbForm(forms.Form):
    """Form for a thumb; `value` is the desired state: 1, -1, or 0 for none."""

    value = forms.TypedChoiceField(choices=[(1, "up"), (-1, "down"), (0, "none")], coerce=int)

    def wanted(self) -> int | None:
        """The value as stored in a Rating, for a valid form."""
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
        """Offer the reasons of this thumb's side, and retired ones that were chosen earlier."""
        chosen = [reason.slug for reason in rating.reasons.all()]
        texts = {"comment": rating.comment, "correction": rating.correction}
        kwargs.setdefault("initial", {"reasons": chosen, **texts})
        kwargs.setdefault("auto_id", f"reasons-{rating.message_id}-%s")
        super().__init__(*args, **kwargs)
        field = self.fields["reasons"]
        assert isinstance(field, forms.ModelMultipleChoiceField)  # noqa: S101 - for type checkers
        offered = Q(is_retired=False) | Q(slug__in=chosen)
        field.queryset = Reason.objects.filter(offered, value=rating.value or 0)
