"""/m/<uuid>/retry/"""

import pytest
from django.urls import reverse

from chatapp.models import Message
from tests.fixtures.people import HTMX, answered, ended


def url_of(answer):
    return reverse("retry", args=[answer.pk])


def test_it_belongs_to_its_owner(client_of, alice, bob):
    failed = answered(alice, answer="", status="failed", error="cut")
    for stranger in (bob, None):
        assert client_of(stranger).post(url_of(failed)).status_code == 404
    assert Message.objects.answers().count() == 1


@pytest.mark.parametrize(
    ("text", "status"), [("", "failed"), ("Half", "interrupted"), ("", "stopped")]
)
def test_a_new_answer_takes_the_place_of_the_failed_one(client_of, alice, text, status):
    failed = answered(alice, answer=text, status=status)
    fragment = client_of(alice).post(url_of(failed), headers=HTMX)
    fresh = Message.objects.running().get()
    assert fresh.parent_id == failed.parent_id
    assert f'id="m-{fresh.pk}"' in fragment.text
    page = client_of(alice).get(failed.conversation.get_absolute_url()).text
    assert f"m-{fresh.pk}" in page
    assert f"m-{failed.pk}" not in page


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
def test_what_went_well_or_was_passed_by_is_not_tried_again(client_of, alice, headers):
    fine = answered(alice)
    passed = answered(alice, answer="", status="failed")
    ended(passed.conversation.ask("Never mind"), "Fine")
    for answer in (fine, passed):
        refusal = client_of(alice).post(url_of(answer), headers=headers)
        assert refusal.status_code == 409
        assert "tried again" in refusal.text


def test_clicked_in_two_tabs_it_is_tried_once(client_of, alice):
    failed = answered(alice, answer="", status="failed")
    statuses = [client_of(alice).post(url_of(failed), headers=HTMX).status_code for _ in "ab"]
    assert statuses == [200, 409]
    assert Message.objects.running().count() == 1
