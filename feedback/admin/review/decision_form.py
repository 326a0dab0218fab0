"""The form of a decision, and the log of those made before."""

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
MOST = 50
CHOICES: dict[str, dict[str, Any]] = {
    "status": dict(Status.choices),
    "verdict": dict(Verdict.choices),
    "is_shown": {YES: lazy("yes"), "": lazy("no")},
}


def colleagues() -> QuerySet[User]:
    return User.objects.filter(is_staff=True, is_active=True).order_by("username")


class DecisionForm(ModelForm):
    """`seen` is the newest decision on the page: who saw an older state is not believed."""

    seen = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = Review
        fields = ["status", "verdict", "category", "assignee", "note", "correction", "is_shown"]
        widgets = {"status": forms.RadioSelect, "verdict": forms.RadioSelect}

    def __init__(self, review: Review, data: Any = None, blind: bool = False) -> None:
        self.original = review.rating.message.text
        initial = {
            "seen": latest(review),
            "correction": review.correction or self.original,
        }
        super().__init__(data, instance=review, initial=initial)
        self.offer(
            "category", Category.objects.filter(Q(is_retired=False) | Q(pk=review.category_id))
        )
        self.offer("assignee", colleagues())
        verdict, correction = self.fields["verdict"], self.fields["correction"]
        assert isinstance(verdict, forms.ChoiceField)  # noqa: S101
        assert isinstance(correction, forms.CharField)  # noqa: S101
        if blind or not settings.SHOW_CORRECTIONS:
            del self.fields["is_shown"]
        if blind:
            del self.fields["assignee"]
        verdict.choices, correction.strip = [("", _("none yet")), *Verdict.choices], False

    def offer(self, name: str, rows: QuerySet[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101
        field.queryset, field.empty_label = rows, _("none") if name == "category" else _("nobody")

    def clean_correction(self) -> str:
        """The answer as it was is no correction of it; browsers send their own line ends."""
        text = str(self.cleaned_data["correction"]).replace("\r\n", "\n")
        return "" if text.strip() == self.original.replace("\r\n", "\n").strip() else text

    def clean_is_shown(self) -> bool:
        """Never by itself: only what is fixed and has a better answer, confirmed as such."""
        wanted = bool(self.cleaned_data["is_shown"])
        ready = self.cleaned_data.get("status") == Status.FIXED
        ready = ready and bool(self.cleaned_data.get("correction"))
        if wanted and not ready and not self.instance.is_shown:
            raise forms.ValidationError(
                _("To show it to the person, set the status to fixed and write a corrected answer.")
            )
        return wanted and ready

    def clean_seen(self) -> int:
        if self.cleaned_data["seen"] != latest(self.instance):
            raise forms.ValidationError(
                _("Somebody else changed this review meanwhile. Check it again.")
            )
        return int(self.cleaned_data["seen"])

    def _post_clean(self) -> None:
        """The review is changed by its own verb, which logs, and not by the form."""

    def changes(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.Meta.fields if name in self.fields}

    def words_of_errors(self) -> str:
        return " ".join(str(words) for errors in self.errors.values() for words in errors)


def latest(review: Review) -> int:
    return review.changes.values_list("pk", flat=True).first() or 0


def history(review: Review) -> list[dict[str, Any]]:
    """The newest decisions, in words; three queries however many."""
    steps = list(review.changes.select_related("by", "undone_by")[:MOST])
    people, labels = names(steps), {one.slug: str(one) for one in Category.objects.all()}
    known = CHOICES | {"category": labels, "assignee": people}
    return [
        {"step": step, "was": words(known, step.field, step.was),
         "became": words(known, step.field, step.became)}
        for step in steps
    ]  # fmt: skip


def reopened(review: Review) -> ReviewChange | None:
    """The entry that made it new again by itself, as long as nobody has decided since."""
    last = review.changes.filter(field="status").first()
    return last if last and last.why else None


def names(steps: Iterable[ReviewChange]) -> dict[str, str]:
    ids = {pk for step in steps if step.field == "assignee" for pk in (step.was, step.became)}
    people = User.objects.filter(pk__in=ids - {""}).values_list("pk", "username")
    return {str(pk): name for pk, name in people}


def told(field: str, text: str) -> str:
    """One value of the log, in words."""
    person = User.objects.filter(pk=text).first() if field == "assignee" and text else None
    return str(person) if person else words(CHOICES, field, text)


def words(known: dict[str, dict[str, Any]], field: str, text: str) -> str:
    return str(known.get(field, {}).get(text, "")) or Truncator(text).chars(80)
