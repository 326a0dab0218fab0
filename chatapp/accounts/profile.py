"""Profile page, with links to all personal data: GET and POST /accounts/."""

from django.contrib import messages as notices
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from chatapp.accounts.decorators import confirmation_name, user_or_guest_required
from chatapp.accounts.forms import NameForm
from chatapp.current_user import HtmxRequest
from chatapp.models import User
from chatapp.views.responses import SeeOther


@require_http_methods(["GET", "HEAD", "POST"])
@user_or_guest_required
def profile(request: HtmxRequest, user: User) -> HttpResponse:
    if request.method == "POST" and not user.is_guest:
        return rename(request, user)
    return form_response(request, user, NameForm(initial={"name": user.get_full_name()}))


def rename(request: HtmxRequest, user: User) -> HttpResponse:
    form = NameForm(request.POST)
    if not form.is_valid():
        return form_response(request, user, form, 422)
    user.first_name, user.last_name = form.cleaned_data["name"], ""
    user.save(update_fields=["first_name", "last_name"])
    notices.success(request, _("Saved."))
    return SeeOther(reverse("account_profile"))


def form_response(
    request: HtmxRequest, user: User, form: NameForm, status: int = 200
) -> HttpResponse:
    context = {"form": form, "current_user": user, "username": confirmation_name(user)}
    return render(request, "account/profile.html", context, status=status)
