"""The Helicone client against the sandbox: the two rooms must read the contract alike."""

import datetime

import helicone
from helicone import Rating
from tests.sandbox_process import SandboxProcess


def api(sandbox: SandboxProcess) -> helicone.Api:
    return helicone.Api(
        helicone.Settings(
            openai_api_key="sk-x", helicone_api_key=sandbox.key, api_url=sandbox.api_url
        )
    )


def test_what_is_rated_is_read_back(sandbox: SandboxProcess) -> None:
    up, down, unrated = sandbox.add({}, {}, {})
    with api(sandbox) as client:
        client.rate(up, Rating.POSITIVE)
        client.rate(down, Rating.NEGATIVE)
        client.set_property(down, "why", "ünclear")
        readings = {str(key): value for key, value in client.read([up, down, unrated]).items()}
    assert [readings[key].rating for key in (up, down, unrated)] == [
        Rating.POSITIVE,
        Rating.NEGATIVE,
        None,
    ]
    assert readings[down].properties["why"] == "ünclear"


def test_a_window_is_read_by_user_session_and_property(sandbox: SandboxProcess) -> None:
    for user in ("u1", "u2"):
        sandbox.http.post(
            "/v1/chat/completions",
            json={"model": "echo", "messages": [{"role": "user", "content": "hi"}]},
            headers={
                "Helicone-Auth": f"Bearer {sandbox.key}",
                "Helicone-User-Id": user,
                "Helicone-Session-Id": f"session of {user}",
                "Helicone-Property-App": f"app of {user}",
            },
        )
    now = datetime.datetime.now(datetime.UTC)
    hour = datetime.timedelta(hours=1)
    with api(sandbox) as client:
        found = [
            [row.user for row in client.read_window(now - hour, now + hour, **options)]
            for options in (
                {},
                {"user": "u2"},
                {"session": "session of u2"},
                {"properties": {"app": "app of u2"}},
            )
        ]
    assert found == [["u1", "u2"], ["u2"], ["u2"], ["u2"]]
