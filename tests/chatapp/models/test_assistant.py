"""Assistants, and the versions of their prompts."""

from collections import Counter

import pytest
from django.core.exceptions import ValidationError

from chatapp.models import Assistant, PromptVersion

pytestmark = pytest.mark.django_db


@pytest.fixture
def first() -> PromptVersion:
    return PromptVersion.objects.get()


def next_version(first: PromptVersion, **fields: object) -> PromptVersion:
    version = PromptVersion(assistant=first.assistant, model="gpt-x", **fields)
    version.save()
    return version


def test_a_new_site_has_one_assistant_with_one_version(first: PromptVersion) -> None:
    assert Assistant.objects.offered().get() == first.assistant
    assert first.number == 1


def test_versions_are_numbered(first: PromptVersion) -> None:
    assert [next_version(first).number, next_version(first).number] == [2, 3]


@pytest.mark.parametrize(
    ("name", "value"),
    [("model", "other"), ("instructions", "other"), ("parameters", {"temperature": 1})],
)
def test_a_saved_version_never_changes(first: PromptVersion, name: str, value: object) -> None:
    setattr(first, name, value)
    with pytest.raises(ValidationError):
        first.save()
    with pytest.raises(ValidationError):
        first.full_clean()
    with pytest.raises(ValidationError):
        first.save(update_fields=[name])


def test_its_share_of_the_traffic_may_change(first: PromptVersion) -> None:
    first.weight, first.note = 7, "busy"
    first.save()
    first.refresh_from_db()
    assert (first.weight, first.note) == (7, "busy")


def test_the_same_content_has_the_same_fingerprint(first: PromptVersion) -> None:
    a = next_version(first, parameters={"a": 1, "b": 2})
    b = next_version(first, parameters={"b": 2, "a": 1})
    assert a.digest == b.digest != first.digest


def test_a_conversation_keeps_its_version_while_that_has_traffic(first: PromptVersion) -> None:
    next_version(first, weight=1_000_000)
    assert {first.assistant.choose_version(first) for _ in range(20)} == {first}
    first.weight = 0
    assert first.assistant.choose_version(first) != first


def test_new_conversations_are_split_by_weight(first: PromptVersion) -> None:
    next_version(first, weight=3)
    next_version(first, weight=0)
    drawn = Counter(first.assistant.choose_version().number for _ in range(1000))
    assert drawn.keys() == {1, 2}
    assert 650 < drawn[2] < 850  # 750 expected, 14 the standard deviation


def test_without_traffic_it_says_so(first: PromptVersion) -> None:
    PromptVersion.objects.update(weight=0)
    with pytest.raises(PromptVersion.DoesNotExist, match="No prompt version"):
        first.assistant.choose_version()
