"""allauth's OpenID Connect adapter, with everything that the provider sends checked."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter

from chatapp.accounts.oidc_claims import checked_claims, checked_configuration, checked_token

# What allauth and the readers of JSON and tokens stumble over: numbers of thousands of digits,
# brackets in a hundred thousand others, a number in place of an object.
STUMBLES = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


@contextmanager
def reading(what: str) -> Iterator[None]:
    """Raise OAuth2Error for an answer that can't be read. Quotes nothing of it."""
    try:
        yield
    except STUMBLES as error:
        raise OAuth2Error(f"The provider's {what} can't be read: {type(error).__name__}.") from None


class CheckedAdapter(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """Raises OAuth2Error, which ends a login with a page, for what is not as the standard says."""

    @property
    def openid_config(self) -> dict[str, Any]:
        with reading("configuration"):
            return checked_configuration(super().openid_config)

    def get_access_token_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        with reading("token"):
            return checked_token(super().get_access_token_data(*args, **kwargs))

    def _fetch_user_info(self, access_token: str) -> dict[str, Any]:
        with reading("claims"):
            return checked_claims(super()._fetch_user_info(access_token))

    def _decode_id_token(self, app: Any, id_token: str) -> dict[str, Any]:
        with reading("token"):
            return checked_claims(super()._decode_id_token(app, id_token))

    def complete_login(self, *args: Any, **kwargs: Any) -> Any:
        """Refuses claims about somebody else than the token (OpenID Connect Core, 5.3.2)."""
        login = super().complete_login(*args, **kwargs)
        subjects = {claims["sub"] for claims in login.account.extra_data.values()}
        if len(subjects) > 1:
            raise OAuth2Error("The provider's token and its claims are of two people.")
        return login
