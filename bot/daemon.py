"""The long-running bot: open, schedule, wait for a signal, stop in reverse."""

import os
import signal
import threading
from datetime import timedelta
from types import FrameType

import structlog

from bot.runtime import Bot
from bot.scheduler import Scheduler

log = structlog.get_logger()

# What is in flight has its account's time-out; beyond it, this is for the ledger.
PATIENCE = timedelta(seconds=4)


def run(bot: Bot) -> None:
    """Pull and publish until SIGTERM or SIGINT; then nothing new is begun, and what is in flight finishes."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _Stopper(stop))
    scheduler = Scheduler(bot)
    scheduler.start()
    log.info("the bot is at work", accounts=list(bot.publishers))
    stop.wait()
    log.info("stopping: what is in flight finishes")
    longest = max((account.settings.timeout for account in bot.accounts.values()), default=timedelta(0))
    if not scheduler.stop(longest + PATIENCE):
        # A hanging database keeps its thread, and Python would wait for it. What is undone is found at the next start.
        log.warning("stopped while a call to a database was still waiting")
        os._exit(0)
    log.info("stopped")


class _Stopper:
    """The first signal asks to stop; the second ends the process at once, and recovery does the rest."""

    def __init__(self, stop: threading.Event) -> None:
        self._stop = stop

    def __call__(self, _number: int, _frame: FrameType | None) -> None:
        if self._stop.is_set():
            os._exit(1)
        self._stop.set()
