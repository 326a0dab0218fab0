"""/c/<uuid>/export.md and /export.json"""

import json

import pytest
from django.urls import reverse

from tests.fixtures.people import answered, ended

pytestmark = pytest.mark.sqlite


@pytest.fixture
def branched(alice):
    """A first answer that was replaced by a second one."""
    first = answered(alice, "Why is\nthe sky blue?", "An *old* answer.", model="gpt-x")
    assert first.parent
    second = ended(first.conversation.answer(first.parent), "A *new* answer.", prompt_tokens=7)
    return second.conversation


def get(client, conversation, suffix):
    return client.get(reverse(f"export_{suffix}", args=[conversation.pk]))


def test_markdown_is_what_one_reads(client_of, alice, branched):
    answer = get(client_of(alice), branched, "md")
    assert answer.headers["Content-Type"] == "text/markdown; charset=utf-8"
    assert answer.text.startswith("# Why is\n\n## You\n\n*20")
    assert "Why is\nthe sky blue?" in answer.text
    assert "A *new* answer." in answer.text and "old" not in answer.text
    assert branched.path()[-1].model in answer.text


def test_json_has_every_branch_and_all_stamps(client_of, alice, branched):
    data = json.loads(get(client_of(alice), branched, "json").text)
    question, old, new = data["messages"]
    assert old["parent"] == new["parent"] == question["id"]
    assert data["head"] == new["id"]
    assert (old["model"], new["prompt_tokens"]) == ("gpt-x", 7)
    assert new["request_id"] and new["prompt_version"] == "Assistant v1"
    assert "model" not in question


def test_thinking_is_a_quote_in_markdown_and_a_field_in_json(client_of, alice):
    answer = answered(alice, "Why?", "Because.", thinking="# First\n\nthen", thinking_ms=1500)
    markdown = get(client_of(alice), answer.conversation, "md").text
    assert "*\n\n> **Thinking**\n>\n> # First\n>\n> then\n\nBecause.\n" in markdown
    exported = get(client_of(alice), answer.conversation, "json").text
    data = json.loads(exported)["messages"][1]
    assert (data["text"], data["thinking"]) == ("Because.", "# First\n\nthen")
    assert data["thinking_ms"] == 1500


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Why is the sky blue?", 'filename="why-is-the-sky-blue-20'),
        ("../../etc/passwd", 'filename="etcpasswd-20'),
        ('a"; x="\r\n\\', 'filename="a-x-20'),
        ("💙", 'filename="conversation-20'),
        ("天气", "filename*=utf-8''%E5%A4%A9"),
        ("x" * 200, 'filename="' + "x" * 60 + "-20"),
    ],
)
def test_the_file_is_named_after_it(client_of, alice, branched, title, name):
    branched.rename(title)
    said = get(client_of(alice), branched, "md").headers["Content-Disposition"]
    assert said.startswith("attachment; ") and name in said


def test_it_belongs_to_its_owner(client_of, bob, sam, branched):
    for stranger in (bob, sam, None):
        for suffix in ("md", "json"):
            assert get(client_of(stranger), branched, suffix).status_code == 404
