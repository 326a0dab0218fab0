"""Which answers the numbers are about: the filters of the list that both sides of a rate can have.

Their names are those of the list, so that an address leads from one to the other.
"""

from __future__ import annotations

from datetime import date, timedelta

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as lazy

from chatapp.models import Assistant, PromptVersion
from feedback.insights.rollup.read import Wanted

WEEKS = 12


class NumbersForm(forms.Form):
    since = forms.DateField(
        label=lazy("From"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        label=lazy("to"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    assistant = forms.ModelChoiceField(
        Assistant.objects.all(),
        label=lazy("Assistant"),
        to_field_name="slug",
        required=False,
        empty_label=lazy("All"),
    )
    version = forms.ModelChoiceField(
        PromptVersion.objects.select_related("assistant").defer("instructions"),
        label=lazy("Prompt version"),
        required=False,
        empty_label=lazy("All"),
    )
    model = forms.ChoiceField(label=lazy("Model"), required=False)
    person = forms.ChoiceField(
        label=lazy("People"),
        required=False,
        choices=[("", lazy("All")), ("guest", lazy("guests")), ("signed-up", lazy("signed up"))],
    )

    def __init__(self, asked: QueryDict) -> None:
        """Of the last weeks, where no day is asked for; an empty day is from the first on."""
        data = asked.copy()
        if "since" not in data and "until" not in data:
            data["since"] = str(first_week())
        super().__init__(data, auto_id="numbers-%s")
        self.asked = asked
        model, version = self.fields["model"], self.fields["version"]
        assert isinstance(model, forms.ChoiceField)  # noqa: S101 - for type checkers
        assert isinstance(version, forms.ModelChoiceField)  # noqa: S101
        names = PromptVersion.objects.order_by("model").values_list("model", flat=True).distinct()
        model.choices = [("", lazy("All")), *((name, name) for name in names)]
        if assistant := asked.get("assistant"):
            version.queryset = version.queryset.filter(assistant__slug=assistant)  # type: ignore[union-attr]

    def wanted(self) -> Wanted:
        """What they are about. For a valid form."""
        given = self.cleaned_data
        which = {
            "assistant": given["assistant"],
            "pk": given["version"] and given["version"].pk,
            "model": given["model"],
        }
        which = {name: value for name, value in which.items() if value}
        versions = PromptVersion.objects.filter(**which).values_list("pk", flat=True)
        return Wanted(
            given["since"],
            given["until"],
            tuple(versions) if which else None,
            given["person"] == "guest" if given["person"] else None,
        )

    def kept(self) -> str:
        """What of it the list of rated answers knows as well, for its address."""
        kept = QueryDict(mutable=True)
        for name in self.fields:
            if value := self.asked.get(name):
                kept[name] = value
        return kept.urlencode()


def first_week() -> date:
    today = timezone.localdate()
    return today - timedelta(days=today.weekday(), weeks=WEEKS - 1)
