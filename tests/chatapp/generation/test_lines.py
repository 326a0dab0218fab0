"""Lines of a body, whose splitting takes time in proportion to its bytes."""

import time

from chatapp.generation.lines import LineSplitter

LINE = b"data: " + b"x" * 4_000_000
SECONDS = 10  # of CPU; takes a fraction of one, and minutes if each chunk copied what came before


def test_a_long_line_in_small_chunks_takes_time_in_proportion() -> None:
    splitter = LineSplitter(5_000_000)
    began = time.process_time()
    for start in range(0, len(LINE), 40):
        assert splitter.feed(LINE[start : start + 40]) == []
    assert splitter.feed(b"\nrest") == [LINE]
    assert splitter.finish() == [b"rest"]
    assert time.process_time() - began < SECONDS


def test_lines_before_one_that_is_too_long_count() -> None:
    splitter = LineSplitter(5)
    assert splitter.feed(b"12345\n123456\n1\n") == [b"12345"]
    assert splitter.is_too_long
