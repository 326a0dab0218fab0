"""Admin site: its title and the order of its apps."""

from typing import Any

from django.contrib.admin import AdminSite
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

# Apps in this order, then all others by name.
ORDER = ("feedback", "chatapp", "account", "auth")


class RapportAdminSite(AdminSite):
    site_header = "Rapport"
    site_title = "Rapport"
    index_title = _("For the people who run this site")

    def get_app_list(
        self, request: HttpRequest, app_label: str | None = None
    ) -> list[dict[str, Any]]:
        apps: list[dict[str, Any]] = super().get_app_list(request, app_label)
        return sorted(apps, key=rank)

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        """Deny autocompletion: no form needs it, and it would reveal beginnings of texts."""
        raise Http404


def rank(app: dict[str, Any]) -> int:
    label = app["app_label"]
    return ORDER.index(label) if label in ORDER else len(ORDER)
