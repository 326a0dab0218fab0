"""/m/<uuid>/stop/"""

import pytest
from django.urls import reverse

from tests.fixtures.people import HTMX, answered


def url_of(answer):
    return reverse("stop", args=[answer.pk])


def test_it_belongs_to_its_owner(client_of, alice, bob):
    answer = answered(alice, status="streaming")
    for stranger in (bob, None):
        assert client_of(stranger).post(url_of(answer)).status_code == 404
    answer.refresh_from_db()
    assert not answer.stop_requested


def test_a_question_cannot_be_stopped(client_of, alice):
    assert client_of(alice).post(url_of(answered(alice).parent)).status_code == 404


def test_an_answer_nobody_has_begun_is_stopped_at_once(client_of, alice):
    answer = answered(alice, answer="", status="queued")
    fragment = client_of(alice).post(url_of(answer), headers=HTMX)
    assert "Stopped before anything was written." in fragment.text
    assert "Try again" in fragment.text


def test_a_running_answer_is_asked_to_stop_and_its_stream_brings_the_end(client_of, alice):
    answer = answered(alice, status="streaming")
    assert client_of(alice).post(url_of(answer), headers=HTMX).status_code == 204
    answer.refresh_from_db()
    assert answer.stop_requested


@pytest.mark.parametrize("status", ["streaming", "complete"])
def test_without_htmx_one_comes_back_to_the_answer(client_of, alice, status):
    answer = answered(alice, status=status)
    back = client_of(alice).post(url_of(answer))
    assert (back.status_code, back.url.partition("#")[2]) == (303, f"m-{answer.pk}")
