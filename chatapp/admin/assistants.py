"""Admin of assistants and their immutable prompt versions."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from chatapp.admin.base import ListEditableAdmin, ModelAdmin, changelist_link
from chatapp.models import Assistant, PromptVersion


@admin.register(Assistant)
class AssistantAdmin(ListEditableAdmin):
    list_display = ["name", "slug", "is_active", "position", "versions"]
    list_editable = ["position"]
    list_filter = ["is_active"]
    search_fields = ["name", "slug", "description"]
    prepopulated_fields = {"slug": ["name"]}
    readonly_fields = ["versions"]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """A new assistant has no prompt version yet, so that it can't be offered."""
        return {"is_active": False, **super().get_changeform_initial_data(request)}

    @admin.display(description=_("prompt versions"))
    def versions(self, assistant: Assistant) -> SafeString | str:
        if not assistant.pk:
            return ""
        return changelist_link(
            PromptVersion, _("Prompt versions"), assistant__id__exact=assistant.pk
        )


@admin.register(PromptVersion)
class PromptVersionAdmin(ModelAdmin):
    """Prompt versions: added, often as a copy; then only traffic weight and note can change."""

    FIXED = ("assistant", "model", "instructions", "parameters")
    change_form_template = "admin/chatapp/promptversion/change_form.html"
    list_display = ["name", "model", "weight", "note", "author", "created_at"]
    list_filter = ["assistant", "model"]
    list_select_related = ["assistant", "author"]
    search_fields = ["assistant__name", "=number", "instructions", "note"]
    ordering = ["assistant", "-number"]
    show_full_result_count = False

    @admin.display(description=_("version"), ordering="number")
    def name(self, version: PromptVersion) -> str:
        return str(version)

    def get_fieldsets(self, request: HttpRequest, obj: PromptVersion | None = None) -> Any:
        traffic = (_("What may change"), {"fields": ["weight", "note"]})
        if obj is None:
            return [(_("Fixed once it is saved"), {"fields": list(self.FIXED)}), traffic]
        content = (_("Fixed"), {"fields": ["assistant", "model", "exact", "parameters"]})
        made = (_("Where it comes from"), {"fields": ["author", "created_at", "digest"]})
        return [traffic, content, made]

    def get_readonly_fields(self, request: HttpRequest, obj: PromptVersion | None = None) -> Any:
        return (*self.FIXED, "exact", "author", "created_at", "digest") if obj else ()

    @admin.display(description=_("instructions"))
    def exact(self, version: PromptVersion) -> SafeString:
        """The text with all white space, which Django's display would change."""
        return format_html('<pre class="exact">{}</pre>', version.instructions)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Prefill the form from another version with `?from=ID`."""
        source = request.GET.get("from", "")
        if not source.isdecimal():
            return {name: value for name, value in request.GET.items() if name == "assistant"}
        versions = PromptVersion.objects.filter(pk=int(source))
        return dict(versions.values(*self.FIXED).first() or {})

    def save_model(self, request: HttpRequest, obj: PromptVersion, form: Any, change: bool) -> None:
        if not change:
            obj.author = request.user if request.user.is_authenticated else None
        super().save_model(request, obj, form, change)

    def get_queryset(self, request: HttpRequest) -> QuerySet[PromptVersion]:
        return super().get_queryset(request).select_related("assistant", "author")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Always False: answers refer to it. A weight of 0 disables a version."""
        return False
