"""Export log: who exported which rated answers, how many, and whether the file is complete."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# A running export saves its progress every second; without it for so long, it has died.
SILENCE = timedelta(seconds=30)


class ExportState(models.TextChoices):
    RUNNING = "running", _("running")
    COMPLETE = "complete", _("complete")
    BROKEN = "broken", _("broken off")


class ExportFormat(models.TextChoices):
    CSV = "csv", "CSV"
    JSONL = "jsonl", "JSONL"


class Export(models.Model):
    """One export. The entry outlives what was exported, without naming it then."""

    Format, State = ExportFormat, ExportState

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="exports"
    )
    form = models.CharField(max_length=5, choices=ExportFormat)
    filters = models.TextField(blank=True, help_text=_("The address of the list, after the “?”."))
    reason = models.CharField(_("stated reason"), max_length=300, blank=True)
    started_at = models.DateTimeField(default=timezone.now, db_index=True)
    heard_at = models.DateTimeField(default=timezone.now)
    status = models.CharField(max_length=8, choices=ExportState, default=ExportState.RUNNING)
    expected = models.PositiveIntegerField(null=True, help_text=_("Rated answers found."))
    rows = models.PositiveIntegerField(_("rated answers"), default=0, help_text=_("Sent so far."))

    class Meta:
        ordering = ["-pk"]
        permissions = [("export_ratings", _("Can export rated answers"))]
        indexes = [models.Index(fields=["by", "-id"], name="exports_of_a_person")]

    def __str__(self) -> str:
        return f"{self.get_form_display()}, {self.started_at:%Y-%m-%d %H:%M}"

    def save_progress(self, **values: object) -> None:
        """Save these fields and the time of the last progress."""
        for name, value in values.items():
            setattr(self, name, value)
        self.heard_at = timezone.now()
        self.save(update_fields=[*values, "heard_at"])

    @property
    def state(self) -> ExportState:
        silent = timezone.now() - self.heard_at > SILENCE
        if self.status == ExportState.RUNNING and silent:
            return ExportState.BROKEN
        return ExportState(self.status)

    @property
    def is_running(self) -> bool:
        return self.state == ExportState.RUNNING
