"""A Facebook Page through facebook-sdk: post, read own posts back, look at the token.

What its answers prove is in `facebook_answers`. https://developers.facebook.com/docs/graph-api/reference/page/feed
"""

import hashlib
import hmac
import re
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import facebook
import requests

from bot.platforms.base import AccountBlocked, Identity, NotSent, Outcome, OwnPost, Post, Receipt, Timeline
from bot.platforms.facebook_answers import described, graph_error, judge, room
from bot.platforms.facebook_token import ending, refuse_unfit
from bot.platforms.http import ApiSession, Exchange
from bot.platforms.limits import LIMITS
from bot.platforms.paging import Page, ReadFailed, read_back
from bot.platforms.texts import LINK, comparable_text

# Current since 2026-07-29: https://developers.facebook.com/docs/graph-api/changelog (2026-11-20)
GRAPH_VERSION = "v26.0"
LIBRARY_HOST = "https://graph.facebook.com"
PUBLIC_HOST = "https://www.facebook.com"
# At most 100 are given out, and large pages with attachments are refused now and then ("reduce the amount of data").
POSTS_ON_A_PAGE = 50
POST_FIELDS = "id,message,created_time,permalink_url,attachments{unshimmed_url}"
# A wrong parameter; no such name. https://developers.facebook.com/docs/graph-api/guides/error-handling
INVALID, NO_SUCH_ALIAS = 100, 803


class GraphSession(ApiSession):
    """Keeps the token out of addresses and bodies, and proves to Facebook that we know the app's secret."""

    def __init__(
        self, api_url: str, timeout: timedelta, token: str, app_secret: str, monotonic: Callable[[], float]
    ) -> None:
        # https://developers.facebook.com/docs/graph-api/guides/secure-requests
        self._proof = hmac.new(app_secret.encode(), token.encode(), hashlib.sha256).hexdigest()
        super().__init__(api_url, LIBRARY_HOST, timeout, (token, app_secret, self._proof), monotonic)
        # Without it errors come as text/javascript, and the library loses them.
        self.headers["Accept"] = "application/json"
        self.auth = _Bearer(token)

    def request(self, method: str | bytes, url: str | bytes, *args: Any, **kwargs: Any) -> requests.Response:
        """As the library asks for it, but with the token in a header and the proof beside the parameters."""
        for place in ("params", "data"):
            given = kwargs.get(place) or {}
            kwargs[place] = {name: value for name, value in given.items() if name != "access_token"}
        kwargs["data" if method == "POST" else "params"]["appsecret_proof"] = self._proof
        return super().request(method, url, *args, **kwargs)


class _Bearer(requests.auth.AuthBase):
    """The token as a header: https://datatracker.ietf.org/doc/html/rfc6750#section-2.1"""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        # A token that is no ASCII is a slip of the hand; noticed here, it is known that nothing was sent.
        request.headers["Authorization"] = "Bearer " + self._token.encode("ascii").decode()
        return request


class Facebook:
    """One Facebook Page. `secrets` has ACCESS_TOKEN, a Page token, and APP_SECRET."""

    limits = LIMITS["facebook"]

    def __init__(
        self,
        api_url: str,
        timeout: timedelta,
        secrets: Mapping[str, str],
        page_id: str,
        now: Callable[[], datetime],
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._now, self._page_id, self._token = now, page_id, secrets["ACCESS_TOKEN"]
        self._session = GraphSession(api_url, timeout, self._token, secrets["APP_SECRET"], monotonic)
        self._graph = facebook.GraphAPI(self._token, session=self._session)
        # Its constructor refuses every version that Facebook still serves.
        self._graph.version = GRAPH_VERSION

    def connect(self) -> None:
        self._session.connect()

    def publish(self, post: Post, until: datetime | None = None) -> Receipt:
        exchange = self._session.ask(
            lambda: self._graph.put_object(
                self._page_id, "feed", message=post.text, link=post.link, fields="id,permalink_url"
            ),
            lambda: until is None or self._now() < until,
        )
        exchange.require_answer()
        post_id = exchange.member("id")
        if _is_good(exchange) and _is_id(post_id):
            return self._receipt(post_id, exchange.member("permalink_url"))
        raise judge(exchange, self._now(), self._session.legible)

    def timeline(self, *, since: datetime | None = None, newest: int | None = None) -> Timeline:
        return read_back(self._page, since, newest)

    def matches(self, post: Post, own: OwnPost) -> bool:
        return comparable_text(post.text) == comparable_text(own.text)

    def verify(self) -> Identity:
        page = self._asked(lambda: self._graph.get_object(self._page_id, fields="id,name"), self._mend_page_id())
        served = self._session.legible(self._session.exchange.headers.get("facebook-api-version", GRAPH_VERSION))
        notes = (
            [f"Facebook serves version {served} of its API, not {GRAPH_VERSION}."] if served != GRAPH_VERSION else []
        )
        name = self._session.legible(str(page.get("name") or self._page_id))
        inspected = self._inspected()
        if inspected is None:
            # Documented for app tokens and the app's developers only; in practice a token may look at itself.
            notes.append("Facebook does not let this token look at itself, so its permissions are not verified.")
        return Identity(
            name,
            tuple(notes),
            may_post=None if inspected is None else True,
            version=served,
            expires=ending(inspected, "expires_at"),
            data_until=ending(inspected, "data_access_expires_at"),
            room=room(self._session.exchange),
        )

    def close(self) -> None:
        self._session.close()

    def _receipt(self, post_id: str, permalink: Any) -> Receipt:
        page, _, number = post_id.rpartition("_")
        host = self._session.public_url(PUBLIC_HOST)
        if isinstance(permalink, str) and LINK.fullmatch(permalink) and permalink.isprintable():
            return Receipt(post_id, permalink)
        return Receipt(post_id, f"{host}/{page or self._page_id}/posts/{number}")

    def _page(self, begin: str | None) -> Page:
        """One page, newest first. Raises `ReadFailed`.

        Not narrowed by `since`: an empty answer would look the same whether there is nothing or Facebook lost it, while
        an older post at the end proves that the read reached back.
        """
        further = {"after": begin} if begin else {}
        exchange = self._session.ask(
            lambda: self._graph.get_connections(
                self._page_id, "published_posts", fields=POST_FIELDS, limit=POSTS_ON_A_PAGE, **further
            )
        )
        if exchange.body is None:
            raise ReadFailed(f"Own posts could not be read: {exchange.problem}.")
        posts = exchange.member("data")
        if not _is_good(exchange) or not isinstance(posts, list):
            raise ReadFailed(f"Own posts could not be read. {described(exchange, self._session.legible)}")
        return Page(tuple(map(self._own_post, posts)), _next_page(exchange.member("paging")))

    def _own_post(self, node: Any) -> OwnPost:
        """A post as it was written. Raises `ReadFailed`."""
        try:
            message = node.get("message", "")
            cards = node.get("attachments", {}).get("data", [])
            attached = [card["unshimmed_url"] for card in cards if card.get("unshimmed_url")]
            links = dict.fromkeys([*attached, *LINK.findall(message)])
            created = datetime.fromisoformat(node["created_time"]).astimezone(UTC)
            return OwnPost(self._receipt(node["id"], node.get("permalink_url")), message, tuple(links), created)
        except (AttributeError, KeyError, TypeError, ValueError):
            raise ReadFailed("Facebook showed an own post in an unknown form.") from None

    def _inspected(self) -> dict[str, Any] | None:
        """What Facebook tells of the token, which is fit to post; None if it does not tell.

        Raises `NotSent` or `AccountBlocked`.
        """
        # The one place where the token stands in an address: Facebook takes it in no other way.
        exchange = self._session.ask(lambda: self._graph.get_object("debug_token", input_token=self._token))
        error = graph_error(exchange)
        if error is not None and error.code == INVALID:
            return None
        inspected = exchange.member("data")
        if not _is_good(exchange) or not isinstance(inspected, dict):
            raise self._not_verified(exchange)
        refuse_unfit(inspected, self._page_id, self._session.legible)
        return inspected

    def _asked(self, call: Callable[[], object], remedy: str) -> dict[str, Any]:
        """An object of ours, as Facebook shows it. Raises `NotSent` or `AccountBlocked`.

        remedy: for "no such object", which on a read can have had no effect
        """
        exchange = self._session.ask(call)
        body, error = exchange.json(), graph_error(exchange)
        if _is_good(exchange) and isinstance(body, dict) and _is_id(body.get("id")):
            return body
        outcome = self._not_verified(exchange)
        if not isinstance(outcome, AccountBlocked) and error is not None and error.code in (INVALID, NO_SUCH_ALIAS):
            raise AccountBlocked(outcome.why, remedy=remedy)
        raise outcome

    def _not_verified(self, exchange: Exchange) -> Outcome:
        """Why we do not know who we are. Nothing was to be posted, so nothing is unknown."""
        if exchange.body is None:
            return NotSent(f"Facebook could not be asked: {exchange.problem}.")
        outcome = judge(exchange, self._now(), self._session.legible)
        return outcome if isinstance(outcome, AccountBlocked | NotSent) else NotSent(outcome.why)

    def _mend_page_id(self) -> str:
        return f"Check that `page_id` ({self._page_id}) is the Page's numeric id, and that the token is for this Page."


def _is_good(exchange: Exchange) -> bool:
    """Whether it is a whole answer that calls itself a success; that alone proves nothing."""
    return exchange.body is not None and exchange.status == 200 and exchange.member("error") is None


def _is_id(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch(r"[0-9]+(_[0-9]+)?", value) is not None


def _next_page(paging: Any) -> str | None:
    """The cursor of the next page; never its ready-made address, which holds the token."""
    if not isinstance(paging, dict) or "next" not in paging:
        return None
    cursors = paging.get("cursors")
    after = cursors.get("after") if isinstance(cursors, dict) else None
    if not isinstance(after, str) or not after:
        raise ReadFailed("Facebook names a next page of own posts but not where it begins.")
    return after
