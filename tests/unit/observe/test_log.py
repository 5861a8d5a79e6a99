"""Log lines of a process: moments are text, what is no news is not said, and no line is lost before the set-up."""

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


LATER = """
import logging, sys
from bot.observe.log import log, set_up_logging_later
from bot.observe.redact import redactor

redactor.add(["s3cret"])
set_up_logging_later("warning")
assert "structlog" not in sys.modules
"""
LINES = {
    "ours": 'log.warning("one", key="s3cret")',
    "a library's": 'logging.getLogger("library").warning("one s3cret")',
}


@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
def test_logging_that_is_set_up_later_is_set_up_by_the_first_line(line: str) -> None:
    quiet = 'log.info("too quiet")\nlogging.getLogger("library").info("too quiet")'
    script = f"{LATER}\n{line}\n{quiet}\n{line}"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True)

    assert [json.loads(said)["level"] for said in done.stderr.splitlines()] == ["warning", "warning"]
    assert done.stderr.count("[secret]") == 2
    assert "s3cret" not in done.stderr
