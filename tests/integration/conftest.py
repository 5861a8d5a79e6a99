"""A ledger on each database it runs on."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.ledger.sending import Sender
from tests.clock import Clock


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
