"""A bot that is stopped for longer than deadline and settling time, while others are at work, and then goes on.

The dangerous moment of every lease: who was taken for dead wakes up and finishes what another has finished meanwhile.
"""

import signal
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from bot.ledger.models import State
from tests.conftest import fresh_postgres_database
from tests.faults.conftest import KILLS, Report
from tests.faults.lives import Life
from tests.faults.worlds import Verdict, World
from tests.services import StoppablePostgres

pytestmark = [pytest.mark.timeout(400)]

POINTS = ("arm.committed", "first-byte", "request-sent", "settle.commit", "answer-read", "composed", "pick")
if KILLS == 1:
    POINTS = POINTS[:3]
# Long enough for a machine with other suites at work: a post that lands later than `settle` may go twice, and should.
UNHURRIED = 'timeout = "3s"\nsettle = "5s"'
# The deadline, `timeout` + 5 s, the settling time, and the looks themselves. Seconds.
LONGER_THAN_ALL = 16.0


def stop_and_go_on(world: World, point: str) -> Verdict:
    """One bot stops itself at `point`, another takes over as far as it may; then the first goes on."""
    stopped = sleeper(world, point)
    other = world.start()
    time.sleep(LONGER_THAN_ALL)
    if "owner lock" in world.without and other.poll() is None:
        # Nothing keeps the other from deciding what the first was about; how long that takes depends on the machine.
        world.wait_until(lambda: not world.rows(State.SENDING) + world.rows(State.UNKNOWN), "the other bot to decide")
    wake(world, stopped, other)
    return world.judge()


def sleeper(world: World, point: str) -> Life:
    """A bot with three summaries to send, stopped at `point`."""
    world.add(1)
    assert world.run("--once") == 0, world.said()
    world.make_the_daily_check_done()
    world.add(3)
    return world.stopped_at(point)


def wake(world: World, stopped: Life, other: Life) -> None:
    stopped.send_signal(signal.SIGCONT)
    if other.poll() is not None:
        # Stopped within a transaction, the first kept the other from starting, and what keeps bots running would have
        # started that one again and again.
        assert "does not answer in time" in world.said()
        other = world.start()
        # The first may need it no more; told to end before it listens, it would not end in good order.
        world.wait_until(lambda: "the bot is at work" in world.said(), "the bot to start")
    world.wait_until(lambda: world.decide_by_hand() or world.settled(), "everything to be decided")
    for process in (stopped, other):
        world.end(process)


def in_all_worlds(points: Sequence[str], folder: Path, server: str, without: str = "") -> list[Verdict]:
    """The verdict for each point, each on a PostgreSQL ledger of its own, all at the same time: they mostly wait."""

    def one(number: int, point: str) -> Verdict:
        with (
            fresh_postgres_database(server) as ledger,
            World(folder / str(number), ledger, settings=UNHURRIED, without=without) as world,
        ):
            return stop_and_go_on(world, point)

    with ThreadPoolExecutor(len(points)) as pool:
        return list(pool.map(one, range(len(points)), points))


@pytest.mark.postgres
def test_a_bot_that_was_stopped_doubles_nothing_while_another_is_at_work(
    tmp_path: Path, postgres_url: str, report: Report
) -> None:
    verdicts = in_all_worlds(POINTS, tmp_path, postgres_url)
    total = sum(verdicts, Verdict())
    report.add("stopped", "another bot at work, postgres", len(POINTS), total)
    assert total.clean, verdicts


def test_a_stopped_bot_keeps_its_sqlite_ledger_to_itself(tmp_path: Path, report: Report) -> None:

    def one(point: str) -> Verdict:
        ledger = f"sqlite:///{tmp_path / point / 'ledger.db'}"
        with World(tmp_path / point, ledger, settings=UNHURRIED) as world:
            stopped = sleeper(world, point)
            assert world.run("--once") == 1
            assert "another bot works on the ledger" in world.said()
            time.sleep(LONGER_THAN_ALL)
            stopped.send_signal(signal.SIGCONT)
            world.wait_until(world.settled, "everything to be decided")
            world.end(stopped)
            return world.judge()

    with ThreadPoolExecutor(len(POINTS)) as pool:
        verdicts = dict(zip(POINTS, pool.map(one, POINTS), strict=True))
    total = sum(verdicts.values(), Verdict())
    report.add("stopped", "a second one refused, sqlite", len(POINTS), total)
    assert total.clean, verdicts


@pytest.mark.postgres
def test_a_bot_that_was_stopped_and_lost_its_session_sends_nothing_late(
    tmp_path: Path, server: StoppablePostgres, report: Report
) -> None:
    """The server crashes while the bot is stopped, so its lock is gone, and another rightly takes it for dead."""
    points = ("composed", "arm.committed", "first-byte", "request-sent", "settle.commit")
    with ExitStack() as stack, ThreadPoolExecutor(len(points)) as pool:
        ledgers = [stack.enter_context(fresh_postgres_database(server.url)) for _ in points]
        worlds = [
            stack.enter_context(World(tmp_path / point, ledger, settings=UNHURRIED))
            for point, ledger in zip(points, ledgers, strict=True)
        ]
        stopped = list(pool.map(sleeper, worlds, points))
        server.crash()
        server.start()
        others = [world.start() for world in worlds]
        time.sleep(LONGER_THAN_ALL)
        list(pool.map(wake, worlds, stopped, others))
        verdicts = {world.folder.name: world.judge() for world in worlds}
    total = sum(verdicts.values(), Verdict())
    report.add("stopped", "session lost meanwhile, postgres", len(points), total)
    assert total.clean, verdicts
