"""The language of this browser, kept in a cookie. Who chose none gets what the browser asks for."""

from django.contrib.auth.decorators import login_not_required
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

# Back to the page that it was chosen on, by the browser's word: htmx may have changed the address
# since the form came.
language = login_not_required(require_POST(set_language))
