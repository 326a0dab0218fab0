"""Helicone's API as its users call it, by plain HTTP."""

import uuid
from typing import Any

import httpx2

from tests.sandbox_process import SandboxProcess

UNRATED = object()


class Caller:
    def __init__(self, sandbox: SandboxProcess) -> None:
        self.sandbox, self.http = sandbox, sandbox.http
        self.authorization = {"Authorization": f"Bearer {sandbox.key}"}

    def chat(self, said: str = "hello", model: str = "echo", **headers: str) -> httpx2.Response:
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        headers = {"Helicone-Auth": f"Bearer {self.sandbox.key}"} | headers
        body = {"model": model, "messages": [{"role": "user", "content": said}]}
        return self.http.post("/v1/chat/completions", json=body, headers=headers)

    def rate(self, helicone_id: str, rating: Any, **options: Any) -> httpx2.Response:
        options.setdefault("headers", self.authorization)
        body = {"rating": rating}
        return self.http.post(f"/v1/request/{helicone_id}/feedback", json=body, **options)

    def score(self, helicone_id: str, **scores: Any) -> httpx2.Response:
        named = {name.replace("_", "-"): value for name, value in scores.items()}
        address = f"/v1/request/{helicone_id}/score"
        return self.http.post(address, json={"scores": named}, headers=self.authorization)

    def put(self, helicone_id: str, key: Any, value: Any) -> httpx2.Response:
        address = f"/v1/request/{helicone_id}/property"
        return self.http.put(address, json={"key": key, "value": value}, headers=self.authorization)

    def query(self, tree: Any, **options: Any) -> list[dict[str, Any]]:
        headers = options.pop("headers", self.authorization)
        body = {"filter": tree, "limit": 1000} | options
        response = self.http.post("/v1/request/query-clickhouse", json=body, headers=headers)
        assert response.status_code == 201, response.text
        rows: list[dict[str, Any]] = response.json()["data"]
        return rows

    def read(self, helicone_id: str) -> Any:
        """The rating as read back: 1, 0, -1, UNRATED, or None for an unknown request."""
        rows = self.query(by_id(helicone_id))
        return rows[0]["scores"].get("helicone-score-feedback", UNRATED) if rows else None


def by_id(helicone_id: str) -> dict[str, Any]:
    return {"request_response_rmt": {"request_id": {"equals": helicone_id}}}


def chain(leaves: list[Any]) -> Any:
    """F or (F or (F or …)): what Helicone can't take."""
    tree = leaves[0]
    for leaf in leaves[1:]:
        tree = {"left": leaf, "operator": "or", "right": tree}
    return tree


def balanced(leaves: list[Any]) -> Any:
    if len(leaves) == 1:
        return leaves[0]
    half = len(leaves) // 2
    return {"left": balanced(leaves[:half]), "operator": "or", "right": balanced(leaves[half:])}


def fresh_id() -> str:
    return str(uuid.uuid4())
