"""Everything after the thumb, and the reasons and categories that a new site starts with."""

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
        post_migrate.connect(first_words, sender=self)
        pre_migrate.connect(loosened_copies, sender=self)
        post_migrate.connect(mended_copies, sender=self)


def first_words(using: str, **kwargs: Any) -> None:
    from feedback.models import Category, Reason  # models load after this module

    for words in (Reason, Category):
        if not words.objects.using(using).exists():
            words.objects.using(using).create_defaults()


def loosened_copies(using: str, **kwargs: Any) -> None:
    from feedback import list_index  # models load after this module
    from feedback.insights import rollup  # models load after this module

    list_index.disable_triggers(connections[using])
    rollup.disable_triggers(connections[using])


def mended_copies(using: str, **kwargs: Any) -> None:
    from feedback import list_index  # models load after this module
    from feedback.insights import rollup  # models load after this module

    list_index.repair_triggers(connections[using])
    rollup.repair_triggers(connections[using])
