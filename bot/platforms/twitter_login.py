"""Connecting an account on X: the PIN flow of OAuth 1.0a, through tweepy and over our own HTTP session.

https://docs.x.com/fundamentals/authentication/oauth-1-0a/pin-based-oauth · looked up 2026-11-21
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs

import tweepy

from bot.platforms.base import AccountBlocked, NotSent, Outcome
from bot.platforms.http import ApiSession, Exchange
from bot.platforms.twitter import LIBRARY_HOST
from bot.platforms.twitter_answers import said_by_x

# Where people are asked; tweepy still names the old host.
AUTHORIZE_HOST = "https://api.x.com"
CHECK_KEYS = (
    "Copy the app's consumer key and consumer secret (API key and secret) anew from https://console.x.com, both whole, "
    "and run this command again."
)
SET_UP_SIGN_IN = (
    "At https://console.x.com open the app's user authentication settings, choose `Read and write`, give any callback "
    "address of your own, save, and run this command again."
)
NEW_PIN = (
    "Run this command again, open the new address, log in as the account that is to post, and type the digits that "
    "are shown then: a PIN serves once, and for a short while."
)


@dataclass(frozen=True, slots=True)
class Granted:
    """What the account's owner has granted. handle: as X names the account, with `@`."""

    token: str = field(repr=False)
    token_secret: str = field(repr=False)
    handle: str


class _Handler(tweepy.OAuth1UserHandler):  # type: ignore[misc]
    """tweepy's flow. The sessions that it makes sign and parse; what they send goes through ours."""

    def __init__(self, session: ApiSession, key: str, secret: str) -> None:
        self._session = session
        super().__init__(key, secret, callback="oob")

    @property
    def oauth(self) -> Any:
        return self._signing

    @oauth.setter
    def oauth(self, signing: Any) -> None:
        signing.post = lambda url, **options: self._session.post(url, auth=signing.auth, **options)
        self._signing = signing


class PinLogin:
    """One run of the flow: `address`, which the owner opens, then `redeem` with the PIN shown there."""

    def __init__(
        self,
        api_url: str,
        timeout: timedelta,
        key: str,
        secret: str,
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._session = ApiSession(api_url, LIBRARY_HOST, timeout, (key, secret), monotonic)
        self._handler = _Handler(self._session, key, secret)

    def address(self) -> str:
        """Where the owner logs in and is shown a PIN. Raises `NotSent` or `AccountBlocked`."""
        found: list[str] = []
        exchange = self._session.ask(lambda: found.append(self._handler.get_authorization_url()))
        if exchange.status == 200 and found and self._handler.request_token.get("oauth_token_secret"):
            return self._session.public_url(AUTHORIZE_HOST) + found[0].removeprefix(LIBRARY_HOST)
        raise self._refused(exchange, CHECK_KEYS)

    def redeem(self, pin: str) -> Granted:
        """The account's tokens. Raises `NotSent` or `AccountBlocked`."""
        exchange = self._session.ask(lambda: self._handler.get_access_token(pin))
        token, secret = self._handler.access_token, self._handler.access_token_secret
        if exchange.status == 200 and token and secret:
            names = parse_qs((exchange.body or b"").decode("utf-8", "replace")).get("screen_name", [""])
            return Granted(token, secret, f"@{self._session.legible(names[0])}")
        raise self._refused(exchange, NEW_PIN)

    def close(self) -> None:
        self._session.close()

    def _refused(self, exchange: Exchange, remedy: str) -> Outcome:
        """Why there is no token; `remedy` is for a plain refusal."""
        if exchange.body is None:
            return NotSent(f"X could not be asked: {exchange.problem}.")
        words = " ".join(dict.fromkeys(said_by_x(exchange))) or exchange.body.decode("utf-8", "replace")
        said = self._session.legible(f"X answered {exchange.status}: {words or exchange.reason}")
        if exchange.status == 403:
            return AccountBlocked(said, remedy=SET_UP_SIGN_IN)
        if exchange.status in (400, 401):
            return AccountBlocked(said, remedy=remedy)
        return NotSent(f"{said} Try again in a quarter of an hour.")
