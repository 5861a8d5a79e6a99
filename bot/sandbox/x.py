"""X API v2, as far as the bot calls it: create a post, read own posts back, ask who one is.

https://docs.x.com/x-api/posts/create-post · https://docs.x.com/x-api/users/get-posts
"""

import base64
import hashlib
import html
import json
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from bot.formatter.length import weighted_length
from bot.sandbox import x_problems as problems
from bot.sandbox.credentials import user_id_for
from bot.sandbox.exchange import Answer, Request, json_answer
from bot.sandbox.faults import Fault
from bot.sandbox.oauth import OAuthCheck, claimed_account
from bot.sandbox.world import DuplicateText, SandboxPost, Window, World
from bot.sandbox.x_login import PinLogin, handle_of

MAX_WEIGHTED_LENGTH = 280
# Beside every answer to a signed request: what the token may do, and the version of X's own description of its API.
_ALWAYS = {"x-access-level": "read-write", "api-version": "2.167"}
Visible = Callable[[SandboxPost], bool]

_CREATE = "/2/tweets"
_ME = "/2/users/me"
_TIMELINE = re.compile(r"/2/users/([0-9]{1,19})/tweets")
_QUARTER, _DAY = timedelta(minutes=15), timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class XLimits:
    """Calls in 15 minutes or 24 hours. https://docs.x.com/x-api/fundamentals/rate-limits, 2026-11-20.

    posts_per_day is the 2,400 of https://help.x.com/en/rules-and-policies/x-limits; unverified accounts have 50.
    """

    posts: int = 100
    posts_per_day: int = 2_400
    app_posts_per_day: int = 10_000
    timelines: int = 900
    identities: int = 75


class XApi:
    """Answers as X does. `limits` None: nothing is counted. `refuse_duplicates` False: the same text is taken again."""

    platform = "twitter"

    def __init__(self, world: World, url: Callable[[], str], limits: XLimits | None, refuse_duplicates: bool) -> None:
        self._world, self._url, self._limits = world, url, limits
        self._no_repeat_within = timedelta.max if refuse_duplicates else None
        self._oauth, self._login = OAuthCheck(), PinLogin()

    def claimed_account(self, request: Request) -> str | None:
        return claimed_account(request)

    def route_of(self, request: Request) -> str:
        if request.path.startswith("/oauth/"):
            return "connect"
        if request.path == _CREATE and request.method == "POST":
            return "publish"
        if request.method != "GET":
            return "other"
        return "verify" if request.path == _ME else "timeline" if _TIMELINE.fullmatch(request.path) else "other"

    def answer(self, request: Request, visible: Visible) -> Answer:
        route = self.route_of(request)
        if route == "connect":
            return self._login.answer(request)
        if route == "other":
            return problems.not_found()
        account = self._oauth.account(request)
        if account is None:
            return problems.unauthorized()
        windows = self._spend(route, account)
        headers = _ALWAYS | _limit_headers(windows)
        if not all(window.open for window in windows.values()):
            return problems.too_many_requests(headers)
        if route == "publish":
            return self._create(request, account).with_headers(headers)
        if route == "verify":
            return json_answer(200, {"data": _user(account)}, headers)
        return self._timeline(request, account, visible).with_headers(headers)

    def canned(self, fault: Fault, request: Request) -> Answer:  # noqa: ARG002 - Facebook needs the request
        """The refusal that a fault asks for."""
        until = fault.seconds if fault.seconds is not None else 900.0
        reset = int(self._world.now().timestamp() + until)
        answers: dict[str, Callable[[], Answer]] = {
            "duplicate": problems.duplicate,
            "rate_limited": lambda: problems.too_many_requests(_used_up(fault.window, reset)),
            "usage_capped": lambda: problems.usage_capped(_used_up(None, reset)),
            "unauthorized": problems.unauthorized,
            "payment_required": problems.credits_depleted,
            "spend_capped": problems.spend_capped,
            "suspended": problems.suspended,
            "forbidden": problems.app_permissions,
            "empty_error": lambda: json_answer(429, {"errors": []}),
            "created_without_data": lambda: json_answer(201, {}),
        }
        return answers[fault.kind]() if fault.kind in answers else problems.internal_error(fault.status or 500)

    def page_url(self, post: SandboxPost) -> str:
        """The public address of a post."""
        return f"{self._url()}/i/web/status/{post.id}"

    def _spend(self, route: str, account: str) -> dict[str, Window]:
        if self._limits is None:
            return {}
        spend, limits = self._world.spend, self._limits
        if route != "publish":
            limit = limits.timelines if route == "timeline" else limits.identities
            return {"x-rate-limit": spend(f"x {route} {account}", limit, _QUARTER)}
        return {
            "x-rate-limit": spend(f"x publish {account}", limits.posts, _QUARTER),
            "x-user-limit-24hour": spend(f"x day {account}", limits.posts_per_day, _DAY),
            "x-app-limit-24hour": spend("x app day", limits.app_posts_per_day, _DAY),
        }

    def _create(self, request: Request, account: str) -> Answer:
        text = _text_of(request)
        if isinstance(text, Answer):
            return text
        if weighted_length(text) > MAX_WEIGHTED_LENGTH:
            return problems.invalid_request(problems.TOO_LONG, {"text": [text]})
        link = next(iter(_links(text)), "")
        try:
            post = self._world.publish("twitter", account, text, link, no_repeat_within=self._no_repeat_within)
        except DuplicateText:
            return problems.duplicate()
        shown, _ = _shortened(post)
        return json_answer(201, {"data": {"edit_history_tweet_ids": [post.id], "id": post.id, "text": shown}})

    def _timeline(self, request: Request, account: str, visible: Visible) -> Answer:
        wanted = _TIMELINE.fullmatch(request.path)
        if wanted is None or wanted[1] != user_id_for(account):
            return json_answer(200, {"errors": [problems.resource_not_found(wanted[1] if wanted else "")]})
        try:
            query = _TimelineQuery(request.query)
        except ValueError as error:
            return problems.invalid_request(str(error), {name: [value] for name, value in request.query.items()})
        own = self._world.timeline("twitter", account)
        wanted_posts = (post for post in own if visible(post) and query.takes(post))
        return json_answer(200, _page(list(islice(wanted_posts, query.size + 1)), query))


class _TimelineQuery:
    """The parameters of a read-back. Raises `ValueError` with X's kind of message."""

    def __init__(self, query: Mapping[str, str]) -> None:
        self.size = _whole_number(query, "max_results", 10)
        if not 5 <= self.size <= 100:
            raise ValueError(f"The `max_results` query parameter value [{self.size}] is not between 5 and 100")
        self._start, self._end = _moment(query.get("start_time")), _moment(query.get("end_time"))
        self._since, self._until = _whole_number(query, "since_id", 0), _whole_number(query, "until_id", 0)
        self._before = _read_token(query["pagination_token"]) if "pagination_token" in query else 0
        # X's own document renames `tweet.fields` to `post.fields`; libraries still send the former.
        self.fields = (query.get("tweet.fields") or query.get("post.fields") or "").split(",")

    def takes(self, post: SandboxPost) -> bool:
        created, number = post.created.replace(microsecond=0), int(post.id)
        return (
            (self._start is None or created >= self._start)
            and (self._end is None or created < self._end)
            and number > self._since
            and (not self._until or number < self._until)
            and (not self._before or number < self._before)
        )


def _page(posts: Sequence[SandboxPost], query: _TimelineQuery) -> dict[str, Any]:
    shown = posts[: query.size]
    meta: dict[str, Any] = {"result_count": len(shown)}
    if not shown:
        return {"meta": meta}
    meta |= {"newest_id": shown[0].id, "oldest_id": shown[-1].id}
    if len(posts) > len(shown):
        meta["next_token"] = _write_token(shown[-1].id)
    return {"data": [_tweet(post, query.fields) for post in shown], "meta": meta}


def _tweet(post: SandboxPost, fields: Sequence[str]) -> dict[str, Any]:
    text, urls = _shortened(post)
    tweet: dict[str, Any] = {"id": post.id, "edit_history_tweet_ids": [post.id], "text": text}
    if "created_at" in fields:
        tweet["created_at"] = post.created.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    if "author_id" in fields:
        tweet["author_id"] = user_id_for(post.account)
    if "entities" in fields and urls:
        tweet["entities"] = {"urls": urls}
    return tweet


def _user(account: str) -> dict[str, str]:
    return {"id": user_id_for(account), "name": account, "username": handle_of(account)}


def _text_of(request: Request) -> str | Answer:
    """The text to post as X keeps it: NFC, without space around it. Or the refusal."""
    if request.media_type != "application/json":
        return problems.invalid_request(problems.WRONG_CONTENT_TYPE, status=415)
    try:
        body = json.loads(request.body)
    except ValueError:
        return problems.invalid_request("Request body is not valid JSON.")
    text = body.get("text") if isinstance(body, dict) else None
    if not isinstance(text, str):
        return problems.invalid_request("$.text: string expected")
    for name in body.keys() - {"text"}:
        # X knows more properties; the sandbox does not, and says so instead of ignoring them.
        return problems.invalid_request(f"$.{name}: is not known to the sandbox")
    kept = unicodedata.normalize("NFC", text).strip()
    return kept or problems.invalid_request("$.text: must be at least 1 characters long", {"text": [text]})


_LINK = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)


def _links(text: str) -> list[str]:
    return [match[0].rstrip(".,;:!?'") for match in _LINK.finditer(text)]


def _shortened(post: SandboxPost) -> tuple[str, list[dict[str, Any]]]:
    """The text as X gives it back, `&<>` escaped and links shortened, and where the links are in it."""
    parts: list[str] = []
    urls: list[dict[str, Any]] = []
    rest = post.text
    for number, link in enumerate(_links(post.text)):
        before, _, rest = rest.partition(link)
        parts.append(html.escape(before, quote=False))
        short = _t_co(post.id, number)
        start = sum(map(len, parts))
        parts.append(short)
        urls.append(_url_entity(start, short, link))
    return "".join((*parts, html.escape(rest, quote=False))), urls


def _url_entity(start: int, short: str, link: str) -> dict[str, Any]:
    shown = re.sub(r"^https?://(www\.)?", "", link, flags=re.IGNORECASE)
    display = shown if len(shown) <= 27 else shown[:26] + "…"
    return {"start": start, "end": start + len(short), "url": short, "expanded_url": link, "display_url": display}


def _t_co(post_id: str, number: int) -> str:
    digest = hashlib.sha256(f"{post_id} {number}".encode()).digest()
    return "https://t.co/" + base64.b32encode(digest).decode()[:10]


def _limit_headers(windows: Mapping[str, Window]) -> dict[str, str]:
    headers: dict[str, str] = {}
    for name, window in windows.items():
        headers[f"{name}-limit"] = str(window.limit)
        headers[f"{name}-remaining"] = str(window.remaining)
        headers[f"{name}-reset"] = str(window.reset)
    return headers


def _used_up(which: str | None, reset: int) -> dict[str, str]:
    """Headers of a 429: all three windows, `which` of them used up (None: none of them)."""
    limits = XLimits()
    names = {"user15": "x-rate-limit", "user24h": "x-user-limit-24hour", "app24h": "x-app-limit-24hour"}
    sizes = {"user15": limits.posts, "user24h": limits.posts_per_day, "app24h": limits.app_posts_per_day}
    windows = {
        name: Window(sizes[key], 0 if key == which else sizes[key] - 1, reset, key != which)
        for key, name in names.items()
    }
    return _limit_headers(windows)


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    if not text.endswith("Z"):
        raise ValueError(f"[{text}] is not a valid RFC3339 date-time")
    return datetime.fromisoformat(text).astimezone(UTC)


def _whole_number(query: Mapping[str, str], name: str, default: int) -> int:
    text = query.get(name)
    if text is not None and not text.isdigit():
        raise ValueError(f"The `{name}` query parameter value [{text}] is not a number")
    return default if text is None else int(text)


def _write_token(post_id: str) -> str:
    """A pagination token: base32hex, as X's are."""
    return base64.b32hexencode(post_id.encode()).decode().rstrip("=").lower()


def _read_token(token: str) -> int:
    try:
        return int(base64.b32hexdecode(token.upper() + "=" * (-len(token) % 8)))
    except ValueError:
        raise ValueError(f"The `pagination_token` query parameter value [{token}] is not valid") from None
