"""The long-running bot: open, schedule, listen, take new settings, stop in reverse.

One thread, this one, owns everything that is at work, and hears of signals and of settings that were judged. They are
judged in a thread of their own, since a database may let them wait, and a signal must not.
"""

import faulthandler
import os
import signal
import threading
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from datetime import timedelta
from queue import Empty, SimpleQueue
from types import FrameType

from bot import notify
from bot.daily_check import DailyCheck
from bot.ledger.daemons import Entry, InForce
from bot.ledger.engine import LedgerError
from bot.ledger.sending import Sender
from bot.observe.log import log
from bot.observe.lookout import Known, Lookout, LookoutThread
from bot.reload import Candidate, Refusal, Watch, judge
from bot.runtime import Bot, Parts, furnish
from bot.scheduler import Scheduler

# What is in flight has its account's time-out; beyond it, this is for the ledger.
PATIENCE = timedelta(seconds=4)
# How often files are looked at. A change is taken when it was the same at two looks.
LOOK_EVERY = timedelta(seconds=2)
# How long a wait for what is in flight may go on before a signal is noticed.
SLICE = timedelta(seconds=0.2)


class Daemon:
    """Works by one generation of settings after another, on one ledger. `in_force` says by which."""

    def __init__(self, read: Callable[[], Parts], parts: Parts, sender: Sender) -> None:
        self._read = read
        self._sender = sender
        # Its `put` may be called by a signal's handler at any moment, which no other queue or event allows.
        self._inbox: SimpleQueue[signal.Signals | Candidate | Refusal] = SimpleQueue()
        self._stopping = False
        self._wanted = False
        self._passing = False
        self._judging: threading.Thread | None = None
        self._watch = Watch(parts.config)
        self._opened = ExitStack()
        self.bot: Bot = furnish(parts, sender, self._opened)
        self.in_force = InForce(1, sender.ledger.now())
        self._entry = Entry(sender)
        self._written: InForce | None = None
        self._lookout = LookoutThread(Lookout(self.in_force.since), self._known)
        self._daily = DailyCheck(sender.ledger)
        self._scheduler = Scheduler(self.bot, self._daily, self._lookout.wake)
        self._port = ExitStack()

    def run(self) -> None:
        """Pull and publish until SIGTERM or SIGINT; then nothing new is begun, and what is in flight finishes."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._hear)
        # What systemd's watchdog ends (SIGABRT) says where each thread was, even if one of them lets no other run.
        faulthandler.enable()
        if self.bot.config.observe.listen:
            self._serve()
        self._scheduler.start()
        self._lookout.start()
        log.info("the bot is at work", accounts=list(self.bot.publishers))
        with notify.at_work(self._late, lambda: self._scheduler.status()):
            while not self._stopping:
                self._step()
        self._stop()

    def _serve(self) -> None:
        # Imported here: who does not scrape must not pay for it.
        from bot.observe.serving import Seen, serve

        seen = Seen(lambda: self.bot, lambda: self.in_force, self._late, self._failing, self._daily.token_ends)
        serve(seen, self._sender, self._port)

    def _late(self) -> Mapping[str, timedelta]:
        return self._scheduler.beats.late()

    def _failing(self) -> dict[str, str]:
        return {"stopping": "nothing new is begun"} if self._stopping else self._scheduler.failing()

    def _known(self) -> Known:
        problem = self._scheduler.failing().get("pull", "")
        return Known(self.bot, problem, self.in_force.refused, self._daily.troubles())

    def _hear(self, number: int, _frame: FrameType | None) -> None:
        """The first signal asks to stop; the second ends the process at once, and recovery does the rest."""
        if number != signal.SIGHUP:
            if self._stopping:
                os._exit(1)
            self._stopping = True
        self._inbox.put(signal.Signals(number))

    def _step(self) -> None:
        """Wait for news, for a look's time at most, and do what it asks."""
        self._write_entry()
        try:
            news = self._inbox.get(timeout=LOOK_EVERY.total_seconds())
        except Empty:
            self._wanted = self._watch.changed() or self._wanted or self._passing
        else:
            if isinstance(news, Candidate):
                self._take(news)
            elif isinstance(news, Refusal):
                self._refuse(news)
            else:
                self._wanted = self._wanted or news == signal.SIGHUP
        if self._wanted and not self._stopping and (self._judging is None or not self._judging.is_alive()):
            self._wanted = self._passing = False
            self._watch.reading()
            self._judging = threading.Thread(target=self._judge, name="judge", daemon=True)
            self._judging.start()

    def _judge(self) -> None:
        self._inbox.put(judge(self._read, self.bot.config, self._sender))

    def _take(self, new: Candidate) -> None:
        """Go on by new settings, once all that is in flight has finished by the old ones.

        Two publishers of one account are never at work at once: until the old scheduler has come to rest, nothing new
        is begun by either settings.
        """
        while not self._scheduler.stop(SLICE):
            if self._stopping:
                new.opened.close()
                return
        self._opened.close()
        before, self.bot, self._opened = self.bot, new.bot, new.opened
        self.in_force = self.in_force.taken(self._sender.ledger.now(), new.restart)
        self._scheduler = Scheduler(self.bot, self._daily, self._lookout.wake)
        self._scheduler.start()
        self._lookout.wake()
        log.info(
            "new settings are in force",
            generation=self.in_force.generation,
            accounts=list(self.bot.publishers),
            added=[name for name in self.bot.publishers if name not in before.publishers],
            removed=[name for name in before.publishers if name not in self.bot.publishers],
        )
        for key in new.restart:
            log.warning("takes effect at the next start", key=key)

    def _refuse(self, refusal: Refusal) -> None:
        self._passing = refusal.passing
        if refusal.problems == self.in_force.refused:
            return
        self.in_force = self.in_force.refusing(refusal.problems, self._sender.ledger.now())
        for problem in refusal.problems:
            log.error(
                "new settings are refused; those before stay in force",
                key=problem.where,
                why=problem.what,
                generation=self.in_force.generation,
                todo="mend it; the settings are taken as soon as they are right",
            )
        self._lookout.wake()

    def _write_entry(self) -> None:
        """Tell the ledger which settings are in force, if it does not know yet; when it is away, at the next look."""
        if self._written != self.in_force:
            with suppress(LedgerError):
                self._entry.write(self.in_force)
                self._written = self.in_force

    def _stop(self) -> None:
        log.info("stopping: what is in flight finishes")
        longest = max((account.settings.timeout for account in self.bot.accounts.values()), default=timedelta(0))
        at_rest = self._scheduler.stop(longest + PATIENCE)
        at_rest = self._lookout.stop(PATIENCE) and at_rest
        self._port.close()
        with suppress(LedgerError):
            self._entry.remove()
        if self._judging is not None:
            self._judging.join(PATIENCE.total_seconds())
        if not at_rest or (self._judging is not None and self._judging.is_alive()):
            # A hanging database keeps its thread, and Python would wait for it. What is undone is found at the next
            # start.
            log.warning("stopped while a call to a database, or an alert, was still waiting")
            os._exit(0)
        self._opened.close()
        log.info("stopped")
