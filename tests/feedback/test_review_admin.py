"""Review in the admin: who may, what the list finds, what one rated answer shows."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from chatapp.models import Assistant, PromptVersion, User
from feedback.admin.columns import start
from feedback.admin.paging import BoundedPaginator
from feedback.models import Delivery, Rating, Reason

LIST = reverse("admin:feedback_rating_changelist")


def page_of(rating, query=""):
    return reverse("admin:feedback_rating_change", args=[rating.pk]) + query


def retry_of(rating):
    return reverse("admin:feedback_rating_retry", args=[rating.pk])


def found(client, **query):
    response = client.get(LIST, query)
    assert response.status_code == 200, response
    return [rating.pk for rating in response.context["cl"].result_list]


def pks(*ratings):
    return [rating.pk for rating in ratings]


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


# The list


def test_a_row_tells_thumb_question_answer_reason_comment_version_person_and_delivery(
    rita_client, rate
):
    rate(
        question="Where is **Ulm**?",
        text="# Ulm\nOn the *Danube*.",
        reasons=["wrong"],
        comment="It is in Bavaria, too.",
    )
    page = rita_client.get(LIST).content.decode()
    for words in ("Down", "Where is Ulm?", "Ulm On the Danube.", "Factually wrong", "Bavaria"):
        assert words in page
    for words in ("Assistant v1", "gpt-5.4-mini", "alice@example.org", ">due<"):
        assert words in page


def test_a_guest_is_called_a_guest(rita_client, rate):
    rate(by=User.objects.create_guest())
    assert "Guest " in rita_client.get(LIST).content.decode()


def test_what_people_typed_is_shown_and_never_run(rita_client, rate):
    hostile = "<script>alert(1)</script>"
    rating = rate(question=hostile, text=hostile, comment=hostile)
    for url in (LIST, page_of(rating)):
        page = rita_client.get(url).content.decode()
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page


def test_newest_comes_first_and_oldest_on_demand_and_a_turned_thumb_keeps_its_place(
    rita_client, rate, alice
):
    first, second = rate(), rate()
    Rating.objects.record(first.message, alice, 1)
    assert found(rita_client) == pks(second, first)
    assert found(rita_client, o="4") == pks(first, second)


@pytest.fixture
def other_version(db):
    assistant = Assistant.objects.create(name="Desk", slug="desk")
    return PromptVersion.objects.create(assistant=assistant, model="other-model")


@pytest.fixture
def two(rate, other_version):
    """One rating, and one that differs in all that can be filtered."""
    plain = rate(-1, by=User.objects.create_guest())
    chosen = rate(
        1,
        comment="Nice.",
        reasons=["clear"],
        prompt_version=other_version,
        model=other_version.model,
    )
    Delivery.objects.filter(rating=chosen).update(state=Delivery.State.FAILED)
    Rating.objects.filter(pk=plain.pk).update(created_at=timezone.now() - timedelta(days=3))
    return plain, chosen


@pytest.mark.parametrize(
    ("name", "theirs", "others"),
    [
        ("thumb", "up", "down"),
        ("reason", "clear", "wrong"),
        ("comment", "yes", "no"),
        ("assistant", "desk", "assistant"),
        ("model", "other-model", "gpt-5.4-mini"),
        ("delivery", "failed", "due"),
        ("person", "signed-up", "guest"),
    ],
)
def test_each_filter_narrows_the_list(rita_client, two, name, theirs, others):
    plain, chosen = two
    assert found(rita_client, **{name: theirs}) == pks(chosen)
    assert found(rita_client, **{name: others}) == ([] if others == "wrong" else pks(plain))


def test_the_filter_by_prompt_version(rita_client, two, other_version):
    plain, chosen = two
    assert found(rita_client, version=other_version.pk) == pks(chosen)
    assert found(rita_client, version=plain.message.prompt_version_id) == pks(plain)


def test_withdrawn_thumbs_are_found_as_such(rita_client, rate):
    rate(1)
    withdrawn = rate(None)
    assert found(rita_client, thumb="withdrawn") == pks(withdrawn)


def test_days_are_given_as_a_span_that_includes_both(rita_client, two):
    plain, chosen = two
    today = timezone.localdate()
    then = today - timedelta(days=3)
    assert found(rita_client, since=today) == pks(chosen)
    assert found(rita_client, until=then) == pks(plain)
    assert found(rita_client, since=then, until=today) == pks(chosen, plain)
    assert found(rita_client, since="", until="") == pks(chosen, plain)


@pytest.mark.parametrize(
    "query",
    [
        {"thumb": "sideways"},
        {"version": "x"},
        {"version": "9" * 40},
        {"since": "yesterday"},
        {"until": "9999-12-31"},
        {"reason": "no-such"},
    ],
)
def test_a_filter_that_means_nothing_finds_nothing(rita_client, two, query):
    assert found(rita_client, **query) == []


def test_filters_combine_and_the_form_for_days_keeps_the_others(rita_client, two):
    _plain, chosen = two
    assert found(rita_client, thumb="up", comment="yes", delivery="failed") == pks(chosen)
    assert found(rita_client, thumb="up", comment="no") == []
    page = rita_client.get(LIST, {"thumb": "up", "since": "2026-01-01"}).content.decode()
    assert '<input type="hidden" name="thumb" value="up">' in page


def test_versions_of_a_chosen_assistant_are_offered_however_many_there_are(
    rita_client, other_version
):
    PromptVersion.objects.bulk_create(
        PromptVersion(assistant=other_version.assistant, number=n, model="m", digest=str(n))
        for n in range(2, 40)
    )
    assert "By prompt version" not in rita_client.get(LIST).content.decode()
    page = rita_client.get(LIST, {"assistant": "desk"}).content.decode()
    assert "Desk v39" in page
    page = rita_client.get(LIST, {"version": other_version.pk}).content.decode()
    assert "Desk v1" in page


@pytest.mark.parametrize("words", ["ulm", '"on the danube"', "LOVELY", "alice", "ulm lovely"])
def test_search_finds_question_answer_comment_and_person(rita_client, rate, bob, words):
    rate(by=bob, question="Rome?", text="On the Tiber.")
    wanted = rate(question="Where is Ulm?", text="On the Danube.", comment="A lovely answer")
    assert found(rita_client, q=words) == pks(wanted)


def test_a_phrase_is_found_as_it_stands(rita_client, rate):
    wanted = rate(question="Where is Ulm?", text="On the Danube.")
    assert found(rita_client, q='"on the danube"') == pks(wanted)
    assert found(rita_client, q='"the on danube"') == []
    assert found(rita_client, q='danu "is ulm"') == pks(wanted)


def test_a_search_that_has_no_word_finds_nothing(rita_client, rate):
    rate(text="100 % -- 'quoted' & (so)")
    for words in ('"', "'", "%", "--", "&", "( )", '"" OR'):
        assert found(rita_client, q=words) == []
    assert len(found(rita_client, q="'quoted' 100%")) == 1


def test_what_is_written_without_spaces_is_found_among_the_newest(rita_client, rate, monkeypatch):
    old, new = rate(text="東京は日本の首都です"), rate(comment="京都は東京ではない")
    assert found(rita_client, q="東京") == pks(new, old)
    monkeypatch.setattr("feedback.admin.search.LOOKED_THROUGH", 1)
    assert found(rita_client, q="東京") == pks(new)


def test_a_person_is_found_by_an_address_or_a_part_of_it(rita_client, rate, bob):
    rate()
    his = rate(by=bob)
    assert found(rita_client, q="bob@example.org") == pks(his)
    assert found(rita_client, q="bob@") == pks(his)
    assert found(rita_client, q="@nowhere.example") == []


def test_all_words_of_a_search_must_occur(rita_client, rate):
    rate(question="Where is Ulm?")
    assert found(rita_client, q="ulm danube") == []


def test_an_id_is_found_as_a_whole(rita_client, rate):
    rate()
    wanted = rate()
    answer = wanted.message
    for known in (answer.helicone_id, answer.pk, answer.conversation_id):
        assert found(rita_client, q=str(known)) == pks(wanted)
        assert found(rita_client, q=str(known).upper()) == pks(wanted)
    assert found(rita_client, q=str(uuid4())) == []


def test_a_person_is_found_by_the_id_that_helicone_knows(rita_client, rate, alice, bob):
    rate(by=bob)
    assert found(rita_client, q=str(alice.uid)) == []
    assert found(rita_client, q=str(bob.uid)) != []


def test_a_list_that_is_too_long_says_so_instead_of_counting_on(rita_client, rate, monkeypatch):
    monkeypatch.setattr(BoundedPaginator, "MOST", 2)
    for _ in range(2):
        rate()
    assert "2 rated answers" in rita_client.get(LIST).content.decode()
    rate()
    response = rita_client.get(LIST)
    assert "The first 2; there are more." in response.content.decode()
    assert len(response.context["cl"].result_list) == 2


def test_the_second_page_goes_on_where_the_first_ends(rita_client, rate, monkeypatch):
    monkeypatch.setattr("feedback.admin.ratings.RatingAdmin.list_per_page", 2)
    ratings = [rate() for _ in range(3)]
    assert found(rita_client) == pks(*ratings[:0:-1])
    assert found(rita_client, p=2) == pks(ratings[0])


def queries(client, url):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return [query["sql"] for query in captured.captured_queries]


def test_the_list_asks_as_often_for_50_rows_as_for_5(rita_client, rate):
    for _ in range(5):
        rate(reasons=["wrong"])
    rita_client.get(LIST)
    few = queries(rita_client, LIST)
    for _ in range(45):
        rate(reasons=["wrong", "unsafe"])
    assert len(queries(rita_client, LIST)) == len(few)
    assert len(found(rita_client)) == 50


def test_the_list_reads_no_whole_answer(rita_client, rate):
    rate(text="x" * 10_000)
    response = rita_client.get(LIST)
    assert "x" * 301 not in response.content.decode()
    (row,) = response.context["cl"].result_list
    assert {"text", "conversation_id"} <= row.message.get_deferred_fields()


def test_one_review_asks_as_often_in_a_long_conversation(rita_client, rate, ask, alice):
    rating = rate()
    rita_client.get(page_of(rating))
    few = queries(rita_client, page_of(rating))
    for _ in range(10):
        ask(alice, conversation=rating.message.conversation)
        rating.message.conversation.refresh_from_db()
    assert len(queries(rita_client, page_of(rating))) == len(few)


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
    assert f'<article id="m-{second.pk}" class="said said-assistant said-rated">' in page
    assert page.count("said-rated") == 1
    assert "And **then**?" in page
    order = ["2 messages before", "General greeting", "And **then**?", "ended", "My pleasure"]
    assert sorted(order, key=page.index) == order


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
    assert "1 rating is due again" in page
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
    assert start(markdown, 10 if markdown == "x" * 20 else 100) == line
