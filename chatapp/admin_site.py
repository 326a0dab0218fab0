"""The admin site: its name and the order of its apps."""

from typing import Any

from django.contrib.admin import AdminSite
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from chatapp import extensions
from chatapp.text.hidden_characters import with_marks

# Apps in the order of how often staff need them, after the chat's extensions; any other comes
# after these, by name.
ORDER = ("chatapp", "account", "auth")


class RapportAdminSite(AdminSite):
    site_header = "Rapport"
    site_title = "Rapport"
    index_title = _("For the people who run this site")

    def get_app_list(
        self, request: HttpRequest, app_label: str | None = None
    ) -> list[dict[str, Any]]:
        apps: list[dict[str, Any]] = super().get_app_list(request, app_label)
        return sorted(apps, key=rank)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Every page for staff shows hidden characters, whatever it is made of."""
        return super().admin_view(with_marks(view), cacheable)

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        """Disabled: no form uses it, and it would disclose the beginnings of conversations."""
        raise Http404


def rank(app: dict[str, Any]) -> int:
    label = app["app_label"]
    order = [*extensions.app_labels(), *ORDER]
    return order.index(label) if label in order else len(order)
