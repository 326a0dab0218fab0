"""What each setting may be. A check refuses a value with the rest of the sentence "NAME …"."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit
from uuid import uuid4

from environ import Env

from helicone import InvalidValue, Settings, call_headers

Check = Callable[[str], object]
SECONDS = re.compile(r"[0-9]{1,9}(\.[0-9]+)?")
SHARE = re.compile(r"0|1|[01]\.0+|0?\.[0-9]+")
YES_OR_NO = ("true", "on", "ok", "y", "yes", "1", "false", "off", "n", "no", "0")


class Refused(ValueError):
    """Never repeats a key or an address: they may hold a secret."""


def yes_or_no(value: str) -> None:
    if value.strip().lower() not in YES_OR_NO:
        raise Refused(f"is {value!r}, and must be true or false.")


def port(value: str) -> None:
    """0 is any free port."""
    if not value.isdecimal() or int(value) > 65535:
        raise Refused(f"is {value!r}, and must be a number from 1 to 65535.")


def count(value: str) -> None:
    if not value.isdecimal() or not int(value):
        raise Refused(f"is {value!r}, and must be a whole number above 0.")


def limit(value: str) -> None:
    """0 is no limit."""
    if not value.isdecimal():
        raise Refused(f"is {value!r}, and must be a whole number, or 0 for no limit.")


def share(value: str) -> None:
    if not SHARE.fullmatch(value):
        raise Refused(f"is {value!r}, and must be a share from 0 to 1, such as 0.1.")


def one_of(*values: str) -> Check:
    def check(value: str) -> None:
        if value not in values:
            raise Refused(f"is {value!r}, and must be one of {', '.join(values)}.")

    return check


def reading_reason(value: str) -> None:
    """Also what it was before there were three."""
    if value.lower() not in YES_OR_NO:
        one_of("whole", "always", "never")(value)


def rate_limit_policy(value: str) -> None:
    _for_helicone(call_headers, request_id=str(uuid4()), rate_limit_policy=value)


def seconds(value: str) -> None:
    if not SECONDS.fullmatch(value):
        raise Refused(f"is {value!r}, and must be a number of seconds.")


def address(value: str) -> None:
    _for_helicone(Settings, openai_api_key="", api_url=value)


def openai_key(value: str) -> None:
    _for_helicone(Settings, openai_api_key=value)
    if "-helicone-" in value:
        raise Refused("holds a Helicone key: an OpenAI key starts with sk-.")


def helicone_key(value: str) -> None:
    _for_helicone(Settings, openai_api_key="", helicone_api_key=value)
    if not value.startswith(("sk-helicone-", "pk-helicone-")):
        raise Refused("is no Helicone key: one starts with sk-helicone-.")


def scheme(*schemes: str) -> Check:
    def check(value: str) -> None:
        try:
            parts = urlsplit(value)
            right = parts.scheme in schemes and parts.port != 0
        except ValueError:
            right = False
        if not right or "://" not in value:
            raise Refused(f"must be an address that starts with {schemes[0]}://.")

    return check


def _for_helicone(made: Callable[..., object], **given: str) -> None:
    try:
        made(**given)
    except InvalidValue as refused:
        raise Refused(f"is refused: {refused}") from None


def languages(value: str) -> None:
    from django.conf.locale import LANG_INFO

    for code in value.split(","):
        if "name_local" not in LANG_INFO.get(code, {}):
            raise Refused(f"names {code!r}, which is no language: en, de, es, fr and zh-hans are.")


CHECKS: dict[str, Check] = {
    "OPENAI_API_KEY": openai_key,
    "HELICONE_API_KEY": helicone_key,
    "HELICONE_GATEWAY_URL": address,
    "HELICONE_API_URL": address,
    "HELICONE_APP_URL": address,
    "DATABASE_URL": scheme("postgres", "postgresql", "psql", "pgsql", "sqlite"),
    "REDIS_URL": scheme("redis", "rediss", "unix"),
    "OIDC_SERVER_URL": scheme("https", "http"),
    "PORT": port,
    "MESSAGE_MAX_LENGTH": count,
    "MESSAGES_PER_MINUTE": limit,
    "MESSAGES_PER_DAY": limit,
    "ANSWERS_AT_ONCE": limit,
    "IMAGES_PER_MESSAGE": limit,
    "IMAGES_PER_DAY": limit,
    "IMAGE_MAX_SIZE": count,
    "IMAGE_MAX_PIXELS": count,
    "IMAGES_IN_CONTEXT": limit,
    "CONTEXT_MAX_LENGTH": count,
    "THREADS": count,
    "HELICONE_CONCURRENCY": count,
    "HELICONE_READ_BATCH": count,
    "HELICONE_RATE_LIMIT": limit,
    "HELICONE_RATE_WINDOW": seconds,
    "HELICONE_TIMEOUT": seconds,
    "HELICONE_SECOND_WRITE_SECONDS": seconds,
    "DELIVERY_LATE_SECONDS": seconds,
    "FIRST_TOKEN_SECONDS": seconds,
    "STALL_SECONDS": seconds,
    "SHUTDOWN_SECONDS": seconds,
    "HEADER_SECONDS": seconds,
    "BODY_SECONDS": seconds,
    "HELICONE_RATE_LIMIT_POLICY": rate_limit_policy,
    "HELICONE_MODERATION": yes_or_no,
    "HELICONE_PROMPT_SECURITY": yes_or_no,
    "DEBUG": yes_or_no,
    "HTTPS": yes_or_no,
    "GUESTS": yes_or_no,
    "ACCOUNT_RATE_LIMITS": yes_or_no,
    "DELIVER_IN_SERVER": yes_or_no,
    "HELICONE_SEND_REASONS": yes_or_no,
    "READING": one_of("all", "rated", "answer"),
    "READING_REASON": reading_reason,
    "HIDE_NAMES": yes_or_no,
    "SHOW_FIXES": yes_or_no,
    "REVIEW_TWICE": share,
    "LANGUAGE_CODE": languages,
    "LANGUAGES": languages,
    "EMAIL_URL": scheme(*Env.EMAIL_SCHEMES),
}
