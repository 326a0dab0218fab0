"""App config of feedback: registration with the chat, default labels, triggers."""

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class FeedbackConfig(AppConfig):
    name = "feedback"
    verbose_name = _("Feedback")

    def ready(self) -> None:
        # Django has loaded the models by now, and not before.
        from feedback.chat.extension import register_feedback
        from feedback.chat.models import question_repeated, translate_verbose_names
        from feedback.models.implicit_feedback import on_question_repeated

        register_feedback()
        translate_verbose_names(self)
        question_repeated.connect(on_question_repeated)
        post_migrate.connect(create_default_labels, sender=self)
        pre_migrate.connect(disable_triggers, sender=self)
        post_migrate.connect(repair_triggers, sender=self)


def create_default_labels(using: str, **kwargs: Any) -> None:
    from feedback.models import Category, Reason  # models load after this module

    for labels in (Reason, Category):
        if not labels.objects.using(using).exists():
            labels.objects.using(using).create_defaults()


def disable_triggers(using: str, **kwargs: Any) -> None:
    from feedback import list_index  # models load after this module
    from feedback.insights import rollup  # models load after this module

    list_index.disable_triggers(connections[using])
    rollup.disable_triggers(connections[using])


def repair_triggers(using: str, **kwargs: Any) -> None:
    from feedback import list_index  # models load after this module
    from feedback.insights import rollup  # models load after this module

    list_index.repair_triggers(connections[using])
    rollup.repair_triggers(connections[using])
