"""The better answer that the person who rated finds in their conversation: confirmed, theirs alone."""

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chatapp.models import User
from feedback import rating_flow
from feedback.admin.review.decision_form import latest_change
from feedback.models import Review, ReviewChange

pytestmark = pytest.mark.sqlite

CARD = "Improved by the team"
NEWS = "The team improved an answer"


@pytest.fixture(autouse=True)
def on(settings):
    settings.SHOW_CORRECTIONS = True


@pytest.fixture
def rita(rita):
    rita.user_permissions.add(Permission.objects.get(codename="change_review"))
    return rita


@pytest.fixture
def flagged(rate, alice):
    return rate(-1, question="Where is Ulm?", text="On the Rhine.")


def decide(client, rating, **changes):
    url = reverse("admin:feedback_rating_decide", args=[rating.pk])
    seen = latest_change(Review.objects.get(rating=rating))
    fixed = {"status": "fixed", "correction": "On the *Danube*.", "seen": seen}
    return client.post(url, fixed | changes, follow=True).content.decode()


def talk_of(rating):
    return rating.message.conversation.get_absolute_url()


def read(client_of, rating, person=None):
    return client_of(person or rating.user).get(talk_of(rating)).content.decode()


def test_it_is_shown_once_a_reviewer_confirmed_it(rita_client, client_of, flagged):
    decide(rita_client, flagged, is_shown="on")
    page = read(client_of, flagged)
    assert CARD in page
    assert "On the <em>Danube</em>." in page
    assert "On the Rhine." in page
    assert NEWS in page


def test_a_corrected_answer_that_is_fixed_is_not_shown_by_itself(rita_client, client_of, flagged):
    decide(rita_client, flagged)
    page = read(client_of, flagged)
    assert CARD not in page
    assert NEWS not in page


@pytest.mark.parametrize("lacks", [{"status": "needs-work"}, {"correction": ""}])
def test_only_what_is_fixed_and_has_a_better_answer_can_be_shown(
    rita_client, client_of, flagged, lacks
):
    page = decide(rita_client, flagged, is_shown="on", **lacks)
    assert "To show it to the person, set the status to fixed" in page
    assert Review.objects.get().status == "new"
    assert CARD not in read(client_of, flagged)


def test_undoing_the_decision_takes_it_away_again(rita, rita_client, client_of, flagged):
    decide(rita_client, flagged, is_shown="on")
    last = ReviewChange.objects.last_of(rita)
    assert last
    Review.objects.undo(last.act, rita)
    assert CARD not in read(client_of, flagged)


def test_undoing_an_earlier_step_never_leaves_it_to_come_back(rita, client_of, flagged):
    """Fixed first and shown later: when "fixed" is undone, showing it has to be confirmed anew."""
    review = flagged.review
    act = review.decide(rita, status="fixed")
    review.decide(rita, correction="Better.", is_shown=True)
    Review.objects.undo(act.id, rita)
    review.decide(rita, status="fixed")
    assert CARD not in read(client_of, flagged)
    assert ReviewChange.objects.filter(field="is_shown", became="").exists()


@pytest.mark.parametrize("then", [{"status": "needs-work"}, {"correction": ""}])
def test_what_is_no_longer_fixed_is_no_longer_shown(rita, rita_client, client_of, flagged, then):
    decide(rita_client, flagged, is_shown="on")
    decide(rita_client, flagged, is_shown="on", **then)
    assert not Review.objects.get().is_shown
    Review.objects.all().decide(rita, status="fixed")
    assert CARD not in read(client_of, flagged)


def test_a_thumb_that_changed_takes_it_away(rita_client, client_of, flagged):
    decide(rita_client, flagged, is_shown="on")
    rating_flow.rate(flagged.message, flagged.user, 1)
    assert CARD not in read(client_of, flagged)
    assert not Review.objects.get().is_shown


def test_nobody_else_sees_it(rita_client, client_of, flagged, bob, talk):
    decide(rita_client, flagged, is_shown="on")
    theirs = talk(bob)
    assert NEWS not in client_of(bob).get(theirs.get_absolute_url()).content.decode()
    assert client_of(bob).get(talk_of(flagged)).status_code == 404
    flagged.message.conversation.user = bob
    flagged.message.conversation.save()
    assert CARD not in read(client_of, flagged, bob)


def test_markdown_of_the_team_is_made_safe_too(rita_client, client_of, flagged):
    decide(rita_client, flagged, is_shown="on", correction="<script>alert(1)</script>")
    page = read(client_of, flagged)
    assert CARD in page
    assert "<script>alert" not in page


def test_dismissing_folds_it_up_and_it_is_news_no_more(rita_client, client_of, flagged):
    decide(rita_client, flagged, is_shown="on")
    url = reverse("dismiss", args=[flagged.message_id])
    response = client_of(flagged.user).post(url)
    assert response["Location"] == f"{talk_of(flagged)}#m-{flagged.message_id}"
    page = read(client_of, flagged)
    assert CARD in page
    assert NEWS not in page
    assert f'<details id="correction-{flagged.message_id}" class="correction">' in page


def test_dismissing_with_htmx_brings_the_folded_card_only(rita_client, client_of, flagged):
    decide(rita_client, flagged, is_shown="on")
    url = reverse("dismiss", args=[flagged.message_id])
    page = client_of(flagged.user).post(url, headers={"HX-Request": "true"}).content.decode()
    assert CARD in page
    assert "<html" not in page
    assert "open>" not in page


def test_shown_again_it_is_news_again(rita, rita_client, client_of, flagged):
    decide(rita_client, flagged, is_shown="on")
    client_of(flagged.user).post(reverse("dismiss", args=[flagged.message_id]))
    decide(rita_client, flagged)
    decide(rita_client, flagged, is_shown="on")
    assert NEWS in read(client_of, flagged)


def test_where_a_site_does_not_want_it_nothing_is_offered_or_shown(
    rita, rita_client, client_of, flagged, settings
):
    flagged.review.decide(rita, status="fixed", correction="Better.", is_shown=True)
    settings.SHOW_CORRECTIONS = False
    page = reverse("admin:feedback_rating_change", args=[flagged.pk])
    assert "Show it to the person" not in rita_client.get(page).content.decode()
    assert CARD not in read(client_of, flagged)
    decide(rita_client, flagged, note="Kept as it is.")
    assert Review.objects.get().is_shown


def test_it_costs_a_query_or_two_however_many(rita, client_of, flagged, ask):
    talk = flagged.message.conversation
    person, counts = User.objects.get(pk=flagged.user_id), []
    for _ in range(2):
        for n in range(3):
            answer = ask(person, f"Question {n}", conversation=talk)
            review = rating_flow.rate(answer, person, -1).review
            review.decide(rita, status="fixed", correction="Better.", is_shown=True)
        client = client_of(person)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(talk_of(flagged)).content.decode().count(CARD) > 2
        counts.append(len(captured))
    assert counts[0] == counts[1]
