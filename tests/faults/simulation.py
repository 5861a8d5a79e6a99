"""Random schedules of whole bots against a model of the outside world, in virtual time; the same seed, the same run.

Real are publisher, reconciliation, pull, cadence, and all of the ledger with its SQL. Modelled are the platform and the
site (`outside`), threads and time (`stage`), and, where several bots share a SQLite ledger, the owner's lock, as
PostgreSQL has it. A schedule has two or three bots on one or two accounts, and a choice of troubles: crashes, stops and
lost sessions at any failpoint, a ledger that cannot be written, every answer of `outside.ANSWERS`, reads that fail or
lag.
After some hours the troubles end; then everything must come to an end, and the end must be right.

Replay one:    python -m tests.faults.simulation SEED [--ledger several|flock]
"""

import argparse
import logging
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import Select, exists, select
from sqlalchemy.exc import OperationalError

from bot import failpoints
from bot.accounts import Account
from bot.ledger import by_hand
from bot.ledger.engine import LedgerError, LedgerUnavailable
from bot.ledger.lock import Owner
from bot.ledger.models import State, deliveries
from bot.ledger.sending import Sender
from bot.ledger.store import Ledger
from bot.platforms.base import Post
from bot.publisher import Publisher, Step
from bot.pull import pull
from bot.settings import SourceTable, TwitterAccount
from bot.source.base import SourceError, Summary
from tests.clock import Clock
from tests.faults.judge import DAY, WAITING, Judge
from tests.faults.outside import COST, SETTLE, TIMEOUT, Chances, ModelPlatform, ModelSource, Network, Site
from tests.faults.places import ModelOwner, Place, Sessions
from tests.faults.stage import Crash, Stage

# Troubles end after so many hours; eight days later nothing may be undecided.
TROUBLE, BOUND = (0.3, 4.0), 8 * DAY
CADENCES: tuple[dict[str, Any], ...] = (
    {"every": "0s"},
    {"every": "20m", "min_gap": "10m", "jitter": "5m"},
    {"every": "0s", "min_gap": "30m", "max_per_day": 2},
    {"every": "0s", "max_per_day": 1},
)
# The longest that a process is stopped; longer than deadline and settling time. Seconds.
LONG_STOP = 3 * 3600.0
# Where stops and lost sessions hurt most, so they are likelier there.
SORE = ("arm.committed", "first-byte", "request-sent", "answer-read")
# How long a bot sleeps that has nothing to do, or fails; one that asks every second or so is made to ask less. Seconds.
LONGEST_REST, HEARTBEAT, POLLING = 12 * 3600.0, (1.0, 900.0), 2.0

# Asked in every schedule, most of them many times; each is built once.
_STATES = select(deliveries.c.state)
_UNDECIDED = select(exists().where(deliveries.c.state.in_(WAITING)))


@cache
def _in_states(*states: State) -> Select[Any]:
    return select(deliveries).where(deliveries.c.state.in_(states))


class TextOnly:
    """Stands in for templates and formatter, which are no part of this and slow."""

    def compose(self, summary: Summary) -> Any:
        return _Composed(Post(f"{summary.title}: {summary.text} {summary.link}", summary.link))


@dataclass(frozen=True)
class _Composed:
    post: Post


@cache
def _settings(cadence: int, on_unknown: str) -> TwitterAccount:
    keys = {"platform": "twitter", "timeout": "30s", "settle": "15m", "on_unknown": on_unknown}
    settings = TwitterAccount.model_validate({**keys, "cadence": CADENCES[cadence]})
    assert (settings.timeout, settings.settle) == (TIMEOUT, SETTLE)
    return settings


@dataclass
class Variant:
    """What a control switches off. Nothing of it in the real suite."""

    publisher: type[Publisher] = Publisher
    owner: Callable[[Owner], Owner] = lambda owner: owner
    chances: Callable[[Chances], Chances] = lambda chances: chances


NO_CONTROL = Variant()


@dataclass
class Result:
    """What a schedule came to: what was wrong, if anything, and how it went."""

    seed: int
    wrongs: list[str]
    trace: list[tuple[datetime, str, str]]
    ends: Counter[str] = field(default_factory=Counter)
    events: Counter[str] = field(default_factory=Counter)

    def told(self, place: str) -> str:
        start = self.trace[0][0]
        lines = [f"  {moment - start!s:>22}  {who:<12} {what}" for moment, who, what in self.trace]
        replay = f"replay: python -m tests.faults.simulation {self.seed} --ledger {place}"
        return "\n".join([f"seed {self.seed}: {'; '.join(self.wrongs)}", *lines, replay])


class Schedule:
    """One schedule, from its seed."""

    def __init__(self, seed: int, place: Place, variant: Variant = NO_CONTROL) -> None:
        self.seed, self.place, self.variant = seed, place, variant
        clock = Clock()
        self.begun = clock()
        self.stage = Stage(seed, clock, clock() + BOUND)
        self.draw = self.stage.draw
        self.chances = variant.chances(self._chances())
        self.site = Site(self.stage)
        self.sessions = Sessions()
        self.ledger = Ledger(place.engine, clock)
        self.accounts = {name: self._account(name) for name in ("one", "two")[: self.draw.choice((1, 1, 1, 2))]}
        self.networks = {name: Network(name, self.draw.random() < 0.3) for name in self.accounts}
        self.events: Counter[str] = Counter()
        self.calm = self.over = False
        self.bots, self.pulled = 0, -1
        self.by_runner: dict[str, SimulatedBot] = {}
        self.resolves = self.draw.random() < 0.5

    def _chances(self) -> Chances:
        most = {"crash": 0.06, "pause": 0.03, "ledger": 0.03, "session": 0.03, "source": 0.2, "connect": 0.2}
        most |= {"publish": 0.7, "read_back": 0.6, "lag": 1.0}
        chances = Chances(give_way=self.draw.choice((0.1, 0.4, 0.8)))
        for name, limit in most.items():
            if self.draw.random() < 0.5:
                setattr(chances, name, limit * self.draw.random())
        return chances

    def _account(self, name: str) -> Account:
        cadence, on_unknown = self.draw.randrange(len(CADENCES)), self.draw.choice(("retry", "retry", "hold"))
        settings = _settings(cadence, on_unknown)
        return Account(name, settings, COST, False, TextOnly())  # type: ignore[arg-type]

    def run(self) -> Result:
        self.place.empty()
        self.ledger.register(dict.fromkeys(self.accounts, "twitter"))
        for _ in range(self.draw.choice((1, 1, 1, 2, 2, 3))):
            self.site.publish()
        self.stage.spawn("site", self._live_on_site)
        self.stage.spawn("operator", self._operate)
        for number in range(self.draw.choice((2, 2, 2, 3))):
            self._start_bot(after=self.draw.choice((0, 0.5, 60)) * number)
        with _watched(self._reached):
            self.stage.run()
        wrongs = Judge(self).wrongs()
        return Result(self.seed, wrongs, self.stage.trace, self._ends(), self.events)

    def _ends(self) -> Counter[str]:
        with self.ledger.read() as tx:
            return Counter(tx.scalars(_STATES))

    # --- what happens outside -----------------------------------------------------------------------------------

    def _live_on_site(self) -> None:
        end = self.begun + timedelta(hours=self.draw.uniform(*TROUBLE))
        hours = (end - self.begun).total_seconds() / 3600
        for _ in range(self.draw.choice((0, 0, 1, 1, 2, 3))):
            self.stage.sleep(self.draw.expovariate(1) * hours * 900)
            if len(self.site.entries) < 6 and self.draw.random() < 0.5:
                self.site.publish()
            else:
                self.site.change()
        self.stage.sleep(max(0.0, (end - self.stage.clock()).total_seconds()))
        self.chances.calm_down()
        self.calm = True
        self.stage.say("calm")
        self.stage.stir(within=60)

    def _operate(self) -> None:
        """The operator resumes what is paused, and decides what is held by looking at the account."""
        while not self.over:
            self.stage.sleep(6 * 3600)
            for name in () if self.over else self.accounts:
                if self.ledger.account(name).paused_at is not None:
                    self.stage.say(f"resumes {name}")
                    self.ledger.resume(name)
            if self.resolves and not self.over:
                self._resolve()

    def _resolve(self) -> None:
        for row in self._rows(State.HELD, State.REJECTED):
            link = next(entry.link for entry in self.site.entries.values() if entry.key == row.summary)
            self.stage.say(f"decides {link} on {row.account}, {row.state}: {row.reason}")
            if copies := self.networks[row.account].copies(link):
                by_hand.resolve_posted(self.ledger, row.id, f"https://network.example/{copies[0].post_id}")
            else:
                by_hand.retry(self.ledger, row.id)

    def _rows(self, *states: State) -> list[Any]:
        with self.ledger.read() as tx:
            return list(tx.execute(_in_states(*states)))

    # --- the bots -----------------------------------------------------------------------------------------------

    def _start_bot(self, after: float) -> None:
        self.bots += 1
        bot = SimulatedBot(self, f"bot{self.bots}")
        self.stage.spawn(bot.name, bot.main, after, lambda: not bot.dead)

    def restart_later(self) -> None:
        if not self.over:
            self._start_bot(after=self.draw.choice((0.1, 5, 120, 1800)))

    def at_rest(self) -> bool:
        """Whether nothing more will happen."""
        self.over = self.over or (self.calm and self.pulled == self.site.version and not self._undecided())
        return self.over

    def _undecided(self) -> bool:
        with self.ledger.read() as tx:
            return bool(tx.scalar(_UNDECIDED))

    def _reached(self, name: str) -> None:
        """A bot has come to a failpoint: it may die here, stop, fail, or just give way."""
        runner = self.stage.here
        bot = self.by_runner.get(runner.name) if runner else None
        if bot is None:
            return
        inside, chances = name.endswith(".commit"), self.chances
        often = 6 if name in SORE else 1
        self.stage.say(name)
        if self._happens("crash", chances.crash):
            bot.die()
            raise Crash
        if inside and self._happens("ledger fails", chances.ledger):
            raise OperationalError("", {}, Exception("database or disk is full"))
        if name.endswith(".committed") and self._happens("acknowledgement lost", chances.ledger):
            raise LedgerUnavailable("the connection was lost")
        if bot.has_session() and self._happens("session lost", often * chances.session):
            bot.lose_session()
        if inside:
            if self.place.kind == "postgres" and self.draw.random() < chances.give_way:
                self.stage.lend()
        elif self._happens("stop", often * chances.pause):
            self.stage.sleep(self.draw.uniform(1, LONG_STOP))
        elif self.draw.random() < chances.give_way:
            self.stage.give_way()

    def _happens(self, what: str, chance: float) -> bool:
        if chance == 0.0 or self.draw.random() >= chance:
            return False
        self.stage.say(f"! {what}")
        self.events[what] += 1
        # Others are at work soon, and find what this leaves behind.
        self.stage.stir(within=1200)
        return True


class SimulatedBot:
    """A process: its memory, and its threads. On a SQLite ledger of its own as many threads as the daemon has."""

    def __init__(self, schedule: Schedule, name: str) -> None:
        self.schedule, self.name = schedule, name
        self.stage = schedule.stage
        self.dead = False
        self.owner: Owner | None = None
        self._threads = 1
        self._order = schedule.draw.choice(("newest", "oldest"))
        schedule.by_runner[name] = self

    def main(self) -> None:
        while (owner := self._claimed()) is None:
            self.stage.sleep(self.schedule.draw.uniform(60, 3600))
            if self.schedule.over:
                return
        self.owner = self.schedule.variant.owner(owner)
        sender = Sender(self.schedule.ledger, self.owner)
        publishers = {name: self._publisher(name, sender) for name in self.schedule.accounts}
        if self.schedule.place.kind == "flock":
            for name, publisher in publishers.items():
                self._thread(name, lambda publisher=publisher: self._live(None, [publisher]))
            self._live(next(iter(publishers.values())), [])
        else:
            self._live(next(iter(publishers.values())), list(publishers.values()))
        self._ended()

    def die(self) -> None:
        """The kernel takes memory, threads and locks."""
        self.dead = True
        if self.owner is not None:
            self.owner.release()
        self.schedule.restart_later()

    def has_session(self) -> bool:
        return isinstance(self.owner, ModelOwner) and not self.owner.lost

    def lose_session(self) -> None:
        if self.owner is not None:
            self.owner.release()

    def _claimed(self) -> Owner | None:
        try:
            return self.schedule.place.claim(self.schedule.sessions)
        except LedgerError:
            return None

    def _thread(self, name: str, work: Callable[[], None]) -> None:
        self._threads += 1
        full = f"{self.name}.{name}"
        self.schedule.by_runner[full] = self

        def whole() -> None:
            work()
            self._ended()

        self.stage.spawn(full, whole, 0, lambda: not self.dead)

    def _ended(self) -> None:
        self._threads -= 1
        if not self._threads and self.owner is not None:
            self.owner.release()

    def _publisher(self, name: str, sender: Sender) -> Publisher:
        schedule = self.schedule
        source = ModelSource(schedule.site, self.stage, schedule.chances)
        platform = ModelPlatform(schedule.networks[name], source, self.stage, schedule.chances)
        account = replace(schedule.accounts[name], settings=self._in_my_order(schedule.accounts[name].settings))
        return schedule.variant.publisher(account, platform, source, sender)

    def _in_my_order(self, settings: Any) -> Any:
        """Bots may be configured unlike: then they reach for different deliveries at the same time."""
        cadence = settings.cadence.model_copy(update={"order": self._order})
        return settings.model_copy(update={"cadence": cadence})

    def _live(self, puller: Publisher | None, publishers: list[Publisher]) -> None:
        seen, swept = -1, self.schedule.begun
        while not self.schedule.at_rest():
            rest = LONGEST_REST
            try:
                if puller is not None and self._due(seen, swept):
                    version = self.schedule.site.version
                    self._pull(puller)
                    seen, swept = version, self.stage.clock()
                    self.schedule.pulled = version
                for publisher in publishers:
                    rest = min(rest, self._rest(publisher.work(lambda: False)))
            except (SourceError, LedgerError) as error:
                self.stage.say(f"{error}")
                rest = self.schedule.draw.uniform(*HEARTBEAT)
            self.stage.idle(rest)

    def _due(self, seen: int, swept: datetime) -> bool:
        """Whether to pull; what another bot has pulled already is not always pulled again."""
        if self.schedule.pulled == self.schedule.site.version and self.schedule.draw.random() < 0.7:
            return False
        return seen != self.schedule.site.version or self.stage.clock() > swept + DAY

    def _pull(self, puller: Publisher) -> None:
        names = self.schedule.accounts
        platforms = {name: self._publisher(name, puller._sender)._platform for name in names}
        pulled = pull(puller._source, self.schedule.ledger, names, platforms, SourceTable(backlog="all"))
        if pulled.waiting:
            raise SourceError("the first start waits")

    def _rest(self, steps: list[Step]) -> float:
        until = steps[-1].until if steps else None
        if until is None:
            return LONGEST_REST
        seconds = (until - self.stage.clock()).total_seconds()
        return min(seconds, LONGEST_REST) if seconds > POLLING else self.schedule.draw.uniform(*HEARTBEAT)


@contextmanager
def _watched(reached: Callable[[str], None]) -> Iterator[None]:
    """Every failpoint calls `reached` with its name, each time."""

    def watch(name: str) -> None:
        def action() -> None:
            failpoints.plan(name, action)
            reached(name)

        failpoints.plan(name, action)

    for name in failpoints.NAMES:
        watch(name)
    try:
        yield
    finally:
        failpoints.clear()


@contextmanager
def silence() -> Iterator[None]:
    """No log lines: thousands of schedules have nothing to tell but their result."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    try:
        yield
    finally:
        structlog.configure(**before)


def first_wrong(place: Place, seeds: range, variant: Variant, signs: Sequence[str]) -> Result | None:
    """The first of these schedules that goes wrong in one of these ways."""
    with silence():
        for seed in seeds:
            result = Schedule(seed, place, variant).run()
            if any(sign in wrong for wrong in result.wrongs for sign in signs):
                return result
    return None


def main() -> None:
    parser = argparse.ArgumentParser(description="Replay one schedule and print what happened.")
    parser.add_argument("seed", type=int)
    parser.add_argument("--count", type=int, default=1, help="as many seeds from this one on; prints the failures")
    parser.add_argument("--ledger", choices=("several", "flock", "postgres"), default="several")
    parser.add_argument("--url", help="of an empty PostgreSQL database")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, silence():
        place = Place.on_postgres(given.url) if given.url else Place.on_sqlite(Path(folder), given.ledger)
        bad = 0
        for seed in range(given.seed, given.seed + given.count):
            result = Schedule(seed, place).run()
            bad += bool(result.wrongs)
            if given.count == 1 or (result.wrongs and bad == 1):
                print(result.told(given.ledger))  # noqa: T201
            elif result.wrongs:
                print(seed, result.wrongs)  # noqa: T201
        print(bad, "of", given.count, "went wrong")  # noqa: T201


if __name__ == "__main__":
    main()
