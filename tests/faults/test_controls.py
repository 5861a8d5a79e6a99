"""The controls: without one of its safeguards the bot doubles posts, and the suites of faults see it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.faults.conftest import Report
from tests.faults.test_stopped import in_all_worlds
from tests.faults.worlds import Verdict, World

pytestmark = [pytest.mark.timeout(400)]


@contextmanager
def opened(folder: Path, without: str) -> Iterator[World]:
    """A world on SQLite whose first start is over, with three summaries to send."""
    with World(folder, f"sqlite:///{folder / 'ledger.db'}", without=without) as world:
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

    Mostly the watchdog of the call cuts it off then; the lock alone must do, too.
    """
    total = sum(in_all_worlds(["first-byte"] * 2, tmp_path, postgres_url, without), Verdict())
    report.add("controls", f"stopped at first-byte, without {without}", 2, total)
    assert (total.duplicates > 0) is doubles
