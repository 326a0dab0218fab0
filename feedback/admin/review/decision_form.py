"""Decision form of a review, and its audit log as text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from chatapp.models import User
from feedback.models import Category, Review, ReviewChange
from feedback.models.reviews.changes import YES
from feedback.models.reviews.review import Status, Verdict

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[Review]
else:
    ModelForm = forms.ModelForm
MAX_HISTORY = 50
CHOICES: dict[str, dict[str, Any]] = {
    "status": dict(Status.choices),
    "verdict": dict(Verdict.choices),
    "is_shown": {YES: lazy("yes"), "": lazy("no")},
}


def colleagues() -> QuerySet[User]:
    """Return active staff: possible assignees."""
    return User.objects.filter(is_staff=True, is_active=True).order_by("username")


class DecisionForm(ModelForm):
    """Form of a decision. `seen` is the newest audit entry on the submitted page: a decision on an
    older state is rejected."""

    seen = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = Review
        fields = ["status", "verdict", "category", "assignee", "note", "correction", "is_shown"]
        widgets = {"status": forms.RadioSelect, "verdict": forms.RadioSelect}

    def __init__(self, review: Review, data: Any = None, blind: bool = False) -> None:
        self.original = review.rating.message.text
        initial = {
            "seen": latest_change(review),
            "correction": review.correction or self.original,
        }
        super().__init__(data, instance=review, initial=initial)
        self.set_choices(
            "category", Category.objects.filter(Q(is_retired=False) | Q(pk=review.category_id))
        )
        self.set_choices("assignee", colleagues())
        verdict, correction = self.fields["verdict"], self.fields["correction"]
        assert isinstance(verdict, forms.ChoiceField)  # noqa: S101
        assert isinstance(correction, forms.CharField)  # noqa: S101
        if blind or not settings.SHOW_CORRECTIONS:
            del self.fields["is_shown"]
        if blind:
            del self.fields["assignee"]
        verdict.choices, correction.strip = [("", _("none yet")), *Verdict.choices], False

    def set_choices(self, name: str, rows: QuerySet[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101
        field.queryset, field.empty_label = rows, _("none") if name == "category" else _("nobody")

    def clean_correction(self) -> str:
        """Return the correction; empty where it is the answer itself, but for line ends."""
        text = str(self.cleaned_data["correction"]).replace("\r\n", "\n")
        return "" if text.strip() == self.original.replace("\r\n", "\n").strip() else text

    def clean_is_shown(self) -> bool:
        """Allow showing the correction to the user only where the answer is fixed and has one."""
        wanted = bool(self.cleaned_data["is_shown"])
        ready = self.cleaned_data.get("status") == Status.FIXED
        ready = ready and bool(self.cleaned_data.get("correction"))
        if wanted and not ready and not self.instance.is_shown:
            raise forms.ValidationError(
                _("To show it to the person, set the status to fixed and write a corrected answer.")
            )
        return wanted and ready

    def clean_seen(self) -> int:
        if self.cleaned_data["seen"] != latest_change(self.instance):
            raise forms.ValidationError(
                _("Somebody else changed this review meanwhile. Check it again.")
            )
        return int(self.cleaned_data["seen"])

    def _post_clean(self) -> None:
        """Leave the instance alone: Review.decide changes it, and logs that."""

    def changes(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.Meta.fields if name in self.fields}

    def error_text(self) -> str:
        return " ".join(str(error) for errors in self.errors.values() for error in errors)


def latest_change(review: Review) -> int:
    """Return the id of the newest audit entry; 0 where there is none."""
    return review.changes.values_list("pk", flat=True).first() or 0


def history(review: Review) -> list[dict[str, Any]]:
    """Return the newest audit entries as text, with three queries."""
    steps = list(review.changes.select_related("by", "undone_by")[:MAX_HISTORY])
    assignees, labels = (
        assignee_names(steps),
        {one.slug: str(one) for one in Category.objects.all()},
    )
    known = CHOICES | {"category": labels, "assignee": assignees}
    return [
        {"step": step, "was": value_label(known, step.field, step.was),
         "became": value_label(known, step.field, step.became)}
        for step in steps
    ]  # fmt: skip


def reopening(review: Review) -> ReviewChange | None:
    """Return the entry that reopened the review automatically, unless it was decided since."""
    last = review.changes.filter(field="status").first()
    return last if last and last.why else None


def assignee_names(steps: Iterable[ReviewChange]) -> dict[str, str]:
    ids = {pk for step in steps if step.field == "assignee" for pk in (step.was, step.became)}
    users = User.objects.filter(pk__in=ids - {""}).values_list("pk", "username")
    return {str(pk): name for pk, name in users}


def logged_value(field: str, text: str) -> str:
    """Return one value of the audit log as text."""
    assignee = User.objects.filter(pk=text).first() if field == "assignee" and text else None
    return str(assignee) if assignee else value_label(CHOICES, field, text)


def value_label(known: dict[str, dict[str, Any]], field: str, text: str) -> str:
    return str(known.get(field, {}).get(text, "")) or Truncator(text).chars(80)
