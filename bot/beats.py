"""Is the daemon still at work? Each job beats when it is rung and whenever it has got a step further.

A job that waits for its next ring is well, and so is one that fails and will be rung again: a source that is down is
not mended by a restart. One that has been silent for longer than is normal hangs. `/healthz` and systemd's watchdog
both ask here.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from bot.platforms.paging import MAX_PAGES

# Longer than source and ledger may take for one step: each of their questions has a time-out of a minute at most.
LONGEST_STEP = timedelta(minutes=15)
# How often one step may call its platform: a look reads so many pages, and may ask who we are.
CALLS = MAX_PAGES + 2


@dataclass(slots=True)
class _Pulse:
    last: float
    silence: float


class Beats:
    """When each job last beat. `clock`: seconds that never jump, so that a corrected wall clock alarms nobody."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._pulses: dict[str, _Pulse] = {}

    def expect(self, job: str, every: timedelta, timeout: timedelta = timedelta(0)) -> None:
        """From now on `job`, which is rung every so often, may be silent for that long and one longest step.

        `timeout`: of one call to a platform, if the job makes any.
        """
        with self._lock:
            self._pulses[job] = _Pulse(self._clock(), (every + LONGEST_STEP + CALLS * timeout).total_seconds())

    def forget(self, job: str) -> None:
        """`job` is not rung any more."""
        with self._lock:
            self._pulses.pop(job, None)

    def beat(self, job: str) -> None:
        """`job` was rung, or has got a step further. One that is forgotten may still be at its last step."""
        with self._lock:
            if pulse := self._pulses.get(job):
                pulse.last = self._clock()

    def late(self) -> dict[str, timedelta]:
        """The jobs that have been silent for longer than is normal, with how long; empty when all is well."""
        with self._lock:
            now = self._clock()
            silent = {job: now - pulse.last for job, pulse in self._pulses.items() if now - pulse.last > pulse.silence}
        return {job: timedelta(seconds=seconds) for job, seconds in silent.items()}
