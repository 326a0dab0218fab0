"""What the list is filtered by is copied beside the thumb: the copies never lie, whoever writes."""

import random

import pytest
from django.core.management.color import no_style
from django.db import connection

from chatapp.models import Assistant, Conversation, Message, PromptVersion, User
from feedback import list_index, rating_flow
from feedback.list_index import full_text
from feedback.models import Rating, Reason, Review
from feedback.models.rating import evidence_of


def truth(rating):
    answer = rating.message
    version = answer.prompt_version
    return {
        "version": version and version.pk,
        "assistant": version and version.assistant_id,
        "model": answer.model,
        "by_guest": rating.user.is_guest,
        "is_hidden": answer.conversation.deleted_at is not None,
        "has_drifted": rating.evidence != evidence_of(answer),
        "thumb": rating.value,
        "origin": answer.origin,
    }


def copied(rating):
    return {
        "version": rating.version_id,
        "assistant": rating.assistant_id,
        "model": rating.model,
        "by_guest": rating.by_guest,
        "is_hidden": rating.is_hidden,
        "has_drifted": rating.has_drifted,
        "thumb": Review.objects.get(rating=rating).thumb,
        "origin": rating.origin,
    }


def lies():
    ratings = Rating.objects.select_related(
        "user", "message__conversation", "message__prompt_version"
    )
    return [(truth(one), copied(one)) for one in ratings if truth(one) != copied(one)]


def having(*words):
    found = Rating.objects.filter(pk__in=full_text.ids([[word] for word in words], "default"))
    return set(found.values_list("pk", flat=True))


@pytest.fixture
def desk(db):
    assistant = Assistant.objects.create(name="Desk", slug="desk")
    return PromptVersion.objects.create(assistant=assistant, model="desk-model")


def test_a_click_copies_what_made_the_answer_and_who_clicked(rate, desk):
    rating = rate(by=User.objects.create_guest(), prompt_version=desk, model="desk-model")
    rating.refresh_from_db()
    assert (rating.assistant, rating.version, rating.model) == (desk.assistant, desk, "desk-model")
    assert rating.by_guest
    assert lies() == []


def test_an_answer_without_a_version_is_copied_as_such(rate):
    rating = rate(prompt_version=None, model="")
    rating.refresh_from_db()
    assert (rating.assistant, rating.version, rating.model) == (None, None, "")


def test_a_click_copies_where_the_answer_came_from(rate):
    from_sandbox, real = rate(origin="sandbox"), rate()
    assert Rating.objects.get(pk=from_sandbox.pk).origin == "sandbox"
    assert Rating.objects.get(pk=real.pk).origin == "real"
    Message.objects.filter(pk=real.message_id).update(origin="demo")
    assert Rating.objects.get(pk=real.pk).origin == "demo"
    assert lies() == []


def test_a_guest_who_signs_up_takes_the_ratings_along(rate, alice):
    guest = User.objects.create_guest()
    rating = rate(by=guest)
    alice.adopt(guest.pk)
    rating.refresh_from_db()
    assert (rating.user, rating.by_guest) == (alice, False)
    assert lies() == []


def test_what_is_deleted_is_out_of_the_list_until_it_is_restored(rate):
    rating, kept = rate(), rate()
    rating.message.conversation.soft_delete()
    assert list(Rating.objects.listed()) == [kept]
    rating.message.conversation.restore()
    assert list(Rating.objects.listed()) == [kept, rating]


@pytest.mark.parametrize(
    "change",
    [{"text": "Rewritten."}, {"model": "other"}, {"parameters": {"temperature": 2}}],
    ids=lambda change: next(iter(change)),
)
def test_an_answer_that_changes_in_any_way_after_its_thumb_has_drifted(rate, change):
    rating, other = rate(), rate()
    Message.objects.filter(pk=rating.message_id).update(**change)
    assert list(Rating.objects.filter(has_drifted=True)) == [rating]
    assert lies() == []
    other.refresh_from_db()
    assert not other.has_drifted


def test_another_prompt_version_is_drift_too(rate, desk):
    rating = rate()
    Message.objects.filter(pk=rating.message_id).update(prompt_version=desk)
    rating.refresh_from_db()
    assert (rating.has_drifted, rating.version) == (True, desk)


def test_a_new_thumb_judges_the_answer_as_it_is_now(rate, alice):
    rating = rate(-1)
    Message.objects.filter(pk=rating.message_id).update(text="Rewritten.")
    rating_flow.rate(Message.objects.get(pk=rating.message_id), alice, 1)
    assert not Rating.objects.filter(has_drifted=True).exists()
    assert lies() == []


def test_what_was_judged_without_evidence_never_drifts(rate):
    rating = rate()
    Rating.objects.filter(pk=rating.pk).update(evidence="")
    Message.objects.filter(pk=rating.message_id).update(text="Rewritten.")
    assert not Rating.objects.filter(has_drifted=True).exists()


def test_words_of_question_answer_and_comment_are_found_as_they_change(rate):
    rating = rate(question="Where is Ulm?", text="On the Danube.", comment="Lovely")
    rate(question="Rome?", text="Tiber.")
    assert having("ulm", "danube", "lovely") == {rating.pk}
    rating_flow.explain(rating, [], "Dull")
    assert having("lovely") == set()
    assert having("dull") == {rating.pk}
    Message.objects.filter(pk=rating.message_id).update(text="On the Iller.")
    assert (having("danube"), having("iller")) == (set(), {rating.pk})
    Message.objects.filter(pk=rating.message.parent_id).update(text="Where is Kempten?")
    assert (having("ulm"), having("kempten", "iller")) == (set(), {rating.pk})
    rating.delete()
    assert having("kempten") == set()


def test_any_characters_of_a_script_without_spaces_are_found_as_they_stand(rate):
    """Wherever they begin: SQLite reads such a text in pieces."""
    text = "".join(chr(0x4E00 + number) for number in range(350)) + "v2" + "中国人中国"
    rating, _other = rate(text=text), rate(text=text[::-1])
    for start in range(0, 348):
        assert having(text[start : start + 2]) == {rating.pk}, start
    for start in (0, 97, 98, 99, 199, 344, 346):
        assert having(text[start : start + 6]) == {rating.pk}, start
    assert having("中国人") == {rating.pk}


def test_the_words_of_a_very_long_text_are_cut_and_nothing_fails(rate):
    """Hardly two pairs of it are the same, which is the most that an index can be asked to keep."""
    draw = random.Random(7)
    text = "".join(chr(draw.randrange(0x3400, 0x9FFF)) for _ in range(200_000))
    rating = rate(text=text, question="Long?")
    assert having(text[:2]) == having(text[40_000:40_002]) == {rating.pk}
    assert having(text[-2:]) == set()
    rating_flow.explain(rating, [], "𠀀" * 300_000)
    rating_flow.explain(rating, [], "Short")
    assert having("short") == {rating.pk}


def test_after_any_writer_in_any_order_nothing_lies(rate, alice, bob, desk):
    """The thumbs, reasons, deletions, answers and people of a busy day, drawn at random."""
    draw = random.Random(7)
    ratings = [rate(draw.choice([1, -1, None]), by=draw.choice([alice, bob])) for _ in range(8)]
    ratings.append(rate(by=User.objects.create_guest()))

    def click(rating):
        answer = Message.objects.get(pk=rating.message_id)
        rating_flow.rate(answer, User.objects.get(pk=rating.user_id), draw.choice([1, -1, None]))

    def explain(rating):
        rating_flow.explain(
            Rating.objects.get(pk=rating.pk), Reason.objects.all(), f"Said {draw.random()}"
        )

    def change(rating):
        fields = draw.choice(
            [
                {"text": f"{draw.random()}"},
                {"model": "m"},
                {"prompt_version": desk},
                {"origin": draw.choice(["real", "sandbox"])},
            ]
        )
        Message.objects.filter(pk=rating.message_id).update(**fields)

    def hide(rating):
        draw.choice([Conversation.soft_delete, Conversation.restore])(rating.message.conversation)

    def known(rating):
        User.objects.filter(pk=rating.user_id).update(is_guest=draw.choice([True, False]))

    for _ in range(80):
        draw.choice([click, explain, change, hide, known])(draw.choice(ratings))
    assert lies() == []


def test_bulk_writers_are_heard_as_well(rate, alice, ask):
    answers = [ask(alice) for _ in range(3)]
    made = Rating.objects.bulk_create(
        Rating(message=answer, user=alice, value=1, evidence=evidence_of(answer))
        for answer in answers
    )
    Review.objects.bulk_create(Review(rating=one) for one in made)
    Rating.objects.update(value=-1)
    assert lies() == []
    assert having("because") == {one.pk for one in made}


def test_no_words_are_left_of_ratings_that_were_emptied_at_once(rate):
    rate(comment="Because.")
    flush = connection.ops.sql_flush(no_style(), [Rating._meta.db_table], allow_cascade=True)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for statement in flush:
            cursor.execute(statement)
        assert not Rating.objects.exists()
        cursor.execute("SELECT count(*) FROM feedback_words")
        assert cursor.fetchone() == (0,)


WORDY = """INSERT INTO feedback_words (rating_id, words) SELECT -n, (SELECT
to_tsvector('simple', string_agg('word' || m, ' ')) FROM generate_series(n, n + 99) AS m)
FROM generate_series(1, 60) AS n"""
PAGES = "SELECT count(DISTINCT (ctid::text::point)[0]) FROM feedback_words WHERE rating_id < 0"


@pytest.mark.postgres  # FTS5 has no table of its own texts
def test_words_are_kept_apart_from_their_ids(rate):
    with connection.cursor() as cursor:
        cursor.execute(WORDY)
        cursor.execute(PAGES)
        assert cursor.fetchone()[0] < 4, "60 rows with 100 words each."
        cursor.execute("SELECT rating_id FROM feedback_words WHERE words @@ 'word1'::tsquery")
        assert cursor.fetchall() == [(-1,)]
    assert having("because") == set()
    rating = rate(comment="Because.")
    assert having("because") == {rating.pk}


def test_what_migrations_took_away_is_mended(rate, transactional_db):
    rating = rate(comment="Before")
    list_index.disable_triggers(connection)
    if connection.vendor == "sqlite":
        Rating.objects.update(model="lie", comment="Meanwhile")
    list_index.repair_triggers(connection)
    rating.refresh_from_db()
    rate(comment="After")
    assert lies() == []
    assert len(having("after")) == 1
    assert having(rating.comment.lower()) == {rating.pk}
