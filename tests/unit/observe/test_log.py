"""Log lines of a process: moments are text, and what is no news is not said."""

import json
import subprocess
import sys

import pytest

SAYS = """
import logging
from datetime import UTC, datetime
import structlog
from bot.observe.log import set_up_logging

set_up_logging("info")
structlog.get_logger().info("a moment", next=datetime(2026, 3, 2, 12, tzinfo=UTC))
busy = 'Execution of job "%s" skipped: maximum number of running instances reached (%d)'
logging.getLogger("apscheduler.scheduler").warning(busy, "twitter", 1)
logging.getLogger("apscheduler.scheduler").warning("something else")
"""


@pytest.fixture(scope="module")
def lines() -> list[dict[str, str]]:
    done = subprocess.run([sys.executable, "-c", SAYS], capture_output=True, text=True, timeout=60, check=True)
    return [json.loads(line) for line in done.stderr.splitlines()]


def test_moments_are_iso_text(lines: list[dict[str, str]]) -> None:
    assert lines[0]["next"] == "2026-03-02T12:00:00+00:00"


def test_that_a_job_still_runs_when_it_is_rung_is_no_news_and_all_else_is(lines: list[dict[str, str]]) -> None:
    assert [line["event"] for line in lines] == ["a moment", "something else"]
