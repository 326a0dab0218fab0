import uuid
from typing import Any

import httpx2
import openai
import pytest

import helicone
from helicone import InvalidValue, Settings, async_client, call_headers, client, helicone_id
from tests.helicone.conftest import HELICONE_KEY, OPENAI_KEY

ID = uuid.UUID("0f5a3c1e-1111-4222-8333-abcdefabcdef")
LOGGED = {"Helicone-Id": str(ID)}
COMPLETION = {
    "id": "chatcmpl-1",
    "object": "chat.completion",
    "created": 1,
    "model": "gpt-4o-mini",
    "choices": [
        {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "Hi"}}
    ],
}
CHUNK = (
    b'data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m",'
    b'"choices":[{"index":0,"delta":{"content":"Hi"}}]}\n\ndata: [DONE]\n\n'
)
STREAM = {"Content-Type": "text/event-stream", **LOGGED}
ASK: dict[str, Any] = {"model": "gpt-4o-mini", "messages": [{"role": "user", "content": "Hello"}]}


def test_a_call_goes_through_the_gateway_with_both_keys(far, settings):
    far.answers(200, COMPLETION, headers=LOGGED)

    with client(settings) as through:
        raw = through.chat.completions.with_raw_response.create(
            **ASK, extra_headers=call_headers(request_id=ID, user="Zoë")
        )

    [asked] = far.asked
    assert (asked.method, asked.path) == ("POST", "/v1/chat/completions")
    assert asked.headers["authorization"] == f"Bearer {OPENAI_KEY}"
    assert asked.headers["helicone-auth"] == f"Bearer {HELICONE_KEY}"
    assert asked.headers["helicone-request-id"] == str(ID)
    assert asked.headers["helicone-user-id"] == "Zo%C3%AB"
    assert helicone_id(raw) == ID
    assert raw.parse().choices[0].message.content == "Hi"


def test_without_a_helicone_key_there_is_no_helicone_auth(far):
    far.answers(200, COMPLETION)

    with client(Settings(OPENAI_KEY, gateway_url=far.url)) as through:
        through.chat.completions.create(**ASK)

    assert "helicone-auth" not in far.asked[0].headers


def test_a_target_is_named_and_the_callers_own_headers_are_kept(far):
    far.answers(200, COMPLETION)
    settings = Settings(
        OPENAI_KEY, HELICONE_KEY, gateway_url=far.url, target_url="https://api.example.org"
    )

    with client(settings, default_headers={"X-Own": "1"}, max_retries=0) as through:
        through.chat.completions.create(**ASK)
        assert through.max_retries == 0

    assert far.asked[0].headers["helicone-target-url"] == "https://api.example.org"
    assert far.asked[0].headers["x-own"] == "1"


def test_a_provider_is_reached_by_its_own_path_at_the_gateway(far):
    far.answers(200, COMPLETION)
    settings = Settings(OPENAI_KEY, HELICONE_KEY, gateway_url=far.url.removesuffix("/v1"))

    with client(settings.to_provider("https://api.example.org/openai/v1")) as through:
        through.chat.completions.create(**ASK)

    [asked] = far.asked
    assert asked.path.endswith("/openai/v1/chat/completions")
    assert asked.headers["helicone-target-url"] == "https://api.example.org"


def test_azures_key_goes_in_a_header_of_its_own_too(far):
    far.answers(200, COMPLETION)
    settings = Settings(OPENAI_KEY, HELICONE_KEY, gateway_url=far.url, key_header="api-key")

    with client(settings) as through:
        through.chat.completions.create(**ASK)

    [asked] = far.asked
    assert asked.headers["api-key"] == OPENAI_KEY
    assert asked.headers["authorization"] == f"Bearer {OPENAI_KEY}"
    assert asked.headers["helicone-auth"] == f"Bearer {HELICONE_KEY}"


async def test_the_ai_gateway_is_told_the_helicone_key_once(far):
    far.answers(200, COMPLETION)

    async with async_client(Settings(HELICONE_KEY, HELICONE_KEY, gateway_url=far.url)) as through:
        await through.chat.completions.create(**ASK)

    [asked] = far.asked
    assert asked.headers["authorization"] == f"Bearer {HELICONE_KEY}"
    assert "helicone-auth" not in asked.headers


def test_no_client_is_made_without_an_openai_key():
    with pytest.raises(InvalidValue, match="no OpenAI key"):
        client(Settings("", HELICONE_KEY))


def test_the_id_of_a_stream_is_there_before_its_first_chunk(far, settings):
    far.answers(200, CHUNK, headers=STREAM)

    with client(settings) as through, through.chat.completions.create(**ASK, stream=True) as stream:
        assert helicone_id(stream) == ID
        assert [chunk.choices[0].delta.content for chunk in stream] == ["Hi"]


async def test_an_asynchronous_stream_runs_on_aiohttp_and_has_its_id(far, settings):
    far.answers(200, CHUNK, headers=STREAM)

    async with async_client(settings) as through:
        assert isinstance(through._client, openai.DefaultAioHttpClient)
        async with await through.chat.completions.create(**ASK, stream=True) as stream:
            assert helicone_id(stream) == ID
            assert [chunk.choices[0].delta.content async for chunk in stream] == ["Hi"]

    assert far.asked[0].headers["helicone-auth"] == f"Bearer {HELICONE_KEY}"


async def test_a_raw_streaming_response_has_its_id(far, settings):
    far.answers(200, CHUNK, headers=STREAM)

    async with (
        async_client(settings) as through,
        through.chat.completions.with_streaming_response.create(**ASK, stream=True) as response,
    ):
        assert helicone_id(response) == ID
        assert b"".join([part async for part in response.iter_bytes()]) == CHUNK


async def test_the_asynchronous_clients_timeout_holds_on_aiohttp(far, settings):
    far.answers(stall=True)

    async with async_client(settings, timeout=0.2, max_retries=0) as through:
        with pytest.raises(openai.APITimeoutError) as failed:
            await through.chat.completions.create(**ASK)

    assert helicone_id(failed.value) is None


async def test_without_aiohttp_openais_own_transport_serves(far, settings, monkeypatch):
    monkeypatch.setattr(helicone.gateway, "find_spec", lambda _: None)
    far.answers(200, COMPLETION)

    async with async_client(settings) as through:
        assert type(through._client) is not openai.DefaultAioHttpClient
        await through.chat.completions.create(**ASK)


async def test_a_transport_handed_in_is_used(far, settings):
    far.answers(200, COMPLETION)

    async with httpx2.AsyncClient() as own, async_client(settings, http_client=own) as through:
        assert through._client is own
        await through.chat.completions.create(**ASK)


def test_a_refused_call_has_its_id_too(far, settings):
    far.answers(401, {"error": {"message": "Incorrect API key"}}, headers=LOGGED)

    with client(settings) as through, pytest.raises(openai.AuthenticationError) as failed:
        through.chat.completions.create(**ASK)

    assert helicone_id(failed.value) == ID


def test_openais_retries_send_one_id(far, settings):
    far.answers(500, headers={"Retry-After-Ms": "1"})
    far.answers(200, COMPLETION)

    with client(settings) as through:
        through.chat.completions.create(**ASK, extra_headers=call_headers(request_id=ID))

    assert [a.headers["helicone-request-id"] for a in far.asked] == [str(ID)] * 2


@pytest.mark.parametrize(
    "source",
    [
        None,
        {},
        {"Helicone-Id": ""},
        {"Helicone-Id": "nonsense"},
        {"Helicone-Id": f"{ID}, {ID}"},
        {"Helicone-Id": str(uuid.UUID(int=0))},
        ValueError("no response here"),
        object(),
    ],
)
def test_where_there_is_no_usable_id_there_is_none(source):
    assert helicone_id(source) is None


@pytest.mark.parametrize("name", ["Helicone-Id", "helicone-id", "HELICONE-ID"])
def test_the_id_is_found_in_plain_headers_in_any_case(name):
    assert helicone_id({"X-Other": "1", name: str(ID).upper()}) == ID
    assert helicone_id(httpx2.Headers({name: str(ID)})) == ID


def test_a_request_has_its_page_in_helicones_web_ui(settings):
    page = f"https://us.helicone.example/requests?requestId={ID}"

    assert helicone.request_page(settings, str(ID).upper()) == page
    with pytest.raises(InvalidValue):
        helicone.request_page(settings, "&evil=1")
