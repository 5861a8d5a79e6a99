"""What Facebook's answers prove, by error code, never by HTTP status: that one is 200, 400 or 500 for the same thing.

The list is closed: whatever stands on none of its tables is an unknown. Not on it on purpose:

- 1, 2, 99 and every 5xx, after which posts were found live: https://github.com/arsduo/koala/issues/699,
  https://github.com/facebookarchive/php-graph-sdk/issues/1141;
- 506, a duplicate: evidence that an earlier attempt landed;
- 100 with subcode 33, `Unsupported post request`, after which a link was found posted all the same:
  https://github.com/nov/fb_graph/issues/370.

Codes: https://developers.facebook.com/docs/graph-api/guides/error-handling and, under "Error Codes" of the edge itself,
https://developers.facebook.com/docs/graph-api/reference/page/feed · looked up 2026-11-20
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.platforms.base import AccountBlocked, NotSent, Outcome, OutcomeUnknown, Rejected
from bot.platforms.http import Exchange

# https://developers.facebook.com/docs/graph-api/overview/rate-limiting; 341 from the guide above
THROTTLES = frozenset({4, 17, 32, 341, 613, 80001})
# Blocked for policy; with this subcode only for posting too fast: https://github.com/gitroomhq/postiz-app/pull/2068
POLICY, TOO_FAST = 368, 1390008
# "There was a problem scraping data from the provided link."
SCRAPE_FAILED = 1609005
# For a throttle without a time of its own, and for a link that cannot be scraped.
PATIENCE = timedelta(hours=1)
LONGEST_WAIT = timedelta(days=7)

# The post is empty; the url you supplied is invalid. Both from the edge's own table.
REJECTED = frozenset({197, 1500})

TOKEN = 190
RENEW = (
    "Create a new long-lived Page access token and put it into its BOT_… variable (`run_bot.py connect facebook` does "
    "both), and resume the account."
)
GRANT = (
    "Let someone with full control of the Page log in to the app again and grant pages_manage_posts and "
    f"pages_read_engagement. {RENEW}"
)
# Subcodes of 190: https://developers.facebook.com/docs/graph-api/guides/error-handling (authentication error subcodes)
TOKEN_REMEDIES: Mapping[int | None, str] = {
    458: f"The app was removed from the Facebook account: add it again. {RENEW}",
    459: f"Log in to facebook.com as the token's owner and pass the check there. If that is not enough: {RENEW}",
    460: f"The password of the token's owner was changed, which ends all tokens. {RENEW}",
    463: f"The token has expired. {RENEW}",
    464: f"Log in to facebook.com as the token's owner and confirm the account. If that is not enough: {RENEW}",
    467: f"The token is not valid any more. {RENEW}",
    492: f"The token's owner has no role on the Page any more: give one back. {RENEW}",
}
# A 190 that is about permissions: https://github.com/gitroomhq/postiz-app/pull/1912
IMPERSONATION = "before impersonating"
# For once an unmistakable 100, and one that comes before anything is done:
# https://developers.facebook.com/docs/graph-api/guides/secure-requests
WRONG_PROOF = "invalid appsecret_proof"
MEND_APP = (
    "Put the app secret of the very app that the token was made with (App settings, Basic) into its BOT_… variable, "
    "and resume the account."
)
SEE_POLICY = (
    "See what Facebook objects to (Page settings, Page status; the app's alerts), appeal or wait it out, and resume "
    "the account."
)


@dataclass(frozen=True, slots=True)
class GraphError:
    """The `error` of an answer. said: its message and what it has for users."""

    code: int
    subcode: int | None
    said: str


def judge(exchange: Exchange, now: datetime, legible: Callable[[str], str]) -> Outcome:
    """What a whole answer without a receipt proves. `legible` makes Facebook's words fit for the operator."""
    why = described(exchange, legible)
    error = graph_error(exchange)
    if error is None:
        return OutcomeUnknown(why)
    if error.code in THROTTLES or (error.code, error.subcode) == (POLICY, TOO_FAST):
        return NotSent(why, retry_at=now + _regained_after(exchange), throttled=True)
    if error.code == SCRAPE_FAILED:
        return NotSent(why, retry_at=now + PATIENCE, scrape_failed=True)
    remedy = _remedy(error)
    if remedy:
        return AccountBlocked(why, remedy=remedy)
    return Rejected(why) if error.code in REJECTED else OutcomeUnknown(why)


def graph_error(exchange: Exchange) -> GraphError | None:
    """The error that the answer names; None if it names none by code."""
    error = exchange.member("error")
    if not isinstance(error, dict) or type(error.get("code")) is not int:
        return None
    subcode = error.get("error_subcode")
    said = [error.get(name) for name in ("message", "error_user_title", "error_user_msg")]
    words = " ".join(words.strip() for words in said if isinstance(words, str) and words.strip())
    return GraphError(error["code"], subcode if type(subcode) is int else None, words)


def described(exchange: Exchange, legible: Callable[[str], str]) -> str:
    """What Facebook answered, in its own words."""
    error = graph_error(exchange)
    if error is None:
        return (
            legible(f"Facebook answered {exchange.status} {exchange.reason}")
            + ", and neither a post nor an error code."
        )
    subcode = f", subcode {error.subcode}" if error.subcode is not None else ""
    return legible(f"Facebook answered with code {error.code}{subcode}: {error.said or 'nothing more'}")


def _remedy(error: GraphError) -> str:
    """What the operator must do if it is the account that is refused; empty if it is not."""
    said = error.said.lower()
    if error.code == 10 or 200 <= error.code <= 299 or (error.code == TOKEN and IMPERSONATION in said):
        return GRANT
    if error.code == TOKEN:
        return TOKEN_REMEDIES.get(error.subcode, f"The token is not accepted. {RENEW}")
    if error.code == POLICY:
        return SEE_POLICY
    return MEND_APP if error.code == 100 and said.startswith(WRONG_PROOF) else ""


def room(exchange: Exchange) -> tuple[str, ...]:
    """How much of what the Page and the app are allowed is used up, in percent."""
    phrases = []
    try:
        for entry in _entries(json.loads(exchange.headers.get("x-business-use-case-usage", "{}"))):
            phrases.append(f"the Page's calls: {_percent(entry)} % used")
        app = json.loads(exchange.headers.get("x-app-usage", "null"))
        if isinstance(app, dict):
            phrases.append(f"the app's calls: {_percent(app)} % used")
    except (ValueError, RecursionError):
        pass
    return tuple(phrases[:2])


def _percent(entry: Any) -> int:
    """The fullest of an entry's counters; any of them at 100 throttles."""
    names = ("call_count", "total_cputime", "total_time")
    values = [entry.get(name) for name in names] if isinstance(entry, dict) else []
    return max((value for value in values if type(value) is int), default=0)


def _regained_after(exchange: Exchange) -> timedelta:
    """How long a throttle lasts. `estimated_time_to_regain_access` is in minutes, unlike all else that has seconds.

    https://developers.facebook.com/docs/graph-api/overview/rate-limiting (headers)
    """
    try:
        usage = json.loads(exchange.headers.get("x-business-use-case-usage", "{}"))
    except (ValueError, RecursionError):
        return PATIENCE
    minutes = max((_minutes(entry) for entry in _entries(usage)), default=0)
    return min(timedelta(minutes=minutes), LONGEST_WAIT) if minutes > 0 else PATIENCE


def _entries(usage: Any) -> list[Any]:
    """The entries of `{"<business or page id>": [{"type": "pages", …}]}`."""
    lists = usage.values() if isinstance(usage, dict) else ()
    return [entry for entries in lists if isinstance(entries, list) for entry in entries]


def _minutes(entry: Any) -> int:
    """Minutes until access comes back, within reason; 0 if the entry does not say."""
    minutes = entry.get("estimated_time_to_regain_access") if isinstance(entry, dict) else None
    return min(minutes, LONGEST_WAIT // timedelta(minutes=1)) if type(minutes) is int else 0
