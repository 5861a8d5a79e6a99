"""How much the suites of faults do, and the table of what they found."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from tests.faults.worlds import Verdict

# How often each failpoint is killed at; the other suites grow with it. `make test` 1, `make faults` 10.
KILLS = int(os.environ.get("BOT_TEST_KILLS", "1"))
SEED = os.environ.get("BOT_TEST_SEED", "1")


@dataclass
class Report:
    """The figures of docs/reliability.md, one line a suite and case."""

    lines: list[str] = field(default_factory=list)

    def add(self, suite: str, case: str, trials: int, verdict: Verdict, seconds: float) -> None:
        self.lines.append(f"{suite}: {case}: {trials} trials, {verdict}, {seconds:.0f} s")


_REPORT = Report()


@pytest.fixture(scope="session")
def report() -> Iterator[Report]:
    """Printed at the end of the run."""
    return _REPORT


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if _REPORT.lines:
        terminalreporter.section("what the faults came to")
    for line in _REPORT.lines:
        terminalreporter.write_line(line)
