"""What Facebook's answers prove; among them those that Meta published or users pasted."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.platforms.base import AccountBlocked, NotSent, Outcome, OutcomeUnknown, Rejected
from bot.platforms.facebook_answers import TOKEN_REMEDIES, judge
from tests.unit.platforms.answers import answered

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
OBSERVED = Path(__file__).parents[3] / "../shared/data/facebook/observed_errors.json"

# What each observed answer must be, by code and subcode.
EXPECTED: dict[tuple[int, int | None], type[Outcome]] = {
    (190, 460): AccountBlocked,
    (190, 463): AccountBlocked,
    (190, None): AccountBlocked,
    (32, None): NotSent,
    (80001, None): NotSent,
    (4, None): NotSent,
    (17, None): NotSent,
    (2, None): OutcomeUnknown,
    (1, 99): OutcomeUnknown,
    (283, None): AccountBlocked,
    (200, 1376025): AccountBlocked,
    (100, 1366046): OutcomeUnknown,
    (368, 1346003): AccountBlocked,
    (368, 1390008): NotSent,
    (506, None): OutcomeUnknown,
    (100, None): OutcomeUnknown,
}


def _error(code: Any, subcode: Any = None, message: str = "Message.", **more: Any) -> dict[str, Any]:
    return {"error": {"message": message, "code": code, "error_subcode": subcode, **more}}


def _judge(body: Any, status: int = 400, headers: dict[str, str] | None = None) -> Any:
    return judge(answered(status, body, headers), NOW, str)


@pytest.mark.parametrize("status", [200, 400, 403, 500, 503])
def test_it_judges_every_observed_answer_by_its_code(status: int) -> None:
    if not OBSERVED.exists():
        pytest.skip(f"{OBSERVED} is not there")
    cases = json.loads(OBSERVED.read_text("utf-8"))["cases"]
    for case in cases:
        error = case["body"]["error"]
        expected = EXPECTED[error["code"], error.get("error_subcode")]
        assert type(_judge(case["body"], status)) is expected, error


@pytest.mark.parametrize("code", [4, 17, 32, 341, 613, 80001])
def test_a_throttle_lasts_an_hour_where_facebook_does_not_say(code: int) -> None:
    outcome = _judge(_error(code), 200)
    assert isinstance(outcome, NotSent)
    assert outcome.throttled
    assert outcome.retry_at == NOW + timedelta(hours=1)


def _usage(*minutes: Any) -> dict[str, str]:
    entries = [{"type": "pages", "call_count": 100, "estimated_time_to_regain_access": value} for value in minutes]
    return {"X-Business-Use-Case-Usage": json.dumps({"112130216863063": entries})}


@pytest.mark.parametrize(
    ("case", "headers", "wait"),
    [
        ("in minutes", _usage(20), timedelta(minutes=20)),
        ("the longest of several", _usage(20, 90), timedelta(minutes=90)),
        ("zero", _usage(0), timedelta(hours=1)),
        ("below zero", _usage(-5), timedelta(hours=1)),
        ("no number", _usage("soon", None, True), timedelta(hours=1)),
        ("for ever", _usage(10**12), timedelta(days=7)),
        ("no JSON", {"X-Business-Use-Case-Usage": "17%"}, timedelta(hours=1)),
        ("a list", {"X-Business-Use-Case-Usage": "[1]"}, timedelta(hours=1)),
        ("odd entries", {"X-Business-Use-Case-Usage": '{"1": [2], "3": 4}'}, timedelta(hours=1)),
    ],
)
def test_a_throttle_lasts_as_long_as_facebook_says(case: str, headers: dict[str, str], wait: timedelta) -> None:
    assert _judge(_error(80001), 400, headers).retry_at == NOW + wait


def test_a_link_that_cannot_be_scraped_waits_an_hour_and_does_not_throttle_the_account() -> None:
    outcome = _judge(_error(1609005))
    assert isinstance(outcome, NotSent)
    assert (outcome.scrape_failed, outcome.throttled, outcome.retry_at) == (True, False, NOW + timedelta(hours=1))


@pytest.mark.parametrize("code", [10, 200, 250, 299])
def test_a_permission_that_is_missing_is_to_be_granted(code: int) -> None:
    outcome = _judge(_error(code))
    assert isinstance(outcome, AccountBlocked)
    assert "pages_manage_posts" in outcome.remedy


@pytest.mark.parametrize("subcode", [*TOKEN_REMEDIES, None, 999])
def test_a_token_that_is_not_accepted_is_to_be_renewed(subcode: int | None) -> None:
    outcome = _judge(_error(190, subcode))
    assert isinstance(outcome, AccountBlocked)
    assert "new long-lived Page access token" in outcome.remedy


def test_remedies_tell_an_expired_token_from_a_changed_password_from_a_permission() -> None:
    impersonation = "… permission(s) must be granted before impersonating a user's page."
    remedies = [_judge(body).remedy for body in (_error(190, 463), _error(190, 460), _error(190, None, impersonation))]
    assert "expired" in remedies[0]
    assert "password" in remedies[1]
    assert "grant" in remedies[2]


def test_a_policy_block_is_the_operators_unless_it_is_about_speed() -> None:
    assert isinstance(_judge(_error(368)), AccountBlocked)
    assert isinstance(_judge(_error(368, 1390008)), NotSent)


def test_a_wrong_app_secret_is_to_be_mended() -> None:
    outcome = _judge(_error(100, message="Invalid appsecret_proof provided in the API argument"))
    assert isinstance(outcome, AccountBlocked)
    assert "app secret" in outcome.remedy


@pytest.mark.parametrize("code", [197, 1500])
def test_a_refusal_of_this_very_post_stands_on_the_list(code: int) -> None:
    assert isinstance(_judge(_error(code)), Rejected)


@pytest.mark.parametrize("status", [200, 201, 302, 400, 429, 500])
@pytest.mark.parametrize(
    "body",
    [
        _error(1), _error(2), _error(99), _error(506), _error(100), _error(100, 33), _error(803), _error(9),
        _error(300), _error("190"), _error(True), _error(None), _error(190.0), _error(-4),
        {"error": {}}, {"error": "4"}, {"error": [4]}, {"code": 4}, {}, [], False, None, "", "<html>",
        '{"error": {"code": 4}', {"success": True},
    ],
)  # fmt: skip
def test_what_stands_on_no_list_is_unknown_whatever_the_status(status: int, body: Any) -> None:
    assert type(_judge(body, status)) is OutcomeUnknown


def test_it_tells_what_facebook_said_in_its_own_words() -> None:
    body = _error(200, 1376025, "Permissions error", error_user_title="No Permission", error_user_msg="You may not.")
    assert _judge(body).why == (
        "Facebook answered with code 200, subcode 1376025: Permissions error No Permission You may not."
    )
    assert _judge(False, 200).why == "Facebook answered 200 Reason, and neither a post nor an error code."
