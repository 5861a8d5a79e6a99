"""The controls: without one of its safeguards the bot doubles posts, and the suites of faults see it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.ledger.models import State
from tests.faults.conftest import Report
from tests.faults.test_stopped import in_all_worlds
from tests.faults.worlds import QUICK, Verdict, World

pytestmark = [pytest.mark.timeout(400)]


@contextmanager
def opened(folder: Path, without: str, settings: str = QUICK) -> Iterator[World]:
    """A world on SQLite whose first start is over, with three summaries to send."""
    with World(folder, f"sqlite:///{folder / 'ledger.db'}", settings=settings, without=without) as world:
        world.add(1)
        assert world.run("--once") == 0, world.said()
        world.make_the_daily_check_done()
        world.add(3)
        yield world


# The request has gone out, and its answer is not in the ledger yet. With all safeguards: `test_kills`.
@pytest.mark.parametrize("failpoint", ["request-sent", "answer-read"])
@pytest.mark.parametrize("without", ["reconciliation", "intent"])
def test_a_kill_after_the_send_doubles_posts_without(
    without: str, failpoint: str, tmp_path: Path, report: Report
) -> None:
    with opened(tmp_path, without) as world:
        for _ in range(2):
            world.killed_at(failpoint)
        world.settle()
        verdict = world.judge()
    report.add("controls", f"kill at {failpoint}, without {without}", 2, verdict)
    assert verdict.duplicates > 0


@pytest.mark.parametrize(("without", "doubles"), [("", False), ("reconciliation", True)])
def test_a_lost_answer_doubles_posts_without(without: str, doubles: bool, tmp_path: Path, report: Report) -> None:
    with opened(tmp_path, without) as world:
        for fault in ("reset_after", "error_after", "truncated"):
            world.sandbox.plan(kind=fault)
        world.work_until(world.settled, "everything to be decided")
        verdict = world.judge()
    report.add("controls", f"three lost answers, without {without or 'nothing'}", 3, verdict)
    assert (verdict.duplicates > 0) is doubles


@pytest.mark.postgres
@pytest.mark.parametrize(("without", "doubles"), [("watchdog", False), ("owner lock and watchdog", True)])
def test_a_bot_that_was_stopped_doubles_posts_without(
    without: str, doubles: bool, tmp_path: Path, postgres_url: str, report: Report
) -> None:
    """Stopped after its last look at the clock, just before the first byte.

    With watchdog and clock its connection sends nothing any more; the lock alone must do, too.
    """
    bots = 4
    total = sum(in_all_worlds(["first-byte"] * bots, tmp_path, postgres_url, without), Verdict())
    report.add("controls", f"stopped at first-byte, without {without}", bots, total)
    assert (total.duplicates > 0) is doubles


# When the post lands, counted from the send: later than someone decides who took its sender for dead at once and waited
# for the settling time; sooner than the sender himself decides, who waits for his time-out first. Seconds.
TIMEOUT, SETTLE, LANDS = 8, 10, 14.5


@pytest.mark.parametrize(("without", "doubles"), [("", False), ("owner lock", True)])
def test_a_second_bot_on_a_sqlite_ledger_doubles_a_post_that_lands_late_without(
    without: str, doubles: bool, tmp_path: Path, report: Report
) -> None:
    """On SQLite whoever holds the lock takes everybody else for dead, so two who hold it do so with the living."""
    settings = f'timeout = "{TIMEOUT}s"\nsettle = "{SETTLE}s"'
    with opened(tmp_path, without, settings) as world:
        world.sandbox.plan(kind="slow", platform="twitter", seconds=LANDS)
        first = world.start()
        world.wait_until(lambda: [row for row in world.rows(State.SENDING) if row.account == "twitter"], "the send")
        landed = time.monotonic() + LANDS + 1
        second = world.start()
        world.wait_until(lambda: time.monotonic() > landed and world.settled(), "everything to be decided")
        world.end(first)
        assert (second.poll() is None) is doubles, world.said()
        verdict = world.judge()
    report.add("controls", f"a post that lands late and a second bot, without {without or 'nothing'}", 1, verdict)
    assert (verdict.duplicates > 0) is doubles
