"""Facebook's refusals, by code. Clients have to go by the code: the HTTP status says little and varies.

Codes, subcodes and types are those of https://developers.facebook.com/docs/graph-api/guides/error-handling and of
live answers that users pasted; `wording` is the part of the message that something may depend on. Looked up 2026-11-20.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.exchange import Answer, json_answer


@dataclass(frozen=True, slots=True)
class GraphError:
    """One refusal. extra: further fields of the error object."""

    code: int
    wording: str
    status: int = 400
    subcode: int | None = None
    type: str = "OAuthException"
    extra: Mapping[str, Any] = field(default_factory=dict)


_TRANSIENT = {"is_transient": True}

UNKNOWN = GraphError(1, "An unknown error occurred", 500)
UNEXPECTED = GraphError(2, "An unexpected error has occurred. Please retry your request later.", 500, extra=_TRANSIENT)
EXPIRED_TOKEN = GraphError(190, "Error validating access token: Session has expired", 401, 463)
MALFORMED_TOKEN = GraphError(190, "Invalid OAuth access token - Cannot parse access token", 401)
NO_TOKEN = GraphError(2500, "An active access token must be used to query information about the current user.")
WRONG_PROOF = GraphError(100, "Invalid appsecret_proof provided in the API argument", type="GraphMethodException")
NO_SUCH_OBJECT = GraphError(
    100,
    "Unsupported request. Object does not exist, cannot be loaded due to missing permissions, "
    "or does not support this operation",
    subcode=33,
    type="GraphMethodException",
)
INVALID_PARAMETER = GraphError(100, "Invalid parameter")
# These two as in the edge's own table: https://developers.facebook.com/docs/graph-api/reference/page/feed
EMPTY_POST = GraphError(197, "(#197) The post is empty. Please enter a message to share.")
BAD_LINK = GraphError(1500, "(#1500) The url you supplied is invalid")
TOO_LONG = GraphError(100, "(#100) Param message must be at most 63206 characters long.")
LINK_DETAILS = GraphError(
    100, "(#100) Only owners of the URL have the ability to specify the picture, name, thumbnail or description params."
)
LIMIT_TOO_HIGH = GraphError(100, "(#100) The 'limit' parameter should not exceed 100")
DUPLICATE = GraphError(506, "(#506) Duplicate status message")
PERMISSION = GraphError(200, "Permissions error", 403)
ABUSIVE = GraphError(
    368, "it includes content that other people on Facebook have reported as abusive.", subcode=1346003
)
TOO_FAST = GraphError(368, "We limit how often you can post, comment or do other things", subcode=1390008)
PAGE_THROTTLE = GraphError(80001, "(#80001) There have been too many calls to this Page account.")

# Of the exchange of tokens: https://github.com/sns-sdks/python-facebook/issues/271 and
# https://github.com/facebookarchive/php-graph-sdk/issues/538
WRONG_APP = GraphError(101, "Error validating application. Cannot get application info due to a system error.")
WRONG_SECRET = GraphError(1, "Error validating client secret.")
# A Page has no Pages.
NO_ACCOUNTS = GraphError(100, "(#100) Tried accessing nonexisting field (accounts) on node type (Page)")
CANNOT_READ = GraphError(10, "(#10) This endpoint requires the 'pages_read_engagement' permission", 403)

KNOWN = (
    UNKNOWN,
    GraphError(1, "An unknown error occurred", 500, 99),
    UNEXPECTED,
    GraphError(4, "(#4) Application request limit reached", 403, extra=_TRANSIENT),
    CANNOT_READ,
    GraphError(17, "(#17) User request limit reached", 400, extra=_TRANSIENT),
    GraphError(32, "(#32) Page request limit reached", 403),
    GraphError(99, "An unknown error occurred", 500),
    INVALID_PARAMETER,
    EXPIRED_TOKEN,
    GraphError(190, "Error validating access token: the user changed the password", 401, 460),
    GraphError(190, "must be granted before impersonating a user's page.", 400),
    PERMISSION,
    GraphError(283, "(#283) Requires pages_read_engagement permission to manage the object", 403),
    GraphError(341, "(#341) Feed action request limit reached"),
    TOO_FAST,
    ABUSIVE,
    DUPLICATE,
    GraphError(613, "(#613) Calls to this api have exceeded the rate limit.", 403),
    GraphError(1609005, "(#1609005) There was a problem scraping data from the provided link."),
    PAGE_THROTTLE,
)


def known_error(code: int, subcode: int | None) -> GraphError:
    """The refusal with this code and, if one is named, this subcode; made up if there is none."""
    alike = [error for error in KNOWN if error.code == code and subcode in (None, error.subcode)]
    return alike[0] if alike else GraphError(code, f"(#{code}) An error", subcode=subcode)


def refusal(error: GraphError, headers: Mapping[str, str] | None = None) -> Answer:
    """The answer that says so."""
    body: dict[str, Any] = {"message": error.wording, "type": error.type, "code": error.code, **error.extra}
    if error.subcode is not None:
        body["error_subcode"] = error.subcode
    body["fbtrace_id"] = trace_id()
    if error.code == 190:
        challenge = f'OAuth "Facebook Platform" "invalid_token" "{error.wording}"'
        headers = {"WWW-Authenticate": challenge, **(headers or {})}
    return json_answer(error.status, {"error": body}, headers)


def trace_id() -> str:
    return "A" + secrets.token_urlsafe(17)[:22]
