"""The controls: without one of its safeguards the bot doubles posts, and the suites of faults see it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.faults.conftest import Report
from tests.faults.test_stopped import in_all_worlds
from tests.faults.worlds import Verdict, World

pytestmark = [pytest.mark.faults, pytest.mark.timeout(400)]


@contextmanager
def opened(folder: Path, without: str) -> Iterator[World]:
    """A world on SQLite whose first start is over, with three summaries to send."""
    with World(folder, f"sqlite:///{folder / 'ledger.db'}", without=without) as world:
        world.add(1)
        assert world.run("--once") == 0, world.said()
        world.add(3)
        yield world


# The kills at which the request has gone out and its answer is not in the ledger yet.
@pytest.mark.parametrize("failpoint", ["request-sent", "answer-read", "settle.commit"])
@pytest.mark.parametrize(("without", "doubles"), [("", False), ("reconciliation", True), ("intent", True)])
def test_a_kill_after_the_send_doubles_posts_without(
    without: str, doubles: bool, failpoint: str, tmp_path: Path, report: Report
) -> None:
    with opened(tmp_path, without) as world:
        for _ in range(2):
            world.killed_at(failpoint)
        world.settle()
        verdict = world.judge()
    report.add("controls", f"kill at {failpoint}, without {without or 'nothing'}", 2, verdict, 0)
    assert (verdict.duplicates > 0) is doubles, verdict


@pytest.mark.parametrize(("without", "doubles"), [("", False), ("reconciliation", True)])
@pytest.mark.parametrize("fault", ["reset_after", "error_after", "truncated"])
def test_a_lost_answer_doubles_posts_without(
    without: str, doubles: bool, fault: str, tmp_path: Path, report: Report
) -> None:
    with opened(tmp_path, without) as world:
        world.sandbox.plan(kind=fault, times=2)
        world.work_until(world.settled, "everything to be decided")
        verdict = world.judge()
    report.add("controls", f"{fault}, without {without or 'nothing'}", 1, verdict, 0)
    assert (verdict.duplicates > 0) is doubles, verdict


@pytest.mark.postgres
def test_a_bot_that_was_stopped_doubles_posts_without_the_owner_lock(
    tmp_path: Path, postgres_url: str, report: Report
) -> None:
    """Just before the first byte nothing but the lock protects: the bot is stopped after its last look at the clock.

    Awake again, it may also be cut off by its own time-out before the byte is out; hence several.
    """
    places = ["first-byte"] * 4
    verdicts = in_all_worlds(places, tmp_path, postgres_url, without="owner lock")
    total = sum(verdicts, Verdict())
    report.add("controls", "stopped at first-byte, without owner lock", len(places), total, 0)
    assert total.duplicates > 0
