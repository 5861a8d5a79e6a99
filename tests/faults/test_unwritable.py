"""A ledger that cannot be written after a send: the end is kept, nothing new is sent, and it is written later."""

import contextlib
import os
import sqlite3
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import TextClause, make_url, select, text

from bot import failpoints
from bot.cadence import Needed
from bot.ledger import engine as ledger_engine
from bot.ledger import views
from bot.ledger.engine import LedgerUnavailable
from bot.ledger.models import State, attempts
from bot.runtime import Bot
from bot.sandbox import Sandbox
from tests.bot_process import wait_until
from tests.bots import pull_once, records, running_bot
from tests.clock import Clock
from tests.conftest import fresh_postgres_database
from tests.faults.worlds import World
from tests.services import StoppablePostgres
from tests.site import Site

pytestmark = [pytest.mark.timeout(300)]

SUMMARIES = 3


@pytest.fixture(autouse=True)
def _no_failpoint_left() -> Iterator[None]:
    yield
    failpoints.clear()


@pytest.fixture
def postgres_ledger(server: StoppablePostgres) -> Iterator[str]:
    with fresh_postgres_database(server.url) as url:
        yield url


@pytest.fixture
def sandbox(clock: Clock) -> Iterator[Sandbox]:
    with Sandbox(now=clock, limits=False, refuse_duplicates=False) as box:
        yield box


@contextmanager
def bot_with_three(folder: Path, clock: Clock, sandbox: Sandbox, site: Site, ledger: str) -> Iterator[Bot]:
    for number in range(1, SUMMARIES + 1):
        site.paper(f"paper-{number}", f"Paper paper-{number}")
        site.summary(f"paper-{number}", 1, f"The authors propose method {number} and show that it converges.")
    source = 'url = "sqlite:///site.db"\nbacklog = "all"'
    with running_bot(folder, clock, sandbox, source, ledger, accounts='timeout = "5s"') as bot:
        pull_once(bot)
        yield bot


def administer(server: StoppablePostgres, statement: str) -> None:
    address = make_url(server.url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(statement.encode())


def the_end_is_kept_and_written_later(
    bot: Bot, sandbox: Sandbox, break_ledger: Callable[[], None], mend_ledger: Callable[[], None]
) -> None:
    """The ledger breaks when the answer to the first post has been read."""
    publisher = bot.publishers["twitter"]
    failpoints.plan("answer-read", break_ledger)
    with pytest.raises(LedgerUnavailable):
        publisher.publish_one()
    assert len(sandbox.posts()) == 1
    for name in ("twitter", "facebook", "twitter"):
        with pytest.raises(LedgerUnavailable):
            bot.publishers[name].publish_one()
    assert len(sandbox.posts()) == 1, "nothing is sent that could not be recorded"
    mend_ledger()
    for name in bot.publishers:
        bot.publishers[name].work(lambda: False)
    assert len(sandbox.posts()) == 2 * SUMMARIES
    for name in bot.publishers:
        posted = records(bot, name, State.POSTED)
        assert {record.post_id for record in posted} == {post["id"] for post in sandbox.posts(name)}
        for record in posted:
            ledger = bot.sender.ledger
            assert [attempt.ended_as for attempt in views.attempts_of(ledger, record.id)] == ["posted"]
            assert views.looks_of(ledger, record.id) == [], "the receipt itself was kept, not looked up"


@pytest.mark.postgres
def test_the_end_is_kept_while_postgres_is_down(
    tmp_path: Path, clock: Clock, sandbox: Sandbox, site: Site, server: StoppablePostgres, postgres_ledger: str
) -> None:
    with bot_with_three(tmp_path, clock, sandbox, site, postgres_ledger) as bot:
        the_end_is_kept_and_written_later(bot, sandbox, server.crash, server.start)


@pytest.mark.postgres
def test_the_end_is_kept_while_postgres_is_read_only(
    tmp_path: Path, clock: Clock, sandbox: Sandbox, site: Site, server: StoppablePostgres, postgres_ledger: str
) -> None:
    def only_read(setting: str) -> None:
        name = make_url(postgres_ledger).database
        administer(server, f"ALTER DATABASE {name} SET default_transaction_read_only = {setting}")
        administer(server, f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")

    with bot_with_three(tmp_path, clock, sandbox, site, postgres_ledger) as bot:
        the_end_is_kept_and_written_later(bot, sandbox, lambda: only_read("on"), lambda: only_read("off"))


def test_the_end_is_kept_while_another_program_holds_the_file(
    tmp_path: Path, clock: Clock, sandbox: Sandbox, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger_engine, "BUSY_TIMEOUT", 0.2)
    other = sqlite3.connect(tmp_path / "ledger.db", isolation_level=None)
    with bot_with_three(tmp_path, clock, sandbox, site, f"sqlite:///{tmp_path / 'ledger.db'}") as bot:
        the_end_is_kept_and_written_later(
            bot, sandbox, lambda: other.execute("BEGIN EXCLUSIVE"), lambda: other.execute("ROLLBACK")
        )
    other.close()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own, of 2 MB."""
    place = tmp_path / "disk"
    place.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(place)], capture_output=True, text=True
    )
    if made.returncode != 0:
        pytest.skip(f"a small file system takes the right to mount one: {made.stderr.strip()}")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_the_end_is_kept_while_the_disk_is_full(
    tmp_path: Path, clock: Clock, sandbox: Sandbox, site: Site, small_disk: Path
) -> None:
    ballast = small_disk / "ballast"

    def fill() -> None:
        with ballast.open("wb", buffering=0) as file:
            while True:
                try:
                    file.write(b"\0" * 4096)
                except OSError:
                    return

    with bot_with_three(tmp_path, clock, sandbox, site, f"sqlite:///{small_disk / 'ledger.db'}") as bot:
        the_end_is_kept_and_written_later(bot, sandbox, fill, ballast.unlink)


@pytest.mark.skipif(os.geteuid() == 0 and not Path("/usr/bin/chattr").exists(), reason="root writes everywhere")
def test_a_read_only_ledger_is_said_and_nothing_is_sent(tmp_path: Path, small_disk: Path) -> None:
    with World(tmp_path / "world", f"sqlite:///{small_disk / 'ledger.db'}") as world:
        world.add(1)
        assert world.run("--once") == 0, world.said()
        world.add(2)
        subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
        assert world.run("--once") == 1
        assert "Read-only" in world.said()
        assert len(world.sandbox.posts()) == 2
        subprocess.run(["mount", "-o", "remount,rw", str(small_disk)], check=True)
        world.settle()
        assert world.judge().clean


def test_check_says_that_a_ledger_cannot_be_made(tmp_path: Path, small_disk: Path) -> None:
    with World(tmp_path / "world", f"sqlite:///{small_disk / 'data' / 'ledger.db'}") as world:
        assert world.run("check") == 0, world.said()
        subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
        assert world.run("check") == 1
        assert f"ledger.db cannot be made: {small_disk} may not be written to; see [ledger] url" in world.said()


@pytest.mark.postgres
def test_the_daemon_keeps_the_end_while_postgres_is_down_and_goes_on(
    tmp_path: Path, server: StoppablePostgres, postgres_ledger: str
) -> None:
    with World(tmp_path, postgres_ledger, settings='timeout = "20s"\nsettle = "30s"') as world:
        world.add(1)
        assert world.run("--once") == 0, world.said()
        world.add(2)
        # Posted at once; the answer takes some seconds, so that the server is gone when it is to be written.
        world.sandbox.plan(kind="drip", seconds=0.01, platform="twitter")
        daemon = world.start()
        world.wait_until(lambda: len(world.sandbox.posts("twitter")) == 2, "the post whose answer drips")
        server.crash()
        world.wait_until(lambda: "nothing is sent meanwhile" in world.said(), "the daemon to say so")
        posts = len(world.sandbox.posts())
        server.start()
        world.wait_until(world.settled, "everything to be decided")
        world.end(daemon)
        verdict = world.judge()
        ends = [row.ended_as for row in world.query(select(attempts.c.ended_as))]
    assert posts < verdict.posts == 6
    assert verdict.clean
    assert ends == ["posted"] * 6, "the receipt itself was kept, not looked up"


@pytest.mark.postgres
@pytest.mark.parametrize("durable", [True, False])
def test_an_intent_outlives_a_crash_of_a_server_that_is_set_to_forget(
    durable: bool, tmp_path: Path, clock: Clock, sandbox: Sandbox, site: Site, server: StoppablePostgres,
    postgres_ledger: str, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """The server's own default is `synchronous_commit = off`; the control takes the bot's away."""
    if not durable:
        monkeypatch.setattr(ledger_engine, "DURABLE", "")
    with bot_with_three(tmp_path, clock, sandbox, site, postgres_ledger) as bot:
        # All so far is safe, whatever the bot asks for.
        administer(server, "CHECKPOINT")
        failpoints.plan("answer-read", lambda: (server.crash(), server.start()))
        publisher = bot.publishers["twitter"]
        step = None
        with contextlib.suppress(LedgerUnavailable):
            step = publisher.publish_one()
        posted = records(bot, "twitter", State.POSTED)
    assert len(sandbox.posts()) == 1
    # With the intent, the end finds its place once the server is back.
    assert bool(step and posted) is durable


@pytest.mark.postgres
def test_an_end_that_two_accounts_write_at_once_gives_its_cost_back_once(
    tmp_path: Path, clock: Clock, sandbox: Sandbox, site: Site, postgres_ledger: str
) -> None:
    """Every turn of an account first writes what waits to be written, also what the other is just writing."""
    with bot_with_three(tmp_path, clock, sandbox, site, postgres_ledger) as bot:
        other = threading.Thread(target=bot.sender.flush)
        before = bot.sender.ledger.turn("twitter", Needed()).history.spent

        def wait_for_the_lock() -> None:
            other.start()
            waiting = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = :name")
            name = make_url(postgres_ledger).database
            wait_until(lambda: _scalar(bot, waiting, name=name), "the other thread to wait for a lock")

        sandbox.plan(kind="rate_limited", platform="twitter", seconds=60)
        failpoints.plan("settle.commit", wait_for_the_lock)
        assert bot.publishers["twitter"].publish_one().kind == "ended"
        other.join()
        assert bot.sender.ledger.turn("twitter", Needed()).history.spent == before


def _scalar(bot: Bot, query: TextClause, **values: object) -> Any:
    with bot.sender.ledger.read() as tx:
        return tx.execute(query, values).scalar_one()
