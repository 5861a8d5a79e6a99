"""The daemon's clock: when to pull, and when each account has its turn. APScheduler only rings; the ledger knows."""

import random
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler

from bot.beats import Beats
from bot.daily_check import DailyCheck
from bot.ledger.engine import LedgerError
from bot.ledger.prune import prune
from bot.observe.log import log
from bot.publisher import Publisher, Step
from bot.pull import pull
from bot.runtime import Bot
from bot.source.base import SourceError
from bot.values import moment

# An account looks at the ledger at least this often: for what other bots and commands have changed, for deadlines that
# passed, and because a wall clock may jump. One read that finds nothing costs less than a millisecond.
HEARTBEAT = timedelta(minutes=1)
PRUNE_EVERY = timedelta(days=1)
# How many accounts may be at work at once; the others wait for their turn. A thousand threads crawl and wait for the
# ledger's connections, which are 30; twenty publish four times as fast (`python -m bench scaling`, 2026-11-21).
AT_ONCE = 20


class Scheduler:
    """One job that pulls, one that prunes, one for each account.

    Each runs at most once at a time, and none is dropped for being late.

    It serves one bot. Settings that change have a scheduler of their own, started when this one has stopped.

    news: called when an account has done something. daily: the check that every account gets once a day.
    beats: whether each job gets on.
    """

    def __init__(self, bot: Bot, daily: DailyCheck, news: Callable[[], object] = lambda: None) -> None:
        self.beats = Beats()
        self._bot = bot
        self._last_steps: dict[str, Step] = {}
        self._news = news
        self._stopping = threading.Event()
        self._daily = daily
        # In an order of its own: several bots on one ledger would race for one account after the other.
        order = random.sample(list(bot.publishers), len(bot.publishers))
        self._woken = {name: threading.Event() for name in order}
        self._running = 0
        self._failing: dict[str, tuple[str, str]] = {}
        self._idle = threading.Condition()
        self._clock = BackgroundScheduler(
            timezone=UTC,
            executors={"default": ThreadPoolExecutor(min(len(bot.publishers), AT_ONCE) + 1)},
            # The defaults drop a job that is a second late, for ever (FACTS 5, tried 2026-11-20).
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )

    def start(self) -> None:
        """Ring for the first time at once, then as configured."""
        now = datetime.now(UTC)
        poll = self._bot.config.source.poll
        timeouts = [account.settings.timeout for account in self._bot.accounts.values()]
        self.beats.expect("pull", poll, max(timeouts, default=timedelta(0)))
        self._clock.add_job(self._pull, "interval", seconds=poll.total_seconds(), id="pull", next_run_time=now)
        for name in self._woken:
            publisher = self._bot.publishers[name]
            self.beats.expect(name, HEARTBEAT, publisher.account.settings.timeout)
            beat = HEARTBEAT.total_seconds()
            self._clock.add_job(self._turn, "interval", [publisher], seconds=beat, id=name, next_run_time=now)
        self.beats.expect("prune", PRUNE_EVERY)
        self._clock.add_job(self._prune, "interval", seconds=PRUNE_EVERY.total_seconds(), id="prune", next_run_time=now)
        self._clock.start()

    def stop(self, patience: timedelta) -> bool:
        """Start nothing new and let what runs finish; False if something still ran when `patience` ended.

        May be asked again. After True nothing of this scheduler is at work, nor ever will be.
        """
        if not self._stopping.is_set():
            self._stopping.set()
            self._clock.shutdown(wait=False)
        until = time.monotonic() + patience.total_seconds()
        with self._idle:
            return self._idle.wait_for(lambda: self._running == 0, until - time.monotonic())

    def failing(self) -> dict[str, str]:
        """The jobs whose last run failed, and why."""
        return {job: f"{what}: {why}" for job, (what, why) in self._failing.copy().items()}

    def status(self) -> str:
        """One line: what fails just now, and each account's next post or what it waits for."""
        failing = [f"{job}: {what}" for job, (what, _) in self._failing.copy().items()]
        steps = [f"{name}: {self._told(name, step)}" for name, step in self._last_steps.copy().items()]
        return "; ".join(failing + steps) or "at work"

    def _told(self, name: str, step: Step) -> str:
        if step.kind == "idle":
            return "nothing is queued"
        zone = self._bot.accounts[name].settings.cadence.timezone
        return f"not before {moment(step.until, zone)} ({step.why})" if step.until else step.why

    def _pull(self) -> None:
        bot, beat = self._bot, partial(self.beats.beat, "pull")
        with _Counted(self):
            # Asked only now that this job is counted: a stop either finds it counted, or is seen here.
            if self._stopping.is_set():
                return
            self._guarded(
                "pull",
                lambda: pull(bot.source, bot.sender.ledger, bot.accounts, bot.platforms, bot.config.source, beat),
            )
        for name in self._woken:
            self._wake(name)

    def _prune(self) -> None:
        with _Counted(self):
            if self._stopping.is_set():
                return
            self._guarded("prune", lambda: prune(self._bot.sender.ledger, self._bot.config.ledger.keep_attempts))

    def _wake(self, name: str) -> None:
        self._woken[name].set()
        self._ring_at(name, datetime.now(UTC))

    def _turn(self, publisher: Publisher) -> None:
        woken = self._woken[publisher.account.name]
        with _Counted(self):
            woken.set()
            # A pull that ends while we work finds us running, and its ring is lost; its mark is not.
            while woken.is_set() and not self._stopping.is_set():
                woken.clear()
                self._guarded(publisher.account.name, lambda: self._work(publisher))

    def _work(self, publisher: Publisher) -> None:
        name = publisher.account.name

        def stopped() -> bool:
            self.beats.beat(name)
            return self._stopping.is_set()

        last = None
        for last in publisher.steps(stopped):
            if last.kind in ("posted", "ended", "passed"):
                self._news()
        if last and not stopped():
            self._last_steps[name] = last
            self._ring_again(name, last)
        if not stopped() and self._daily.run(publisher.account, self._bot.platforms[name]) is not None:
            self._news()

    def _ring_again(self, name: str, step: Step) -> None:
        """Sooner than the heartbeat, if the account's turn is sooner."""
        until, now = step.until, datetime.now(UTC)
        if step.kind == "waiting" and until is not None and until < now + HEARTBEAT:
            self._ring_at(name, max(until, now))

    def _ring_at(self, name: str, moment: datetime) -> None:
        # A scheduler that has stopped meanwhile has no jobs any more.
        with suppress(JobLookupError):
            self._clock.modify_job(name, next_run_time=moment)

    def _guarded(self, job: str, work: Callable[[], object]) -> None:
        """Whatever fails is reported and tried again at the next ring; nothing ever ends the daemon."""
        self.beats.beat(job)
        try:
            work()
        except SourceError as error:
            self._report(job, "the source cannot be read; tried again later", str(error))
        except LedgerError as error:
            self._report(job, "the ledger does not serve; nothing is sent meanwhile", str(error))
        except Exception:
            log.exception("a job failed; tried again later", job=job)
        else:
            if self._failing.pop(job, None):
                log.info("it works again", job=job)

    def _report(self, job: str, what: str, why: str) -> None:
        """Once for a failure that lasts; again when it becomes another one."""
        if self._failing.get(job) != (what, why):
            log.error(what, job=job, why=why)
        self._failing[job] = (what, why)


class _Counted:
    """Counts the jobs that run, so that a stop can wait for them."""

    def __init__(self, scheduler: Scheduler) -> None:
        self._scheduler = scheduler

    def __enter__(self) -> None:
        with self._scheduler._idle:
            self._scheduler._running += 1

    def __exit__(self, *_: object) -> None:
        with self._scheduler._idle:
            self._scheduler._running -= 1
            self._scheduler._idle.notify_all()
