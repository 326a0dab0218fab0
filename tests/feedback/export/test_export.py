"""Rated answers as CSV and JSONL: exactly what is filtered, whole or recognisably not, and logged."""

import asyncio
import csv
import io
import json
from datetime import timedelta
from functools import partial

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from chatapp.models import Message, User
from chatapp.text.hidden_characters import escaped_text
from feedback.export.csv_format import escape_formula
from feedback.export.history import HISTORY_BATCH
from feedback.export.rows import BATCH
from feedback.export.stream import export_chunks, stream_chunks, writer_of
from feedback.models import Category, Export, Rating, Review
from tests.fixtures.access_reason import say_why


def name_of(person):
    return person.email


LIST = reverse("admin:feedback_rating_changelist")
PAGE = reverse("admin:feedback_rating_export")
COUNT = reverse("admin:feedback_rating_export_count")


def download_of(form):
    return reverse("admin:feedback_rating_download", args=[form])


def file_of(form, ratings=None, by=None):
    """What is downloaded, made here and now, with its log."""
    export = Export.objects.create(form=form, by=by)
    ratings = Rating.objects.order_by("-updated_at") if ratings is None else ratings
    made = b"".join(export_chunks(export, ratings, writer_of(form, name_of)))
    return made.decode(), export


def table(text):
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def lines(text):
    return [json.loads(line) for line in text.splitlines()]


@pytest.fixture
def lena(rita):
    """May export, as a lead may, and says what for."""
    lena = User.objects.create_user("lena", is_staff=True)
    lena.user_permissions.set(rita.user_permissions.all())
    lena.user_permissions.add(Permission.objects.get(codename="export_ratings"))
    return lena


@pytest.fixture
def lena_client(lena, client_of):
    client = client_of(lena)
    say_why(client, "export", "A report.")
    return client


@pytest.fixture
def reviewed(rate, alice, rita):
    """One rated answer, at the end of a longer talk, with all that can be said of it."""
    first = rate(1, question="Where is Ulm?", text="On the Danube.").message
    rating = rate(
        -1,
        question="Since when?",
        text="Since 854.",
        conversation=first.conversation,
        reasons=["wrong", "too-long"],
        comment="Older!",
        finish_reason="stop",
        prompt_tokens=12,
        completion_tokens=3,
        first_token_ms=100,
        thinking="A city on a river.",
        thinking_ms=80,
        duration_ms=900,
    )
    Rating.objects.filter(pk=rating.pk).update(correction="Nobody knows.")
    Review.objects.filter(rating=rating).update(
        status="needs-work",
        verdict="agree",
        category=Category.objects.get(slug="facts"),
        assignee=rita,
        note="See the chronicle.",
        correction="First named in 854.",
    )
    return Rating.objects.get(pk=rating.pk)


# JSONL


def test_a_line_has_the_conversation_before_it_the_judgement_and_all_stamps(reviewed):
    text, _export = file_of("jsonl", Rating.objects.filter(pk=reviewed.pk))
    line, end = lines(text)
    answer, version = reviewed.message, reviewed.message.prompt_version
    assert line["messages"] == [
        {"role": "system", "content": version.instructions},
        {"role": "user", "content": "Where is Ulm?"},
        {"role": "assistant", "content": "On the Danube."},
        {"role": "user", "content": "Since when?"},
    ]
    assert (line["answer"], line["thinking"]) == ("Since 854.", "A city on a river.")
    rating = line["rating"]
    assert (rating["thumb"], rating["reasons"]) == ("down", ["wrong", "too-long"])
    assert (rating["comment"], rating["correction"]) == ("Older!", "Nobody knows.")
    assert (rating["person"], rating["revision"]) == ("alice@example.org", 1)
    assert line["review"] == {
        "status": "needs-work",
        "verdict": "agree",
        "category": "facts",
        "assignee": "rita",
        "note": "See the chronicle.",
        "corrected_answer": "First named in 854.",
    }
    assert line["prompt_version"] == {
        "assistant": "assistant",
        "number": 1,
        "digest": version.digest,
        "instructions": version.instructions,
    }
    stamps = line["stamps"]
    assert stamps["helicone_id"] == str(answer.helicone_id)
    assert stamps["request_id"] == str(answer.request_id)
    assert (stamps["model"], stamps["parameters"]) == (answer.model, {})
    assert stamps["origin"] == "real"
    tokens = ("prompt_tokens", "completion_tokens", "first_token_ms", "duration_ms", "thinking_ms")
    assert [stamps[name] for name in tokens] == [12, 3, 100, 900, 80]
    assert (stamps["finish_reason"], stamps["status"]) == ("stop", "complete")
    assert end == {"end": {"rows": 1, "found": 1}}


def test_what_the_model_was_not_given_is_not_in_the_context(reviewed):
    Message.objects.filter(pk=reviewed.message_id).update(left_out=2)
    line, _end = lines(file_of("jsonl", Rating.objects.filter(pk=reviewed.pk))[0])
    assert [said["content"] for said in line["messages"][1:]] == ["Since when?"]


def test_another_branch_is_not_in_the_context(reviewed, ask, alice):
    conversation = reviewed.message.conversation
    question = reviewed.message.parent
    assert question is not None
    conversation.ask("Put otherwise?", replaces=question)
    line, _end = lines(file_of("jsonl", Rating.objects.filter(pk=reviewed.pk))[0])
    assert "Put otherwise?" not in str(line)


def test_an_image_is_what_it_was_said_to_show(reviewed):
    image = {"name": "a.webp", "width": 1, "height": 1, "alt": "The minster"}
    Message.objects.filter(pk=reviewed.message.parent_id).update(text="", images=[image])
    line, _end = lines(file_of("jsonl", Rating.objects.filter(pk=reviewed.pk))[0])
    assert line["messages"][-1] == {"role": "user", "content": "", "images": ["The minster"]}


def test_a_withdrawn_thumb_is_none(rate):
    rate(None)
    line, _end = lines(file_of("jsonl")[0])
    assert line["rating"]["thumb"] is None


# CSV


def test_a_row_says_the_same_in_columns(reviewed):
    (row,) = table(file_of("csv", Rating.objects.filter(pk=reviewed.pk))[0])
    assert (row["row"], row["rows"], row["thumb"]) == ("1", "1", "down")
    assert (row["question"], row["answer"]) == ("Since when?", "Since 854.")
    assert (row["reasons"], row["comment"]) == ("wrong too-long", "Older!")
    assert (row["person"], row["prompt_version"]) == ("alice@example.org", "1")
    assert (row["review_verdict"], row["corrected_answer"]) == ("agree", "First named in 854.")
    assert row["helicone_id"] == str(reviewed.message.helicone_id)
    newest = {"thinking": "A city on a river.", "thinking_ms": "80", "origin": "real"}
    assert list(row.items())[-3:] == list(newest.items())


SIGNS = ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＠"]
# Before a sign, a spreadsheet overlooks them.
OVERLOOKED = [" =", "   +", "\u00a0@", "\u3000－", " \t\r\n=", "\ufeff=", "\u200b-", "\x1f="]
# Nor does it see these: a soft hyphen, bidirectional marks, a filler, a combining mark.
OVERLOOKED += [
    "\u00ad=",
    "\u202e=",
    "\u2066+\u2069",
    "\u061c@",
    "\u3164=",
    "\u0301=",
    "\U000e0020=",
]


@pytest.mark.parametrize("start", [*SIGNS, *OVERLOOKED])
def test_no_cell_begins_as_a_formula(rate, start):
    hostile = f'{start}HYPERLINK("https://elsewhere.example","Read me")'
    rate(-1, question=hostile, text=hostile, comment=hostile)
    (row,) = table(file_of("csv")[0])
    for name in ("question", "answer", "comment"):
        assert row[name] == f"'{escaped_text(hostile)}"
    assert not [name for name, value in row.items() if value.startswith(start)]


def test_numbers_stay_numbers():
    assert escape_formula(-1) == -1
    for text in ("1-1", " 1=1", "a\n- b", ""):
        assert escape_formula(text) == text


def test_every_cell_is_in_quotes_so_that_no_other_separator_starts_one(rate):
    """Without, `;=1+1` starts a cell where semicolons separate."""
    rate(1, question="One;=1+1", text='Two"";=1+1\tthree', comment="four")
    text = file_of("csv")[0].removeprefix("\ufeff")
    again = io.StringIO()
    csv.writer(again, quoting=csv.QUOTE_ALL).writerows(csv.reader(io.StringIO(text, newline="")))
    assert again.getvalue() == text


@pytest.mark.parametrize("left_out", [0, 1, 2, 3, 4])
@pytest.mark.parametrize("asked", ["Since when?", ""])
def test_the_question_is_what_was_said_last(reviewed, left_out, asked):
    """Also where the conversation has to be looked through to know it."""
    Message.objects.filter(pk=reviewed.message.parent_id).update(text=asked)
    Message.objects.filter(pk=reviewed.message_id).update(left_out=left_out)
    ratings = Rating.objects.filter(pk=reviewed.pk)
    line, _end = lines(file_of("jsonl", ratings)[0])
    said = [said["content"] for said in line["messages"][1:]]
    all_said = ["Where is Ulm?", "On the Danube.", *([asked] if asked else [])]
    assert said == all_said[left_out:]
    assert table(file_of("csv", ratings)[0])[0]["question"] == (said[-1] if said else "")


def test_words_of_any_language_quotes_and_lines_come_through(rate):
    said = 'Größe, "东京",\r\nzwei; Zeilen\n'
    rate(1, text=said)
    text, _export = file_of("csv")
    assert text.startswith("\ufeff")
    assert table(text)[0]["answer"] == said


# How much, and whether all of it


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_several_batches_are_all_there_in_their_order(rate, monkeypatch, form):
    monkeypatch.setattr("feedback.export.rows.BATCH", 3)
    wanted = [rate(1, comment=f"No. {n}").comment for n in range(8)][::-1]
    text, export = file_of(form)
    if form == "csv":
        rows = table(text)
        assert [row["comment"] for row in rows] == wanted
        assert [(row["row"], row["rows"]) for row in rows] == [(f"{n}", "8") for n in range(1, 9)]
    else:
        *rows, end = lines(text)
        assert [row["rating"]["comment"] for row in rows] == wanted
        assert end == {"end": {"rows": 8, "found": 8}}
    assert (export.expected, export.rows, export.state) == (8, 8, Export.State.COMPLETE)


@pytest.fixture
def talks(rate):
    """talks(number): ratings of the second answer of so many conversations, of a person each."""

    def talks(number):
        for each in range(number):
            person = User.objects.create_user(f"person {each}")
            first = rate(1, by=person, question=f"First {each}").message
            second = {"question": f"Second {each}", "conversation": first.conversation}
            yield rate(-1, by=person, reasons=["wrong"], **second).pk

    return talks


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_a_batch_takes_as_many_queries_as_another(talks, lena, form):
    pks = list(talks(6))

    def queries(number):
        export = Export.objects.create(form=form)
        writer = writer_of(form, lambda rater: rater.name_for(lena))
        with CaptureQueriesContext(connection) as asked:
            list(export_chunks(export, Rating.objects.filter(pk__in=pks[:number]), writer))
        return len(asked)

    assert min(BATCH, HISTORY_BATCH) > 6
    assert queries(6) == queries(1)


def test_longer_conversations_are_read_a_few_at_a_time(talks, monkeypatch):
    monkeypatch.setattr("feedback.export.history.HISTORY_BATCH", 2)
    pks = list(talks(5))
    *found, _end = lines(file_of("jsonl", Rating.objects.filter(pk__in=pks).order_by("pk"))[0])
    said = [[said["content"] for said in line["messages"][1:]] for line in found]
    assert said == [[f"First {n}", "Because.", f"Second {n}"] for n in range(5)]


def test_a_table_begins_before_anything_is_looked_for(rate):
    rate(1)
    export = Export.objects.create(form="csv")
    made = export_chunks(export, Rating.objects.all(), writer_of("csv", name_of))
    with CaptureQueriesContext(connection) as asked:
        assert next(made).decode().startswith('\ufeff"row","rows",')
    assert not asked.captured_queries
    made.close()


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_of_nothing_there_is_still_a_file(db, form):
    text, export = file_of(form)
    assert table(text) == [] if form == "csv" else lines(text) == [{"end": {"rows": 0, "found": 0}}]
    assert export.state == Export.State.COMPLETE


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_who_leaves_early_has_no_end_and_the_log_says_so(rate, monkeypatch, form):
    monkeypatch.setattr("feedback.export.stream.CHUNK_BYTES", 1)
    for _ in range(3):
        rate(1)
    export = Export.objects.create(form=form)
    made = export_chunks(export, Rating.objects.all(), writer_of(form, name_of))
    got = (next(made) + next(made)).decode()
    made.close()
    export.refresh_from_db()
    assert export.state == Export.State.BROKEN
    assert '"end"' not in got if form == "jsonl" else table(got)[-1]["row"] != "3"


def test_a_server_that_died_leaves_a_log_that_does_not_lie(db):
    long_ago = timezone.now() - timedelta(minutes=1)
    assert Export.objects.create(form="csv").state == Export.State.RUNNING
    assert Export.objects.create(form="csv", heard_at=long_ago).state == Export.State.BROKEN


def test_what_is_deleted_while_it_runs_is_left_out_and_the_end_says_so(rate, monkeypatch):
    monkeypatch.setattr("feedback.export.rows.BATCH", 1)
    monkeypatch.setattr("feedback.export.stream.CHUNK_BYTES", 1)
    first, second = rate(1), rate(1)
    made = export_chunks(
        Export.objects.create(form="jsonl"),
        Rating.objects.order_by("pk"),
        writer_of("jsonl", name_of),
    )
    got = next(made)
    second.message.conversation.soft_delete()
    got += b"".join(made)
    line, end = lines(got.decode())
    assert line["rating"]["id"] == first.pk
    assert end == {"end": {"rows": 1, "found": 2}}


# The page and the download


def test_the_page_says_how_many_the_filtered_list_has(lena_client, rate):
    """Once it is there, with htmx, or where the link is followed."""
    rate(1), rate(-1), rate(-1)
    gone = rate(-1)
    gone.message.conversation.soft_delete()
    page = lena_client.get(PAGE, {"thumb": "down"}).text
    assert f'hx-get="{COUNT}?thumb=down" hx-trigger="load"' in page
    assert f'<a href="{COUNT}?thumb=down">' in page
    fragment = lena_client.get(COUNT, {"thumb": "down"}, headers={"HX-Request": "true"}).text
    assert "<html" not in fragment
    counted = lena_client.get(COUNT, {"thumb": "down"}).text
    assert 'hx-trigger="load"' not in counted
    for text in (fragment, counted):
        assert "<strong>2</strong> rated answers are in the list" in " ".join(text.split())
    for text in (page, counted):
        assert f'action="{download_of("csv")}?thumb=down"' in text
        assert f'href="{LIST}?thumb=down"' in text


def test_the_page_itself_counts_nothing(lena_client, rate):
    rate(1)
    with CaptureQueriesContext(connection) as asked:
        lena_client.get(PAGE)
    counts = [query["sql"] for query in asked if "COUNT(" in query["sql"]]
    assert not [sql for sql in counts if 'FROM "feedback_rating"' in sql]


def test_it_is_reached_from_the_list_with_its_filters(lena_client, rita_client, rate):
    rate(1)
    assert f'href="{PAGE}?thumb=up"' in lena_client.get(LIST, {"thumb": "up"}).text
    assert PAGE not in rita_client.get(LIST).text


@pytest.fixture
def downloaded(transactional_db, client_of):
    """downloaded(person, form, **filters): through the page's own view, its thread and connection."""

    def downloaded(person, form="jsonl", query=""):
        client = client_of(person)
        say_why(client, "export", "A report.")
        response = client.post(download_of(form) + query)
        assert response.status_code == 200, response
        return response, asyncio.run(gathered(response.streaming_content)).decode()

    return downloaded


async def gathered(content):
    return b"".join([piece async for piece in content])


def test_the_download_is_exactly_what_is_filtered_and_is_logged(downloaded, lena, rate):
    down = rate(-1, comment="A needle.", reasons=["wrong"])
    rate(1, comment="A needle."), rate(-1, comment="Hay.")
    response, text = downloaded(lena, query="?thumb=down&q=needle")
    *found, end = lines(text)
    assert [line["rating"]["id"] for line in found] == [down.pk]
    assert end["end"] == {"rows": 1, "found": 1}
    assert response["Content-Disposition"].endswith('.jsonl"')
    assert "no-store" in response["Cache-Control"]
    export = Export.objects.get()
    assert (export.by, export.form, export.filters) == (lena, "jsonl", "thumb=down&q=*")
    assert (export.rows, export.state) == (1, Export.State.COMPLETE)
    assert export.reason == "A report."


def test_a_csv_shows_hidden_characters_and_jsonl_keeps_and_counts_them(downloaded, lena, rate):
    rate(-1, comment="A \U000e0041tag.", question="Ques\u202etion", text="An\u200bswer")
    _response, csv_text = downloaded(lena, "csv")
    assert "Ques\\u{202E}tion" in csv_text and "A \\u{E0041}tag." in csv_text
    assert not {"\u202e", "\u200b", "\U000e0041"} & set(csv_text)
    rated, _end = lines(downloaded(lena)[1])
    assert rated["answer"] == "An\u200bswer" and rated["hidden_characters"] == 3


@pytest.mark.parametrize("asks", ["whole", "always"])
def test_nothing_is_taken_along_before_it_is_said_what_for(lena, client_of, rate, settings, asks):
    settings.STAFF_ACCESS_REASON = asks
    rate(-1)
    client = client_of(lena)
    for response in (client.get(PAGE), client.post(f"{download_of('csv')}?thumb=down")):
        assert "Why do you need to read this?" in response.text
    assert not Export.objects.exists()
    onward = response.context["form"].initial["next"]
    assert onward == f"{PAGE}?thumb=down"
    page = say_why(client, "export", onward=onward).text
    assert f'action="{download_of("csv")}?thumb=down"' in page


def test_nobody_is_asked_where_the_site_asks_nobody(lena, client_of, downloaded, rate, settings):
    settings.STAFF_ACCESS_REASON = "never"
    rate(-1)
    assert "Why do you need to read this?" not in client_of(lena).get(PAGE).text


def test_a_table_is_downloaded_as_such(downloaded, lena, rate):
    rate(1)
    response, text = downloaded(lena, "csv")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert len(table(text)) == 1


def test_a_reader_who_goes_ends_it_and_its_thread(transactional_db, rate, monkeypatch):
    monkeypatch.setattr("feedback.export.stream.CHUNK_BYTES", 1)
    for _ in range(5):
        rate(1)
    export = Export.objects.create(form="jsonl")
    writer = writer_of("jsonl", name_of)

    async def leave():
        content = stream_chunks(
            partial(export_chunks, export, Rating.objects.order_by("pk"), writer)
        )
        await anext(content)
        await content.aclose()

    asyncio.run(leave())
    wait_for_thread()
    export.refresh_from_db()
    assert export.state == Export.State.BROKEN


def wait_for_thread():
    import threading

    for thread in threading.enumerate():
        if thread.name.startswith("export"):
            thread.join(10)


def test_latest_exports_and_how_far_they_are(lena, lena_client, rita):
    Export.objects.create(form="csv", by=lena, expected=40, rows=10)
    Export.objects.create(form="csv", by=lena, rows=7, status="broken")
    Export.objects.create(form="csv", by=rita, rows=99, status="complete")
    fragment = lena_client.get(PAGE, headers={"HX-Request": "true"}).text
    assert "<html" not in fragment
    assert "10 of 40 so far" in fragment and '<progress value="10" max="40"' in fragment
    assert "cut off after 7" in fragment
    assert fragment.count("<li>") == 2 and "complete" not in fragment


def test_a_form_that_does_not_exist_is_a_404(lena_client):
    assert lena_client.post(download_of("xml")).status_code == 404


# Who may


@pytest.mark.parametrize("url", [PAGE, COUNT, download_of("csv"), download_of("jsonl")])
def test_reading_is_not_taking_along(rita_client, alice, client_of, client, rate, url):
    rate(1)
    method = "get" if url in (PAGE, COUNT) else "post"
    assert getattr(rita_client, method)(url).status_code == 403
    assert getattr(client_of(alice), method)(url).status_code == 302
    assert getattr(client, method)(url).status_code == 302
    assert not Export.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_one_export_too_many_is_refused_in_words_and_not_logged(lena_client, settings):
    settings.EXPORTS_AT_ONCE = 1
    say_why(lena_client, "export", "A report.")
    first = lena_client.post(download_of("csv"))
    assert first.status_code == 200
    refused = lena_client.post(download_of("csv") + "?thumb=up", follow=True)
    assert refused.redirect_chain == [(f"{PAGE}?thumb=up", 302)]
    assert "Too many exports are being written at the moment." in refused.text
    assert Export.objects.count() == 1
    first.close()
    again = lena_client.post(download_of("csv"))
    assert again.status_code == 200
    again.close()


def test_a_download_is_posted(lena_client):
    assert lena_client.get(download_of("csv")).status_code == 405
    assert not Export.objects.exists()


@pytest.mark.parametrize(("role", "may"), [("viewer", 0), ("reviewer", 0), ("lead", 1)])
def test_leads_may_by_default(roles, client_of, role, may):
    person = User.objects.create_user("someone", is_staff=True)
    person.groups.add(Group.objects.get(name=role))
    assert client_of(person).get(PAGE).status_code == (200 if may else 403)
    log = reverse("admin:feedback_export_changelist")
    assert client_of(person).get(log).status_code == (200 if may else 403)


def test_nobody_changes_the_log(sam_client, lena):
    export = Export.objects.create(form="csv", by=lena)
    url = reverse("admin:feedback_export_change", args=[export.pk])
    assert sam_client.post(url, {"rows": 5}).status_code == 403
    delete = reverse("admin:feedback_export_delete", args=[export.pk])
    assert sam_client.post(delete, {"post": "yes"}).status_code == 403
    lena.delete()
    assert Export.objects.get().by is None


def test_the_sandbox_s_answers_are_exported_if_asked_for_and_say_so(lena_client, rate):
    rate(), rate(), rate(origin="sandbox")
    assert lena_client.get(COUNT).context["rows"] == 2
    assert lena_client.get(COUNT, {"origin": "sandbox"}).context["rows"] == 1
    text, _export = file_of("csv", Rating.objects.order_by("pk"))
    assert [row["origin"] for row in table(text)] == ["real", "real", "sandbox"]
