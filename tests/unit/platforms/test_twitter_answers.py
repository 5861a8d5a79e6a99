"""What X's answers prove."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.platforms.base import AccountBlocked, NotSent, OutcomeUnknown, Rejected
from bot.platforms.twitter_answers import BLOCKED, judge
from tests.unit.platforms.answers import answered

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
SOON, LATER = NOW + timedelta(minutes=7), NOW + timedelta(hours=20)
USED_UP = {"x-rate-limit-remaining": "0"}
CAPPED = {"title": "UsageCapExceeded", "type": "https://api.twitter.com/2/problems/usage-capped"}


def _judge(status: int, body: Any = None, headers: dict[str, str] | None = None) -> Any:
    return judge(answered(status, body if body is not None else {}, headers), NOW, str)


def _window(name: str, remaining: int, reset: datetime) -> dict[str, str]:
    return {f"{name}-limit": "100", f"{name}-remaining": str(remaining), f"{name}-reset": str(int(reset.timestamp()))}


@pytest.mark.parametrize(
    ("case", "headers", "retry_at"),
    [
        ("the short window", _window("x-rate-limit", 0, SOON), SOON),
        ("the user's day", {**_window("x-rate-limit", 3, SOON), **_window("x-user-limit-24hour", 0, LATER)}, LATER),
        ("the app's day", {**_window("x-rate-limit", 3, SOON), **_window("x-app-limit-24hour", 0, LATER)}, LATER),
        ("two: the later one", {**_window("x-rate-limit", 0, SOON), **_window("x-user-limit-24hour", 0, LATER)}, LATER),
        ("none of them", _window("x-rate-limit", 3, LATER), NOW + timedelta(minutes=15)),
        ("no headers", {}, NOW + timedelta(minutes=15)),
        ("no reset", USED_UP, NOW + timedelta(minutes=15)),
        ("a reset in the past", _window("x-rate-limit", 0, NOW), NOW + timedelta(minutes=15)),
        ("a reset in years", _window("x-rate-limit", 0, NOW + timedelta(days=900)), NOW + timedelta(minutes=15)),
        ("a reset that is no number", {**USED_UP, "x-rate-limit-reset": "٣"}, NOW + timedelta(minutes=15)),
        ("a reset beyond all dates", {**USED_UP, "x-rate-limit-reset": "9" * 11}, NOW + timedelta(minutes=15)),
        ("a reset longer than any date", {**USED_UP, "x-rate-limit-reset": "9" * 5000}, NOW + timedelta(minutes=15)),
    ],
)
def test_a_429_waits_for_the_window_that_is_used_up(case: str, headers: dict[str, str], retry_at: datetime) -> None:
    outcome = _judge(429, {"title": "Too Many Requests"}, headers)
    assert isinstance(outcome, NotSent)
    assert outcome.throttled
    assert outcome.retry_at == retry_at


def test_a_429_is_a_throttle_even_if_its_body_cannot_be_read() -> None:
    assert isinstance(_judge(429, "<html>Slow down</html>"), NotSent)


def test_the_monthly_cap_blocks_the_account_unless_a_window_is_used_up() -> None:
    assert isinstance(_judge(429, CAPPED, _window("x-rate-limit", 3, SOON)), AccountBlocked)
    assert isinstance(_judge(429, CAPPED), AccountBlocked)
    short = _judge(429, CAPPED, _window("x-rate-limit", 0, SOON))
    assert isinstance(short, NotSent)
    assert short.retry_at == SOON


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (401, {"title": "Unauthorized", "type": "about:blank"}),
        (401, "not JSON"),
        (402, {"title": "CreditsDepleted"}),
        (402, ""),
        (403, {"detail": "Your account is suspended and is not permitted to access this feature."}),
        (403, {"errors": [{"code": 64, "message": "Your account is suspended and is not permitted to access …"}]}),
        (403, {"detail": "…", "type": "https://api.x.com/2/problems/oauth1-permissions"}),
        (403, {"detail": "Your client app is not configured with the appropriate oauth1 app permissions for …"}),
        (403, {"title": "Client Forbidden", "type": "https://api.twitter.com/2/problems/client-forbidden"}),
        (403, {"detail": "You currently have access to a subset of X API V2 endpoints and limited v1.1 endpoints"}),
    ],
)  # fmt: skip
def test_a_refusal_of_the_account_says_what_to_do(status: int, body: Any) -> None:
    outcome = _judge(status, body)
    assert isinstance(outcome, AccountBlocked)
    assert "resume" in outcome.remedy


@pytest.mark.parametrize("status", [400, 403])
@pytest.mark.parametrize("words", ["Your Tweet text is too long. For more …", "The Tweet contains an invalid URL."])
def test_a_refusal_of_this_very_post_stands_on_the_list(status: int, words: str) -> None:
    assert isinstance(_judge(status, {"detail": words}), Rejected)
    assert isinstance(_judge(status, {"detail": "One or more …", "errors": [{"message": words}]}), Rejected)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (403, {"detail": "You are not allowed to create a Tweet with duplicate content."}),
        (403, {"detail": "You are not permitted to perform this action."}),
        (403, {}),
        (400, {"title": "Invalid Request", "type": "https://api.x.com/2/problems/invalid-request"}),
        (400, {"detail": "It says: Your Tweet text is too long"}),
        (400, {"errors": [{"parameters": {"text": ["Your Tweet text is too long"]}, "message": "$.text: odd"}]}),
        (500, {"detail": "Your Tweet text is too long"}),
        (500, {"detail": "Your account is suspended"}),
        (403, {"type": "https://api.x.com/2/problems/usage-capped-not"}),
        (404, {}), (405, {}), (408, {}), (409, {}), (413, {}), (415, {}), (422, {}), (451, {}),
        (500, {}), (502, "<html>"), (503, ""), (504, {}), (520, {}),
        (200, {}), (201, {}), (201, {"data": {}}), (202, {}), (204, ""), (302, ""), (103, ""),
    ],
)  # fmt: skip
def test_what_stands_on_no_list_is_unknown(status: int, body: Any) -> None:
    assert type(_judge(status, body)) is OutcomeUnknown


def test_it_tells_what_x_said_in_its_own_words() -> None:
    body = {
        "detail": "One or more parameters was invalid.",
        "errors": [{"message": "$.text: odd"}],
        "title": "Invalid Request",
    }
    assert _judge(400, body).why == "X answered 400: One or more parameters was invalid. $.text: odd Invalid Request"
    assert _judge(500, "<html>").why == "X answered 500 Reason, and neither a post nor a reason."


def test_every_refusal_of_the_account_has_a_remedy() -> None:
    assert all(refusal.remedy.endswith(".") for refusal in BLOCKED)
