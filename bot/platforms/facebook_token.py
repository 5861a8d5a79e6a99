"""What `/debug_token` tells of a Page token: whether it can do what it must, and when it ends.

https://developers.facebook.com/docs/graph-api/reference/debug_token
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from bot.platforms.base import AccountBlocked
from bot.platforms.facebook_answers import GRANT, RENEW

# No date of ours: in the year 6325. Unix seconds.
_FAR = 2**37
NEEDED_SCOPES = ("pages_manage_posts", "pages_read_engagement")


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
    """The moment `expires_at` or `data_access_expires_at`; None for never, which is 0, and where nothing is said."""
    seconds = inspected.get(name) if inspected is not None else None
    return datetime.fromtimestamp(seconds, UTC) if type(seconds) is int and 0 < seconds < _FAR else None
