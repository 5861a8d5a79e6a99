"""Facebook's Graph API, as far as the bot calls it: post to a Page, read its posts back, look at the token.

https://developers.facebook.com/docs/graph-api/reference/page/feed
https://developers.facebook.com/docs/graph-api/reference/v26.0/debug_token
"""

import hmac
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl

from bot.sandbox import graph_errors as errors
from bot.sandbox import graph_login as login
from bot.sandbox.credentials import APP_ID, appsecret_proof, page_id_for, secrets_for
from bot.sandbox.exchange import Answer, Request, json_answer
from bot.sandbox.faults import Fault
from bot.sandbox.graph_errors import GraphError, refusal
from bot.sandbox.graph_posts import UnknownField, Visible, page_of_posts, pick, post_node, select_fields
from bot.sandbox.graph_tokens import GraphToken, opened, page_of
from bot.sandbox.world import DuplicateText, SandboxPost, World

CURRENT_VERSION = "v26.0"
# Served as asked for; any other version is served as the current one, without a word. 2026-11-20.
LIVE_VERSIONS = frozenset({"v22.0", "v23.0", "v24.0", "v25.0", CURRENT_VERSION})
# Announced 2011 and never withdrawn: https://www.facebook.com/notes/facebook/status-update-63206-characters
MAX_MESSAGE = 63_206
# How long Facebook minds the same message is not documented; "quickly" is all that is known.
NO_REPEAT_WITHIN = timedelta(minutes=5)
# Calls with a Page token in 24 hours are 4,800 for each engaged user; a small page has one.
# https://developers.facebook.com/docs/graph-api/overview/rate-limiting
CALLS_PER_DAY = 4_800

_PATH = re.compile(r"/(v\d+\.\d+)/([^/]+)(?:/([^/]+))?/?")
_POSTS_EDGES = ("published_posts", "feed", "posts")
_LOGIN = (("oauth", "access_token"), ("me", "accounts"))


@dataclass
class _Call:
    """A request as the Graph API reads it: parameters from the query and from a form or JSON body are one."""

    request: Request
    _parameters: dict[str, str] | None = field(default=None, init=False, repr=False)

    @cached_property
    def path(self) -> tuple[str, str, str]:
        """Version, node and edge; the edge may be empty."""
        match = _PATH.fullmatch(self.request.path)
        return (match[1], match[2], match[3] or "") if match else ("", "", "")

    @property
    def parameters(self) -> dict[str, str]:
        # Not cached_property, as with the body.
        if self._parameters is None:
            self._parameters = {**self.request.query, **_body_parameters(self.request)}
        return self._parameters

    @property
    def token(self) -> str:
        scheme, _, token = self.request.headers.get("authorization", "").partition(" ")
        if scheme.lower() in ("bearer", "oauth"):
            return token.strip()
        return self.request.query.get("access_token") or self.parameters.get("access_token", "")


class GraphApi:
    """Answers as Facebook does. `limited` False: calls are not counted. `refuse_duplicates` False: nor are repeats."""

    platform = "facebook"

    def __init__(self, world: World, url: Callable[[], str], limited: bool, refuse_duplicates: bool) -> None:
        self._world, self._url, self._limited = world, url, limited
        self._no_repeat_within = NO_REPEAT_WITHIN if refuse_duplicates else None

    @staticmethod
    def serves(path: str) -> bool:
        return _PATH.fullmatch(path) is not None

    def claimed_account(self, request: Request) -> str | None:
        return page_of(_Call(request).token)

    def route_of(self, request: Request) -> str:
        _, node, edge = _Call(request).path
        if (node, edge) in _LOGIN:
            return "connect"
        if request.method == "POST":
            return "publish" if edge == "feed" else "other"
        return "timeline" if edge in _POSTS_EDGES else "other" if edge else "verify"

    def answer(self, request: Request, visible: Visible) -> Answer:
        call = _Call(request)
        try:
            answer = self._without_page(call) or self._with_page(call, visible)
        except UnknownField as field:
            answer = refusal(GraphError(100, f"(#100) Tried accessing nonexisting field ({field})"))
        except ValueError:
            answer = refusal(errors.INVALID_PARAMETER)
        return self._finish(call, answer)

    def _without_page(self, call: _Call) -> Answer | None:
        """What needs no Page token: the exchange, and what the tokens of people and of the app are for."""
        _, node, edge = call.path
        now, token = self._world.now(), opened(call.token)
        if (node, edge) == ("oauth", "access_token"):
            return login.exchange(call.parameters, now)
        is_app = call.token == f"{APP_ID}|{secrets_for('facebook', '')['APP_SECRET']}"
        if not is_app and (token is None or token.kind == "PAGE"):
            return refusal(errors.NO_ACCOUNTS) if token is not None and (node, edge) == ("me", "accounts") else None
        if not _proven(call):
            return refusal(errors.WRONG_PROOF)
        if node == "debug_token":
            return login.inspect(opened(call.parameters.get("input_token", "")), now)
        if token is None:
            return refusal(errors.NO_TOKEN)
        if token.expired(now):
            return refusal(errors.EXPIRED_TOKEN)
        is_list = (node, edge) == ("me", "accounts")
        return login.pages(token, call.parameters, self._next_url(call), now) if is_list else _no_such_object(node)

    def _with_page(self, call: _Call, visible: Visible) -> Answer:
        token, problem = self._page_token(call)
        if token is None:
            return refusal(problem)
        account = token.pages[0]
        used = self._usage(account)
        headers = usage_headers(page_id_for(account), used)
        if used > 100:
            return refusal(errors.PAGE_THROTTLE, headers)
        return self._dispatch(call, account, token.scopes, visible).with_headers(headers)

    def canned(self, fault: Fault, request: Request) -> Answer:
        """The refusal that a fault asks for."""
        call = _Call(request)
        answers: dict[str, Callable[[], Answer]] = {
            "rate_limited": lambda: _throttled(fault, page_of(call.token) or ""),
            "duplicate": lambda: refusal(errors.DUPLICATE),
            "unauthorized": lambda: refusal(errors.EXPIRED_TOKEN),
            "suspended": lambda: refusal(errors.ABUSIVE),
            "forbidden": lambda: refusal(errors.PERMISSION),
            "graph_error": lambda: refusal(errors.known_error(fault.code or 1, fault.subcode)),
            "false_200": lambda: json_answer(200, False),
            "empty_error": lambda: json_answer(429, {"error": {}}),
            "created_without_data": lambda: json_answer(200, {}),
        }
        return self._finish(call, answers.get(fault.kind, lambda: refusal(errors.UNEXPECTED))())

    def page_url(self, post: SandboxPost) -> str:
        """The public address of a post."""
        page, _, number = post.id.partition("_")
        return f"{self._url()}/{page}/posts/{number}"

    def _page_token(self, call: _Call) -> tuple[GraphToken | None, GraphError]:
        """The Page token of a call; None, and the reason, if it is not accepted."""
        if not call.token:
            return None, errors.NO_TOKEN
        if not _proven(call):
            return None, errors.WRONG_PROOF
        token = opened(call.token)
        if token is not None and token.expired(self._world.now()):
            return None, errors.EXPIRED_TOKEN
        return token, errors.MALFORMED_TOKEN

    def _dispatch(self, call: _Call, account: str, scopes: Sequence[str], visible: Visible) -> Answer:
        _, node, edge = call.path
        method, page = call.request.method, page_id_for(account)
        if node == "debug_token" and method == "GET":
            return login.inspect(opened(call.parameters.get("input_token", "")), self._world.now())
        if node not in ("me", page):
            return self._one_post(call, account, node) if method == "GET" and not edge else _no_such_object(node)
        if method == "POST" and edge == "feed":
            return self._create(call, account) if "pages_manage_posts" in scopes else refusal(errors.PERMISSION)
        if method == "GET" and edge in _POSTS_EDGES:
            if "pages_read_engagement" not in scopes:
                return refusal(errors.CANNOT_READ)
            own = [post for post in self._world.timeline("facebook", account) if visible(post)]
            return page_of_posts(own, call.parameters, self.page_url, self._next_url(call))
        if method == "GET" and not edge:
            return json_answer(200, pick(_page_node(account, self._url()), call.parameters.get("fields", "id,name")))
        return _no_such_object(node)

    def _create(self, call: _Call, account: str) -> Answer:
        given = call.parameters
        problem = _problem_with(given)
        if problem is not None:
            return refusal(problem)
        shown = given.get("published", "true").lower() not in ("false", "0")
        message, link = given.get("message", ""), given.get("link", "")
        try:
            post = self._world.publish(
                "facebook", account, message, link, published=shown, no_repeat_within=self._no_repeat_within
            )
        except DuplicateText:
            return refusal(errors.DUPLICATE)
        return json_answer(200, pick(post_node(post, self.page_url(post)), given.get("fields", "id")))

    def _one_post(self, call: _Call, account: str, post_id: str) -> Answer:
        post = self._world.find("facebook", post_id)
        if post is None or post.account != account:
            return _no_such_object(post_id)
        fields = call.parameters.get("fields", "created_time,message,id")
        return json_answer(200, pick(post_node(post, self.page_url(post)), fields))

    def _usage(self, account: str) -> int:
        """Percent of the calls allowed to the Page that are used up; above 100 it is throttled."""
        if not self._limited:
            return 0
        window = self._world.spend(f"graph {account}", CALLS_PER_DAY, timedelta(hours=24))
        return 100 * (CALLS_PER_DAY - window.remaining) // CALLS_PER_DAY if window.open else 101

    def _next_url(self, call: _Call) -> str:
        version, node, edge = call.path
        return f"{self._url()}/{version}/{node}/{edge}?access_token={call.token}"

    def _finish(self, call: _Call, answer: Answer) -> Answer:
        version = call.path[0]
        headers = {
            "facebook-api-version": version if version in LIVE_VERSIONS else CURRENT_VERSION,
            "x-fb-trace-id": errors.trace_id()[1:12],
            "Cache-Control": "private, no-cache, no-store, must-revalidate",
        }
        wants_json = "json" in call.request.headers.get("accept", "")
        kind = "application/json" if wants_json or answer.status < 400 else "text/javascript"
        return answer.with_headers({"Content-Type": f"{kind}; charset=UTF-8", **headers})


def _proven(call: _Call) -> bool:
    """Whether a proof of the app's secret, if there is one, is right."""
    proof = call.parameters.get("appsecret_proof")
    return proof is None or hmac.compare_digest(proof, appsecret_proof(call.token))


def usage_headers(page_id: str, percent: int, minutes: int = 0) -> dict[str, str]:
    """How much of what is allowed is used up; `minutes` until access comes back."""
    share = {"call_count": percent, "total_cputime": percent // 2, "total_time": percent // 2}
    page = [{"type": "pages", **share, "estimated_time_to_regain_access": minutes}]
    return {"x-app-usage": json.dumps(share), "x-business-use-case-usage": json.dumps({page_id: page})}


def _throttled(fault: Fault, account: str) -> Answer:
    """A throttle with `code` (80001), and the minutes until it is over where Facebook tells them."""
    minutes = max(1, round((fault.seconds if fault.seconds is not None else 300.0) / 60))
    code = errors.PAGE_THROTTLE.code if fault.code is None else fault.code
    subcode = errors.TOO_FAST.subcode if code == errors.TOO_FAST.code else fault.subcode
    return refusal(errors.known_error(code, subcode), usage_headers(page_id_for(account), 100, minutes))


def _body_parameters(request: Request) -> dict[str, str]:
    if request.media_type == "application/x-www-form-urlencoded":
        return dict(parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True))
    if request.media_type != "application/json":
        return {}
    try:
        given = json.loads(request.body)
    except ValueError:
        return {}
    plain = given.items() if isinstance(given, dict) else ()
    return {name: value if isinstance(value, str) else json.dumps(value) for name, value in plain}


def _problem_with(given: Mapping[str, str]) -> GraphError | None:
    """What Facebook minds about a new post; it ignores parameters that it does not know."""
    message, link = given.get("message", ""), given.get("link", "")
    if not message and not link:
        return errors.EMPTY_POST
    if len(message) > MAX_MESSAGE:
        return errors.TOO_LONG
    if link and not re.match(r"https?://[^\s/]+", link):
        return errors.BAD_LINK
    if link and given.keys() & {"name", "caption", "description", "picture"}:
        return errors.LINK_DETAILS
    select_fields(given.get("fields", "id"))
    return None


def _page_node(account: str, url: str) -> dict[str, Any]:
    page = page_id_for(account)
    return {
        "id": page,
        "name": account,
        "link": f"{url}/{page}",
        "category": "Science Website",
        "can_post": True,
        "is_published": True,
    }


def _no_such_object(node: str) -> Answer:
    error = errors.NO_SUCH_OBJECT
    wording = error.wording.replace("Object", f"Object with ID '{node}'")
    return refusal(GraphError(error.code, wording, error.status, error.subcode, error.type))
