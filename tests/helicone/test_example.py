"""The example in the package's docstring runs, word for word."""

import textwrap
import uuid
from typing import Any

import helicone
from tests.helicone.conftest import HELICONE_KEY, OPENAI_KEY
from tests.helicone.test_gateway import COMPLETION, LOGGED


def test_the_example_in_the_docstring_runs(far, settings, monkeypatch):
    monkeypatch.setattr(helicone.Settings, "from_keys", lambda *_: settings)
    rows = [
        {"request_id": LOGGED["Helicone-Id"], "scores": {"helicone-score-feedback": 1}},
    ]
    far.answers(200, COMPLETION, headers=LOGGED)
    far.answers(201, {"data": None, "error": None})
    far.answers(201, {"data": rows, "error": None})
    names: dict[str, Any] = {
        "helicone": helicone,
        "uuid": uuid,
        "openai_key": OPENAI_KEY,
        "helicone_key": HELICONE_KEY,
    }

    exec(example(), names)

    assert names["reading"].rating is helicone.Rating.POSITIVE
    assert [asked.path for asked in far.asked] == [
        "/v1/chat/completions",
        f"/v1/request/{LOGGED['Helicone-Id']}/feedback",
        "/v1/request/query-clickhouse",
    ]
    names["openai"].close()


def example():
    lines = helicone.__doc__.splitlines()
    return textwrap.dedent("\n".join(line for line in lines if line.startswith("    ")))
