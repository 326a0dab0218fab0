"""The list of rated answers in the admin: its rows, its filters, what a search finds, its queries."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from chatapp.models import Assistant, PromptVersion, User
from feedback import rating_flow
from feedback.models import Delivery, Rating

LIST = reverse("admin:feedback_rating_changelist")


def page_of(rating, query=""):
    return reverse("admin:feedback_rating_change", args=[rating.pk]) + query


def found(client, **query):
    response = client.get(LIST, query)
    assert response.status_code == 200, response
    return [rating.pk for rating in response.context["cl"].result_list]


def pks(*ratings):
    return [rating.pk for rating in ratings]


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
    rating_flow.rate(first.message, alice, 1)
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


def test_what_is_not_real_is_listed_as_far_as_it_counts_and_labelled(rita_client, rate, settings):
    real, made_up, demo = rate(), rate(origin="sandbox"), rate(origin="demo")
    assert found(rita_client) == pks(demo, real)
    assert found(rita_client, origin="sandbox") == pks(made_up)
    assert found(rita_client, origin="real") == pks(real)
    settings.SANDBOX = True
    assert found(rita_client) == pks(demo, made_up, real)
    page = rita_client.get(LIST).content.decode()
    assert page.count('<span class="origin">sandbox</span>') == 1
    assert page.count('<span class="origin">demo</span>') == 1


def test_where_all_is_real_no_filter_by_origin_is_offered(rita_client, rate):
    rating = rate()
    assert "By origin" not in rita_client.get(LIST).content.decode()
    assert found(rita_client, origin="real") == pks(rating)
    assert found(rita_client, origin="sandbox") == []
    rate(origin="sandbox")
    assert "By origin" in rita_client.get(LIST).content.decode()


def test_no_facet_says_that_there_is_nothing_from_the_sandbox(rita_client, rate):
    rate(), rate(origin="sandbox"), rate(origin="demo")
    changelist = rita_client.get(LIST, {"_facets": "True"}).context["cl"]
    (spec,) = [one for one in changelist.filter_specs if one.title == "origin"]
    shown = {str(each["display"]): each["number"] for each in spec.choices(changelist)}
    assert shown == {"What counts": None, "real": 1, "sandbox": None, "demo": 1}


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


@pytest.mark.parametrize("words", ["ulm " * 11, "ulm" * 67])
def test_a_search_for_more_than_is_looked_for_says_so(rita_client, words):
    cut = "Only the first 10 words and 200 characters are searched for."
    assert cut in rita_client.get(LIST, {"q": words}).content.decode()
    for fits in ("ulm " * 10, '"in ulm" ' * 10, "ulm" * 66):
        assert cut not in rita_client.get(LIST, {"q": fits}).content.decode()


def test_a_search_that_has_no_word_finds_nothing(rita_client, rate):
    rate(text="100 % -- 'quoted' & (so)")
    for words in ('"', "'", "%", "--", "&", "( )", '"" OR'):
        assert found(rita_client, q=words) == []
    assert len(found(rita_client, q="'quoted' 100%")) == 1


@pytest.mark.parametrize(
    "words",
    [
        "东京",
        "京是",
        "日本的首都",
        "东",
        "都",
        '"东京是日本"',
        "gpt模型",
        '"gpt 模型 v2"',
        "首都 danu",
    ]
    + ["ญี่ปุ่น", "กรุง", "မြန်မာ", "ភ្នំ", "東京", "ラーメン", '"ラーメン lovely"'],
)
def test_what_is_written_without_spaces_is_found_wherever_it_stands(rita_client, rate, words):
    rate(question="东方和北京", text="首先，GPT的模型是都市。กรรม", comment="ラメーン")
    wanted = rate(
        question="东京是日本的首都吗？用GPT模型v2",
        text="On the Danube: กรุงโตเกียวเป็นเมืองหลวงของญี่ปุ่น မြန်မာ ភ្នំពេញ",
        comment="東京のラーメン。Lovely",
    )
    rate(text="Only words with spaces.")
    found_by_words = found(rita_client, q=words)
    assert wanted.pk in found_by_words
    if len(words) > 1:
        assert found_by_words == pks(wanted)


@pytest.mark.parametrize(
    "words", ["日东", "京都", '"东京 日本"', "首都 tiber", '"模型 gpt"', "模v2"]
)
def test_characters_that_do_not_stand_together_are_not_found(rita_client, rate, words):
    rate(question="东京是日本的首都", text="On the Danube: GPT模型v2", comment="京")
    assert found(rita_client, q=words) == []


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


def test_what_fits_on_one_page_is_counted(sam_client, rate, monkeypatch):
    monkeypatch.setattr("feedback.admin.ratings.RatingAdmin.list_per_page", 2)
    ratings = [rate() for _ in range(2)]
    page = sam_client.get(LIST).text
    assert "2 rated answers" in page
    assert "Select all that match" not in page
    ratings.append(rate())
    page = sam_client.get(LIST).text
    assert "2 rated answers" not in page
    assert "Select all that match, on every page" in page
    assert found(sam_client) == pks(*ratings[:0:-1])


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
