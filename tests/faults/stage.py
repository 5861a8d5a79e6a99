"""Threads that run one at a time, in an order that a seed decides, in a time of their own.

Every thread of a simulated bot is a `Runner`. Whoever runs gives way at chosen places (`give_way`, `sleep`), and the
stage draws who goes on; when all sleep, the clock leaps to the first who wakes. The same seed gives the same run.
"""

import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.clock import Clock

# What passes whenever the turn does: no two moments are quite the same.
TICK = timedelta(milliseconds=1)
# How long one who holds database locks waits for another that may be waiting for these very locks. Real seconds.
STUCK = 0.05
# Far beyond any run that comes to rest.
LONGEST_TRACE = 5_000


class Crash(BaseException):
    """The process of this thread is dead; nothing of it may run any more."""


@dataclass(eq=False)
class Runner:
    """One thread. alive: false once its process has died; loose: it runs although it is another's turn; idle: it sleeps
    only because it has nothing to do."""

    name: str
    wakes: datetime
    alive: Callable[[], bool]
    turn: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    loose: bool = False
    idle: bool = False


class Stage:
    """Where runners take turns. `trace` is what happened, for who has to understand a failure."""

    def __init__(self, seed: int, clock: Clock, end: datetime) -> None:
        self.draw = random.Random(seed)
        self.clock = clock
        self.wrongs: list[str] = []
        self.trace: list[tuple[datetime, str, str]] = []
        self.errors: list[BaseException] = []
        self._end = end
        self._runners: list[Runner] = []
        self._local = threading.local()
        self._change = threading.Condition()
        self._over = threading.Event()

    @property
    def here(self) -> Runner | None:
        """Who runs; None outside of all runners."""
        return getattr(self._local, "runner", None)

    def say(self, what: str) -> None:
        runner = self.here
        self.trace.append((self.clock(), runner.name if runner else "-", what))

    def fail(self, wrong: str) -> None:
        """Something that must never be has happened: the run ends here."""
        self.say(f"WRONG: {wrong}")
        self.wrongs.append(wrong)

    def spawn(
        self, name: str, work: Callable[[], None], after: float = 0, alive: Callable[[], bool] = lambda: True
    ) -> None:
        """A further runner, which begins `after` seconds from now."""
        runner = Runner(name, self.clock() + timedelta(seconds=after), alive)
        self._runners.append(runner)
        threading.Thread(target=self._live, args=(runner, work), name=name, daemon=True).start()

    def run(self) -> None:
        """Until every runner has come to its end, or the clock to the stage's. Raises what a runner raised."""
        self._pass_on()
        self._over.wait()
        if self.errors:
            raise self.errors[0]

    def give_way(self) -> None:
        """Whoever is awake may go on now."""
        self.sleep(0)

    def sleep(self, seconds: float) -> None:
        """Go on no sooner than `seconds` from now. Raises Crash if the process has died meanwhile."""
        runner = self._me()
        runner.wakes = self.clock() + timedelta(seconds=seconds)
        if self._come_home(runner) or self._pass_on() is not runner:
            runner.turn.acquire()
        self._check(runner)

    def idle(self, seconds: float) -> None:
        """As `sleep`, until `stir` at the latest."""
        runner = self._me()
        runner.idle = True
        try:
            self.sleep(seconds)
        finally:
            runner.idle = False

    def stir(self, within: float) -> None:
        """Who idles goes on at some moment `within` so many seconds."""
        for runner in self._runners:
            if runner.idle:
                runner.wakes = min(runner.wakes, self.clock() + timedelta(seconds=self.draw.uniform(0, within)))

    def lend(self) -> None:
        """Let another go on while we hold database locks, and take the turn back if he is stuck on them."""
        runner = self._me()
        others = [other for other in self._awake() if other is not runner]
        if runner.loose or not others:
            return
        self.draw.choice(others).turn.release()
        if not runner.turn.acquire(timeout=STUCK):
            with self._change:
                runner.loose = not runner.turn.acquire(blocking=False)
        self._check(runner)

    def _me(self) -> Runner:
        runner = self.here
        if runner is None:
            raise RuntimeError("only runners take turns")
        return runner

    def _check(self, runner: Runner) -> None:
        if self.wrongs or not runner.alive():
            raise Crash

    def _live(self, runner: Runner, work: Callable[[], None]) -> None:
        self._local.runner = runner
        runner.turn.acquire()
        try:
            self._check(runner)
            work()
        except Crash:
            pass
        except BaseException as error:  # noqa: BLE001 - handed over to `run`
            self.errors.append(error)
            self.fail(f"{type(error).__name__}: {error}")
        with self._change:
            self._runners.remove(runner)
        if not self._come_home(runner):
            self._pass_on()

    def _come_home(self, runner: Runner) -> bool:
        """Whether `runner` ran out of turn; it does no longer."""
        with self._change:
            was, runner.loose = runner.loose, False
            self._change.notify_all()
            return was

    def _awake(self) -> list[Runner]:
        return [runner for runner in self._runners if runner.wakes <= self.clock() and not runner.loose]

    def _pass_on(self) -> Runner | None:
        """Draw who goes on, and wake him unless it is the caller."""
        with self._change:
            self._change.wait_for(lambda: not any(runner.loose for runner in self._runners))
        if not self._runners:
            self._over.set()
            return None
        self.clock.moment += TICK
        if not (awake := self._awake()):
            self.clock.moment = min(runner.wakes for runner in self._runners)
            awake = self._awake()
        if self.clock.moment > self._end or len(self.trace) > LONGEST_TRACE:
            self.fail("something is undecided for ever")
        chosen = self.draw.choice(awake)
        if chosen is not self.here:
            chosen.turn.release()
        return chosen
