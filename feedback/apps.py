"""Everything after the thumb, and the reasons and categories that a new site starts with."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class FeedbackConfig(AppConfig):
    name = "feedback"
    verbose_name = _("Feedback")

    def ready(self) -> None:
        from chatapp.models.verbose_names import translate_verbose_names

        translate_verbose_names(self)
        post_migrate.connect(first_words, sender=self)
        pre_migrate.connect(loosened_copies, sender=self)
        post_migrate.connect(mended_copies, sender=self)
        from chatapp.models import question_repeated
        from feedback.models import implicit_feedback

        question_repeated.connect(implicit_feedback.said_anew)


def first_words(using: str, **kwargs: Any) -> None:
    from feedback.models import Category, Reason

    for words in (Reason, Category):
        if not words.objects.using(using).exists():
            words.objects.using(using).create_defaults()


def loosened_copies(using: str, **kwargs: Any) -> None:
    from django.db import connections

    from feedback import list_index
    from feedback.insights import rollup

    list_index.loosen(connections[using])
    rollup.loosen(connections[using])


def mended_copies(using: str, **kwargs: Any) -> None:
    from django.db import connections

    from feedback import list_index
    from feedback.insights import rollup

    list_index.mend(connections[using])
    rollup.mend(connections[using])
