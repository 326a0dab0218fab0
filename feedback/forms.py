"""Forms for a thumb, and for its reasons, comment and correction."""

from typing import Any

from django import forms
from django.db.models import Q

from feedback.models import Rating, Reason

MAX_COMMENT, MAX_CORRECTION = 2_000, 10_000  # characters


# The desired state, as posted and as stored in a Rating
THUMBS = {"1": 1, "-1": -1, "0": None}


class ReasonsForm(forms.Form):
    """Checks reasons, comment and correction; `Explanation` shows them."""

    reasons = forms.ModelMultipleChoiceField(
        Reason.objects.none(), to_field_name="slug", required=False
    )
    comment = forms.CharField(max_length=MAX_COMMENT, required=False)
    correction = forms.CharField(max_length=MAX_CORRECTION, required=False)

    def __init__(self, rating: Rating, *args: Any, **kwargs: Any) -> None:
        """Accept the reasons of this thumb's side, and retired ones that were chosen earlier."""
        super().__init__(*args, **kwargs)
        field = self.fields["reasons"]
        assert isinstance(field, forms.ModelMultipleChoiceField)  # noqa: S101 - for type checkers
        accepted = Q(is_retired=False) | Q(pk__in=[reason.pk for reason in rating.chosen])
        field.queryset = Reason.objects.filter(accepted, value=rating.value or 0)


class Explanation:
    """Reasons offered for a thumb, and what was chosen and written, for a template.

    Each click shows it, so that it does without a form's fields and widgets. `reasons` are slug,
    label and whether it is chosen; `errors` are those of a submitted form."""

    max_comment, max_correction = str(MAX_COMMENT), str(MAX_CORRECTION)

    def __init__(self, rating: Rating, form: ReasonsForm | None = None) -> None:
        chosen = {reason.slug for reason in rating.chosen}
        offered = [
            reason
            for reason in Reason.objects.of(rating.value or 0)
            if not reason.is_retired or reason.slug in chosen
        ]
        self.comment, self.correction = rating.comment, rating.correction
        self.errors: dict[str, Any] = {}
        if form:
            chosen = set(form["reasons"].value() or ())
            self.comment = form["comment"].value() or ""
            self.correction = form["correction"].value() or ""
            self.errors = form.errors
        self.reasons = [(reason.slug, str(reason), reason.slug in chosen) for reason in offered]
