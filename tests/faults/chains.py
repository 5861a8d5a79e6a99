"""Chains of lives: each bot is killed at a failpoint, the next finds what it left, and the last settles."""

import random
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import fresh_postgres_database
from tests.faults.scenarios import SCENARIOS
from tests.faults.worlds import Verdict, World


@dataclass(frozen=True)
class Chain:
    """Lives in one world, each killed at a failpoint when it comes by for the so-manieth time."""

    scenario: str
    backend: str
    kills: tuple[tuple[str, int], ...]


def chains(scenario: str, backend: str, times: int, seed: str) -> list[Chain]:
    """Every failpoint of a scenario so many times, at passages drawn by `seed`, shuffled and cut into chains."""
    dice = random.Random(f"{seed} {scenario} {backend}")
    here = SCENARIOS[scenario]
    kills = [(name, dice.randint(1, passes)) for _ in range(times) for name, passes in here.failpoints.items()]
    dice.shuffle(kills)
    cuts = range(0, len(kills), here.lives)
    return [Chain(scenario, backend, tuple(kills[first : first + here.lives])) for first in cuts]


def live_through(chain: Chain, folder: Path, postgres_url: str | None) -> Verdict:
    """A chain of lives, to the verdict on them. `postgres_url`: the server for chains on PostgreSQL."""
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
