"""Bots as processes of their own that need not import the bot first: they are forked from one that has.

Importing is most of what a short life costs, and a suite of kills has more than a thousand of them. What is forked is
the server of `multiprocessing`, which has run nothing of the bot's; a life opens its ledger, its lock and its
connections by itself, is killed and stopped by signals, and ends with an exit status.
"""

import multiprocessing
import os
import subprocess
import threading
from collections.abc import Mapping, Sequence
from multiprocessing.connection import wait as ready
from pathlib import Path

from tests.faults import launcher

# All that a bot imports on its way from the command line to a post, early or late.
IMPORTED = (
    "tests.faults.launcher",
    "bot.daemon",
    "bot.once",
    "bot.commands",
    "bot.runtime",
    "bot.scheduler",
    "bot.daily_check",
    "bot.terminal",
    "bot.observe.log",
    "bot.observe.lookout",
    "bot.observe.server",
    "bot.platforms.facebook",
    "bot.platforms.twitter",
    "bot.formatter.compose",
    "bot.source.sample",
    "bot.source.shortscience",
    "bot.ledger.migrations",
    "dotenv",
    "sqlalchemy.dialects.postgresql.psycopg",
    "sqlalchemy.dialects.sqlite.pysqlite",
)
_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(list(IMPORTED))
# `multiprocessing` looks after all its processes whenever it starts one, and must not be disturbed in that.
_GUARD = threading.Lock()


class Life:
    """One process, from its start to its end; used as a `subprocess.Popen` is."""

    def __init__(self, arguments: Sequence[str], folder: Path, environment: Mapping[str, str], log: Path) -> None:
        given = (list(arguments), str(folder), dict(environment), str(log))
        self._process = _FORKS.Process(target=launcher.live, args=given, daemon=True)
        with _GUARD:
            self._process.start()
        self.pid = int(self._process.pid or 0)

    def poll(self) -> int | None:
        """The exit status, negative for a signal; None while it lives."""
        with _GUARD:
            return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        """Its exit status, once it has ended."""
        ready([self._process.sentinel], timeout)
        if (status := self.poll()) is None:
            raise subprocess.TimeoutExpired("a bot", timeout or 0)
        return status

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        with _GUARD:
            self._process.kill()
