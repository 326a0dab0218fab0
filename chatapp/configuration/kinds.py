"""The kinds of settings: what each value may be, and how it is read."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit
from uuid import uuid4

from environ import Env

from chatapp.configuration.setting import Kind, Unusable
from helicone import InvalidValue, Settings, call_headers

TRUE = Env.BOOLEAN_TRUE_STRINGS
FALSE = ("false", "off", "n", "no", "0")
DECIMAL = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")
SHARE = re.compile(r"0|1|[01]\.0+|0?\.[0-9]{1,9}")
HOST = re.compile(r"\*|\.?[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?\.?|\[[0-9a-fA-F:.]+\]")
ORIGIN = re.compile(r"https?://[A-Za-z0-9_.*-]+(:[0-9]{1,5})?|https?://\[[0-9a-fA-F:]+\](:[0-9]+)?")
SENDER = re.compile(r"[^\r\n@]*[^\s@]@[^\s@]+")
HEADER = re.compile(r"[A-Za-z0-9_.-]+ *=[!-~]+( [!-~]+)*")
HARMLESS = re.compile(r"[\w .,:+/-]{0,40}")


def wanted(value: str, what: str) -> Unusable:
    """The sentence with the value, unless it looks like a key or an address with a password."""
    harmless = HARMLESS.fullmatch(value) and "k-" not in value
    return Unusable(f"is {value!r}, and must be {what}." if harmless else f"must be {what}.")


def _boolean(value: str) -> str:
    text = value.strip().lower()
    if text not in (*TRUE, *FALSE):
        raise wanted(value, "true or false")
    return text


def whole(low: int, high: int, what: str = "") -> Kind:
    def check(value: str) -> str:
        text = value.strip()
        digits = text.isascii() and text.isdecimal() and len(text) <= 12
        if not digits or not low <= int(text) <= high:
            raise wanted(value, what or f"a whole number from {low} to {high:,}")
        return text

    return Kind("int", check)


def seconds(*, zero: bool) -> Kind:
    def check(value: str) -> str:
        text = value.strip()
        if not DECIMAL.fullmatch(text) or not (zero or float(text)):
            raise wanted(value, "a number of seconds" if zero else "a number of seconds above 0")
        return text

    return Kind("float", check)


def _share(value: str) -> str:
    if not SHARE.fullmatch(value.strip()):
        raise wanted(value, "a share from 0 to 1, such as 0.1")
    return value.strip()


def choice(*values: str, also: Callable[[str], str] = str) -> Kind:
    """One of the values, in capitals or not; `also` translates what was written before."""

    def check(value: str) -> str:
        text = also(value.strip().lower())
        for one in values:
            if text == one.lower():
                return one
        raise wanted(value, f"one of {', '.join(values)}")

    return Kind("str", check)


def always_or_never(text: str) -> str:
    """What STAFF_ACCESS_REASON was while there were only true and false."""
    return "always" if text in TRUE else "never" if text in FALSE else text


def url(*schemes: str) -> Kind:
    """An address; it may hold a password, so it isn't quoted."""

    def check(value: str) -> str:
        try:
            parts = urlsplit(value)
            right = parts.scheme in schemes and parts.port != 0
        except ValueError:
            right = False
        if not right or "://" not in value:
            raise Unusable(f"must be an address that starts with {schemes[0]}://.")
        return value

    return Kind("str", check)


def _database(value: str) -> str:
    url("postgres", "postgresql", "psql", "pgsql", "sqlite").check(value)
    parts = urlsplit(value)
    # Without a path, or with it in the host's place, the database would be in memory, and lost.
    if parts.scheme == "sqlite" and (parts.netloc or len(parts.path) < 2):
        raise Unusable("must name a file for SQLite, as in sqlite:////absolute/path.sqlite3.")
    return value


def _redis(value: str) -> str:
    url("redis", "rediss", "unix").check(value)
    from redis import ConnectionPool  # not loaded where there is none

    try:
        ConnectionPool.from_url(value).make_connection()
    except Exception:  # of redis-py, Python and its parser; it connects to nothing
        sentence = "must be an address such as redis://HOST:6379/0, with no options but redis-py's."
        raise Unusable(sentence) from None
    return value


def _helicone_address(value: str) -> str:
    _ask_helicone(Settings, openai_api_key="", api_url=value)
    return value


def _provider_address(value: str) -> str:
    _ask_helicone(Settings, openai_api_key="", target_url=value)
    return value


def _azure_address(value: str) -> str:
    """Base URL of the resource's OpenAI-compatible API, of which the path may be left out."""
    _provider_address(value)
    return f"{value.rstrip('/').removesuffix('/openai/v1')}/openai/v1"


def _openai_key(value: str) -> str:
    _ask_helicone(Settings, openai_api_key=value)
    if "-helicone-" in value:
        raise Unusable("holds a Helicone key: an OpenAI key starts with sk-.")
    return value


def _helicone_key(value: str) -> str:
    _ask_helicone(Settings, openai_api_key="", helicone_api_key=value)
    if not value.startswith(("sk-helicone-", "pk-helicone-")):
        raise Unusable("is no Helicone key: one starts with sk-helicone-.")
    return value


def _rate_limit_policy(value: str) -> str:
    _ask_helicone(call_headers, request_id=str(uuid4()), rate_limit_policy=value)
    return value


def _ask_helicone(make: Callable[..., object], **arguments: str) -> None:
    try:
        make(**arguments)
    except InvalidValue as error:
        raise Unusable(f"is refused: {error}") from None


def _secret_key(value: str) -> str:
    if len(value) < 32 or len(set(value)) < 5:
        raise Unusable("must have at least 32 characters, 5 of them different.")
    return value


def _items(value: str) -> list[str]:
    return [item.strip() for item in value.split(",") if item.strip()]


def _hosts(value: str) -> str:
    items = _items(value)
    for item in items or [value]:
        if not HOST.fullmatch(item):
            example = "host names such as rapport.example, without https://, port or path"
            raise wanted(value, f"{example}, with commas between them")
    return ",".join(items)


def _origins(value: str) -> str:
    items = _items(value)
    for item in items or [value]:
        if not ORIGIN.fullmatch(item):
            raise wanted(value, "origins such as https://rapport.example, with commas between them")
    return ",".join(items)


def _site_address(value: str) -> str:
    origin = value.strip().rstrip("/")
    if not ORIGIN.fullmatch(origin) or "*" in origin:
        raise wanted(value, "an address such as https://rapport.example, without a path")
    return origin


def _is_language(code: str) -> bool:
    from django.conf.locale import LANG_INFO  # not loaded where no language is set

    return "name_local" in LANG_INFO.get(code, {})


def _language(value: str) -> str:
    if not _is_language(value.strip()):
        raise wanted(value, "a language that Django knows, such as en, de, es, fr or zh-hans")
    return value.strip()


def _languages(value: str) -> str:
    items = _items(value)
    if not items or not all(map(_is_language, items)):
        raise wanted(value, "languages that Django knows, as in en,de,es,fr,zh-hans")
    return ",".join(items)


def _headers(value: str) -> str:
    items = _items(value)
    if not items or not all(map(HEADER.fullmatch, items)):
        raise Unusable("must be headers such as name=value, with commas between them.")
    return ",".join(items)


def _sender(value: str) -> str:
    if not SENDER.fullmatch(value):
        raise wanted(value, "an email address")
    return value


TEXT = Kind("str", str)
BOOLEAN = Kind("bool", _boolean)
PORT = whole(0, 65535, "a number from 1 to 65535")  # 0 is any free port
COUNT = whole(1, 999_999_999, "a whole number above 0")
LIMIT = whole(0, 999_999_999, "a whole number, or 0 for no limit")
SIZE = whole(0, 999_999_999, "a whole number, 0 or above")
SECONDS = seconds(zero=False)
SECONDS_OR_NONE = seconds(zero=True)
SHARE_OF_ONE = Kind("float", _share)
OPENAI_KEY = Kind("str", _openai_key)
HELICONE_KEY = Kind("str", _helicone_key)
HELICONE_ADDRESS = Kind("str", _helicone_address)
PROVIDER_ADDRESS = Kind("str", _provider_address)
AZURE_ADDRESS = Kind("str", _azure_address)
RATE_LIMIT_POLICY = Kind("str", _rate_limit_policy)
SECRET_KEY = Kind("str", _secret_key)
DATABASE = Kind("str", _database)
REDIS = Kind("str", _redis)
WEB_ADDRESS = url("https", "http")
SITE_ADDRESS = Kind("str", _site_address)
MAIL_SERVER = url(*Env.EMAIL_SCHEMES)
HOSTS = Kind("list", _hosts)
ORIGINS = Kind("list", _origins)
LANGUAGE = Kind("str", _language)
LANGUAGES = Kind("list", _languages)
HEADERS = Kind("str", _headers)
SENDER_ADDRESS = Kind("str", _sender)
