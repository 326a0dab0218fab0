"""Deciding on rated answers: the form, the log, undoing, drift, the queue."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from chatapp.models import Message, User
from feedback import rating_flow
from feedback.admin.review.decision_form import latest_change
from feedback.admin.review.diff import MAX_TOKENS, diff
from feedback.models import Category, Rating, Review, ReviewChange
from feedback.models.reviews.queue import claim_next, peek

LIST = reverse("admin:feedback_rating_changelist")
QUEUE = reverse("admin:feedback_rating_queue")


def page_of(rating, query=""):
    return reverse("admin:feedback_rating_change", args=[rating.pk]) + query


def decide_at(rating, query=""):
    return reverse("admin:feedback_rating_decide", args=[rating.pk]) + query


def undo_at(act):
    return reverse("admin:feedback_rating_undo", args=[act])


@pytest.fixture
def rita(rita):
    rita.user_permissions.add(Permission.objects.get(codename="change_review"))
    return rita


@pytest.fixture
def rob(rita):
    """Another reviewer."""
    rob = User.objects.create_user("rob", is_staff=True)
    rob.user_permissions.set(rita.user_permissions.all())
    return rob


def form_of(rating, **changes):
    review = Review.objects.get(rating=rating)
    values = {"status": review.status, "verdict": review.verdict, "note": review.note}
    return values | {"seen": latest_change(review), "correction": review.correction} | changes


def decide(client, rating, query="", **changes):
    return client.post(decide_at(rating, query), form_of(rating, **changes))


# The decision


def test_every_rating_waits_for_review_from_the_first_click(rate):
    rating = rate()
    rating_flow.rate(rating.message, rating.user, 1)
    assert Review.objects.get(rating=rating).status == "new"


def test_a_decision_is_saved_and_logged_with_who_from_and_to(rita, rita_client, rate):
    rating, category = rate(), Category.objects.get(slug="facts")
    wanted = {"status": "needs-work", "verdict": "agree", "note": "Look it up."}
    response = decide(rita_client, rating, **wanted, category=category.pk, assignee=rita.pk)
    assert response["Location"] == page_of(rating)
    review = Review.objects.get(rating=rating)
    assert (review.status, review.verdict, review.note) == tuple(wanted.values())
    assert (review.category, review.assignee) == (category, rita)
    log = {(d.field, d.was, d.became) for d in ReviewChange.objects.filter(by=rita)}
    assert ("status", "new", "needs-work") in log
    assert ("category", "", "facts") in log
    assert ("assignee", "", str(rita.pk)) in log
    assert len(log) == 5
    page = strip_tags(rita_client.get(page_of(rating)).content.decode())
    assert "Status: new → needs work" in page
    assert "Assignee: – → rita" in page


def test_saving_what_already_stands_logs_nothing(rita_client, rate):
    rating = rate()
    decide(rita_client, rating)
    assert not ReviewChange.objects.exists()


def test_the_log_only_grows(rita, rate):
    rate().review.decide(rita, status="fixed")
    step = ReviewChange.objects.get()
    step.became = "new"
    with pytest.raises(TypeError):
        step.save()


def test_an_act_is_undone_as_a_whole_by_new_entries(rita, rita_client, rate):
    review = rate().review
    act = review.decide(rita, status="fixed", verdict="agree")
    response = rita_client.post(undo_at(act.id))
    assert response["Location"] == page_of(review.rating)
    review.refresh_from_db()
    assert (review.status, review.verdict) == ("new", "")
    assert ReviewChange.objects.count() == 4
    assert ReviewChange.objects.filter(undoes__act=act.id, by=rita).count() == 2


def test_the_last_act_is_undone_wherever_it_was(rita, rob, rita_client, rate):
    first, second = rate(), rate()
    undo = reverse("admin:feedback_rating_undo_last")
    assert rita_client.post(undo)["Location"] == LIST
    first.review.decide(rita, status="fixed")
    second.review.decide(rob, status="fixed")
    response = rita_client.post(f"{undo}?queue=oldest")
    assert response["Location"] == page_of(first, "?queue=oldest")
    assert list(Review.objects.order_by("pk").values_list("status", flat=True)) == ["new", "fixed"]


def test_undoing_twice_undoes_once(rita, rate):
    review = rate().review
    act = review.decide(rita, status="fixed")
    assert [Review.objects.undo(act.id, rita) for _ in range(2)] == [1, 0]
    assert ReviewChange.objects.count() == 2


def test_undoing_goes_back_step_by_step(rita, rate):
    review = rate().review
    for status in ("in-review", "fixed"):
        review.decide(rita, status=status)
    for status in ("in-review", "new"):
        last = ReviewChange.objects.last_of(rita)
        assert last
        Review.objects.undo(last.act, rita)
        review.refresh_from_db()
        assert review.status == status
    assert ReviewChange.objects.last_of(rita) is None


def test_undoing_leaves_alone_what_somebody_decided_since(rita, rob, rate):
    review = rate().review
    act = review.decide(rita, status="fixed", note="Done.")
    review.decide(rob, status="needs-work")
    assert Review.objects.undo(act.id, rita) == 1
    review.refresh_from_db()
    assert (review.status, review.note) == ("needs-work", "")


def test_undoing_asks_first_and_is_not_for_the_acts_of_others(rita, rob, client_of, rate):
    act = rate().review.decide(rita, status="fixed")
    assert "1 review" in client_of(rita).get(undo_at(act.id)).content.decode()
    assert Review.objects.get().status == "fixed"
    assert client_of(rob).post(undo_at(act.id)).status_code == 403
    rob.user_permissions.add(Permission.objects.get(codename="manage_reviews"))
    assert client_of(User.objects.get(pk=rob.pk)).post(undo_at(act.id)).status_code == 302
    assert Review.objects.get().status == "new"


def test_who_saw_an_older_state_decides_nothing(rita, rita_client, rob, rate):
    rating = rate()
    old = form_of(rating, status="fixed")
    rating.review.decide(rob, status="no-action")
    page = rita_client.post(decide_at(rating), old, follow=True).content.decode()
    assert "Somebody else changed this review meanwhile" in page
    assert Review.objects.get().status == "no-action"


def test_a_status_that_does_not_exist_is_refused(rita_client, rate):
    rating = rate()
    headers = {"Accept": "application/json"}
    data = form_of(rating, status="sideways")
    response = rita_client.post(decide_at(rating), data, headers=headers)
    assert response.status_code == 409
    assert "sideways" in response.json()["problem"]


def test_a_retired_category_is_offered_only_where_it_was_given(rita, rita_client, rate):
    given, other = rate(), rate()
    category = Category.objects.get(slug="facts")
    given.review.decide(rita, category=category)
    Category.objects.filter(pk=category.pk).update(is_retired=True)
    option = f">{category.label}</option>"
    assert option in rita_client.get(page_of(given)).content.decode()
    assert option not in rita_client.get(page_of(other)).content.decode()


def test_assigning_to_oneself_keeps_what_was_typed(rita, rita_client, rate):
    rating = rate()
    decide(rita_client, rating, to_me="1", note="Mine.")
    review = Review.objects.get()
    assert (review.assignee, review.note) == (rita, "Mine.")


def test_looking_decides_nothing_and_looking_alone_gives_no_form(rita, client_of, rate):
    rating = rate()
    rita.user_permissions.remove(Permission.objects.get(codename="change_review"))
    client = client_of(User.objects.get(pk=rita.pk))
    assert 'id="decision"' not in client.get(page_of(rating)).content.decode()
    act = rating.review.decide(rita, status="fixed")
    for url in (decide_at(rating), undo_at(act.id)):
        assert client.post(url).status_code == 403
    assert client.get(QUEUE).status_code == 403


# The correction


def test_a_correction_is_shown_as_a_difference_and_never_run(rita_client, rate):
    rating = rate(text="The <b>Danube</b> is long.")
    decide(rita_client, rating, correction="The <i>Rhine</i> is long.")
    page = rita_client.get(page_of(rating)).content.decode()
    assert "<del>b</del><ins>i</ins>" in page
    assert "<i>" not in page
    assert "Corrected" in page


def test_the_answer_itself_is_no_correction(rita_client, rate):
    rating = rate(text="One\nTwo")
    decide(rita_client, rating, correction="One\r\nTwo")
    assert Review.objects.get().correction == ""


@pytest.mark.parametrize(
    ("old", "new", "html"),
    [
        ("a b c", "a x c", "a <del>b</del><ins>x</ins> c"),
        ("", "a", "<ins>a</ins>"),
        ("a", "a", "a"),
        ("<", ">", "<del>&lt;</del><ins>&gt;</ins>"),
    ],
)
def test_the_difference_is_told_by_words(old, new, html):
    assert diff(old, new) == html


def test_long_texts_are_compared_by_the_line():
    long = "word " * MAX_TOKENS + "\n"
    assert diff(long + "a b\n", long + "a c\n") == long + "<del>a b\n</del><ins>a c\n</ins>"


# Drift


def test_an_answer_that_changed_after_the_click_is_flagged(rita_client, rate):
    rating = rate()
    assert "Changed since it was rated." not in rita_client.get(page_of(rating)).content.decode()
    Message.objects.filter(pk=rating.message_id).update(text="Something else.")
    assert "Changed since it was rated." in rita_client.get(page_of(rating)).content.decode()
    rating.refresh_from_db()
    assert rating.has_drifted


@pytest.mark.parametrize("changed", [{"parameters": {"temperature": 2}}, {"prompt_version": None}])
def test_other_parameters_or_another_version_are_drift(rate, changed):
    rating = rate()
    Message.objects.filter(pk=rating.message_id).update(**changed)
    assert not Rating.objects.get().check_evidence()


def test_a_new_thumb_judges_what_is_there_now(rate):
    rating = rate(-1)
    Message.objects.filter(pk=rating.message_id).update(text="Something else.")
    Rating.objects.get().check_evidence()
    again = rating_flow.rate(Message.objects.get(pk=rating.message_id), rating.user, 1)
    assert not again.has_drifted
    assert Rating.objects.get().check_evidence()


# The queue


def test_the_queue_gives_the_oldest_that_is_undecided_and_free(rita, rita_client, rob, rate):
    decided, held, withdrawn, theirs, free = rate(), rate(), rate(None), rate(), rate()
    decided.review.decide(rob, status="fixed")
    theirs.review.decide(rob, assignee=rob)
    assert held.review.claim(rob)
    assert rita_client.get(QUEUE)["Location"] == page_of(free, "?queue=oldest")
    assert withdrawn.review.lease_holder is None
    assert Review.objects.get(rating=free).lease_holder == rita


def test_thumbs_down_come_first_on_demand(rita_client, rate):
    rate(1)
    down = rate(-1)
    response = rita_client.get(f"{QUEUE}?queue=down")
    assert response["Location"] == page_of(down, "?queue=down")


def test_two_reviewers_never_get_the_same_answer(rita, rob, rate):
    first, second = rate().review, rate().review
    assert claim_next(rita, "oldest") == first
    assert claim_next(rob, "oldest") == second
    assert not first.claim(rob)
    assert claim_next(rita, "oldest") == first


def test_a_claim_expires(rita, rob, rate):
    review = rate().review
    claim_next(rita, "oldest")
    assert peek(rob, "oldest") is None
    Review.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    assert claim_next(rob, "oldest") == review


def test_somebody_elses_answer_is_shown_and_not_decided(rita_client, rob, rate):
    rating = rate()
    rating.review.claim(rob)
    page = rita_client.get(page_of(rating)).content.decode()
    assert "rob is reviewing this answer" in page
    assert 'id="decision"' not in page
    decide(rita_client, rating, status="fixed")
    assert Review.objects.get().status == "new"


def test_deciding_leads_to_the_next_and_what_was_skipped_comes_back(rita, rita_client, rate):
    skipped, here, last = rate(), rate(), rate()
    go = {"status": "fixed", "then": "next", "query": "?queue=oldest"}
    assert decide(rita_client, here, **go)["Location"] == page_of(last, "?queue=oldest")
    assert decide(rita_client, last, **go)["Location"] == page_of(skipped, "?queue=oldest")
    assert decide(rita_client, skipped, **go)["Location"] == LIST
    context = rita_client.get(page_of(skipped, "?queue=oldest")).context
    assert (context["previous"], context["next"]) == (last.pk, None)


def around(client, rating):
    context = client.get(page_of(rating, "?queue=oldest")).context
    return context["previous"], context["next"]


def test_the_way_back_in_the_queue_leads_through_what_one_did_last_and_forth_again(
    rita, rita_client, rate, rob
):
    first, second, third, theirs, waiting = (rate() for _ in range(5))
    for rating in (second, first, third):
        decide(rita_client, rating, status="fixed", verdict="agree")
    theirs.review.decide(rob, status="fixed")
    assert around(rita_client, waiting) == (third.pk, None)
    assert around(rita_client, third) == (first.pk, waiting.pk)
    assert around(rita_client, first) == (second.pk, third.pk)
    assert around(rita_client, second) == (None, first.pk)
    decide(rita_client, second, status="no-action")
    assert around(rita_client, second) == (third.pk, waiting.pk)
    assert around(rita_client, first) == (None, third.pk)
    third.message.conversation.soft_delete()
    assert around(rita_client, second) == (first.pk, waiting.pk)


def test_what_was_decided_at_once_is_walked_through_one_by_one(rita, rita_client, rate):
    ratings = [rate() for _ in range(3)]
    Review.objects.all().decide(rita, status="fixed", verdict="agree")
    ReviewChange.objects.update(at=timezone.now())
    a, b, c = (rating.pk for rating in ratings)
    assert [around(rita_client, rating) for rating in ratings] == [(None, b), (a, c), (b, None)]


def test_in_a_list_deciding_leads_to_the_next_of_the_list(rita_client, rate):
    below, here = rate(-1), rate(-1)
    kept = "?_changelist_filters=thumb%3Ddown"
    response = decide(rita_client, here, kept, status="fixed", then="next")
    assert response["Location"] == page_of(below, kept)


def test_the_next_one_is_named_for_the_browser_to_fetch_ahead(rita_client, rate):
    here, following = rate(), rate()
    page = rita_client.get(page_of(here, "?queue=oldest"))
    assert f'data-ahead data-key="j n" href="{page_of(following, "?queue=oldest")}"' in (
        page.content.decode()
    )
    rules = rita_client.get(page["Speculation-Rules"].strip('"'))
    assert rules["Content-Type"] == "application/speculationrules+json"
    assert rules.json()["prefetch"][0]["where"] == {"selector_matches": "a[data-ahead]"}


def test_a_long_history_is_read_in_as_many_queries_as_a_short_one(rita, rita_client, rate):
    rating, url = rate(), ""
    url = page_of(rating)
    counts = []
    for _ in range(2):
        for note in ("a", "b", "c", "d"):
            rating.review.decide(rita, note=note, assignee=rita)
            rating.review.decide(rita, assignee=None)
        with CaptureQueriesContext(connection) as captured:
            rita_client.get(url)
        counts.append(len(captured))
    assert counts[0] == counts[1]


# The list


def found(client, **query):
    return [rating.pk for rating in client.get(LIST, query).context["cl"].result_list]


@pytest.fixture
def two(rita, rate):
    """One rating that nobody decided on, and one decided on in every way."""
    plain, chosen = rate(), rate()
    category = Category.objects.get(slug="facts")
    said = {"status": "fixed", "verdict": "agree", "category": category, "assignee": rita}
    chosen.review.decide(rita, **said)
    Rating.objects.filter(pk=chosen.pk).update(has_drifted=True)
    return plain, chosen


@pytest.mark.parametrize(
    ("name", "theirs", "others"),
    [
        ("status", "fixed", "new"),
        ("verdict", "agree", "none"),
        ("category", "facts", ""),
        ("assignee", "me", "nobody"),
        ("drift", "yes", ""),
    ],
)
def test_each_filter_of_review_narrows_the_list(rita_client, two, name, theirs, others):
    plain, chosen = two
    assert found(rita_client, **{name: theirs}) == [chosen.pk]
    if others:
        assert found(rita_client, **{name: others}) == [plain.pk]
    assert found(rita_client, **{name: "sideways"}) == []


def test_me_is_whoever_looks_and_a_colleague_is_found_by_name(rita, rob, client_of, two):
    assert found(client_of(rob), assignee="me") == []
    assert found(client_of(rob), assignee=rita.pk) == [two[1].pk]


def test_a_row_tells_status_verdict_assignee_and_drift(rita_client, two):
    page = rita_client.get(LIST).content.decode()
    assert "agree · rita · drifted" in page
    assert '<span class="status">fixed</span>' in page


def many(client, action, query="", **data):
    data = {"action": action, "_selected_action": ["1"], "index": "0", **data}
    return client.post(LIST + query, data, follow=True).content.decode()


def test_the_selected_ones_are_assigned_to_a_colleague(sam_client, rita, rate):
    chosen, other = rate(), rate()
    many(sam_client, "assign", _selected_action=[chosen.pk], assignee=rita.pk)
    assert Review.objects.get(rating=chosen).assignee == rita
    assert Review.objects.get(rating=other).assignee is None
    many(sam_client, "assign", _selected_action=[chosen.pk], assignee="")
    assert Review.objects.get(rating=chosen).assignee is None


def test_who_does_not_work_here_is_assigned_nothing(sam_client, alice, rate):
    rating = rate()
    page = many(sam_client, "assign", _selected_action=[rating.pk], assignee=alice.pk)
    assert Review.objects.get().assignee is None
    assert "was changed" not in page


def test_a_reviewer_decides_on_one_at_a_time(rita_client, rate):
    rating = rate()
    many(rita_client, "status-fixed", _selected_action=[rating.pk])
    assert Review.objects.get().status == "new"


def test_a_bulk_action_asks_as_often_for_30_as_for_3(sam, rate):
    counts = []
    for number in (3, 27):
        for _ in range(number):
            rate()
        with CaptureQueriesContext(connection) as captured:
            act = Review.objects.all().decide(sam, status="fixed")
            assert Review.objects.undo(act.id, sam) == Review.objects.count()
        counts.append(len(captured))
    assert counts[0] == counts[1]
