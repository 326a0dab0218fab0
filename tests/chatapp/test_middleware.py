"""Which pages are exempt from Trusted Types, what a view may set itself, numbers too large."""

import pytest
from django.conf import settings
from django.contrib.admin.sites import site
from django.http import HttpResponse
from django.urls import reverse

from chatapp.admin.base import WithoutJQuery
from chatapp.models import SharedCopy

TRUSTED = "require-trusted-types-for 'script'"


def test_the_exempt_pages_are_those_with_jquery():
    registered = {
        f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
        for model, admin in site._registry.items()
        if not isinstance(admin, WithoutJQuery)
    }
    exempt = {name for name in settings.TRUSTED_TYPES_EXEMPT if name.endswith("_changelist")}
    only_with_oidc = {name for name in exempt if "socialaccount" in name}
    assert exempt - only_with_oidc == registered
    assert len(only_with_oidc) == 3


def policy(response: HttpResponse) -> str:
    return response.headers["Content-Security-Policy"]


def test_a_page_is_under_trusted_types_unless_exempt(sam, client_of):
    client = client_of(sam)
    assert TRUSTED in policy(client.get("/"))
    assert TRUSTED in policy(client.get("/admin/"))
    assert TRUSTED in policy(client.get("/admin/feedback/rating/"))
    assert TRUSTED in policy(client.get("/nowhere/"))
    exempt = policy(client.get("/admin/chatapp/user/"))
    assert TRUSTED not in exempt
    assert "script-src 'self'" in exempt


@pytest.mark.parametrize(
    "url", ["/", "/accounts/login/", "/admin/", "/nowhere/", "/accounts/data/"]
)
def test_no_page_is_kept(url, alice, client_of):
    response = client_of(alice).get(url)
    kept = {part.strip() for part in response.headers["Cache-Control"].split(",")}
    assert {"private", "no-store"} <= kept
    assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    response.close()  # a download counts until then


def test_a_view_may_be_stricter(alice, talk, client_of):
    copy = SharedCopy.objects.get_or_create_for(talk(alice))
    response = client_of().get(copy.get_absolute_url())
    assert response.headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.sqlite
@pytest.mark.parametrize("model", ["chatapp_user", "chatapp_assistant", "auth_group"])
def test_a_number_larger_than_the_database_has_is_refused(client_of, sam, model):
    data = {"action": "delete_selected", "_selected_action": ["9" * 30], "index": "0"}
    response = client_of(sam).post(reverse(f"admin:{model}_changelist"), data)
    assert response.status_code == 400
    assert "be understood" in response.text
