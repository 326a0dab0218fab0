"""The list of conversations, in the sidebar and on /conversations/ and /archived/."""

import re
from datetime import datetime, timedelta
from html import unescape
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from chatapp.models import Assistant, Conversation
from chatapp.pagination import PAGE_SIZE, Cursor, conversation_page, parse_cursor, sidebar
from tests.fixtures.people import HTMX


@pytest.fixture
def talks(alice):
    """talks(3, days=1): that many conversations of alice's, so many days old."""
    assistant = Assistant.objects.get()

    def talks(number, days=0, person=alice, **fields):
        moment = timezone.now() - timedelta(days=days)
        return Conversation.objects.bulk_create(
            Conversation(
                user=person,
                assistant=assistant,
                title=f"{days}-{i}",
                updated_at=moment - timedelta(seconds=i),
                **fields,
            )
            for i in range(number)
        )

    return talks


def labels(page):
    return [(group.label, len(group.conversations)) for group in page.groups]


@pytest.fixture
def noon(monkeypatch):
    """No test runs over midnight."""
    now = datetime(2026, 3, 20, 12, tzinfo=ZoneInfo("UTC"))
    monkeypatch.setattr(timezone, "now", lambda: now)


def test_they_are_grouped_by_day(alice, talks, noon):
    for days in (-1, 0, 1, 2, 7, 8, 40):
        talks(1, days)
    assert labels(sidebar(alice)) == [
        ("Today", 2),
        ("Yesterday", 1),
        ("Previous 7 days", 2),
        ("March 2026", 1),
        ("February 2026", 1),
    ]


def test_the_day_is_that_of_the_sites_time_zone(alice, talks, noon, settings):
    settings.TIME_ZONE = "Asia/Tokyo"
    talks(1, 0.2)
    assert labels(sidebar(alice)) == [("Today", 1)]
    settings.TIME_ZONE = "America/Los_Angeles"
    assert labels(sidebar(alice)) == [("Today", 1)]
    settings.TIME_ZONE = "Pacific/Kiritimati"  # there it is 2 at night
    assert labels(sidebar(alice)) == [("Yesterday", 1)]


def test_what_is_pinned_comes_first_and_once(alice, talks, noon):
    old, *_others = talks(3, 90)
    old.pin()
    talks(1)
    assert labels(sidebar(alice)) == [("Pinned", 1), ("Today", 1), ("December 2025", 2)]


def test_what_is_archived_is_apart(alice, talks, client_of):
    kept, put_away = talks(2)
    put_away.archive()
    page = client_of(alice).get(reverse("archived")).text
    main = page.split("<main")[1]
    assert put_away.get_absolute_url() in main and kept.get_absolute_url() not in main
    aside = page.split("<main")[0]
    assert kept.get_absolute_url() in aside and put_away.get_absolute_url() not in aside


def test_pages_go_on_where_the_last_one_ended_even_within_one_moment(alice, talks):
    moment = timezone.now() - timedelta(days=50)
    made = talks(2 * PAGE_SIZE + 3, 50)
    Conversation.objects.update(updated_at=moment)
    seen, after = [], None
    for wanted in (PAGE_SIZE, PAGE_SIZE, 3):
        page = conversation_page(Conversation.objects.owned_by(alice), after)
        assert [group.continues for group in page.groups] == [after is not None]
        rows = [each.pk for group in page.groups for each in group.conversations]
        assert len(rows) == wanted
        seen += rows
        after = parse_cursor(page.after)
    assert after is None
    assert sorted(seen) == sorted(each.pk for each in made)


def test_following_the_link_shows_everything_once_with_and_without_scripts(alice, talks, client_of):
    made = {each.get_absolute_url() for each in talks(PAGE_SIZE + 5, 3)}
    client = client_of(alice)
    first = client.get("/").text
    url = unescape(re.findall(r'class="more" href="([^"]+)"', first)[0])
    fragment = client.get(url, headers=HTMX).text
    page = client.get(url).text.split("<main")[1].split("</main>")[0]
    shown = set(re.findall(r"/c/[^/]+/", first.split("<main")[0]))
    for rest in (fragment, page):
        assert set(re.findall(r"/c/[^/]+/", rest)) == made - shown
        assert "<h2" not in rest and 'class="more"' not in rest
    assert "<main" not in fragment


@pytest.mark.parametrize(
    "after", ["", "x", "~", "2026-01-01~1", f"2026-01-01T00:00:00~{UUID(int=1)}", "\0", "9" * 5000]
)
def test_a_place_that_is_none_is_the_beginning(after, alice, talks, client_of):
    (one,) = talks(1)
    answer = client_of(alice).get(reverse("conversations"), {"after": after})
    assert one.get_absolute_url() in answer.text.split("<main")[1]


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59+00:00"])
def test_the_ends_of_time_are_no_fault(moment, alice, talks, client_of, settings):
    settings.TIME_ZONE = "America/Los_Angeles"
    talks(1)
    answer = client_of(alice).get(reverse("conversations"), {"after": f"{moment}~{uuid4()}"})
    assert answer.status_code == 200


def test_a_place_is_read_as_it_was_written():
    place = Cursor(timezone.now(), uuid4())
    assert parse_cursor(str(place)) == place


@pytest.mark.parametrize("name", ["conversations", "archived"])
def test_everybody_sees_their_own(name, talks, bob, client_of):
    talks(1, 0)
    talks(1, 0, archived_at=timezone.now())
    for stranger in (bob, None):
        assert "/c/" not in client_of(stranger).get(reverse(name)).text


@pytest.mark.parametrize("number", [1, PAGE_SIZE + 30])
def test_however_many_there_are_the_list_takes_two_queries(
    number, alice, talks, django_assert_num_queries
):
    talks(number, 2)
    talks(3, 5, pinned_at=timezone.now())
    with django_assert_num_queries(2):
        sidebar(alice)
