"""Connecting a Facebook Page: from a person's short-lived token to a Page token without an end.

https://developers.facebook.com/docs/facebook-login/guides/access-tokens/get-long-lived
https://developers.facebook.com/docs/graph-api/reference/user/accounts · looked up 2026-11-21
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.platforms.base import AccountBlocked, NotSent, Outcome
from bot.platforms.facebook import GRAPH_VERSION, LIBRARY_HOST, GraphSession
from bot.platforms.facebook_answers import TOKEN, described, graph_error, judge
from bot.platforms.facebook_token import NEEDED_SCOPES, refuse_unfit
from bot.platforms.http import ApiSession, Exchange

# https://developers.facebook.com/tools/explorer; what docs/connect-facebook.md asks for there.
ALL_SCOPES = ("pages_show_list", *NEEDED_SCOPES)
# A Page of one's own is among the first; no person has thousands. Pages on a page, pages.
ON_A_PAGE, MOST_PAGES = 100, 50
CREATE = "CREATE_CONTENT"

NEW_USER_TOKEN = (
    "Make a new user token in the Graph API Explorer (https://developers.facebook.com/tools/explorer) with your app "
    f"chosen and {', '.join(ALL_SCOPES)} added, tick the Page in the window that opens, and run this command again "
    "with it; it lives for an hour or two."
)
CHECK_APP = (
    "Copy app id and app secret anew from https://developers.facebook.com/apps, the app, App settings, Basic: both of "
    "the app that the token was made with."
)
NO_PAGE = (
    "Either the Page was not ticked when the token was made, or pages_show_list is missing, or this person has no role "
    f"on the Page. {NEW_USER_TOKEN}"
)
GO_LIVE = (
    "The app is in development mode: only people with a role in it can use it. Take a role under App roles, or switch "
    "the app to Live at https://developers.facebook.com/apps."
)
# Codes: https://developers.facebook.com/docs/graph-api/guides/error-handling; 101 and the wording of 1 as users met
# them, https://github.com/sns-sdks/python-facebook/issues/271, https://github.com/facebookarchive/php-graph-sdk/issues/538
INVALID, UNKNOWN_APP = 100, 101
WRONG_SECRET, DEVELOPMENT = "client secret", "development mode"


@dataclass(frozen=True, slots=True)
class PageGrant:
    """A Page that the person may act for, and its token. tasks: what that person may do there."""

    id: str
    name: str
    token: str = field(repr=False)
    tasks: tuple[str, ...]


class PageLogin:
    """The steps to a Page token. Every one raises `NotSent` (could not ask) or `AccountBlocked` (with the remedy)."""

    def __init__(
        self,
        api_url: str,
        timeout: timedelta,
        app_id: str,
        app_secret: str,
        now: Callable[[], datetime],
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._api_url, self._timeout, self._monotonic = api_url, timeout, monotonic
        self._app_id, self._app_secret, self._now = app_id, app_secret, now

    def exchange(self, token: str) -> str:
        """A user token for about 60 days in place of a short-lived one. In the body, so that no address holds it."""
        form = {
            "grant_type": "fb_exchange_token",
            "client_id": self._app_id,
            "client_secret": self._app_secret,
            "fb_exchange_token": token,
        }
        session = ApiSession(self._api_url, LIBRARY_HOST, self._timeout, (token, self._app_secret), self._monotonic)
        session.headers["Accept"] = "application/json"
        try:
            exchange = session.ask(lambda: session.post(_address("oauth/access_token"), data=form))
            longer = exchange.member("access_token")
            if exchange.status == 200 and isinstance(longer, str) and longer:
                return longer
            raise self._refused(exchange, session)
        finally:
            session.close()

    def pages(self, token: str) -> list[PageGrant]:
        """The Pages of the person whose (long-lived) token this is; at least one."""
        session = self._session(token)
        found: list[PageGrant] = []
        fields = {"fields": "id,name,tasks,access_token", "limit": str(ON_A_PAGE)}
        after = ""
        try:
            for _ in range(MOST_PAGES):
                further = {"after": after} if after else {}
                exchange = self._ask(session, "me/accounts", {**fields, **further})
                listed = exchange.member("data")
                if exchange.status != 200 or not isinstance(listed, list):
                    raise self._refused(exchange, session)
                found += [_grant(node, session.legible) for node in listed]
                after = _after(exchange.member("paging"))
                if not after:
                    break
        finally:
            session.close()
        if not found:
            raise AccountBlocked("Facebook shows no Page for this token.", remedy=NO_PAGE)
        return found

    def inspect(self, page: PageGrant) -> datetime | None:
        """Whether the Page's token can post and has no end. Returns when its access to data ends, None for never."""
        if page.tasks and CREATE not in page.tasks:
            why = f"This person may not create posts on {page.name}."
            raise AccountBlocked(why, remedy=f"Let someone with full control of the Page allow it. {NEW_USER_TOKEN}")
        session = self._session(f"{self._app_id}|{self._app_secret}")
        try:
            # The one place where a token stands in an address: Facebook takes it in no other way.
            exchange = self._ask(session, "debug_token", {"input_token": page.token})
            inspected = exchange.member("data")
            if exchange.status != 200 or not isinstance(inspected, dict):
                raise self._refused(exchange, session)
            refuse_unfit(inspected, page.id, session.legible)
        except AccountBlocked as blocked:
            raise AccountBlocked(blocked.why, remedy=self._mended(blocked)) from None
        finally:
            session.close()
        expires = _moment(inspected.get("expires_at"))
        if expires is not None:
            why = f"The Page's token would expire on {expires:%Y-%m-%d}."
            raise AccountBlocked(why, remedy=NEW_USER_TOKEN)
        return _moment(inspected.get("data_access_expires_at"))

    def _session(self, token: str) -> GraphSession:
        return GraphSession(self._api_url, self._timeout, token, self._app_secret, self._monotonic)

    def _ask(self, session: GraphSession, path: str, parameters: Mapping[str, str]) -> Exchange:
        return session.ask(lambda: session.get(_address(path), params=dict(parameters)))

    def _mended(self, blocked: AccountBlocked) -> str:
        return blocked.remedy if blocked.remedy in (CHECK_APP, GO_LIVE) else NEW_USER_TOKEN

    def _refused(self, exchange: Exchange, session: ApiSession) -> Outcome:
        if exchange.body is None:
            return NotSent(f"Facebook could not be asked: {exchange.problem}.")
        why, error = described(exchange, session.legible), graph_error(exchange)
        said = error.said.lower() if error is not None else ""
        if DEVELOPMENT in said:
            return AccountBlocked(why, remedy=GO_LIVE)
        if error is not None and (error.code == UNKNOWN_APP or WRONG_SECRET in said or "appsecret_proof" in said):
            return AccountBlocked(why, remedy=CHECK_APP)
        if error is not None and (error.code in (TOKEN, INVALID, 10) or 200 <= error.code <= 299):
            return AccountBlocked(why, remedy=NEW_USER_TOKEN)
        outcome = judge(exchange, self._now(), session.legible)
        return outcome if isinstance(outcome, AccountBlocked | NotSent) else NotSent(f"{why} Try again later.")


def _address(path: str) -> str:
    return f"{LIBRARY_HOST}/{GRAPH_VERSION}/{path}"


def _grant(node: Any, legible: Callable[[str], str]) -> PageGrant:
    """A Page of the list. Raises `NotSent` if it is not what it should be."""
    known = node if isinstance(node, dict) else {}
    number, token, tasks = known.get("id"), known.get("access_token"), known.get("tasks")
    if not isinstance(number, str) or not number.isdecimal() or not isinstance(token, str) or not token:
        raise NotSent("Facebook showed a Page in an unknown form.")
    allowed = tuple(task for task in tasks if isinstance(task, str)) if isinstance(tasks, list) else ()
    return PageGrant(number, legible(str(known.get("name") or number)), token, allowed)


def _after(paging: Any) -> str:
    """The cursor of the next page; empty after the last one. Never its ready-made address, which holds the token."""
    cursors = paging.get("cursors") if isinstance(paging, dict) and "next" in paging else None
    after = cursors.get("after") if isinstance(cursors, dict) else None
    return after if isinstance(after, str) else ""


def _moment(seconds: Any) -> datetime | None:
    """Unix seconds, 0 for never."""
    return datetime.fromtimestamp(seconds, UTC) if type(seconds) is int and seconds > 0 else None
