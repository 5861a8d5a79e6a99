"""Three bots on one PostgreSQL ledger, killed every two seconds, on platforms that fail, over a server that crashes.

BOT_TEST_KILLS=10, as `make faults` sets it, makes a thousand summaries of it; `make test` has a tenth of that.
"""

import random
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.ledger.models import attempts
from tests.conftest import fresh_postgres_database
from tests.faults.conftest import KILLS, SEED, Report
from tests.faults.lives import Life
from tests.faults.worlds import ACCOUNTS, World
from tests.services import StoppablePostgres
from tests.site import NOON

pytestmark = [pytest.mark.postgres, pytest.mark.timeout(1200)]

BOTS = 3
KILL_EVERY, CRASH_EVERY = 2.0, 30.0
# What strikes a fifth of all calls, each with a likelihood of its own.
ON_PUBLISH: Sequence[dict[str, Any]] = (
    {"kind": "reset_after", "probability": 0.05},
    {"kind": "error_after", "probability": 0.04},
    {"kind": "truncated", "probability": 0.04},
    {"kind": "reset_before", "probability": 0.02},
    {"kind": "error_before", "probability": 0.02},
    {"kind": "timeout_after", "probability": 0.02, "seconds": 2},
    {"kind": "slow", "probability": 0.01, "seconds": 1.5},
    {"kind": "html_200", "probability": 0.01},
)
ON_READ: Sequence[dict[str, Any]] = (
    {"kind": "timeline_error", "probability": 0.1, "times": -1},
    {"kind": "timeline_lag", "probability": 0.1, "seconds": 1},
)


@dataclass
class Chaos:
    """Keeps `BOTS` bots at work on `world` while it kills them and crashes their ledger."""

    world: World
    server: StoppablePostgres
    crash_every: float = CRASH_EVERY
    dice: random.Random = field(default_factory=lambda: random.Random(SEED))
    bots: list[Life] = field(default_factory=list)
    kills: int = 0
    crashes: int = 0

    def rage(self, until: Callable[[], bool], patience: float) -> None:
        """Kill, crash and revive until `until`; then let the bots end in good order."""
        began = time.monotonic()
        next_kill, next_crash = began + KILL_EVERY, began + self.crash_every
        while not until():
            now = time.monotonic()
            assert now < began + patience, f"{self.world.judge()} after {patience} s and {self.kills} kills"
            self._revive()
            if now >= next_crash:
                self._crash()
                next_crash = now + self.crash_every
            if now >= next_kill:
                self._kill_one()
                next_kill = now + KILL_EVERY * self.dice.uniform(0.5, 1.5)
                # What needs a person gets one while the bots go on.
                self.world.decide_by_hand()
            time.sleep(0.2)
        for bot in self.bots:
            bot.send_signal(signal.SIGTERM)
        for bot in self.bots:
            bot.wait(60)

    def _kill_one(self) -> None:
        victim = self.dice.choice(self.bots)
        victim.kill()
        victim.wait()
        self.kills += 1

    def _crash(self) -> None:
        self.crashes += 1
        self.server.crash()
        time.sleep(self.dice.uniform(0.2, 3))
        self.server.start()

    def _revive(self) -> None:
        """A bot that was killed, or that gave up at its start since there was no ledger, is started again."""
        alive = [bot for bot in self.bots if bot.poll() is None]
        self.bots = alive + [self.world.start() for _ in range(BOTS - len(alive))]


def plan_faults(world: World) -> None:
    """A fifth of the calls goes wrong, for ever."""
    for number, fault in enumerate([*ON_PUBLISH, *ON_READ]):
        for platform in ACCOUNTS.values():
            world.sandbox.plan(**{"times": -1, **fault, "platform": platform, "seed": number})


def test_three_bots_in_chaos_post_everything_once(tmp_path: Path, server: StoppablePostgres, report: Report) -> None:
    with fresh_postgres_database(server.url) as ledger, World(tmp_path, ledger, hurried=True) as world:
        world.add(100 * KILLS, added=NOON)
        plan_faults(world)
        chaos = Chaos(world, server)
        chaos.rage(lambda: set(world.copies()) >= world.expected, patience=900)
        world.settle()
        verdict = world.judge()
    case = f"{chaos.kills} kills, {chaos.crashes} crashes of PostgreSQL, {100 * KILLS} summaries"
    report.add("chaos", case, 1, verdict)
    assert verdict.posts == 200 * KILLS
    assert verdict.clean


GAP, CAP = timedelta(seconds=1), 8


@pytest.mark.skipif(KILLS == 1, reason="takes most of a minute: `make faults` runs it")
def test_three_bots_in_chaos_keep_gap_and_cap(tmp_path: Path, server: StoppablePostgres, report: Report) -> None:
    """More summaries than the cap lets out: the cap's number is posted, in its intervals, and not one more."""
    cadence = f'every = "0s"\nmin_gap = "1s"\nmax_per_day = {CAP}'
    with fresh_postgres_database(server.url) as ledger, World(tmp_path, ledger, cadence=cadence, hurried=True) as world:
        world.add(2 * CAP)
        plan_faults(world)
        chaos = Chaos(world, server, crash_every=8)
        chaos.rage(lambda: all(len(armed(world, name)) >= CAP for name in ACCOUNTS), patience=300)
        # Long enough that bots which were wrong about the cap would go beyond it.
        on_top = time.monotonic() + 10
        chaos.rage(lambda: time.monotonic() > on_top, patience=30)
        moments = {name: armed(world, name) for name in ACCOUNTS}
        verdict = world.judge()
    report.add("chaos", f"gap and cap, {chaos.kills} kills", 1, verdict)
    assert verdict.duplicates == 0
    for name in ACCOUNTS:
        assert len(moments[name]) == CAP
        assert all(later - earlier >= GAP for earlier, later in pairwise(moments[name]))
        assert sum(post["account"] == name for post in world.sandbox.posts()) <= CAP


def armed(world: World, account: str) -> list[datetime]:
    """When the account sent what is, or may be, live; in order."""
    mine = (attempts.c.account == account, attempts.c.live)
    return [row.armed_at for row in world.query(select(attempts.c.armed_at).where(*mine).order_by(attempts.c.armed_at))]
