"""X's side of connecting: OAuth 1.0a with a PIN. Every signature is verified, and a PIN serves once.

https://docs.x.com/fundamentals/authentication/oauth-1-0a/pin-based-oauth
https://docs.x.com/fundamentals/authentication/api-reference
"""
# ruff: noqa: ARG002 - oauthlib decides what its questions are called with

import html
import re
import secrets
import threading
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from oauthlib.oauth1 import AccessTokenEndpoint, RequestTokenEndpoint

from bot.sandbox import x_problems as problems
from bot.sandbox.credentials import secrets_for, user_id_for
from bot.sandbox.exchange import Answer, Request
from bot.sandbox.oauth import Validator

_TEXT = {"Content-Type": "text/html; charset=utf-8"}


@dataclass
class _Pending:
    """A request token. account, pin: once someone has authorized it."""

    secret: str
    account: str = ""
    pin: str = ""


class PinLogin:
    """`/oauth/request_token`, `/oauth/authorize`, `/oauth/access_token`. Thread-safe."""

    def __init__(self) -> None:
        self._pending: dict[str, _Pending] = {}
        self._lock = threading.Lock()
        self._validator = _PinValidator(self._pending)
        self._first, self._last = RequestTokenEndpoint(self._validator), AccessTokenEndpoint(self._validator)

    def answer(self, request: Request) -> Answer:
        with self._lock:
            match request.method, request.path:
                case "POST", "/oauth/request_token":
                    return self._request_token(request)
                case "GET", "/oauth/authorize":
                    return self._ask(request)
                case "POST", "/oauth/authorize":
                    return self._authorize(dict(parse_qsl(request.body.decode("utf-8", "replace"))))
                case "POST", "/oauth/access_token":
                    return self._access_token(request)
        return problems.not_found()

    def _request_token(self, request: Request) -> Answer:
        _, form, status = self._first.create_request_token_response(*_parts(request))
        if status != 200:
            return problems.could_not_authenticate()
        if self._validator.callback != "oob":
            return problems.callback_not_approved()
        return Answer(200, str(form).encode(), _TEXT)

    def _ask(self, request: Request) -> Answer:
        token = request.query.get("oauth_token", "")
        if token not in self._pending:
            return _page(403, "<h1>Whoa there!</h1><p>There is no request token for this page.</p>")
        name = html.escape(request.query.get("screen_name", "twitter"))
        return _page(
            200,
            f"""<h1>Authorize shortscience-bot to access your account?</h1>
<form method="post" action="/oauth/authorize"><input type="hidden" name="oauth_token" value="{html.escape(token)}">
<p><label>Account in the sandbox <input name="account" value="{name}"></label></p>
<p><button>Authorize app</button></p></form>""",
        )

    def _authorize(self, given: dict[str, str]) -> Answer:
        pending = self._pending.get(given.get("oauth_token", ""))
        if pending is None or not given.get("account"):
            return _page(403, "<h1>Whoa there!</h1><p>There is no request token for this page.</p>")
        pending.account, pending.pin = given["account"], f"{secrets.randbelow(9 * 10**6) + 10**6}"
        return _page(
            200,
            f"""<h1>You've granted access to shortscience-bot!</h1>
<p>Next, return to the command line and enter this PIN to complete the authorization process:</p>
<p><kbd aria-labelledby="code-desc"><code>{pending.pin}</code></kbd></p>""",
        )

    def _access_token(self, request: Request) -> Answer:
        _, _, status = self._last.create_access_token_response(*_parts(request))
        if status != 200:
            return problems.wrong_verifier()
        account = self._validator.granted
        own = secrets_for("twitter", account)
        tokens = {"oauth_token": own["ACCESS_TOKEN"], "oauth_token_secret": own["ACCESS_TOKEN_SECRET"]}
        whose = {"user_id": user_id_for(account), "screen_name": handle_of(account)}
        # As X answers: a form, called HTML.
        return Answer(200, urlencode(tokens | whose).encode(), _TEXT)


def handle_of(account: str) -> str:
    """What an account is called on X: letters, digits and `_`, at most 15."""
    return re.sub(r"\W", "_", account, flags=re.ASCII)[:15]


def _parts(request: Request) -> tuple[str, str, str | None, dict[str, str]]:
    form = request.body.decode("latin-1") if request.media_type == "application/x-www-form-urlencoded" else None
    return request.url, request.method, form, dict(request.headers)


def _page(status: int, body: str) -> Answer:
    head = '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Sandbox</title></head><body>'
    return Answer(status, f"{head}{body}</body></html>".encode(), _TEXT)


class _PinValidator(Validator):
    """Answers what oauthlib asks beside the questions of signed requests; used under the lock of `PinLogin`.

    callback: of the latest request token. granted: the account of the latest access token.
    """

    dummy_request_token = "nobody"

    def __init__(self, pending: dict[str, _Pending]) -> None:
        super().__init__()
        self._pending = pending
        self.callback = self.granted = ""

    def save_request_token(self, token: Any, request: Any) -> None:
        self.callback = request.redirect_uri
        self._pending[token["oauth_token"]] = _Pending(token["oauth_token_secret"])

    def save_access_token(self, token: Any, request: Any) -> None:
        self.granted = self._pending[request.resource_owner_key].account

    def invalidate_request_token(self, client_key: str, request_token: str, request: Any) -> None:
        del self._pending[request_token]

    def get_realms(self, token: str, request: Any) -> list[str]:
        return []

    def check_request_token(self, request_token: str) -> bool:
        return True

    def check_verifier(self, verifier: str) -> bool:
        return bool(verifier)

    def check_realms(self, realms: Any) -> bool:
        return True

    def get_default_realms(self, client_key: str, request: Any) -> list[str]:
        return []

    def validate_requested_realms(self, client_key: str, realms: Any, request: Any) -> bool:
        return True

    def validate_redirect_uri(self, client_key: str, redirect_uri: str, request: Any) -> bool:
        return True

    def validate_request_token(self, client_key: str, token: str, request: Any) -> bool:
        return token in self._pending

    def validate_verifier(self, client_key: str, token: str, verifier: str, request: Any) -> bool:
        pending = self._pending.get(token)
        return pending is not None and secrets.compare_digest(pending.pin, verifier) and bool(pending.pin)

    def get_request_token_secret(self, client_key: str, token: str, request: Any) -> str:
        pending = self._pending.get(token)
        return pending.secret if pending is not None else self.dummy_client
