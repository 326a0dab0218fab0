"""The first numbers: what counts, what doesn't, by what, and who may see them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone as now

from chatapp.models import Assistant, Conversation, Message, PromptVersion, User
from feedback.insights import queries as numbers
from feedback.insights.intervals import Count, Share
from feedback.insights.rollup.update import update_rollup
from feedback.models import Rating, Reason

URL = reverse("admin:feedback_rating_numbers")


def total():
    return numbers.total(numbers.cells(numbers.shown()))


def table(client, name, **asked):
    response = client.get(URL, asked)
    assert response.status_code == 200, response
    return dict(next(t.rows for t in response.context["tables"] if t.name == name))


# What counts


def test_thumbs_up_of_rated_of_shown(rate, ask, alice):
    rate(1), rate(1), rate(-1)
    ask(alice)
    assert total() == Count(shown=4, rated=3, up=2)


def test_a_withdrawn_thumb_is_in_no_number_but_its_answer_was_shown(rate):
    rate(1), rate(None)
    assert total() == Count(shown=2, rated=1, up=1)


@pytest.mark.parametrize("status", ["queued", "streaming", "failed"])
def test_what_could_not_be_rated_was_not_shown(ask, alice, status):
    ask(alice, status=status)
    assert total() == Count()


def test_an_empty_answer_was_not_shown(ask, alice):
    ask(alice, text="", status="stopped")
    assert total() == Count()


@pytest.mark.parametrize("status", ["complete", "stopped", "interrupted"])
def test_what_can_be_rated_was_shown(ask, alice, status):
    ask(alice, status=status)
    assert total() == Count(shown=1)


def test_what_is_deleted_or_never_kept_counts_nowhere(rate):
    for gone in ({"deleted_at": now.now()}, {"is_temporary": True}):
        rating = rate(1, reasons=["clear"])
        Conversation.objects.filter(messages=rating.message).update(**gone)
    assert total() == Count()
    assert numbers.shares(numbers.reason_counts(numbers.shown()), total()) == {}


def test_it_is_a_handful_of_queries_however_much_there_is(rita_client, rate):
    def queries():
        """Of the page. What changed since it was looked at is counted before, batch by batch."""
        assert update_rollup(60)
        with CaptureQueriesContext(connection) as asked:
            rita_client.get(URL)
        return len(asked)

    rate(1, reasons=["clear"])
    before = queries()
    for _ in range(8):
        rate(-1, reasons=["wrong", "too-long"])
    assert queries() == before


# By what


@pytest.fixture
def desk(db):
    """Another assistant, with a version of another model."""
    desk = Assistant.objects.create(name="Desk", slug="desk")
    return PromptVersion.objects.create(assistant=desk, model="other-model")


@pytest.fixture
def mixed(desk, rate, ask, alice):
    """Three of the assistant that is there, one up of two rated; one of the desk, rated up."""
    rate(1), rate(-1), ask(alice)
    rating = rate(1)
    Message.objects.filter(pk=rating.message_id).update(prompt_version=desk, model=desk.model)


def test_by_assistant_version_and_model(rita_client, mixed):
    first, other = Count(3, 2, 1), Count(1, 1, 1)
    assert table(rita_client, "assistant") == {"Assistant": first, "Desk": other}
    assert table(rita_client, "version") == {"Assistant v1": first, "Desk v1": other}
    assert table(rita_client, "model") == {"gpt-5.4-mini": first, "other-model": other}
    assert table(rita_client, "total") == {"All answers": first + other}


def test_by_week_which_starts_on_monday(rita_client, rate):
    sunday = datetime(2026, 3, 1, 23, 59, tzinfo=UTC)
    for value, at in ((1, sunday), (-1, sunday + timedelta(minutes=2))):
        Message.objects.filter(pk=rate(value).message_id).update(created_at=at)
    found = table(rita_client, "week", since="2026-01-01")
    assert list(found.items()) == [
        ("From 2 Mar 2026", Count(1, 1, 0)),
        ("From 23 Feb 2026", Count(1, 1, 1)),
    ]


def test_by_reason_of_the_thumbs_it_explains(rate):
    rate(-1, reasons=["wrong"]), rate(-1, reasons=["wrong", "too-long"]), rate(-1)
    rate(1, reasons=["clear"]), rate(None, reasons=["clear"])
    found = numbers.shares(numbers.reason_counts(numbers.shown()), total())
    assert {reason.slug: share for reason, share in found.items()} == {
        "wrong": Share(2, 3),
        "too-long": Share(1, 3),
        "clear": Share(1, 1),
    }


def test_a_thumb_withdrawn_past_the_code_names_no_reason_either(rate):
    """By a hand in the database: `Rating.turn` would have taken the reasons along."""
    rating = rate(-1, reasons=["wrong"])
    rate(-1, reasons=["wrong"])
    Rating.objects.filter(pk=rating.pk).update(value=None)
    wrong = Reason.objects.get(slug="wrong")
    assert numbers.reason_counts(numbers.shown()) == {wrong.pk: 1}


def test_a_reason_that_is_asked_after_the_other_thumb_now_is_still_a_share(rate):
    rate(-1, reasons=["wrong"]), rate(-1, reasons=["wrong"]), rate(1)
    Reason.objects.filter(slug="wrong").update(value=1)
    found = numbers.shares(numbers.reason_counts(numbers.shown()), total())
    assert [(reason.slug, share) for reason, share in found.items()] == [("wrong", Share(2, 2))]


# Filters


@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo"])
def test_a_day_is_from_its_midnight_on_to_just_before_the_next(rate, settings, zone):
    settings.TIME_ZONE = zone
    midnight = datetime(2020, 1, 2, tzinfo=ZoneInfo(zone))
    moment = timedelta(microseconds=1000)
    for at in (midnight - moment, midnight, midnight + timedelta(days=1) - moment):
        Message.objects.filter(pk=rate(1).message_id).update(created_at=at)
    Message.objects.filter(pk=rate(1).message_id).update(created_at=midnight + timedelta(days=1))

    def between(since, until):
        return numbers.between(numbers.shown(), since, until).count()

    first, second, third = (date(2020, 1, day) for day in (1, 2, 3))
    assert [between(day, day) for day in (first, second, third)] == [1, 2, 1]
    assert [between(day, None) for day in (first, second, third)] == [4, 3, 1]
    assert [between(None, day) for day in (first, second, third)] == [1, 3, 4]
    assert between(None, None) == 4


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"assistant": "desk"}, Count(1, 1, 1)),
        ({"model": "gpt-5.4-mini"}, Count(3, 2, 1)),
        ({"assistant": "desk", "model": "gpt-5.4-mini"}, Count()),
        ({"person": "guest"}, Count()),
        ({"person": "signed-up"}, Count(4, 3, 2)),
    ],
)
def test_the_filters_of_the_list(rita_client, mixed, asked, expected):
    assert table(rita_client, "total", **asked) == {"All answers": expected}


def test_one_prompt_version(rita_client, mixed, desk):
    assert table(rita_client, "total", version=desk.pk) == {"All answers": Count(1, 1, 1)}


def test_days_are_included_and_an_empty_one_is_from_the_first_on(rita_client, rate):
    for day in (1, 2, 3):
        at = datetime(2020, 1, day, 12, tzinfo=UTC)
        Message.objects.filter(pk=rate(1).message_id).update(created_at=at)

    def shown(**asked):
        return table(rita_client, "total", **asked)["All answers"].shown

    assert shown() == 0  # of the last weeks
    assert shown(since="") == 3
    assert shown(since="2020-01-02") == 2
    assert shown(until="2020-01-02") == 2
    assert shown(since="2020-01-02", until="2020-01-02") == 1


@pytest.mark.parametrize(
    "asked", [{"since": "soon"}, {"assistant": "nobody"}, {"version": "x"}, {"model": "none"}]
)
def test_a_filter_that_makes_no_sense_shows_no_numbers_and_says_so(rita_client, rate, asked):
    rate(1)
    page = rita_client.get(URL, asked)
    assert page.status_code == 200
    assert "tables" not in page.context
    assert 'role="alert"' in page.text


# The page


def test_each_rate_stands_beside_its_interval_and_n(rita_client, rate, ask, alice):
    rate(1), ask(alice)
    page = " ".join(rita_client.get(URL).text.split())
    assert '<strong>100.0 %</strong> <span class="range">20.7 to 100.0 %</span>' in page
    assert '<strong>50.0 %</strong> <span class="range">9.5 to 90.5 %</span>' in page
    assert "1 of 1" in page and "1 of 2" in page
    assert 'x="20.65" width="79.35"' in page
    assert "Users who are unhappy" in page


def test_nothing_yet_is_said_in_words(rita_client, db):
    page = rita_client.get(URL).text
    assert "no data" in page and "No reasons." in page


def test_it_is_reached_from_the_list_with_its_filters(rita_client, rate):
    rate(1)
    page = rita_client.get(reverse("admin:feedback_rating_changelist"), {"assistant": "assistant"})
    assert f'href="{URL}?assistant=assistant"' in page.text
    back = rita_client.get(URL, {"assistant": "assistant", "thumb": "up"})
    assert '/rating/?assistant=assistant"' in back.text


def test_only_who_may_see_ratings_sees_them(db, client_of, alice, client):
    clerk = User.objects.create_user("clerk", is_staff=True)
    assert client_of(clerk).get(URL).status_code == 403
    assert client_of(alice).get(URL).status_code == 302
    assert client.get(URL).status_code == 302


def test_the_weeks_asked_for_by_default_start_on_a_monday(rita_client, db):
    form = rita_client.get(URL).context["form"]
    first = form.cleaned_data["since"]
    assert first.weekday() == 0
    assert timedelta(weeks=11) <= date.today() - first < timedelta(weeks=12, days=1)


# Where answers came from


def shown_of(client, **asked):
    return table(client, "total", **asked)["All answers"].shown


def test_the_sandbox_counts_while_the_site_runs_on_it_and_then_only_if_asked_for(
    rita_client, rate, settings
):
    rate(), rate(origin="sandbox"), rate(origin="sandbox"), rate(origin="demo")
    settings.SANDBOX = True
    assert shown_of(rita_client) == 4
    settings.SANDBOX = False
    assert shown_of(rita_client) == 2
    assert shown_of(rita_client, origin="sandbox") == 2
    assert shown_of(rita_client, origin="real") == 1
    assert shown_of(rita_client, origin="demo") == 1


def test_the_numbers_say_whose_answers_they_include(rita_client, rate, settings):
    def notes(**asked):
        return rita_client.get(URL, asked).context["notes"]

    rate()
    assert notes() == []
    rate(origin="sandbox")
    assert notes() == ["Answers from the sandbox are left out; choose that origin to see them."]
    assert notes(origin="sandbox") == ["Answers from the sandbox are included."]
    settings.SANDBOX = True
    rate(origin="demo")
    assert notes() == [
        "Answers from the sandbox are included.",
        "Answers from demo data are included.",
    ]


def test_the_same_is_counted_where_very_much_waits(rita_client, rate, monkeypatch):
    monkeypatch.setattr("feedback.insights.rollup.update.FAR_BEHIND", 1)
    rate(), rate(), rate(origin="sandbox")
    assert shown_of(rita_client) == 2
    assert shown_of(rita_client, origin="sandbox") == 1
