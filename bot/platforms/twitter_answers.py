"""What X's answers prove. The list is closed: whatever stands on none of its tables is an unknown.

Not on it on purpose: the duplicate 403, `You are not allowed to create a Tweet with duplicate content.`, which does not
name the existing post and is evidence that an earlier attempt landed; every 5xx; a 2xx without an id.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.platforms.base import AccountBlocked, NotSent, Outcome, OutcomeUnknown, Rejected
from bot.platforms.http import Exchange

# The windows a 429 can mean: https://docs.x.com/x-api/fundamentals/rate-limits
WINDOWS = ("x-rate-limit", "x-user-limit-24hour", "x-app-limit-24hour")
_WINDOW_NAMES = dict(zip(WINDOWS, ("calls of this kind", "posts in 24 hours", "the app's in 24 hours"), strict=True))
LONGEST_WINDOW = timedelta(hours=24)
# For a 429 that names no window that is used up: the shortest one.
UNNAMED_WAIT = timedelta(minutes=15)

NEW_KEYS = (
    "Check the account's four keys and tokens; if in doubt create new ones at https://console.x.com, put them into its "
    "BOT_… variables (`run_bot.py connect twitter` does), and resume the account."
)
BUY_CREDITS = "Buy credits for the app at https://console.x.com, then resume the account."
RAISE_CAP = (
    "Raise the app's spending limit at https://console.x.com or wait for the next month; then resume the account."
)
ALLOW_WRITING = (
    "Set the app's permissions to `Read and write` at https://console.x.com, create the access token anew (the old one "
    "keeps its permissions), and resume the account."
)
ENROL_APP = "Make sure at https://console.x.com that the app may create posts, then resume the account."
ASK_X = "Log in to x.com as this account, do what X asks for there, and resume the account."


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer that proves a refusal; what is empty fits all.

    problem  the end of its `type`
    words    how one of its texts begins, in lower case
    remedy   what the operator must do; empty if it is this very post that is refused
    """

    statuses: tuple[int, ...]
    problem: str = ""
    words: str = ""
    remedy: str = ""

    def fits(self, exchange: Exchange) -> bool:
        return (
            exchange.status in self.statuses
            and self.problem in ("", problem_type(exchange))
            and any(said.lower().startswith(self.words) for said in [*said_by_x(exchange), ""])
        )


BLOCKED = (
    # https://docs.x.com/x-api/fundamentals/response-codes-and-errors: whatever their text
    Refusal((401,), remedy=NEW_KEYS),
    Refusal((402,), remedy=BUY_CREDITS),
    # The problem types of the same page
    Refusal((429,), problem="usage-capped", remedy=RAISE_CAP),
    Refusal((403,), problem="client-forbidden", remedy=ENROL_APP),
    Refusal((403,), problem="oauth1-permissions", remedy=ALLOW_WRITING),
    Refusal((403,), words="your client app is not configured with the appropriate oauth1", remedy=ALLOW_WRITING),
    # Codes 64, 261, 326 and 453: https://developer.x.com/en/support/x-api/error-troubleshooting
    Refusal((403,), words="your account is suspended", remedy=ASK_X),
    Refusal((403,), words="application cannot perform write actions", remedy=ENROL_APP),
    Refusal((403,), words="to protect our users from spam and other malicious activity, this account", remedy=ASK_X),
    Refusal((403,), words="you currently have access to a subset of", remedy=ENROL_APP),
)

REJECTED = (
    # Code 186: https://developer.x.com/en/support/x-api/error-troubleshooting
    Refusal((400, 403), words="tweet needs to be a bit shorter"),
    # The same in the words of v2: https://github.com/gundogan8/FotBot/issues/22
    Refusal((400, 403), words="your tweet text is too long"),
    # https://bundle.social/x-api/errors (content)
    Refusal((400, 403), words="the tweet contains an invalid url"),
)


def judge(exchange: Exchange, now: datetime, legible: Callable[[str], str]) -> Outcome:
    """What a whole answer without a receipt proves. `legible` makes X's words fit for the operator."""
    why = described(exchange, legible)
    if exchange.status == 429 and not _is_capped(exchange):
        return NotSent(why, retry_at=retry_at(exchange, now), throttled=True)
    for refusal in BLOCKED:
        if refusal.fits(exchange):
            return AccountBlocked(why, remedy=refusal.remedy)
    if any(refusal.fits(exchange) for refusal in REJECTED):
        return Rejected(why)
    return OutcomeUnknown(why)


def retry_at(exchange: Exchange, now: datetime) -> datetime:
    """When the last of the windows that are used up opens again. Moments that cannot be are not believed."""
    moments = [_reset(exchange, window) for window in _used_up(exchange)]
    credible = [moment for moment in moments if moment and now < moment <= now + 2 * LONGEST_WINDOW]
    return max(credible, default=now + UNNAMED_WAIT)


def described(exchange: Exchange, legible: Callable[[str], str]) -> str:
    """What X answered, in its own words."""
    words = " ".join(dict.fromkeys(said_by_x(exchange)))
    if not words:
        return legible(f"X answered {exchange.status} {exchange.reason}") + ", and neither a post nor a reason."
    return legible(f"X answered {exchange.status}: {words}")


def text_member(container: Any, name: str) -> str:
    """A string member of a JSON object; empty if there is no such thing."""
    value = container.get(name) if isinstance(container, dict) else None
    return value if isinstance(value, str) else ""


def problem_type(exchange: Exchange) -> str:
    """The last part of the problem's `type`, an address on api.x.com or still on api.twitter.com."""
    return text_member(exchange.json(), "type").rsplit("/", 1)[-1]


def said_by_x(exchange: Exchange) -> list[str]:
    """What X says is wrong. Not the parameters that it repeats: those are the post's own text."""
    errors = exchange.member("errors")
    listed = [exchange.json(), *(errors if isinstance(errors, list) else [])]
    said = [text_member(problem, name) for problem in listed for name in ("detail", "message")]
    return [words for words in (*said, text_member(exchange.json(), "title")) if words]


def room(exchange: Exchange) -> tuple[str, ...]:
    """What is left of each window that the answer names. A read names its own; those of posts come with posts."""
    phrases = []
    for window in WINDOWS:
        left, limit = (exchange.headers.get(f"{window}-{part}", "").strip() for part in ("remaining", "limit"))
        if left.isdecimal() and limit.isdecimal():
            reset = _reset(exchange, window)
            until = f" until {reset:%H:%M} UTC" if reset else ""
            phrases.append(f"{_WINDOW_NAMES[window]}: {left[:9]} of {limit[:9]} left{until}")
    return tuple(phrases)


def _is_capped(exchange: Exchange) -> bool:
    """Whether a 429 is the monthly cap, not a short wait: it says so, and no window is used up."""
    return problem_type(exchange) == "usage-capped" and not _used_up(exchange)


def _used_up(exchange: Exchange) -> list[str]:
    return [window for window in WINDOWS if exchange.headers.get(f"{window}-remaining", "").strip() == "0"]


def _reset(exchange: Exchange, window: str) -> datetime | None:
    """When a window opens again, given in Unix seconds."""
    seconds = exchange.headers.get(f"{window}-reset", "").strip()
    return datetime.fromtimestamp(int(seconds), UTC) if re.fullmatch(r"[0-9]{1,11}", seconds) else None
