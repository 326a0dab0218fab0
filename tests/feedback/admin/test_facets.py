"""The numbers beside the filters, and that nothing about the list grows with its rows."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chatapp.models import Assistant, User
from feedback.admin.changelist import facets
from feedback.models import Category, Delivery, Review

LIST = reverse("admin:feedback_rating_changelist")
COUNTS = reverse("admin:feedback_rating_counts")
QUEUE = reverse("admin:feedback_rating_queue")


def numbers(client, **query):
    response = client.get(COUNTS, query)
    assert response.status_code == 200, response
    return response.json()["numbers"]


@pytest.fixture
def three(rate, rita):
    """Two down, one of them with all that can be counted; one up by a guest."""
    full = rate(-1, comment="No.", reasons=["wrong", "unsafe"])
    full.review.decide(rita, status="fixed", verdict="agree", assignee=rita)
    Review.objects.update(category=Category.objects.get(slug="facts"))
    Review.objects.exclude(rating=full).update(category=None)
    Delivery.objects.filter(rating=full).update(state="failed")
    return full, rate(-1), rate(1, by=User.objects.create_guest())


def test_each_choice_tells_how_many_it_would_find(rita, rita_client, three):
    full = three[0]
    told = numbers(rita_client)
    version = full.message.prompt_version
    wanted = {
        "thumb=down": "2", "thumb=up": "1", "thumb=withdrawn": "0",
        "reason=wrong": "1", "reason=unsafe": "1", "reason=clear": "0",
        "comment=yes": "1", "comment=no": "2", "days=1": "3",
        "assistant=assistant": "3", f"version={version.pk}": "3", f"model={version.model}": "3",
        "status=fixed": "1", "status=new": "2", "verdict=agree": "1", "verdict=none": "2",
        "category=facts": "1", "category=other": "0",
        "assignee=me": "1", "assignee=nobody": "2", f"assignee={rita.pk}": "1",
        "drift=yes": "0", "delivery=failed": "1", "delivery=due": "2",
        "person=guest": "1", "person=signed-up": "2",
    }  # fmt: skip
    assert {key: told[key] for key in wanted} == wanted


def test_every_number_is_what_clicking_finds(rita_client, three):
    for query in ({"thumb": "down", "status": "new"}, {"q": "question"}):
        for key, number in numbers(rita_client, **query).items():
            name, value = key.split("=")
            if name == "days":
                continue
            found = rita_client.get(LIST, {**query, name: value}).context["cl"].result_count
            assert found == int(number), (query, key)


def test_beyond_a_bound_numbers_are_of_the_first_and_say_so(rita_client, rate, monkeypatch):
    monkeypatch.setattr(facets, "SAMPLE_SIZE", 2)
    monkeypatch.setattr("feedback.admin.changelist.changelist.SAMPLE_SIZE", 2)
    rate(1, reasons=["clear"])
    rate(-1)
    assert "2 answers" in rita_client.get(COUNTS).json()["note"]
    rate(-1, reasons=["wrong"])
    response = rita_client.get(COUNTS).json()
    assert "More than 2 match. The numbers are of the first 2." in response["note"]
    assert response["numbers"]["thumb=down"] == "2"
    assert response["numbers"]["reason=wrong"] == "1"
    assert "thumb=up" not in response["numbers"], "There may be some, and there is one."
    assert "reason=clear" not in response["numbers"]


def test_without_script_the_numbers_are_on_the_page_that_a_link_leads_to(rita_client, three):
    page = rita_client.get(LIST).content.decode()
    assert 'href="?_facets=True"' in page
    assert f'data-facets="{COUNTS}?"' in page
    page = rita_client.get(LIST, {"_facets": "True"}).content.decode()
    assert '<span class="facet" data-choice="thumb=down">2</span>' in page
    assert "3 answers" in page
    assert "data-facets" not in page


def test_a_strange_address_has_no_numbers_and_no_error(rita_client, three):
    assert numbers(rita_client, nonsense="1") == {}
    assert numbers(rita_client, thumb="sideways")["status=new"] == "0"


def test_who_may_not_see_the_list_gets_no_numbers(client_of, alice):
    clerk = User.objects.create_user("clerk", is_staff=True)
    assert client_of(clerk).get(COUNTS).status_code == 403
    assert client_of(alice).get(COUNTS).status_code == 302


def test_one_persons_answers_are_a_filter_that_names_them(rita_client, rate, bob):
    rate()
    his = rate(by=bob)
    response = rita_client.get(LIST, {"person": bob.pk})
    assert [row.pk for row in response.context["cl"].result_list] == [his.pk]
    assert "bob@example.org" in response.content.decode().split('<nav id="changelist-filter"')[1]
    for nobody in ("0", "9" * 18, "9" * 40, "-1"):
        assert rita_client.get(LIST, {"person": nobody}).context["cl"].result_count == 0


def asked(client, url):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url, follow=True).status_code == 200
    return len(captured.captured_queries)


@pytest.mark.parametrize(
    "url",
    [
        LIST,
        f"{LIST}?thumb=down&status=new&q=because",
        f"{LIST}?_facets=True&reason=wrong",
        f"{COUNTS}?thumb=down&assistant=assistant",
        QUEUE,
        f"{QUEUE}?queue=down",
    ],
)
def test_no_page_asks_more_often_for_more_rows(url, sam_client, rate, three):
    def some(number):
        for n in range(number):
            rating = rate(-1, by=User.objects.create_guest(), comment="No.", reasons=["wrong"])
            rating.review.decide(rating.user, note=f"{n}")

    some(2)
    asked(sam_client, url)
    few = asked(sam_client, url)
    some(9)
    Assistant.objects.create(name="Another", slug="another")
    assert asked(sam_client, url) == few
