"""Review in the admin: who may, what one rated answer shows, another delivery, reasons."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chatapp.models import User
from feedback.admin.changelist.columns import excerpt
from feedback.models import Delivery, Reason

pytestmark = pytest.mark.sqlite

LIST = reverse("admin:feedback_rating_changelist")


def page_of(rating, query=""):
    return reverse("admin:feedback_rating_change", args=[rating.pk]) + query


def retry_of(rating):
    return reverse("admin:feedback_rating_retry", args=[rating.pk])


def queries(client, url):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return [query["sql"] for query in captured.captured_queries]


# Who may


def test_nobody_reviews_without_signing_in(client, rate):
    for url in (LIST, page_of(rate())):
        assert client.get(url)["Location"].startswith(reverse("admin:login"))


def test_people_who_chat_see_no_review_not_even_of_their_own(alice, client_of, rate):
    for url in (LIST, page_of(rate())):
        assert client_of(alice).get(url).status_code == 302


def test_staff_without_the_permission_are_refused(db, client_of, rate):
    clerk = User.objects.create_user("clerk", is_staff=True)
    rating = rate()
    for url in (LIST, page_of(rating)):
        assert client_of(clerk).get(url).status_code == 403
    assert client_of(clerk).post(retry_of(rating)).status_code == 403


def test_nobody_edits_adds_or_deletes_a_persons_rating(sam_client, rate):
    rating = rate(comment="Mine.")
    assert sam_client.post(page_of(rating), {"comment": "Yours."}).status_code == 405
    assert sam_client.get(reverse("admin:feedback_rating_add")).status_code == 403
    delete = reverse("admin:feedback_rating_delete", args=[rating.pk])
    assert sam_client.post(delete, {"post": "yes"}).status_code == 403
    rating.refresh_from_db()
    assert rating.comment == "Mine."


def test_a_rating_that_does_not_exist_is_a_404(rita_client, db):
    for pk in ("4711", "no-number", "9" * 40):
        assert rita_client.get(f"{LIST}{pk}/change/").status_code == 404


# One rated answer


def test_the_answer_stands_in_its_conversation_as_the_person_saw_it(rita_client, ask, rate, alice):
    first = ask(alice, "Hello there", "General greeting")
    conversation = first.conversation
    second = ask(alice, "And **then**?", "It *ended*.", conversation=conversation)
    conversation.refresh_from_db()
    ask(alice, "Thanks", "My pleasure", conversation=conversation)
    response = rita_client.get(page_of(rate(answer=second)))
    page = response.content.decode()
    assert '<p dir="auto">It <em>ended</em>.</p>' in page
    assert (
        f'<article id="m-{second.pk}" class="thread-message thread-message-assistant thread-message-rated">'
        in page
    )
    assert page.count("thread-message-rated") == 1
    assert "And **then**?" in page
    order = ["2 messages before", "General greeting", "And **then**?", "ended", "My pleasure"]
    assert sorted(order, key=page.index) == order


def test_the_thinking_is_folded_above_the_answer(rita_client, ask, rate, alice):
    answer = ask(alice, "Hello there", "General greeting", thinking="A <b> of", thinking_ms=7_600)
    page = rita_client.get(page_of(rate(answer=answer))).content.decode()
    order = ["Hello there", "<summary>Thought for 8 s", "A &lt;b&gt; of", "General greeting"]
    assert sorted(order, key=page.index) == order


def test_one_review_asks_as_often_in_a_long_conversation(rita_client, rate, ask, alice):
    rating = rate()
    rita_client.get(page_of(rating))
    few = queries(rita_client, page_of(rating))
    for _ in range(10):
        ask(alice, conversation=rating.message.conversation)
        rating.message.conversation.refresh_from_db()
    assert len(queries(rita_client, page_of(rating))) == len(few)


def test_other_answers_to_the_same_question_are_told_apart(rita_client, ask, rate, alice):
    answer = ask(alice, "Once more?", "The first try")
    answer.conversation.messages.create(
        parent=answer.parent, role="assistant", text="The second try", status="complete"
    )
    page = rita_client.get(page_of(rate(answer=answer))).content.decode()
    assert "1 other answer to the same question" in page
    assert "The second try" in page


def test_it_tells_what_made_the_answer_and_how_it_went(rita_client, rate):
    rating = rate(
        parameters={"temperature": 0.2},
        prompt_tokens=1200,
        completion_tokens=90,
        first_token_ms=420,
        duration_ms=3420,
        finish_reason="length",
        status="interrupted",
        error="cut",
        error_detail="Payload is not completed",
    )
    version = rating.message.prompt_version
    page = rita_client.get(page_of(rating)).content.decode()
    for words in (str(version), version.instructions.replace("'", "&#x27;"), version.model):
        assert words in page
    for words in ("temperature", "1,200", "0.42 s", "3.42 s", "length", ">30<", "interrupted"):
        assert words in page
    assert "The connection broke off in the middle of the answer." in page
    assert "Payload is not completed" in page


def test_it_tells_why_and_links_to_the_request_in_helicone(rita_client, rate, settings):
    settings.HELICONE_APP_URL = "https://eu.helicone.ai"
    rating = rate(reasons=["wrong"], comment="Not so.\nReally.")
    page = rita_client.get(page_of(rating)).content.decode()
    assert "Factually wrong" in page
    assert "Not so.<br>Really." in page
    url = f"https://eu.helicone.ai/requests?requestId={rating.message.helicone_id}"
    assert f'href="{url}" target="_blank" rel="noopener"' in page


def test_an_answer_without_a_helicone_id_has_no_link(rita_client, rate):
    assert "requestId=" not in rita_client.get(page_of(rate(helicone_id=None))).content.decode()


def test_a_withdrawn_thumb_is_shown_as_withdrawn_and_what_helicone_knows_of_it(rita_client, rate):
    page = rita_client.get(page_of(rate(None))).content.decode()
    assert "Withdrawn" in page
    assert "Helicone can&#x27;t clear a rating" in page or "Helicone can't clear a rating" in page


@pytest.mark.parametrize("state", list(Delivery.State))
def test_every_state_of_delivery_has_words_and_its_last_error(rita_client, rate, state):
    rating = rate()
    Delivery.objects.update(state=state, last_error="No key <here>.")
    page = rita_client.get(page_of(rating)).content.decode()
    assert state.label.capitalize() in page
    assert rita_client.get(page_of(rating)).context["delivery_meaning"]
    assert "No key &lt;here&gt;." in page


def test_a_rows_links_lead_to_its_answer_and_back_to_the_filtered_list(rita_client, rate):
    rating = rate(-1, comment="a b")
    page = rita_client.get(LIST, {"thumb": "down", "q": "a&b"}).content.decode()
    kept = "_changelist_filters=thumb%3Ddown%26q%3Da%2526b"
    assert page.count(f'<a href="{page_of(rating)}?{kept}">') == 2
    plain = rita_client.get(LIST).content.decode()
    assert plain.count(f'<a href="{page_of(rating)}">') == 2


def test_next_and_previous_stay_within_the_filtered_list(rita_client, rate):
    a, _up, b, c = rate(-1), rate(1), rate(-1), rate(-1)
    kept = "?_changelist_filters=thumb%3Ddown"
    context = rita_client.get(page_of(b, kept)).context
    assert (context["previous"], context["next"]) == (c.pk, a.pk)
    assert rita_client.get(page_of(a, kept)).context["next"] is None
    oldest_first = "?_changelist_filters=o%3D4"
    assert rita_client.get(page_of(c, oldest_first)).context["next"] is None
    page = rita_client.get(page_of(b, kept)).content.decode()
    assert f'href="{page_of(a, kept)}"' in page
    assert f'href="{LIST}?thumb=down"' in page


def test_pages_keep_the_strict_policy(rita_client, rate):
    for url in (LIST, page_of(rate())):
        response = rita_client.get(url)
        assert "style-src 'self'" in response["Content-Security-Policy"]
        page = response.content.decode()
        assert " style=" not in page
        assert "<style" not in page
        assert "<script>" not in page


# Another delivery


@pytest.fixture
def failed(rate):
    rating = rate()
    Delivery.objects.update(state=Delivery.State.FAILED, call="", last_error="Given up.")
    return rating


def test_a_delivery_is_retried_from_the_page(
    sam_client, failed, django_capture_on_commit_callbacks
):
    kept = "?_changelist_filters=thumb%3Ddown"
    assert (
        f'action="{retry_of(failed)}{kept}"'
        in sam_client.get(page_of(failed, kept)).content.decode()
    )
    response = sam_client.post(retry_of(failed) + kept)
    assert response["Location"] == page_of(failed, kept)
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.last_error) == (Delivery.State.DUE, "")
    assert delivery.call
    assert LogEntry.objects.get().object_id == str(failed.pk)


def test_deliveries_are_retried_from_the_list(sam_client, failed, rate):
    other = rate()
    Delivery.objects.update(state=Delivery.State.FAILED, call="")
    data = {"action": "retry_delivery", "_selected_action": [failed.pk], "index": "0"}
    page = sam_client.post(LIST, data, follow=True).content.decode()
    assert "1 rating will be checked" in page
    states = dict(Delivery.objects.values_list("rating_id", "state"))
    assert states == {failed.pk: "due", other.pk: "failed"}


def test_all_that_is_filtered_is_retried_across_pages(sam_client, failed, rate):
    up = rate(1)
    Delivery.objects.update(state=Delivery.State.FAILED, call="")
    data = {"action": "retry_delivery", "_selected_action": [failed.pk], "select_across": "1"}
    sam_client.post(f"{LIST}?thumb=down", {**data, "index": "0"})
    states = dict(Delivery.objects.values_list("rating_id", "state"))
    assert states == {failed.pk: "due", up.pk: "failed"}


def test_a_reviewer_may_not_retry_without_the_permission(rita, client_of, failed):
    client = client_of(rita)
    assert retry_of(failed) not in client.get(page_of(failed)).content.decode()
    assert client.post(retry_of(failed)).status_code == 403
    data = {"action": "retry_delivery", "_selected_action": [failed.pk], "index": "0"}
    client.post(LIST, data)
    assert Delivery.objects.get().state == Delivery.State.FAILED
    rita.user_permissions.add(Permission.objects.get(codename="change_delivery"))
    assert client_of(rita).post(retry_of(failed)).status_code == 302
    assert Delivery.objects.get().state == Delivery.State.DUE


def test_looking_at_the_retry_address_retries_nothing(sam_client, failed):
    assert sam_client.get(retry_of(failed)).status_code == 405
    assert Delivery.objects.get().state == Delivery.State.FAILED


# Reasons


def test_a_reason_is_retired_and_not_deleted(sam_client, rate):
    rating = rate(reasons=["wrong"])
    reason = Reason.objects.get(slug="wrong")
    delete = reverse("admin:feedback_reason_delete", args=[reason.pk])
    assert sam_client.post(delete, {"post": "yes"}).status_code == 403
    change = reverse("admin:feedback_reason_change", args=[reason.pk])
    data = {"label": "Wrong", "position": 0, "is_retired": "on", "slug": "hijacked", "value": 1}
    assert sam_client.post(change, data).status_code == 302
    reason.refresh_from_db()
    assert (reason.slug, reason.value, reason.is_retired) == ("wrong", -1, True)
    assert "Wrong" in sam_client.get(page_of(rating)).content.decode()
    assert "Wrong (retired)" in sam_client.get(LIST).content.decode()


@pytest.mark.parametrize(
    ("markdown", "line"),
    [
        ("# A\n\n* b\n* c", "A b c"),
        ("```py\nx = 2*3*4\n```", "x = 2*3*4"),
        ("a **b** `c` [d](https://e.example) f_g_h", "a b c d f_g_h"),
        (None, ""),
        ("x" * 20, "xxxxxxxxx…"),
    ],
)
def test_an_excerpt_is_one_line_without_marks(markdown, line):
    assert excerpt(markdown, 10 if markdown == "x" * 20 else 100) == line


# Where the answer came from


@pytest.mark.parametrize(
    ("origin", "words"),
    [("sandbox", "a local stand-in answered"), ("demo", "Made up to show the site")],
)
def test_an_answer_that_is_not_real_is_labelled_and_has_no_page_at_helicone(
    rita_client, rate, origin, words
):
    rating = rate(origin=origin)
    Delivery.objects.update(state=Delivery.State.NOWHERE)
    response = rita_client.get(page_of(rating))
    page = response.content.decode()
    assert words in page
    assert f'<span class="origin">{origin}</span>' in page
    assert response.context["request_page"] == ""
    assert "kept here" in response.context["delivery_meaning"]


def test_a_real_answer_has_no_label(rita_client, rate):
    response = rita_client.get(page_of(rate()))
    assert 'class="origin"' not in response.content.decode()
    assert response.context["origin_note"] == ""
    assert response.context["request_page"]
