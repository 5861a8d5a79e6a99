"""SIGKILL at every failpoint, in real processes, on SQLite and PostgreSQL: nothing twice, nothing lost, no wrong id."""

from concurrent.futures import Future

import pytest

from bot import failpoints
from tests.faults.conftest import KILLS, Chosen, Report
from tests.faults.scenarios import SCENARIOS
from tests.faults.worlds import Verdict

pytestmark = [pytest.mark.timeout(1200)]

BACKENDS = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_kill_neither_doubles_nor_loses_a_post(
    scenario: str, backend: str, chains_under_way: dict[Chosen, list[Future[Verdict]]], report: Report
) -> None:
    total = sum((future.result() for future in chains_under_way[scenario, backend]), Verdict())
    report.add("kills", f"{scenario}, {backend}", KILLS * len(SCENARIOS[scenario].failpoints), total)
    assert total.clean


def test_every_failpoint_is_killed_at() -> None:
    assert {name for scenario in SCENARIOS.values() for name in scenario.failpoints} == set(failpoints.NAMES)
