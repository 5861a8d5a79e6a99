"""How an attempt ends: every fault of the sandbox on both platforms, and what was really posted."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.platforms.base import AccountBlocked, NotSent, Outcome, OutcomeUnknown, Rejected
from tests.integration.platforms.conftest import Account, make_adapter, utc_now

# The fault, what it needs, how the attempt must end, and how many posts there are then.
ON_BOTH = [
    ("reset_before", {}, OutcomeUnknown, 0),
    ("reset_after", {}, OutcomeUnknown, 1),
    ("timeout_before", {}, OutcomeUnknown, 0),
    ("timeout_after", {}, OutcomeUnknown, 1),
    ("drip", {"seconds": 0.02}, OutcomeUnknown, 1),
    ("truncated", {}, OutcomeUnknown, 1),
    ("error_before", {"status": 500}, OutcomeUnknown, 0),
    ("error_after", {"status": 500}, OutcomeUnknown, 1),
    ("error_after", {"status": 502}, OutcomeUnknown, 1),
    ("error_after", {"status": 503}, OutcomeUnknown, 1),
    ("error_before", {"status": 504}, OutcomeUnknown, 0),
    ("error_before", {"status": 404, "body": {"title": "Not Found"}}, OutcomeUnknown, 0),
    ("error_before", {"status": 200, "body": {"id": {}}}, OutcomeUnknown, 0),
    ("error_before", {"status": 500, "body": "{"}, OutcomeUnknown, 0),
    ("error_before", {"status": 500, "body": {}}, OutcomeUnknown, 0),
    ("error_before", {"status": 200, "body": "[" * 100_000}, OutcomeUnknown, 0),
    ("html_200", {}, OutcomeUnknown, 0),
    ("redirect_302", {}, OutcomeUnknown, 0),
    ("no_content_type_503", {}, OutcomeUnknown, 0),
    ("created_without_data", {}, OutcomeUnknown, 1),
    ("duplicate", {}, OutcomeUnknown, 0),
    ("down", {"seconds": 60}, NotSent, 0),
    ("rate_limited", {}, NotSent, 0),
    ("unauthorized", {}, AccountBlocked, 0),
    ("suspended", {}, AccountBlocked, 0),
    ("forbidden", {}, AccountBlocked, 0),
]
ON_X = [
    ("usage_capped", {}, AccountBlocked, 0),
    ("payment_required", {}, AccountBlocked, 0),
    ("empty_error", {}, NotSent, 0),
    ("rate_limited", {"window": "app24h"}, NotSent, 0),
    (
        "error_before",
        {"status": 403, "body": {"detail": "You are not permitted to perform this action."}},
        OutcomeUnknown,
        0,
    ),
    ("error_before", {"status": 200, "body": {"data": {"id": "1"}}}, OutcomeUnknown, 0),
    ("error_before", {"status": 201, "body": {"data": {"id": 1}}}, OutcomeUnknown, 0),
]
ON_FACEBOOK = [
    ("false_200", {}, OutcomeUnknown, 0),
    ("false_200", {"posted": True}, OutcomeUnknown, 1),
    ("empty_error", {}, OutcomeUnknown, 0),
    ("graph_error", {"code": 1, "posted": True}, OutcomeUnknown, 1),
    ("graph_error", {"code": 2, "posted": True}, OutcomeUnknown, 1),
    ("graph_error", {"code": 99}, OutcomeUnknown, 0),
    ("graph_error", {"code": 100}, OutcomeUnknown, 0),
    ("graph_error", {"code": 506}, OutcomeUnknown, 0),
    ("graph_error", {"code": 4}, NotSent, 0),
    ("graph_error", {"code": 17, "status": 200}, NotSent, 0),
    ("graph_error", {"code": 32, "status": 500}, NotSent, 0),
    ("graph_error", {"code": 341}, NotSent, 0),
    ("graph_error", {"code": 613}, NotSent, 0),
    ("graph_error", {"code": 80001}, NotSent, 0),
    ("graph_error", {"code": 368, "subcode": 1390008}, NotSent, 0),
    ("graph_error", {"code": 368, "subcode": 1346003}, AccountBlocked, 0),
    ("graph_error", {"code": 10, "status": 200}, AccountBlocked, 0),
    ("graph_error", {"code": 190, "subcode": 463, "status": 500}, AccountBlocked, 0),
    ("graph_error", {"code": 190, "subcode": 460}, AccountBlocked, 0),
    ("graph_error", {"code": 283}, AccountBlocked, 0),
    ("graph_error", {"code": 1609005}, NotSent, 0),
    ("graph_error", {"code": 1500}, Rejected, 0),
    ("error_before", {"status": 500, "body": {"id": "1_2"}}, OutcomeUnknown, 0),
]


def _end(account: Account, fault: str, details: dict[str, Any]) -> Outcome:
    adapter = account.impatient() if fault.startswith(("timeout", "drip")) else account.adapter
    account.box.plan(kind=fault, **details)
    with pytest.raises(Outcome) as caught:
        adapter.publish(account.post())
    adapter.close()
    return caught.value


def _check(account: Account, fault: str, details: dict[str, Any], expected: type[Outcome], posted: int) -> None:
    outcome = _end(account, fault, details)
    assert type(outcome) is expected, outcome.why
    assert len(account.published()) == posted
    assert outcome.why
    assert outcome.__cause__ is None
    assert outcome.__context__ is None


@pytest.mark.parametrize(("fault", "details", "expected", "posted"), ON_BOTH)
def test_it_ends_an_attempt_as_what_is_proved(
    account: Account, fault: str, details: dict[str, Any], expected: type[Outcome], posted: int
) -> None:
    _check(account, fault, details, expected, posted)


@pytest.mark.parametrize(("fault", "details", "expected", "posted"), ON_X)
def test_it_reads_the_answers_of_x_for_what_they_prove(
    twitter: Account, fault: str, details: dict[str, Any], expected: type[Outcome], posted: int
) -> None:
    _check(twitter, fault, details, expected, posted)


@pytest.mark.parametrize(("fault", "details", "expected", "posted"), ON_FACEBOOK)
def test_it_reads_the_answers_of_facebook_by_code_whatever_the_status(
    facebook: Account, fault: str, details: dict[str, Any], expected: type[Outcome], posted: int
) -> None:
    _check(facebook, fault, details, expected, posted)


def test_it_gives_the_receipt_of_the_post_that_is_really_there(account: Account) -> None:
    account.adapter.connect()
    receipt = account.adapter.publish(account.post())
    [published] = account.published()
    assert (receipt.post_id, receipt.url) == (published["id"], published["url"])
    assert (published["text"], published["link"]) == (account.post().text, account.post().link)


def test_it_goes_on_after_a_fault_as_if_nothing_had_been(account: Account) -> None:
    for fault in ("reset_after", "truncated", "html_200", "error_before"):
        account.box.plan(kind=fault)
        with pytest.raises(OutcomeUnknown):
            account.adapter.publish(account.post(f"Hit by {fault}."))
        account.adapter.connect()
        assert account.adapter.publish(account.post(f"After {fault}.")).post_id


def test_a_post_that_lands_after_we_gave_up_is_unknown_and_sent_once(account: Account) -> None:
    account.box.plan(kind="slow", seconds=0.5)
    with pytest.raises(OutcomeUnknown, match=r"within 0\.3 s"):
        account.impatient().publish(account.post())
    assert account.published() == []
    given_up = time.monotonic()
    while not account.published() and time.monotonic() < given_up + 5:
        time.sleep(0.02)
    assert len(account.published()) == 1


def test_a_throttle_is_waited_for_as_long_as_the_platform_says(account: Account) -> None:
    account.box.plan(kind="rate_limited", seconds=1800)
    with pytest.raises(NotSent) as caught:
        account.adapter.publish(account.post())
    assert caught.value.throttled
    assert caught.value.retry_at is not None
    assert abs(caught.value.retry_at - utc_now() - timedelta(minutes=30)) < timedelta(seconds=5)


def test_a_link_that_cannot_be_scraped_is_told_apart_from_a_throttle(facebook: Account) -> None:
    facebook.box.plan(kind="graph_error", code=1609005)
    with pytest.raises(NotSent) as caught:
        facebook.adapter.publish(facebook.post())
    assert caught.value.scrape_failed
    assert not caught.value.throttled
    assert caught.value.retry_at is not None


def test_a_text_that_x_finds_too_long_is_rejected(twitter: Account) -> None:
    with pytest.raises(Rejected, match="too long"):
        twitter.adapter.publish(twitter.post("a" * 280))


@pytest.mark.parametrize(("text", "link"), [("", ""), ("Words.", "nowhere")])
def test_a_post_that_facebook_finds_empty_or_badly_linked_is_rejected(facebook: Account, text: str, link: str) -> None:
    with pytest.raises(Rejected):
        facebook.adapter.publish(facebook.post(text, link))


def test_an_invalid_credential_is_a_matter_for_the_operator(account: Account) -> None:
    adapter = make_adapter(account.platform, account.box.url, secrets={"ACCESS_TOKEN": "1-wrong-wrong-wrong"})
    with pytest.raises(AccountBlocked) as caught:
        adapter.publish(account.post())
    assert caught.value.remedy


def test_a_wrong_app_secret_is_a_matter_for_the_operator(facebook: Account) -> None:
    adapter = make_adapter("facebook", facebook.box.url, secrets={"APP_SECRET": "f" * 32})
    with pytest.raises(AccountBlocked, match="appsecret_proof") as caught:
        adapter.publish(facebook.post())
    assert "app secret" in caught.value.remedy


def test_a_credential_that_fits_into_no_header_proves_that_nothing_was_sent(account: Account) -> None:
    adapter = make_adapter(account.platform, account.box.url, secrets={"ACCESS_TOKEN": "1-abc…\ndef"})
    with pytest.raises((NotSent, AccountBlocked)):
        adapter.publish(account.post())
    assert account.published() == []


def test_the_clock_is_the_one_it_was_given(twitter: Account) -> None:
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)
    adapter = make_adapter("twitter", twitter.box.url, now=lambda: long_ago)
    twitter.box.plan(kind="empty_error")
    with pytest.raises(NotSent) as caught:
        adapter.publish(twitter.post())
    assert caught.value.retry_at == long_ago + timedelta(minutes=15)
