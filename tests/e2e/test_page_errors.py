"""The browser fixtures themselves: a page that goes wrong is noticed."""

import pytest

pytestmark = pytest.mark.browser


def test_a_page_of_the_real_site_opens(page):
    answer = page.goto("/healthz")
    assert answer.status == 200


def test_what_the_console_complains_about_is_collected(page, page_errors):
    page.evaluate("console.error('torn')")
    with page.context.expect_event("weberror"):
        page.evaluate("setTimeout(() => { throw new Error('broken') })")
    assert page_errors == ["error: torn", "uncaught: broken"]
    page_errors.clear()
