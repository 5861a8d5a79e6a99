"""Secrets that the sandbox accepts, for any account name, without having to be told about the account first.

A token carries the account's name in hexadecimal and a digest over it, so the sandbox reads the account off the token
and then knows every other secret of it. All accounts belong to one app, as those of one operator do.
"""

import hashlib
import hmac
import re
from functools import lru_cache

from bot.platforms import SECRETS

APP_ID = "1729000000000001"

_X_TOKEN = re.compile(r"(\d{1,19})-((?:[0-9a-f]{2})+)Z([0-9a-f]{20})")
_PAGE_TOKEN = re.compile(r"EAAsandbox((?:[0-9a-f]{2})+)Z([0-9a-f]{20})")


def secrets_for(platform: str, account: str) -> dict[str, str]:
    """The secrets of `account`, under the keys of `bot.platforms.SECRETS[platform]`."""
    makers = {
        "CONSUMER_KEY": lambda: _digest(platform, "consumer key", length=25),
        "CONSUMER_SECRET": lambda: _digest(platform, "consumer secret", length=50),
        "APP_SECRET": lambda: _digest(platform, "app secret", length=32),
        "ACCESS_TOKEN": lambda: _access_token(platform, account),
        "ACCESS_TOKEN_SECRET": lambda: _digest(platform, account, "token secret", length=45),
    }
    return {key: makers[key]() for key in SECRETS[platform]}


def user_id_for(account: str) -> str:
    """The X user id of `account`: up to 19 digits."""
    return _number("twitter", account, digits=18)


def page_id_for(account: str) -> str:
    """The Facebook Page id of `account`, a numeric string."""
    return _number("facebook", account, digits=15)


@lru_cache(maxsize=1024)
def account_of(platform: str, token: str) -> str | None:
    """The account whose access token this is; None if it is nobody's."""
    match = (_X_TOKEN if platform == "twitter" else _PAGE_TOKEN).fullmatch(token)
    if match is None:
        return None
    try:
        account = bytes.fromhex(match[match.re.groups - 1]).decode()
    except ValueError:
        return None
    return account if hmac.compare_digest(token, _access_token(platform, account)) else None


def appsecret_proof(token: str) -> str:
    """HMAC-SHA256 of the token under the app secret, in hexadecimal.

    https://developers.facebook.com/docs/graph-api/guides/secure-requests
    """
    secret = _digest("facebook", "app secret", length=32)
    return hmac.new(secret.encode(), token.encode(), hashlib.sha256).hexdigest()


def _access_token(platform: str, account: str) -> str:
    name, seal = account.encode().hex(), _digest(platform, account, "access token", length=20)
    return f"{user_id_for(account)}-{name}Z{seal}" if platform == "twitter" else f"EAAsandbox{name}Z{seal}"


def seal(content: str) -> str:
    """What only the sandbox puts under a token."""
    return _digest("seal", content, length=20)


@lru_cache(maxsize=4096)
def _digest(*parts: str, length: int) -> str:
    return hashlib.sha256("\0".join(("sandbox", *parts)).encode()).hexdigest()[:length]


@lru_cache(maxsize=4096)
def _number(*parts: str, digits: int) -> str:
    """A number of exactly `digits` digits."""
    floor = 10 ** (digits - 1)
    return str(floor + int(_digest(*parts, "id", length=24), 16) % (9 * floor))
