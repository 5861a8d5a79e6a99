"""How much the suites of faults do, what they share, and the table of what they found."""

import os
import time
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest

from tests.faults.chains import chains, live_through
from tests.faults.worlds import Verdict
from tests.services import NoService, StoppablePostgres, stoppable_postgres

# How often each failpoint is killed at; the other suites grow with it. `make test` 1, `make faults` 10.
KILLS = int(os.environ.get("BOT_TEST_KILLS", "1"))
SEED = os.environ.get("BOT_TEST_SEED", "1")
# Bots that are killed wait for deadlines more than they compute; more at once, and posts land later than `settle`.
AT_ONCE = 3 * (os.cpu_count() or 1)

# The test that collects the chains, and its parameters: a scenario and a backend.
KILLING = "test_a_kill_neither_doubles_nor_loses_a_post"
Chosen = tuple[str, str]


@pytest.fixture(scope="session")
def chains_under_way(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[Chosen, list[Future[Verdict]]]]:
    """The chains of all chosen tests of kills, going on in the background from the first test that asks for them."""
    kills = [item for item in request.session.items if getattr(item, "originalname", "") == KILLING]
    wanted: list[Chosen] = [(item.callspec.params["scenario"], item.callspec.params["backend"]) for item in kills]
    server = request.getfixturevalue("postgres_url") if any(backend == "postgres" for _, backend in wanted) else None
    with ThreadPoolExecutor(AT_ONCE) as pool:
        under_way = defaultdict(list)
        for scenario, backend in wanted:
            for chain in chains(scenario, backend, KILLS, SEED):
                future = pool.submit(live_through, chain, tmp_path_factory.mktemp("kills"), server)
                under_way[scenario, backend].append(future)
        yield under_way
        pool.shutdown(cancel_futures=True)


@pytest.fixture(scope="module")
def server() -> Iterator[StoppablePostgres]:
    """A PostgreSQL that the module's tests may crash."""
    try:
        with stoppable_postgres() as postgres:
            yield postgres
    except NoService as error:
        pytest.skip(str(error))


@dataclass
class Report:
    """The figures of docs/reliability.md, one line a suite and case; they travel with the test's own report."""

    notes: list[tuple[str, object]]
    began: float = field(default_factory=time.monotonic)

    def add(self, suite: str, case: str, trials: int, verdict: Verdict) -> None:
        self.say(f"{suite}: {case}: {trials} trials, {verdict}")

    def say(self, figures: str) -> None:
        self.notes.append(("figures", f"{time.monotonic() - self.began:5.0f} s  {figures}"))


@pytest.fixture
def report(request: pytest.FixtureRequest) -> Report:
    """Printed at the end of the run."""
    return Report(request.node.user_properties)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    ended = [report for reports in terminalreporter.stats.values() for report in reports]
    notes = [note for report in ended if getattr(report, "when", "") == "call" for note in report.user_properties]
    if notes:
        terminalreporter.section("what the faults came to")
    for _, line in notes:
        terminalreporter.write_line(str(line))
