"""A short random walk of every role; `make walk` takes a longer one."""

import random

from tests.walker.walk import ROLES, Walk, tracebacks

STEP = """
() => {
  document.body.setAttribute("style", "color: red");
  console.error("It broke.");
  return fetch("/nowhere/").then(() => true);
}
"""


def test_a_walk_at_random_ends_without_a_complaint(browser, start_site):
    site = start_site(ACCOUNT_RATE_LIMITS="false", ANSWERS_AT_ONCE="0")
    walk = Walk(site, random.Random(12))
    walk.prepare()
    for role in ROLES:
        walk.visit(browser, role, steps=8)
    assert walk.complaints == []
    assert walk.steps == dict.fromkeys(ROLES, 8)
    assert tracebacks(site.log) == []


def test_a_complaint_is_heard_with_the_steps_before_it(browser, start_site):
    walk = Walk(start_site(), random.Random(1))
    context = walk.context(browser)
    page = context.new_page()
    walk.step(page, "guest")
    page.goto("/")
    page.evaluate(STEP)
    context.close()
    policy, broke = walk.complaints
    assert "Content Security Policy" in policy
    assert broke.startswith("console: It broke.\n  guest")
