"""X's refusals. Each body is what X has been seen to answer, by users who pasted it (2025-2026).

Problems with a type of their own are in X's OpenAPI document; those of type `about:blank` are not, though they are what
X answers most. https://docs.x.com/x-api/fundamentals/response-codes-and-errors
"""

from collections.abc import Mapping
from typing import Any

from bot.sandbox.exchange import Answer, json_answer

_PROBLEMS = "https://api.x.com/2/problems/"
# Credits and caps are still named after the old host.
_OLD_PROBLEMS = "https://api.twitter.com/2/problems/"

DUPLICATE = "You are not allowed to create a Tweet with duplicate content."
TOO_LONG = (
    "Your Tweet text is too long. For more information on how Twitter determines text length see "
    "https://github.com/twitter/twitter-text."
)
WRONG_CONTENT_TYPE = "Requests with bodies must have content-type of application/json."


def plain(status: int, title: str, detail: str | None = None, headers: Mapping[str, str] | None = None) -> Answer:
    """A refusal without a type of its own."""
    body = {"title": title, "detail": detail or title, "type": "about:blank", "status": status}
    return json_answer(status, body, headers)


def unauthorized() -> Answer:
    return plain(401, "Unauthorized")


def not_found() -> Answer:
    return plain(404, "Not Found")


def too_many_requests(headers: Mapping[str, str]) -> Answer:
    return plain(429, "Too Many Requests", headers=headers)


def duplicate() -> Answer:
    return plain(403, "Forbidden", DUPLICATE)


def suspended() -> Answer:
    return plain(403, "Forbidden", "Your account is suspended and is not permitted to access this feature.")


def internal_error(status: int = 500) -> Answer:
    titles = {500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout"}
    return plain(status, titles.get(status, "Error"))


def invalid_request(message: str, parameters: Mapping[str, list[str]] | None = None, status: int = 400) -> Answer:
    body = {
        "errors": [{"parameters": parameters or {}, "message": message}],
        "title": "Invalid Request",
        "detail": "One or more parameters to your request was invalid.",
        "type": _PROBLEMS + "invalid-request",
    }
    return _problem(status, body)


def resource_not_found(user_id: str) -> dict[str, Any]:
    """The problem that stands in the `errors` of an answer, not an answer by itself."""
    return {
        "value": user_id,
        "detail": f"Could not find user with id: [{user_id}].",
        "title": "Not Found Error",
        "resource_type": "user",
        "parameter": "id",
        "resource_id": user_id,
        "type": _PROBLEMS + "resource-not-found",
    }


def app_permissions() -> Answer:
    body = {
        "title": "Forbidden",
        "status": 403,
        "detail": "Your client app is not configured with the appropriate oauth1 app permissions for this endpoint.",
        "type": _PROBLEMS + "oauth1-permissions",
    }
    return _problem(403, body)


def credits_depleted() -> Answer:
    body = {
        "title": "CreditsDepleted",
        "detail": "Your enrolled account does not have any credits to fulfill this request.",
        "type": _OLD_PROBLEMS + "credits",
    }
    return _problem(402, body)


def spend_capped() -> Answer:
    body = {
        "title": "SpendCapReached",
        "detail": "Your enrolled account has reached its billing cycle spend cap.",
        "type": _OLD_PROBLEMS + "credits",
    }
    return _problem(403, body)


def usage_capped(headers: Mapping[str, str]) -> Answer:
    body = {
        "title": "UsageCapExceeded",
        "period": "Monthly",
        "scope": "Product",
        "detail": "Usage cap exceeded: Monthly product cap",
        "type": _OLD_PROBLEMS + "usage-capped",
    }
    return _problem(429, body).with_headers(headers)


def could_not_authenticate() -> Answer:
    """The oldest endpoints still answer in the form of v1.1."""
    return json_answer(401, {"errors": [{"code": 32, "message": "Could not authenticate you."}]})


def callback_not_approved() -> Answer:
    words = (
        "Callback URL not approved for this client application. "
        "Approved callback URLs can be adjusted in your application settings"
    )
    return json_answer(403, {"errors": [{"code": 415, "message": words}]})


def wrong_verifier() -> Answer:
    """Plain text. https://github.com/alvarolorentedev/oauth-electron-twitter/issues/9"""
    words = b"Error processing your OAuth request: Invalid oauth_verifier parameter"
    return Answer(401, words, {"Content-Type": "text/html; charset=utf-8"})


def _problem(status: int, body: Mapping[str, Any]) -> Answer:
    return json_answer(status, body, {"Content-Type": "application/problem+json; charset=utf-8"})
