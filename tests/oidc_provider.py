"""A small OpenID Connect provider, as a process: discovery, codes with PKCE, signed tokens.

Somebody is signed in there, or nobody is; `signed_in` says who, in the claims that it gives of them.
"""

import asyncio
import base64
import hashlib
import secrets
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qsl, urlencode

import httpx2
import jwt
import uvicorn
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

CLIENT_ID, CLIENT_SECRET = "rapport", "between-us"
_ROOT = Path(__file__).resolve().parent.parent


async def endless() -> AsyncIterator[bytes]:
    while True:
        yield b" " * 100_000
        await asyncio.sleep(0)  # so that it is noticed when the reader has left


class Provider:
    def __init__(self) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.person: dict[str, Any] = {}
        self.codes: dict[str, dict[str, Any]] = {}
        self.tokens: dict[str, dict[str, Any]] = {}

    async def discovery(self, request: Request) -> Response:
        here = str(request.base_url).rstrip("/")
        if raw := self.raw("configuration"):
            return raw
        if "configuration" in self.person:
            return JSONResponse(self.person["configuration"])
        places = {
            "issuer": here,
            "authorization_endpoint": f"{here}/authorize",
            "token_endpoint": f"{here}/token",
            "userinfo_endpoint": f"{here}/userinfo",
            "jwks_uri": f"{here}/jwks",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }
        return JSONResponse(places)

    def raw(self, name: str) -> Response | None:
        """An answer of exactly these bytes, if one was ordered; without an end if it says so."""
        text = self.person.get("raw", {}).get(name)
        if text is None:
            return None
        if text == "endless":
            return StreamingResponse(endless(), media_type="application/json")
        return Response(text, media_type="application/json")

    async def authorize(self, request: Request) -> Response:
        asked = dict(request.query_params)
        right = asked.get("response_type") == "code" and asked.get("client_id") == CLIENT_ID
        if not right or "openid" not in asked.get("scope", "").split():
            return JSONResponse({"error": "invalid_request"}, 400)
        if asked.get("code_challenge_method") != "S256":
            return JSONResponse({"error": "invalid_request", "error_description": "PKCE"}, 400)
        answer = {"state": asked["state"]}
        if self.person:
            answer["code"] = secrets.token_urlsafe()
            self.codes[answer["code"]] = asked | {"person": self.person}
        else:
            answer["error"] = "access_denied"
        return RedirectResponse(f"{asked['redirect_uri']}?{urlencode(answer)}")

    async def token(self, request: Request) -> Response:
        given = dict(parse_qsl((await request.body()).decode()))
        if raw := self.raw("token"):
            return raw
        asked = self.codes.pop(given.get("code", ""), None)
        secret = (given.get("client_id"), given.get("client_secret"))
        digest = hashlib.sha256(given.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if (
            asked is None
            or secret != (CLIENT_ID, CLIENT_SECRET)
            or given.get("redirect_uri") != asked["redirect_uri"]
            or challenge != asked["code_challenge"]
        ):
            return JSONResponse({"error": "invalid_grant"}, 400)
        access = secrets.token_urlsafe()
        self.tokens[access] = asked["person"]
        now = int(time.time())
        claims = {
            "iss": str(request.base_url).rstrip("/"),
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 300,
            **{
                name: value
                for name, value in asked["person"].items()
                if name not in ("userinfo", "raw")
            },
        }
        token = jwt.encode(claims, self.key, "RS256", {"kid": "one"})
        return JSONResponse({"access_token": access, "token_type": "Bearer", "id_token": token})

    async def userinfo(self, request: Request) -> Response:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        person = self.tokens.get(token)
        if not person:
            return JSONResponse({}, 401)
        if raw := self.raw("userinfo"):
            return raw
        return JSONResponse(person.get("userinfo", person))

    async def jwks(self, request: Request) -> Response:
        key = RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        return JSONResponse({"keys": [key | {"kid": "one", "alg": "RS256", "use": "sig"}]})

    async def sign_in(self, request: Request) -> Response:
        self.person = await request.json()
        return JSONResponse({})


class OidcProvider:
    """`python -m tests.oidc_provider` on a free port, ended with its block."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.oidc_provider"],
            cwd=_ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout
        self.url = self.process.stdout.readline().strip()
        assert self.url.startswith("http://127.0.0.1:"), "The provider did not start."

    @property
    def settings(self) -> dict[str, str]:
        return {
            "OIDC_SERVER_URL": self.url,
            "OIDC_CLIENT_ID": CLIENT_ID,
            "OIDC_CLIENT_SECRET": CLIENT_SECRET,
            "OIDC_NAME": "House of Keys",
        }

    def signed_in(self, **claims: Any) -> None:
        """Who is signed in there from now on; without claims, nobody.

        `userinfo` and `configuration` are sent as they are, in place of what would be right; `raw`
        has texts of "configuration", "token" and "userinfo" that may be no JSON, or "endless".
        """
        httpx2.post(f"{self.url}/sign-in", json=claims, trust_env=False).raise_for_status()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()


class Server(uvicorn.Server):
    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        port = self.servers[0].sockets[0].getsockname()[1]
        print(f"http://127.0.0.1:{port}", flush=True)


def main() -> None:
    provider = Provider()
    routes = [
        Route("/.well-known/openid-configuration", provider.discovery),
        Route("/authorize", provider.authorize),
        Route("/token", provider.token, methods=["POST"]),
        Route("/userinfo", provider.userinfo),
        Route("/jwks", provider.jwks),
        Route("/sign-in", provider.sign_in, methods=["POST"]),
    ]
    Server(uvicorn.Config(Starlette(routes=routes), port=0, log_level="warning")).run()


if __name__ == "__main__":
    main()
