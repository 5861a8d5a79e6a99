"""Secrets stay where they belong: in headers, and nowhere else - no address, no log, no message."""

import io
import json
import logging
import socket
import traceback
from collections.abc import Iterator
from urllib.parse import quote, urlsplit

import pytest

from bot.platforms.base import Outcome
from bot.platforms.http import quiet_library_logs
from bot.sandbox.credentials import secrets_for
from tests.integration.platforms.conftest import NAME, Account, make_adapter, make_post, utc_now
from tests.integration.platforms.wire_server import CREATED, WireServer, say_json

PLATFORMS = pytest.mark.parametrize("platform", ["twitter", "facebook"])


def _secrets(platform: str) -> set[str]:
    plain = set(secrets_for(platform, NAME).values())
    return plain | {quote(secret, safe="") for secret in plain}


@pytest.fixture
def everything_logged() -> Iterator[io.StringIO]:
    """What a root logger at DEBUG gets."""
    root, text = logging.getLogger(), io.StringIO()
    handler, level = logging.StreamHandler(text), root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield text
    root.removeHandler(handler)
    root.setLevel(level)


def _use_all_of_it(account: Account) -> None:
    adapter = account.adapter
    adapter.verify()
    adapter.connect()
    adapter.publish(account.post())
    adapter.timeline(newest=5)
    for fault in ("reset_after", "error_before", "html_200", "rate_limited", "unauthorized", "redirect_302"):
        account.box.plan(kind=fault)
        account.box.plan(kind=fault, route="timeline")
        with pytest.raises(Outcome):
            adapter.publish(account.post(f"Hit by {fault}."))
        adapter.timeline(since=utc_now())


def test_no_secret_is_logged_even_at_debug(account: Account, everything_logged: io.StringIO) -> None:
    _use_all_of_it(account)
    logged = everything_logged.getvalue()
    assert not any(secret in logged for secret in _secrets(account.platform))
    assert "oauth_signature" not in logged


def test_left_alone_the_libraries_would_log_them(twitter: Account, everything_logged: io.StringIO) -> None:
    try:
        for name in ("requests_oauthlib", "oauthlib", "tweepy", "tweepy.client"):
            logging.getLogger(name).setLevel(logging.NOTSET)
        _use_all_of_it(twitter)
    finally:
        quiet_library_logs()
    assert any(secret in everything_logged.getvalue() for secret in _secrets("twitter"))


@PLATFORMS
def test_no_secret_stands_in_an_address_or_a_body(platform: str) -> None:
    with WireServer(CREATED[platform]) as server:
        adapter = make_adapter(platform, server.url)
        adapter.publish(make_post(platform, "A post."))
        adapter.timeline(newest=5)
        assert len(server.requests) >= 2
        for request in server.requests:
            head, _, body = request.decode().partition("\r\n\r\n")
            outside = head.splitlines()[0] + body
            assert not any(secret in outside for secret in _secrets(platform))
            assert "access_token" not in outside


@PLATFORMS
def test_the_post_carries_the_credentials_in_its_header_alone(platform: str) -> None:
    with WireServer(CREATED[platform]) as server:
        make_adapter(platform, server.url).publish(make_post(platform, "A post."))
        [request] = server.requests
        authorization = next(
            line for line in request.decode().splitlines() if line.lower().startswith("authorization:")
        )
        assert secrets_for(platform, NAME)["ACCESS_TOKEN"] in authorization


@PLATFORMS
@pytest.mark.parametrize("status", ["400 Bad", "401 No", "403 No", "429 Later", "500 Oops"])
def test_a_secret_that_a_platform_repeats_is_blanked_out(platform: str, status: str) -> None:
    def parrot(request: bytes, wire: socket.socket) -> None:
        words = f"You said {request.decode()}\x00\x1b[31m\u202e and {' '.join(_secrets(platform))}"
        error = {"message": words, "code": 190}
        say_json(status, {"detail": words, "title": words, "errors": [{"message": words}], "error": error})(
            request, wire
        )

    with WireServer(parrot) as server:
        adapter = make_adapter(platform, server.url)
        with pytest.raises(Outcome) as caught:
            adapter.publish(make_post(platform, "A post."))
        told = [caught.value.why, repr(caught.value), *traceback.format_exception(caught.value)]
        told.append(adapter.timeline(newest=5).problem)
    assert "[secret]" in caught.value.why or len(caught.value.why) > 290
    assert not any(secret in "".join(told) for secret in _secrets(platform))
    assert all(character.isprintable() for character in caught.value.why)
    assert len(caught.value.why) < 400


@PLATFORMS
def test_nothing_it_shows_of_itself_holds_a_secret(platform: str) -> None:
    adapter = make_adapter(platform, "https://api.example.test")
    shown = repr(adapter) + str(adapter) + repr(adapter._session) + repr(adapter._session.auth)  # type: ignore[attr-defined]
    assert not any(secret in shown for secret in _secrets(platform))


def test_the_next_page_of_facebook_is_not_fetched_by_its_address_which_holds_the_token(facebook: Account) -> None:
    facebook.publish_behind_our_back(60)
    seen: list[str] = []

    def page(request: bytes, wire: socket.socket) -> None:
        target = request.split()[1].decode()
        seen.append(target)
        node = {"id": f"1_{len(seen)}", "created_time": "2026-01-01T00:00:00+0000"}
        paging = {"cursors": {"after": "further"}, "next": f"{server.url}{target}&access_token=stolen"}
        say_json("200 OK", {"data": [node], "paging": paging if len(seen) < 3 else {}})(request, wire)

    with WireServer(page) as server:
        timeline = make_adapter("facebook", server.url).timeline(newest=10)
    assert timeline.complete
    assert len(timeline.posts) == 3
    assert [urlsplit(target).query.count("after=further") for target in seen] == [0, 1, 1]
    assert "stolen" not in json.dumps(seen)
