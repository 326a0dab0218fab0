"""37 answers of Helicone's API, recorded from its own code: the sandbox gives each of them."""

import json
import re
import uuid
from pathlib import Path
from typing import Any

import pytest

from sandbox.settings import WRITE_ONLY_KEY
from tests.sandbox.caller import fresh_id
from tests.sandbox_process import SandboxProcess

RECORDED = json.loads(Path(__file__).with_name("helicone_answers.json").read_text())
KEYS = {
    "wrongkey": "sk-helicone-unknown-0000000-0000000-0000009",
    "notakey": "hello",
    "wkey-feedback": WRITE_ONLY_KEY,
    "wkey-query": WRITE_ONLY_KEY,
    "wkey-get": WRITE_ONLY_KEY,
}


def comparable(answer: str) -> Any:
    """The JSON without what differs from call to call, or the page with its spaces alike."""
    if not answer.startswith("<"):
        return json.loads(re.sub(r'"elapsedMilliseconds":\d+', '"elapsedMilliseconds":0', answer))
    return " ".join(re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "UUID", answer).split())


@pytest.mark.parametrize("case", RECORDED, ids=[case["name"] for case in RECORDED])
def test_the_sandbox_answers_as_helicone_did(sandbox: SandboxProcess, case: dict[str, Any]) -> None:
    (known,) = sandbox.add({"helicone_id": str(uuid.uuid4())})
    path = case["path"].replace("{id}", known).replace("{unknown}", fresh_id())
    key = KEYS.get(case["name"], sandbox.key)
    response = sandbox.http.request(
        case["method"],
        path,
        content=case["body"].encode(),
        headers={"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
    )
    assert response.status_code == case["status"], response.text
    assert response.headers["content-type"] == case["content_type"]
    assert comparable(response.text) == comparable(case["answer"])


def test_all_37_are_there() -> None:
    assert len(RECORDED) == 37
