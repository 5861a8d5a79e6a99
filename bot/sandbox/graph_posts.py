"""Posts as Facebook shows them: chosen fields, and pages of them with cursors.

https://developers.facebook.com/docs/graph-api/results
"""

import base64
import hashlib
import math
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Any
from urllib.parse import quote, urlencode

from bot.sandbox import graph_errors as errors
from bot.sandbox.exchange import Answer, json_answer
from bot.sandbox.graph_errors import refusal
from bot.sandbox.world import SandboxPost

Visible = Callable[[SandboxPost], bool]

_FIELD = re.compile(r"([a-z_]+)(?:\.[a-z_]+\([^)]*\))*(?:\{(.*)\})?", re.DOTALL)


class UnknownField(Exception):
    """A field was asked for that the node does not have. The argument is its name."""


def select_fields(text: str) -> dict[str, str]:
    """`id,attachments{url,title}` as `{"id": "", "attachments": "url,title"}`."""
    fields: dict[str, str] = {}
    for part in re.findall(r"[^,{}]+(?:\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\})?", text):
        match = _FIELD.fullmatch(part.strip())
        if match is None:
            raise UnknownField(part.strip())
        fields[match[1]] = match[2] or ""
    return fields


def pick(node: Mapping[str, Any], fields: str) -> dict[str, Any]:
    """The fields of `node` that were asked for. One that it has but that is None is left out, as Facebook does."""
    chosen: dict[str, Any] = {}
    for name, inner in {**select_fields(fields), "id": ""}.items():
        if name not in node:
            raise UnknownField(name)
        value = node[name]
        if value is not None:
            chosen[name] = _pick_inner(value, inner) if inner else value
    return chosen


def _pick_inner(value: Any, fields: str) -> Any:
    """The chosen fields of an object, or of each object on an edge (`{"data": […]}`)."""
    if isinstance(value, dict) and "data" in value:
        return {"data": [_pick_inner(item, fields) for item in value["data"]]}
    wanted = select_fields(fields)
    for name in wanted:
        if not isinstance(value, dict) or name not in value:
            raise UnknownField(name)
    return {name: value[name] for name in wanted}


def post_node(post: SandboxPost, url: str) -> dict[str, Any]:
    """Everything the sandbox knows of a post, under the names of the PagePost node."""
    page = post.id.partition("_")[0]
    created = post.created.strftime("%Y-%m-%dT%H:%M:%S+0000")
    return {
        "id": post.id,
        "message": post.text or None,
        "created_time": created,
        "updated_time": created,
        "permalink_url": url,
        "from": {"id": page, "name": post.account},
        "is_published": post.published,
        "is_hidden": False,
        "is_expired": False,
        "status_type": "shared_story" if post.link else "mobile_status_update",
        "attachments": {"data": [_attachment(post.link)]} if post.link else None,
    }


def _attachment(link: str) -> dict[str, Any]:
    """The card of a link. `url` goes through Facebook's redirector, `unshimmed_url` is the link itself."""
    shim = f"https://l.facebook.com/l.php?u={quote(link, safe='')}&h={hashlib.sha256(link.encode()).hexdigest()[:16]}"
    return {
        "type": "share",
        "media_type": "link",
        "title": link,
        "description": "",
        "url": shim,
        "unshimmed_url": link,
        "target": {"url": shim},
    }


def page_of_posts(
    newest_first: Sequence[SandboxPost],
    parameters: Mapping[str, str],
    url_of: Callable[[SandboxPost], str],
    base_url: str,
) -> Answer:
    """One page: `limit` (25, at most 100), `since` and `until` (Unix time or a date), `after` (a cursor)."""
    limit = int(parameters.get("limit") or 25)
    if limit > 100:
        return refusal(errors.LIMIT_TOO_HIGH)
    posts = list(islice(filter(_within(parameters), newest_first), limit + 1))
    shown = posts[:limit]
    fields = parameters.get("fields", "created_time,message,id")
    body: dict[str, Any] = {"data": [pick(post_node(post, url_of(post)), fields) for post in shown]}
    if shown:
        body["paging"] = {"cursors": {"before": _cursor(shown[0]), "after": _cursor(shown[-1])}}
    if len(posts) > len(shown):
        kept = {name: parameters[name] for name in ("fields", "limit", "since", "until") if name in parameters}
        body["paging"]["next"] = base_url + "&" + urlencode({**kept, "after": _cursor(shown[-1])})
    return json_answer(200, body)


def _within(parameters: Mapping[str, str]) -> Visible:
    """Whether a post lies between `since`, `until` and the cursor `after`. Raises `ValueError`."""
    since, until, after = parameters.get("since"), parameters.get("until"), parameters.get("after")
    first = _unix_time(since) if since else -math.inf
    last = _unix_time(until) if until else math.inf
    before = _serial_of(after) if after else math.inf
    return lambda post: first <= int(post.created.timestamp()) <= last and post.serial < before


def _unix_time(text: str) -> float:
    if text.lstrip("-").isdigit():
        return float(text)
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _cursor(post: SandboxPost) -> str:
    return base64.urlsafe_b64encode(f"sandbox:{post.serial}".encode()).decode().rstrip("=")


def _serial_of(cursor: str) -> int:
    return int(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().partition(":")[2])
