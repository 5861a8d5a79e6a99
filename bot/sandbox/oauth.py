"""X's check of OAuth 1.0a: every signature is really verified, by oauthlib.

https://docs.x.com/resources/fundamentals/authentication/oauth-1-0a/authorizing-a-request
"""
# ruff: noqa: ARG002 - oauthlib decides what its questions are called with

import re
import threading
import time
from typing import Any
from urllib.parse import unquote

from oauthlib.oauth1 import RequestValidator, ResourceEndpoint

from bot.sandbox.credentials import account_of, secrets_for
from bot.sandbox.exchange import Request

# X refuses a timestamp that is further off than this, in seconds.
TIMESTAMP_LIFETIME = 300

_TOKEN = re.compile(r'oauth_token="([^"]*)"')


def claimed_account(request: Request) -> str | None:
    """Whose token the request carries, whether or not it is signed properly."""
    match = _TOKEN.search(request.headers.get("authorization", ""))
    return account_of("twitter", unquote(match[1])) if match else None


class OAuthCheck:
    """Tells whose properly signed request this is. Thread-safe.

    Timestamps are compared with the real clock, not the world's: clients sign with theirs.
    """

    def __init__(self) -> None:
        self._endpoint = ResourceEndpoint(Validator())

    def account(self, request: Request) -> str | None:
        """The account; None if the signature, a key, a token, the timestamp or the nonce is not right."""
        if "authorization" not in request.headers:
            return None
        form = request.body.decode("latin-1") if request.media_type == "application/x-www-form-urlencoded" else None
        valid, signed = self._endpoint.validate_protected_resource_request(
            request.url, request.method, form, dict(request.headers)
        )
        return account_of("twitter", signed.resource_owner_key) if valid else None


class Validator(RequestValidator):
    """Answers oauthlib's questions. The stand-ins keep its checks going to the end for a key that is nobody's."""

    enforce_ssl = False
    timestamp_lifetime = TIMESTAMP_LIFETIME
    allowed_signature_methods = ("HMAC-SHA1",)
    dummy_client = "nobody"
    dummy_access_token = "nobody"

    def __init__(self) -> None:
        super().__init__()
        self._lock = threading.Lock()
        self._seen: set[tuple[str, str, str]] = set()
        self._seen_before: set[tuple[str, str, str]] = set()
        self._turned = time.monotonic()

    def check_client_key(self, client_key: str) -> bool:
        return True

    def check_access_token(self, request_token: str) -> bool:
        return True

    def check_nonce(self, nonce: str) -> bool:
        return bool(nonce)

    def validate_timestamp_and_nonce(
        self,
        client_key: str,
        timestamp: str,
        nonce: str,
        request: Any,
        request_token: str | None = None,
        access_token: str | None = None,
    ) -> bool:
        """Whether the nonce is new. Those older than a timestamp may be are forgotten."""
        once = (access_token or "", timestamp, nonce)
        with self._lock:
            if time.monotonic() - self._turned > 2 * TIMESTAMP_LIFETIME:
                self._seen_before, self._seen, self._turned = self._seen, set(), time.monotonic()
            fresh = once not in self._seen and once not in self._seen_before
            self._seen.add(once)
        return fresh

    def validate_client_key(self, client_key: str, request: Any) -> bool:
        return client_key == secrets_for("twitter", "")["CONSUMER_KEY"]

    def validate_access_token(self, client_key: str, token: str, request: Any) -> bool:
        return account_of("twitter", token) is not None

    def validate_realms(
        self, client_key: str, token: str, request: Any, uri: str | None = None, realms: Any = None
    ) -> bool:
        return True

    def get_client_secret(self, client_key: str, request: Any) -> str:
        return secrets_for("twitter", "")["CONSUMER_SECRET"]

    def get_access_token_secret(self, client_key: str, token: str, request: Any) -> str:
        account = account_of("twitter", token)
        return secrets_for("twitter", account)["ACCESS_TOKEN_SECRET"] if account is not None else self.dummy_client
