import uuid
from typing import Any
from urllib.parse import unquote

import pytest

from helicone import InvalidValue, call_headers

ID = "0f5a3c1e-1111-4222-8333-abcdefabcdef"


def test_a_call_carries_its_id_user_session_and_properties():
    assert call_headers(
        request_id=uuid.UUID(ID),
        user="u-17",
        session_id="c-4",
        session_path="/chat",
        session_name="Weather",
        properties={"App": "rapport", "prompt_version": "3"},
    ) == {
        "Helicone-Request-Id": ID,
        "Helicone-User-Id": "u-17",
        "Helicone-Session-Id": "c-4",
        "Helicone-Session-Path": "/chat",
        "Helicone-Session-Name": "Weather",
        "Helicone-Property-app": "rapport",
        "Helicone-Property-prompt_version": "3",
    }


def test_the_gateways_options_have_their_headers():
    headers = call_headers(
        request_id=ID,
        cache_seconds=60,
        retries=3,
        rate_limit_policy="1000;w=3600;u=cents;s=user",
        moderate=True,
        detect_threats=True,
        omit_request=True,
        omit_response=True,
    )

    assert headers == {
        "Helicone-Request-Id": ID,
        "Helicone-Cache-Enabled": "true",
        "Cache-Control": "max-age=60",
        "Helicone-Retry-Enabled": "true",
        "Helicone-Retry-Num": "3",
        "Helicone-RateLimit-Policy": "1000;w=3600;u=cents;s=user",
        "Helicone-Moderations-Enabled": "true",
        "Helicone-LLM-Security-Enabled": "true",
        "Helicone-Omit-Request": "true",
        "Helicone-Omit-Response": "true",
    }


def test_an_id_in_upper_case_is_sent_in_lower_case():
    assert call_headers(request_id=ID.upper()) == {"Helicone-Request-Id": ID}


@pytest.mark.parametrize("version", "12345")
def test_uuids_of_version_one_to_five_are_taken(version):
    request_id = f"0f5a3c1e-1111-{version}222-8333-abcdefabcdef"

    assert call_headers(request_id=request_id)["Helicone-Request-Id"] == request_id


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "abc",
        None,
        7,
        ID.replace("-", ""),
        f"{{{ID}}}",
        f"urn:uuid:{ID}",
        f"{ID}\n",
        f" {ID}",
        "018f3c1e-1111-7222-8333-abcdefabcdef",  # version 7
        "00000000-0000-0000-0000-000000000000",
        "0f5a3c1e-1111-4222-c333-abcdefabcdef",  # another variant
        uuid.UUID(int=0),
        "x" * 1000,
    ],
)
def test_any_other_id_is_refused(bad):
    with pytest.raises(InvalidValue, match="is no request id") as refused:
        call_headers(request_id=bad)

    assert len(str(refused.value)) < 200


@pytest.mark.parametrize("text", ["Müller", "天气", "🌧️ rain", "naïve 50%"])
def test_text_beyond_ascii_is_percent_encoded_and_comes_back(text):
    sent = call_headers(request_id=ID, session_name=text)["Helicone-Session-Name"]

    assert sent.isascii()
    assert unquote(sent) == text


def test_ascii_stays_as_it_is_but_for_blanks_at_the_ends():
    sent = call_headers(request_id=ID, session_name='  100% #1: a & b ~ "c"  ')

    assert sent["Helicone-Session-Name"] == '100% #1: a & b ~ "c"'


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "   ",
        "a\r\nAuthorization: x",
        "a\nb",
        "a\x00",
        "a\x7f",
        "a\x85",
        "\ud800",
        "x" * 4097,
        7,
    ],
)
@pytest.mark.parametrize("name", ["user", "session_id", "session_path", "session_name", "property"])
def test_a_value_no_header_can_hold_is_refused(name, bad):
    given: dict[str, Any] = {"properties": {"app": bad}} if name == "property" else {name: bad}

    with pytest.raises(InvalidValue, match=r"^The .*\.$"):
        call_headers(request_id=ID, **given)


@pytest.mark.parametrize(
    "bad", ["", "a b", "a:b", "a\r\nb", "é", "-a", "x" * 101, "Helicone-Session-Id", 7]
)
def test_a_name_that_is_none_for_a_property_is_refused(bad):
    with pytest.raises(InvalidValue, match="is no property name"):
        call_headers(request_id=ID, properties={bad: "1"})


def test_two_names_the_gateway_would_merge_are_refused():
    with pytest.raises(InvalidValue, match="letter case"):
        call_headers(request_id=ID, properties={"App": "1", "app": "2"})


@pytest.mark.parametrize(
    "given",
    [
        {"cache_seconds": 0},
        {"cache_seconds": True},
        {"cache_seconds": 1.5},
        {"cache_seconds": 10**9},
        {"retries": 0},
        {"retries": 11},
    ],
)
def test_a_number_out_of_bounds_is_refused(given):
    with pytest.raises(InvalidValue, match="whole number from 1 to"):
        call_headers(request_id=ID, **given)


@pytest.mark.parametrize("bad", ["", "1000", "1000;w=60\r\nx: y", "1;w=1;u=dollars", "1;w=1;s="])
def test_a_policy_helicone_would_not_read_is_refused(bad):
    with pytest.raises(InvalidValue, match="rate-limit policy"):
        call_headers(request_id=ID, rate_limit_policy=bad)
