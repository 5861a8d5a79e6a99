"""Both adapters, each against the sandbox; and a server that does what no sandbox should."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.platforms.base import Platform, Post
from bot.platforms.facebook import Facebook
from bot.platforms.twitter import Twitter
from bot.sandbox import Sandbox
from bot.sandbox.credentials import page_id_for, secrets_for

NAME = "science"
LINK = "http://www.shortscience.org/paper?bibtexKey=conf/nips/RenHGS15&a=joe"
CERTIFICATE = Path(__file__).parent / "localhost.pem"


def utc_now() -> datetime:
    return datetime.now(UTC)


def make_adapter(platform: str, url: str, seconds: float = 5.0, **more: Any) -> Platform:
    """An adapter whose credentials the sandbox takes."""
    secrets = {**secrets_for(platform, NAME), **more.pop("secrets", {})}
    timeout, now = timedelta(seconds=seconds), more.pop("now", utc_now)
    if platform == "twitter":
        return Twitter(url, timeout, secrets, now, **more)
    return Facebook(url, timeout, secrets, more.pop("page_id", page_id_for(NAME)), now, **more)


def make_post(platform: str, text: str, link: str = LINK) -> Post:
    """A post as the formatter makes it: on X the link stands in the text."""
    return Post(f"{text}\n\n{link}" if platform == "twitter" else text, link)


@dataclass
class Account:
    """One platform's account in the sandbox, seen from both sides."""

    platform: str
    box: Sandbox
    adapter: Platform

    def post(self, text: str = "Region proposals, learnt end to end.", link: str = LINK) -> Post:
        return make_post(self.platform, text, link)

    def published(self) -> list[dict[str, Any]]:
        """The truth."""
        return self.box.posts(self.platform)

    def publish_behind_our_back(self, count: int) -> None:
        for number in range(count):
            post = self.post(f"Number {number}.")
            self.box.world.publish(self.platform, NAME, post.text, post.link)

    def impatient(self, seconds: float = 0.3) -> Platform:
        """An adapter that waits so long and no longer."""
        return make_adapter(self.platform, self.box.url, seconds)


@pytest.fixture
def box() -> Iterator[Sandbox]:
    with Sandbox(limits=False) as sandbox:
        yield sandbox


@pytest.fixture(params=["twitter", "facebook"])
def account(request: pytest.FixtureRequest, box: Sandbox) -> Iterator[Account]:
    adapter = make_adapter(request.param, box.url)
    yield Account(request.param, box, adapter)
    adapter.close()


@pytest.fixture
def twitter(box: Sandbox) -> Iterator[Account]:
    adapter = make_adapter("twitter", box.url)
    yield Account("twitter", box, adapter)
    adapter.close()


@pytest.fixture
def facebook(box: Sandbox) -> Iterator[Account]:
    adapter = make_adapter("facebook", box.url)
    yield Account("facebook", box, adapter)
    adapter.close()


Clock = Callable[[], float]


class HandClock:
    """A monotonic clock that goes on when told to."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds
