"""X through tweepy: post, read own posts back, ask who we are. What its answers prove is in `twitter_answers`.

https://docs.x.com/x-api/posts/create-post · https://docs.x.com/x-api/users/get-posts · looked up 2026-11-20
"""

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import tweepy

from bot.platforms.base import AccountBlocked, Identity, NotSent, Outcome, OwnPost, Post, Receipt, Timeline
from bot.platforms.http import ApiSession, Exchange
from bot.platforms.limits import LIMITS
from bot.platforms.paging import Page, ReadFailed, read_back
from bot.platforms.texts import comparable_link, comparable_text
from bot.platforms.twitter_answers import ALLOW_WRITING, described, judge, room, text_member
from bot.settings import TwitterPrices

LIBRARY_HOST = "https://api.twitter.com"
PUBLIC_HOST = "https://x.com"
# Posts on a page: https://docs.x.com/x-api/users/get-posts
FEWEST_ON_A_PAGE, MOST_ON_A_PAGE = 5, 100
SHIPPED_PRICES = TwitterPrices()


class Twitter:
    """One account on X. `secrets` has CONSUMER_KEY, CONSUMER_SECRET, ACCESS_TOKEN and ACCESS_TOKEN_SECRET."""

    limits = LIMITS["twitter"]

    def __init__(
        self,
        api_url: str,
        timeout: timedelta,
        secrets: Mapping[str, str],
        now: Callable[[], datetime],
        *,
        prices: TwitterPrices = SHIPPED_PRICES,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._now = now
        self._prices = prices
        self._session = ApiSession(api_url, LIBRARY_HOST, timeout, tuple(secrets.values()), monotonic)
        # Never `wait_on_rate_limit`: it sleeps here for a quarter of an hour, or loops without a pause.
        self._client = tweepy.Client(
            consumer_key=secrets["CONSUMER_KEY"],
            consumer_secret=secrets["CONSUMER_SECRET"],
            access_token=secrets["ACCESS_TOKEN"],
            access_token_secret=secrets["ACCESS_TOKEN_SECRET"],
        )
        self._client.session = self._session
        self._user_id = ""

    def connect(self) -> None:
        self._session.connect()

    def publish(self, post: Post, until: datetime | None = None) -> Receipt:
        exchange = self._session.ask(
            lambda: self._client.create_tweet(text=post.text, user_auth=True),
            lambda: until is None or self._now() < until,
        )
        exchange.require_answer()
        post_id = text_member(exchange.member("data"), "id")
        if exchange.status == 201 and _is_id(post_id):
            return self._receipt(post_id)
        raise judge(exchange, self._now(), self._session.legible)

    def timeline(self, *, since: datetime | None = None, newest: int | None = None) -> Timeline:
        paid = 0.0 if self._user_id else self._prices.user_read
        try:
            user_id = self._own_id()
        except ReadFailed as failure:
            return Timeline((), False, 0.0, str(failure))
        timeline = read_back(lambda begin: self._page(user_id, since, newest, begin), since, newest)
        return replace(timeline, cost_usd=timeline.cost_usd + paid)

    def matches(self, post: Post, own: OwnPost) -> bool:
        same_link = comparable_link(post.link) in map(comparable_link, own.links)
        return same_link and comparable_text(post.text, [post.link]) == comparable_text(own.text, own.links)

    def verify(self) -> Identity:
        exchange = self._session.ask(lambda: self._client.get_me(user_auth=True))
        name, user_id = (text_member(exchange.member("data"), part) for part in ("username", "id"))
        if exchange.status != 200 or not name or not _is_id(user_id):
            raise self._not_verified(exchange)
        self._user_id = user_id
        handle = f"@{self._session.legible(name)}"
        # `read`, `read-write` or `read-write-directmessages`, where X sends it; it is documented nowhere.
        level = exchange.headers.get("x-access-level", "")
        if level == "read":
            raise AccountBlocked(f"With these tokens {handle} may read only.", remedy=ALLOW_WRITING)
        return Identity(
            handle,
            may_post=True if level.startswith("read-write") else None,
            version=self._session.legible(exchange.headers.get("api-version", "")),
            room=room(exchange),
            cost_usd=self._prices.user_read,
        )

    def close(self) -> None:
        self._session.close()

    def _receipt(self, post_id: str) -> Receipt:
        return Receipt(post_id, f"{self._session.public_url(PUBLIC_HOST)}/i/web/status/{post_id}")

    def _not_verified(self, exchange: Exchange) -> Outcome:
        """Why we do not know who we are. Nothing was to be posted, so nothing is unknown."""
        if exchange.body is None:
            return NotSent(f"X could not be asked: {exchange.problem}.")
        outcome = judge(exchange, self._now(), self._session.legible)
        return outcome if isinstance(outcome, AccountBlocked | NotSent) else NotSent(outcome.why)

    def _own_id(self) -> str:
        """The account's numeric id, asked for once. Raises `ReadFailed`."""
        if not self._user_id:
            user_id = text_member(self._read(lambda: self._client.get_me(user_auth=True)).get("data"), "id")
            if not _is_id(user_id):
                raise ReadFailed("X did not say whose tokens these are.")
            self._user_id = user_id
        return self._user_id

    def _page(self, user_id: str, since: datetime | None, newest: int | None, begin: str | None) -> Page:
        """One page. `start_time` leaves out what is older than `since`, for each post read costs money."""
        size = min(max(newest or MOST_ON_A_PAGE, FEWEST_ON_A_PAGE), MOST_ON_A_PAGE)
        body = self._read(
            lambda: self._client.get_users_tweets(
                user_id,
                max_results=size,
                start_time=since,
                pagination_token=begin,
                tweet_fields=["created_at", "entities"],
                user_auth=True,
            )
        )
        meta, tweets = body.get("meta"), body.get("data", [])
        if not isinstance(meta, dict) or not isinstance(tweets, list) or meta.get("result_count") != len(tweets):
            raise ReadFailed("X answered a read of own posts in an unknown form.")
        posts = tuple(map(self._own_post, tweets))
        return Page(posts, text_member(meta, "next_token") or None, len(posts) * self._prices.own_post_read)

    def _read(self, call: Callable[[], object]) -> dict[str, Any]:
        """The body of a good answer to a read. Raises `ReadFailed`; an answer with errors in it is no good one."""
        exchange = self._session.ask(call)
        if exchange.body is None:
            raise ReadFailed(f"Own posts could not be read: {exchange.problem}.")
        body = exchange.json()
        if exchange.status != 200 or not isinstance(body, dict) or body.get("errors"):
            raise ReadFailed(f"Own posts could not be read. {described(exchange, self._session.legible)}")
        return body

    def _own_post(self, tweet: Any) -> OwnPost:
        """A post as it was written: t.co links expanded, `&amp;`, `&lt;` and `&gt;` undone. Raises `ReadFailed`."""
        try:
            urls = tweet.get("entities", {}).get("urls", [])
            expanded = {url["url"]: url["expanded_url"] for url in urls}
            text = tweet["text"].replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
            text = re.sub(r"https://t\.co/\w+", lambda match: expanded.get(match[0], match[0]), text)
            created = datetime.fromisoformat(tweet["created_at"]).astimezone(UTC)
            return OwnPost(self._receipt(str(tweet["id"])), text, tuple(expanded.values()), created)
        except (AttributeError, KeyError, TypeError, ValueError):
            raise ReadFailed("X showed an own post in an unknown form.") from None


def _is_id(text: str) -> bool:
    return re.fullmatch(r"[0-9]{1,19}", text) is not None
