"""`make storm`, in small: every answer complete or labelled, no prompt lost, no character wrong."""

import pytest

from bench.storm.audit import Count, count_twice, shown_problem, text_problem
from bench.storm.run import Storm


def check(storm: Storm) -> Count:
    count = storm.run()
    assert count.is_good, "\n".join([str(count), *count.findings])
    assert not storm.complaints
    assert storm.happened and storm.notes.happened
    assert count.answers >= storm.conversations
    return count


SENT = {"helicone_id": "1", "session": {"id": "c"}, "sent_text": "All of it.", "complete": True}
ROW = {"helicone_id": "1", "conversation_id": "c", "error": "", "status": "complete"}


@pytest.mark.parametrize(
    ("status", "text", "is_right"),
    [
        ("complete", "All of it.", True),
        ("complete", "All of it", False),
        ("complete", "All of  it.", False),
        ("interrupted", "All of", True),
        ("interrupted", "", True),
        ("stopped", "All off", False),
    ],
)
def test_the_count_finds_a_wrong_character(status, text, is_right):
    row = ROW | {"status": status, "text": text}
    assert (text_problem(row, SENT) == "") == is_right


def test_the_count_finds_what_came_from_nowhere_and_what_was_shown_wrong():
    assert text_problem(ROW | {"text": "Words"}, None)
    assert not shown_problem("All of", ROW, [SENT])
    assert shown_problem("All All of", ROW, [SENT])
    assert shown_problem("of it.", ROW, [SENT])


def test_the_count_finds_what_was_stored_twice():
    asked = ["Question 1 of 7-3: why?", "Question 2 of 7-3: why?", "Question 2 of 7-4: why?"]
    right, wrong = Count(answers=3), Count(answers=3)
    count_twice(right, [{"text": text} for text in [*asked, asked[0]]])
    count_twice(wrong, [{"text": text} for text in [*asked, asked[1]]])
    assert (right.is_good, wrong.is_good) == (True, False)
    assert wrong.findings == ["asked once, stored 2 times: Question 2 of 7-3: why?"]


@pytest.mark.timeout(180)
def test_a_small_storm_on_sqlite():
    assert " unlabelled=0 prompts_lost=0 wrong=0 twice=0" in str(
        check(Storm(seed="small", conversations=16, seconds=12))
    )


@pytest.mark.postgres
@pytest.mark.redis
@pytest.mark.timeout(180)
def test_a_small_storm_over_two_servers():
    check(Storm(seed="small", conversations=16, seconds=12, servers=2))
