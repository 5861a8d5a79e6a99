"""Who the credentials speak for, and whether they may post."""

from datetime import timedelta
from typing import Any

import pytest

from bot.platforms.base import AccountBlocked, NotSent
from bot.sandbox.credentials import page_id_for
from tests.integration.platforms.conftest import NAME, Account, make_adapter, utc_now


def _inspected(**changes: Any) -> dict[str, Any]:
    """What Facebook tells of a token that is fit."""
    scopes = ["pages_manage_posts", "pages_read_engagement"]
    fit = {"is_valid": True, "type": "PAGE", "profile_id": page_id_for(NAME), "scopes": scopes, "expires_at": 0}
    return {"data": {**fit, **changes}}


def _plan_inspection(facebook: Account, body: Any, status: int = 200) -> None:
    facebook.box.plan(kind="error_before", route="verify", after=1, status=status, body=body)


def test_it_names_the_account(account: Account) -> None:
    identity = account.adapter.verify()
    assert identity.name == {"twitter": f"@{NAME}", "facebook": NAME}[account.platform]
    assert identity.notes == ()
    assert account.published() == []


@pytest.mark.parametrize(("fault", "expected"), [
    ("unauthorized", AccountBlocked),
    ("suspended", AccountBlocked),
    ("forbidden", AccountBlocked),
    ("rate_limited", NotSent),
    ("error_before", NotSent),
    ("html_200", NotSent),
    ("redirect_302", NotSent),
    ("reset_before", NotSent),
    ("truncated", NotSent),
    ("created_without_data", NotSent),
])  # fmt: skip
def test_it_ends_in_blocked_or_could_not_ask(account: Account, fault: str, expected: type[Exception]) -> None:
    account.box.plan(kind=fault, route="verify")
    with pytest.raises(expected):
        account.adapter.verify()


def test_a_platform_that_is_away_could_not_be_asked(account: Account) -> None:
    account.box.plan(kind="down", seconds=60)
    with pytest.raises(NotSent, match="refused"):
        account.adapter.verify()


def test_tokens_of_x_that_may_only_read_are_refused_before_they_cost_a_post(twitter: Account) -> None:
    twitter.box.plan(kind="headers", route="verify", headers={"x-access-level": "read"})
    with pytest.raises(AccountBlocked) as caught:
        twitter.adapter.verify()
    assert "Read and write" in caught.value.remedy
    twitter.box.plan(kind="headers", route="verify", headers={"x-access-level": "read-write"})
    assert twitter.adapter.verify().name == f"@{NAME}"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"is_valid": False, "error": {"message": "Session has expired"}}, "Session has expired"),
        ({"type": "USER"}, "not one of a Page"),
        ({"profile_id": "1"}, "another Page"),
        ({"scopes": ["pages_read_engagement"]}, "pages_manage_posts"),
        ({"scopes": None}, "pages_manage_posts and pages_read_engagement"),
    ],
)
def test_a_page_token_that_cannot_post_is_refused(facebook: Account, changes: dict[str, Any], why: str) -> None:
    _plan_inspection(facebook, _inspected(**changes))
    with pytest.raises(AccountBlocked, match=why) as caught:
        facebook.adapter.verify()
    assert caught.value.remedy


def test_it_tells_when_the_token_and_its_access_to_data_end(facebook: Account) -> None:
    soon = utc_now() + timedelta(days=3)
    _plan_inspection(
        facebook, _inspected(expires_at=int(soon.timestamp()), data_access_expires_at=int(soon.timestamp()))
    )
    identity = facebook.adapter.verify()
    assert identity.expires == identity.data_until == soon.replace(microsecond=0)


def test_it_tells_what_the_account_may_and_what_is_left(account: Account) -> None:
    identity = account.adapter.verify()
    assert identity.may_post
    assert identity.expires is None
    # The sandbox of these tests counts no calls, so that X names no window.
    version, room, cost = {
        "twitter": ("2.167", (), 0.010),
        "facebook": ("v26.0", ("the Page's calls: 0 % used", "the app's calls: 0 % used"), 0.0),
    }[account.platform]
    assert (identity.version, identity.room, identity.cost_usd) == (version, room, cost)


def test_another_version_served_in_silence_is_noted(facebook: Account) -> None:
    facebook.box.plan(kind="headers", route="verify", headers={"facebook-api-version": "v27.0"})
    assert "v27.0" in facebook.adapter.verify().notes[0]


def test_a_wrong_page_id_is_found_by_reading_not_by_posting(facebook: Account) -> None:
    adapter = make_adapter("facebook", facebook.box.url, page_id="404404404404404")
    with pytest.raises(AccountBlocked) as caught:
        adapter.verify()
    assert "page_id" in caught.value.remedy


def test_a_token_that_may_not_look_at_itself_is_noted_and_not_refused(facebook: Account) -> None:
    body = {"error": {"message": "(#100) You must provide an app access token", "code": 100}}
    _plan_inspection(facebook, body, status=400)
    assert "not verified" in facebook.adapter.verify().notes[0]


@pytest.mark.parametrize("body", [{}, {"data": []}, False, "<html>"])
def test_an_inspection_of_an_unknown_form_could_not_ask(facebook: Account, body: Any) -> None:
    _plan_inspection(facebook, body)
    with pytest.raises(NotSent):
        facebook.adapter.verify()
