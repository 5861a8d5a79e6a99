"""SIGKILL at every failpoint, in real processes, on SQLite and PostgreSQL: nothing twice, nothing lost, no wrong id.

Every failpoint is killed at BOT_TEST_KILLS times (1; `make faults` 10), at a passage drawn by BOT_TEST_SEED. A chain of
lives shares one world: each life is killed, the next finds what it left, and the last settles.
"""

import os
import random
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot import failpoints
from tests.conftest import fresh_postgres_database
from tests.faults.conftest import KILLS, SEED, Report
from tests.faults.scenarios import SCENARIOS
from tests.faults.worlds import Verdict, World

pytestmark = [pytest.mark.faults, pytest.mark.timeout(1200)]

BACKENDS = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
# They wait for deadlines more than they compute.
AT_ONCE = 4 * (os.cpu_count() or 1)


@dataclass(frozen=True)
class Chain:
    """Lives in one world, one after another, each killed at a failpoint when it comes by for the `at`-th time."""

    scenario: str
    backend: str
    kills: tuple[tuple[str, int], ...]


def chains(scenario: str, backend: str) -> list[Chain]:
    """Every failpoint of a scenario, KILLS times, shuffled and cut into chains."""
    dice = random.Random(f"{SEED} {scenario} {backend}")
    here = SCENARIOS[scenario]
    kills = [(name, dice.randint(1, passes)) for _ in range(KILLS) for name, passes in here.failpoints.items()]
    dice.shuffle(kills)
    return [
        Chain(scenario, backend, tuple(kills[first : first + here.lives])) for first in range(0, len(kills), here.lives)
    ]


def live_through(chain: Chain, folder: Path, postgres_url: str | None) -> Verdict:
    """A chain of lives, to the verdict on them."""
    here = SCENARIOS[chain.scenario]
    with ExitStack() as stack:
        ledger = f"sqlite:///{folder / 'ledger.db'}"
        if chain.backend == "postgres":
            assert postgres_url is not None
            ledger = stack.enter_context(fresh_postgres_database(postgres_url))
        world = stack.enter_context(World(folder, ledger, **here.config))
        here.opening(world)
        for name, at in chain.kills:
            here.prepare(world)
            world.killed_at(name, at, *here.command(world))
            assert world.duplicates() == 0, f"after {world.lives}: {world.copies()}"
        here.finish(world)
        world.settle()
        assert len(world.sandbox.posts()) == len(world.expected), world.lives
        return world.judge()


@pytest.fixture(scope="session")
def verdicts(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[tuple[str, str], list[Future[Verdict]]]]:
    """All chains of the chosen tests, under way at once: they spend their time waiting."""
    chosen = [item.callspec.params for item in request.session.items if "verdicts" in getattr(item, "fixturenames", ())]
    wanted = [(params["scenario"], params["backend"]) for params in chosen]
    server = request.getfixturevalue("postgres_url") if any(backend == "postgres" for _, backend in wanted) else None
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield {
            (scenario, backend): [
                pool.submit(live_through, chain, tmp_path_factory.mktemp("kills"), server)
                for chain in chains(scenario, backend)
            ]
            for scenario, backend in wanted
        }
        pool.shutdown(cancel_futures=True)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_kill_neither_doubles_nor_loses_a_post(
    scenario: str, backend: str, verdicts: dict[tuple[str, str], list[Future[Verdict]]], report: Report
) -> None:
    began = time.monotonic()
    found = [future.result() for future in verdicts[scenario, backend]]
    total = sum(found, Verdict())
    kills = KILLS * len(SCENARIOS[scenario].failpoints)
    report.add("kills", f"{scenario}, {backend}", kills, total, time.monotonic() - began)
    assert total.clean


def test_every_failpoint_is_killed_at() -> None:
    assert {name for scenario in SCENARIOS.values() for name in scenario.failpoints} == set(failpoints.NAMES)
