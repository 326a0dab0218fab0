"""What an OpenID Connect provider says, each value checked before anything believes it."""

from typing import Any

from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from chatapp.text.validators import is_plain_text

MAX_SUBJECT_LENGTH = 191  # of the column in allauth's table
MAX_NAME_LENGTH = 150
NAMES = ("preferred_username", "name", "given_name", "family_name")
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "issuer", "jwks_uri", "userinfo_endpoint")


def checked_claims(data: object) -> dict[str, Any]:
    """The claims that the site uses; of these, what is unfit is left out.

    `email_verified` is true only for true or the string "true". Raises OAuth2Error where there is
    no usable subject, the one claim that a login can't do without.
    """
    data = checked_object(data, "claims")
    claims: dict[str, Any] = {"sub": checked_subject(data.get("sub"))}
    if is_email(email := data.get("email")):
        claims["email"] = email
        verified = data.get("email_verified")
        claims["email_verified"] = verified is True or verified == "true"
    for name in NAMES:
        value = data.get(name)
        if isinstance(value, str) and is_plain_text(value):
            claims[name] = value[:MAX_NAME_LENGTH]
    return claims


def checked_configuration(data: object) -> dict[str, Any]:
    """The provider's discovery document, if it names every endpoint; or else OAuth2Error."""
    data = checked_object(data, "configuration")
    for name in ENDPOINTS:
        if not isinstance(data.get(name), str):
            raise OAuth2Error(f"The provider's configuration has no {name}.")
    methods = data.get("token_endpoint_auth_methods_supported", [])
    if not isinstance(methods, list):
        raise OAuth2Error("The provider's token_endpoint_auth_methods_supported is no list.")
    return data


def checked_token(data: object) -> dict[str, Any]:
    """The provider's answer to a code: the tokens, as strings, or OAuth2Error."""
    data = checked_object(data, "token")
    if not isinstance(data.get("access_token"), str):
        raise OAuth2Error("The provider's access_token is no string.")
    tokens = {name: data.get(name) for name in ("access_token", "id_token")}
    return {name: value for name, value in tokens.items() if isinstance(value, str)}


def checked_object(data: object, what: str) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise OAuth2Error(f"The provider's {what} is no JSON object.")
    return data


def checked_subject(subject: object) -> str:
    """A subject of plain text; a whole number, which some providers send, as its digits."""
    if isinstance(subject, int) and not isinstance(subject, bool):
        subject = str(subject)
    if not isinstance(subject, str) or not is_plain_text(subject):
        raise OAuth2Error("The provider's claims have no subject.")
    if not 0 < len(subject) <= MAX_SUBJECT_LENGTH:
        raise OAuth2Error("The provider's subject is empty or too long.")
    return subject


def is_email(email: object) -> bool:
    if not isinstance(email, str):
        return False
    try:
        validate_email(email)
    except ValidationError:
        return False
    return True
