"""Django's page of an error with DEBUG: nothing posted and no secret is on it."""

import html

from django.test import RequestFactory
from django.views.debug import technical_500_response

SECRET = "canary-of-a-key-4711"
WORDS = "canary words of a person"


def test_secrets_and_posted_values_are_hidden(settings):
    settings.DEBUG, settings.OPENAI_API_KEY = True, SECRET
    settings.REDIS_URL = f"redis://:{SECRET}@127.0.0.1/0"
    request = RequestFactory().post(
        "/", {"message": WORDS}, headers={"Authorization": f"Bearer {SECRET}"}
    )
    headers = {"Authorization": f"Bearer {'x' * 70} {SECRET}"}
    try:
        raise ValueError(f"{WORDS} {SECRET} {headers}")
    except ValueError as error:
        for accept in ("text/html", "text/plain"):
            request.META["HTTP_ACCEPT"] = accept
            info = type(error), error, error.__traceback__
            page = html.unescape(technical_500_response(request, *info).content.decode())
            assert "ValueError" in page and "message" in page
            # The source of this file is on the page as well, without their values.
            assert SECRET not in page.replace(f'SECRET = "{SECRET}"', "")
            assert WORDS not in page.replace(f'WORDS = "{WORDS}"', "")
