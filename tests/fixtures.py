"""What most tests of the whole start from: a clock, a ledger on each database it runs on, a site, a sandbox."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from bot.ledger.sending import Sender
from bot.runtime import Bot
from bot.sandbox import Sandbox
from tests.bots import running_bot
from tests.clock import Clock
from tests.site import Site

Start = Callable[..., AbstractContextManager[Bot]]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def ledger_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty place for a ledger, on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'ledger.db'}"
    return str(request.getfixturevalue("postgres_database"))


@pytest.fixture
def open_sender(ledger_url: str, clock: Clock) -> Iterator[Callable[[], Sender]]:
    """Opens bots on that ledger, and closes what is still open at the end."""
    opened: list[Sender] = []

    def open_one() -> Sender:
        opened.append(Sender.open(ledger_url, clock))
        return opened[-1]

    yield open_one
    for sender in opened:
        sender.ledger.engine.dispose()


@pytest.fixture
def sender(open_sender: Callable[[], Sender]) -> Iterator[Sender]:
    """One bot, with two accounts registered."""
    sender = open_sender()
    sender.ledger.register({"twitter": "twitter", "facebook": "facebook"})
    yield sender
    sender.close()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """The site's tables on SQLite, with one author."""
    site = Site(f"sqlite:///{tmp_path / 'site.db'}")
    site.user(1, "author")
    yield site
    site.engine.dispose()


@pytest.fixture
def sandbox(clock: Clock) -> Iterator[Sandbox]:
    """A sandbox that lives by the test's clock."""
    with Sandbox(now=clock, limits=False) as box:
        yield box


@pytest.fixture
def start(tmp_path: Path, clock: Clock, sandbox: Sandbox, ledger_url: str) -> Start:
    """Starts a bot on the site and the sandbox; `source`: further lines of [source]."""

    def start_one(source: str = "", **parts: str) -> AbstractContextManager[Bot]:
        lines = f'url = "sqlite:///site.db"\n{source}'
        return running_bot(tmp_path, clock, sandbox, lines, ledger_url, **parts)

    return start_one
