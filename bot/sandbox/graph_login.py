"""Facebook's side of connecting: a token for longer, the Pages of a person, and what a token is.

https://developers.facebook.com/docs/facebook-login/guides/access-tokens/get-long-lived
https://developers.facebook.com/docs/graph-api/reference/user/accounts
"""

import base64
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.sandbox import graph_errors as errors
from bot.sandbox.credentials import APP_ID, page_id_for, secrets_for
from bot.sandbox.exchange import Answer, json_answer
from bot.sandbox.graph_errors import refusal
from bot.sandbox.graph_posts import pick
from bot.sandbox.graph_tokens import LONG_LIVED, GraphToken, opened

TASKS = ["ADVERTISE", "ANALYZE", "CREATE_CONTENT", "MESSAGING", "MODERATE", "MANAGE"]
# From the last time that the person used the app; Page tokens have it, too.
DATA_ACCESS = timedelta(days=90)


def exchange(given: Mapping[str, str], now: datetime) -> Answer:
    """`/oauth/access_token` with `grant_type=fb_exchange_token`: a user token for about 60 days."""
    if given.get("grant_type") != "fb_exchange_token":
        return refusal(errors.INVALID_PARAMETER)
    if given.get("client_id") != APP_ID:
        return refusal(errors.WRONG_APP)
    if given.get("client_secret") != secrets_for("facebook", "")["APP_SECRET"]:
        return refusal(errors.WRONG_SECRET)
    token = opened(given.get("fb_exchange_token", ""))
    if token is None or token.kind != "USER":
        return refusal(errors.MALFORMED_TOKEN)
    if token.expired(now):
        return refusal(errors.EXPIRED_TOKEN)
    longer = replace(token, expires=int((now + LONG_LIVED).timestamp()))
    seconds = longer.expires - int(now.timestamp())
    return json_answer(200, {"access_token": str(longer), "token_type": "bearer", "expires_in": seconds})


def pages(token: GraphToken, given: Mapping[str, str], base_url: str, now: datetime) -> Answer:
    """`/me/accounts`: the Pages, each with a token of its own; without `pages_show_list` there are none to be seen."""
    limit = min(int(given.get("limit") or 25), 100)
    begin = _index(given["after"]) + 1 if given.get("after") else 0
    visible = token.pages if "pages_show_list" in token.scopes else ()
    shown = visible[begin : begin + limit]
    fields = given.get("fields", "access_token,category,category_list,name,id,tasks")
    body: dict[str, Any] = {"data": [pick(_page(name, token, now), fields) for name in shown]}
    if shown:
        after = _cursor(begin + len(shown) - 1)
        body["paging"] = {"cursors": {"before": _cursor(begin), "after": after}}
        if begin + len(shown) < len(visible):
            body["paging"]["next"] = f"{base_url}&limit={limit}&after={after}"
    return json_answer(200, body)


def inspect(token: GraphToken | None, now: datetime) -> Answer:
    """`/debug_token`."""
    if token is None:
        error = {"code": 190, "message": errors.MALFORMED_TOKEN.wording}
        return json_answer(200, {"data": {"error": error, "is_valid": False, "scopes": []}})
    data = {
        "app_id": APP_ID,
        "type": token.kind,
        "application": "shortscience-bot",
        "data_access_expires_at": int((now + DATA_ACCESS).timestamp()),
        "expires_at": token.expires,
        "is_valid": not token.expired(now),
        "scopes": list(token.scopes),
        "granular_scopes": [
            {"scope": scope, "target_ids": [page_id_for(name) for name in token.pages]}
            for scope in token.scopes
            if scope.startswith("pages")
        ],
        "user_id": page_id_for(token.pages[0]) if token.kind == "PAGE" else "100000000000001",
    }
    if token.kind == "PAGE":
        data["profile_id"] = page_id_for(token.pages[0])
    if token.expired(now):
        data["error"] = {"code": 190, "message": errors.EXPIRED_TOKEN.wording, "subcode": 463}
    return json_answer(200, {"data": data})


def _page(name: str, user: GraphToken, now: datetime) -> dict[str, Any]:
    """A Page's token lives as long as the user token it was asked for with, and for ever if that one lives long."""
    lasting = user.expires - now.timestamp() > timedelta(days=1).total_seconds()
    token = GraphToken("PAGE", (name,), user.scopes, 0 if lasting else user.expires)
    return {
        "access_token": str(token),
        "category": "Science Website",
        "category_list": [{"id": "2255", "name": "Science Website"}],
        "name": name,
        "id": page_id_for(name),
        "tasks": TASKS,
    }


def _cursor(index: int) -> str:
    return base64.urlsafe_b64encode(f"page:{index}".encode()).decode().rstrip("=")


def _index(cursor: str) -> int:
    return int(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().partition(":")[2])
