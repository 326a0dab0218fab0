"""GET and POST /accounts/: who one is here, and the ways to all that is one's own."""

from django.contrib import messages as notices
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from chatapp.accounts.decorators import name_to_type, user_or_guest_required
from chatapp.accounts.forms import NameForm
from chatapp.current_user import HtmxRequest
from chatapp.models import User
from chatapp.views.responses import SeeOther


@require_http_methods(["GET", "HEAD", "POST"])
@user_or_guest_required
def profile(request: HtmxRequest, person: User) -> HttpResponse:
    if request.method == "POST" and not person.is_guest:
        return rename(request, person)
    return shown(request, person, NameForm(initial={"name": person.get_full_name()}))


def rename(request: HtmxRequest, person: User) -> HttpResponse:
    form = NameForm(request.POST)
    if not form.is_valid():
        return shown(request, person, form, 422)
    person.first_name, person.last_name = form.cleaned_data["name"], ""
    person.save(update_fields=["first_name", "last_name"])
    notices.success(request, _("Saved."))
    return SeeOther(reverse("account_profile"))


def shown(request: HtmxRequest, person: User, form: NameForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "current_user": person, "username": name_to_type(person)}
    return render(request, "account/profile.html", context, status=status)
