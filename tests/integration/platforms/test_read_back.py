"""Own posts read back: what counts as ours, how far the read reached, and what it cost."""

import unicodedata
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.platforms.base import OutcomeUnknown, OwnPost, Post, Receipt, find
from bot.platforms.paging import MAX_PAGES
from tests.integration.platforms.conftest import LINK, NAME, Account, make_adapter, utc_now
from tests.integration.platforms.wire_server import WireServer, say_json

TEXTS = [
    "Plain words.",
    "Tom & Jerry: a < b > c &amp; done",
    "Two\n\nparagraphs,   wide  spaces\ttabs",
    "Umlauts, decomposed: " + unicodedata.normalize("NFD", "Schrödinger’s Ångström"),
    "θ_{t+1} = θ_t − η∇L, 数学 and 👩🏽‍🔬",
]


@pytest.mark.parametrize("text", TEXTS)
def test_it_finds_the_post_whose_answer_was_lost(account: Account, text: str) -> None:
    since, post = utc_now() - timedelta(minutes=5), account.post(text)
    account.box.plan(kind="reset_after")
    with pytest.raises(OutcomeUnknown):
        account.adapter.publish(post)
    look = find(account.adapter, post, since)
    assert look.clean, look.problem
    assert [hit.receipt.post_id for hit in look.hits] == [entry["id"] for entry in account.published()]
    assert look.hits[0].receipt.url == account.published()[0]["url"]


def test_it_says_cleanly_that_a_post_is_not_there(account: Account) -> None:
    account.publish_behind_our_back(3)
    look = find(account.adapter, account.post("Another one."), utc_now() - timedelta(minutes=5))
    assert look.clean
    assert look.hits == ()


def test_the_same_link_with_another_text_is_a_lookalike(account: Account) -> None:
    account.publish_behind_our_back(1)
    look = find(account.adapter, account.post("Another text."), utc_now() - timedelta(minutes=5))
    assert look.hits == ()
    assert [own.links for own in look.lookalikes] == [(LINK,)]


def test_it_sees_its_own_post_in_every_spelling_of_the_link(account: Account) -> None:
    sent = account.post(link="http://www.shortscience.org/paper?bibtexKey=10.1002/%28SICI%291097%3A15&a=joe")
    shown = "http://www.ShortScience.org/paper?bibtexKey=10.1002/(SICI)1097:15&a=joe"
    own = OwnPost(Receipt("1", ""), sent.text.replace(sent.link, shown), (shown,), utc_now())
    assert account.adapter.matches(sent, own)


def test_on_x_another_link_is_another_post(twitter: Account) -> None:
    sent = twitter.post()
    other = f"{LINK}2"
    own = OwnPost(Receipt("1", ""), sent.text.replace(LINK, other), (other,), utc_now())
    assert not twitter.adapter.matches(sent, own)


def test_it_reads_as_many_pages_as_it_takes(account: Account) -> None:
    account.publish_behind_our_back(130)
    timeline = account.adapter.timeline(newest=120)
    assert timeline.complete
    newest_first = [entry["id"] for entry in reversed(account.published())]
    assert [own.receipt.post_id for own in timeline.posts] == newest_first[:120]
    assert account.adapter.timeline(since=utc_now() - timedelta(hours=1)).complete


def test_fewer_posts_than_asked_for_are_all_there_are(account: Account) -> None:
    account.publish_behind_our_back(3)
    timeline = account.adapter.timeline(newest=100)
    assert timeline.complete
    assert len(timeline.posts) == 3
    assert [len(account.adapter.timeline(newest=newest).posts) for newest in (1, 2)] == [1, 2]


def test_an_account_without_posts_is_read_completely(account: Account) -> None:
    timeline = account.adapter.timeline(newest=100)
    assert timeline.complete
    assert timeline.posts == ()


@pytest.mark.parametrize(
    ("fault", "details"),
    [
        ("timeline_error", {}),
        ("error_before", {"status": 500}),
        ("reset_before", {}),
        ("truncated", {}),
        ("html_200", {}),
        ("redirect_302", {}),
        ("unauthorized", {}),
        ("rate_limited", {}),
        ("error_before", {"status": 200, "body": {}}),
        ("error_before", {"status": 200, "body": []}),
        ("error_before", {"status": 200, "body": {"data": None}}),
        ("error_before", {"status": 200, "body": {"data": [{"id": "1"}], "meta": {"result_count": 1}}}),
        ("error_before", {"status": 200, "body": {"data": [], "meta": {"result_count": 1}, "paging": {"next": "…"}}}),
        ("error_before", {"status": 200, "body": {"data": [7], "meta": {"result_count": 1}}}),
    ],
)
def test_a_read_that_fails_or_is_odd_is_not_a_clean_look(account: Account, fault: str, details: dict[str, Any]) -> None:
    account.publish_behind_our_back(1)
    account.box.plan(kind=fault, **{**details, "route": "timeline"})
    timeline = account.adapter.timeline(since=utc_now() - timedelta(minutes=5))
    assert not timeline.complete
    assert timeline.problem
    assert account.adapter.timeline(since=utc_now() - timedelta(minutes=5)).complete


def test_a_read_that_stops_half_way_keeps_what_it_has_and_is_not_clean(account: Account) -> None:
    account.publish_behind_our_back(130)
    account.box.plan(kind="timeline_error", after=1)
    timeline = account.adapter.timeline(newest=130)
    assert not timeline.complete
    assert 0 < len(timeline.posts) < 130


def test_a_server_that_is_silent_or_away_is_not_a_clean_look(account: Account) -> None:
    account.box.plan(kind="timeout_before", route="timeline")
    assert "within" in account.impatient().timeline(newest=5).problem
    account.box.plan(kind="down", seconds=60)
    away = account.impatient().timeline(newest=5)
    assert not away.complete
    assert "refused" in away.problem


def test_a_lagging_read_is_clean_and_shows_nothing(account: Account) -> None:
    account.adapter.publish(account.post())
    account.box.plan(kind="timeline_lag", seconds=3600)
    look = find(account.adapter, account.post(), utc_now() - timedelta(minutes=5))
    assert look.clean
    assert look.hits == ()


def test_x_is_paid_by_the_post_and_asked_only_once_who_we_are(twitter: Account) -> None:
    twitter.publish_behind_our_back(7)
    first, second = (twitter.adapter.timeline(newest=7).cost_usd for _ in range(2))
    assert first == pytest.approx(0.010 + 7 * 0.001)
    assert second == pytest.approx(7 * 0.001)


def test_x_is_not_paid_for_posts_older_than_asked_for(twitter: Account) -> None:
    twitter.publish_behind_our_back(7)
    twitter.adapter.timeline(newest=5)
    assert twitter.adapter.timeline(since=utc_now() + timedelta(minutes=1)).cost_usd == 0


def test_x_without_an_identity_is_not_a_clean_look(twitter: Account) -> None:
    for body in ({"data": {"id": "me"}}, {"data": {}}, []):
        twitter.box.plan(kind="error_before", route="verify", status=200, body=body)
        timeline = make_adapter("twitter", twitter.box.url).timeline(newest=5)
        assert not timeline.complete
        assert timeline.problem


def test_an_answer_with_errors_in_it_is_not_a_clean_look(twitter: Account) -> None:
    body = {"meta": {"result_count": 0}, "errors": [{"detail": "Could not find user with id: [1]."}]}
    twitter.box.plan(kind="error_before", route="timeline", status=200, body=body)
    assert "Could not find user" in twitter.adapter.timeline(newest=5).problem


def test_facebook_has_reached_back_only_where_an_older_post_is_seen_or_no_page_is_left(facebook: Account) -> None:
    since = datetime(2026, 1, 1, tzinfo=UTC)

    def adapter_on(created: str, *, further: bool) -> Any:
        node = {"id": "1_2", "created_time": created, "message": "…"}
        paging = {"cursors": {"after": "x"}, **({"next": "…"} if further else {})}
        return WireServer(say_json("200 OK", {"data": [node], "paging": paging}))

    for created, further, complete, reads in (
        ("2026-02-01T00:00:00+0000", True, False, MAX_PAGES),
        ("2026-02-01T00:00:00+0000", False, True, 1),
        ("2025-12-31T23:59:59+0000", True, True, 1),
    ):
        with adapter_on(created, further=further) as server:
            timeline = make_adapter("facebook", server.url).timeline(since=since)
            assert (timeline.complete, len(server.requests)) == (complete, reads)


def test_it_takes_the_link_from_the_card_not_from_the_redirector(facebook: Account) -> None:
    facebook.box.world.publish("facebook", NAME, "With a card.", LINK)
    [own] = facebook.adapter.timeline(newest=1).posts
    assert own.links == (LINK,)
    facebook.box.world.publish("facebook", NAME, f"In the text: {LINK}")
    assert facebook.adapter.timeline(newest=1).posts[0].links == (LINK,)


def test_the_text_read_back_is_the_text_that_was_sent(twitter: Account) -> None:
    post = Post(f"1 < 2 & 3 > 2 &amp;lt; {LINK}", LINK)
    twitter.adapter.publish(post)
    [own] = twitter.adapter.timeline(newest=1).posts
    assert (own.text, own.links) == (post.text, (LINK,))
