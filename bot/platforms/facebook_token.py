"""What `/debug_token` tells of a Page token: whether it can do what it must, and what will end soon.

https://developers.facebook.com/docs/graph-api/reference/debug_token
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.platforms.base import AccountBlocked
from bot.platforms.facebook_answers import GRANT, RENEW

NEEDED_SCOPES = ("pages_manage_posts", "pages_read_engagement")
# How early an end is worth a note.
SOON = timedelta(days=30)
_ENDS = {"expires_at": "The token expires", "data_access_expires_at": "The token's access to data ends"}


def refuse_unfit(inspected: Mapping[str, Any], page_id: str, legible: Callable[[str], str]) -> None:
    """Raise `AccountBlocked` if the token cannot post to the Page."""
    problem, profile = inspected.get("error"), inspected.get("profile_id")
    if inspected.get("is_valid") is not True:
        said = legible(str(problem.get("message", ""))) if isinstance(problem, dict) else ""
        raise AccountBlocked(f"The token is not valid. {said}".strip(), remedy=RENEW)
    if inspected.get("type") != "PAGE":
        raise AccountBlocked("The token is not one of a Page, but of a user or an app.", remedy=RENEW)
    if profile is not None and str(profile) != page_id:
        why = f"The token is for another Page than {page_id}."
        raise AccountBlocked(why, remedy=f"Mend `page_id`, or: {RENEW}")
    scopes = inspected.get("scopes")
    missing = [scope for scope in NEEDED_SCOPES if not isinstance(scopes, list) or scope not in scopes]
    if missing:
        raise AccountBlocked(f"The token lacks {' and '.join(missing)}.", remedy=GRANT)


def ending(inspected: Mapping[str, Any] | None, name: str) -> datetime | None:
    """One of the two moments; None for never, and where Facebook does not say."""
    seconds = inspected.get(name) if inspected is not None else None
    return datetime.fromtimestamp(seconds, UTC) if type(seconds) is int and 0 < seconds < 2**40 else None


def endings(inspected: Mapping[str, Any], now: datetime) -> list[str]:
    """Notes on what ends soon. Both moments are Unix seconds, 0 for never."""
    notes = []
    for name, ends in _ENDS.items():
        moment = ending(inspected, name)
        if moment is not None and moment <= now + SOON:
            notes.append(f"{ends} on {moment:%Y-%m-%d}. {RENEW}")
    return notes
