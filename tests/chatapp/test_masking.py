"""Secrets in text from outside."""

import json

import pytest

from chatapp.observability.masking import masked


@pytest.fixture(autouse=True)
def secrets(settings) -> None:
    settings.OPENAI_API_KEY = "azure0123456789abcdef"
    settings.OTEL_EXPORTER_OTLP_HEADERS = "x-key=of%20the-collector"
    settings.METRICS_TOKEN = 'quote"and\\slash<&>'
    settings.EMAIL_HOST_PASSWORD = "short"
    settings.REDIS_URL = "redis://:pass%2Fword1@127.0.0.1:6379/0"
    settings.DATABASES["default"]["PASSWORD"] = "of-the-database"


@pytest.mark.parametrize("written", [str, repr, json.dumps, lambda text: repr(text.encode())])
def test_known_secrets_are_masked_however_they_are_written(settings, written):
    for secret in (settings.OPENAI_API_KEY, settings.METRICS_TOKEN, "pass/word1", "pass%2Fword1"):
        text = masked(written(f"before {secret} after"))
        assert "before [secret] after" in text


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("of-the-database", "[secret]"),
        ("of the-collector, of%20the-collector", "[secret], [secret]"),
        ("shortly, short.", "shortly, [secret]."),
        ("Authorization: Bearer abcdefgh1234, then", "Authorization: Bearer [secret], then"),
        ("basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==", "basic [secret]"),
        ("Incorrect API key provided: sk-abcd****wxyz.", "Incorrect API key provided: [secret]."),
        ("http://me:of-somebody@proxy.example:1/", "http://[secret]@proxy.example:1/"),
        ("A basic idea at http://proxy.example:80/", "A basic idea at http://proxy.example:80/"),
    ],
)
def test_what_looks_like_a_key_is_masked_and_nothing_else(text, right):
    assert masked(text) == right


def test_without_secrets_nothing_is_masked(settings):
    settings.EMAIL_HOST_PASSWORD = settings.METRICS_TOKEN = ""
    assert masked("Plain words.") == "Plain words."


def test_a_long_text_takes_linear_time(settings):
    masked("://a" * 50_000 + "bearer " * 50_000)
