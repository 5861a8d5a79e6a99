"""What the daemon costs while it has nothing to do, and whether it grows.

Two measurements, on the site's tables in SQLite with 1,584 summaries that are recorded and not to be posted, two
accounts and a ledger as durable as in production:

    python -m bench.idle --minutes 10     a real daemon: CPU time and memory, as the kernel counts them (Linux)
    python -m bench.idle --ticks 100000   a loop in this process. A tick is a look at the files, a pull that finds
                                          nothing new and a turn of each account; each is a minute later by a clock
                                          of its own, so that daily sweeps and new months are in it. Counted are
                                          memory, and the blocks that Python's allocator holds

Without options, both, for 10 minutes and 100,000 ticks: some 40 minutes in all on a quiet machine. Exit status 1 if
the loop has grown; where, tracemalloc then tells of some ticks more.
"""

import argparse
import gc
import os
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import insert

from bot.daily_check import DailyCheck
from bot.reload import Watch
from bot.sandbox import Sandbox
from bot.scheduler import Scheduler
from tests.bot_process import BotProcess, config_text, sandbox_environment, wait_until
from tests.bots import ACCOUNTS, running_bot
from tests.clock import Clock
from tests.faults.simulation import silence
from tests.site import NOON, PAPERS, VIGNETTES, VOTES, Site

SUMMARIES = 1_584
SOURCE = 'url = "sqlite:///site.db"\nbacklog = 0'
# What is built once, at the first sweep, month and so on. Ticks of a minute: two days.
WARM_UP = 2 * 24 * 60
SAMPLE_EVERY = 10
# One object kept a tick would be 100,000 blocks; caches that fill up slowly are some hundred.
NOISE = 2_000
TRACED = 500
MIB = 1024 * 1024
TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")


def fill(site: Site) -> None:
    """So many summaries, in one transaction."""
    site.user(1, "author")
    names = [f"paper/{number}" for number in range(SUMMARIES)]
    times = {"added": NOON, "edited": NOON}
    text = "The authors find a method, and it works."
    with site.engine.begin() as connection:
        connection.execute(insert(PAPERS), [{"bibtexKey": name, "title": f"Of {name}"} for name in names])
        row = {"userid": 1, "text": text, "priv": False, "anon": False, **times}
        connection.execute(insert(VIGNETTES), [{"paperid": name, **row} for name in names])
        vote = {"userid": 1, "voteruserid": 2, "vote": 1, **times}
        connection.execute(insert(VOTES), [{"paperid": name, **vote} for name in names])
    site.engine.dispose()


def rss(process: int | str = "self") -> int:
    """The memory that a process holds just now. Bytes."""
    return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def cpu(process: int) -> float:
    """The CPU time that a process has used so far, its own and the kernel's for it. Seconds."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS_A_SECOND


# --- a daemon -------------------------------------------------------------------------------------------------------


def watch_daemon(folder: Path, minutes: float) -> None:
    """A daemon with nothing to do, from the end of its first start on."""
    with Sandbox() as sandbox:
        bot = BotProcess(folder, sandbox_environment(ACCOUNTS))
        bot.configure(config_text(SOURCE, sandbox.url, cadence='every = "2h"'))
        with bot.daemon() as daemon:
            wait_until(lambda: daemon.said().count("first start recorded") == len(ACCOUNTS), "the first starts")
            # What follows the first pull belongs to it.
            time.sleep(5)
            process = daemon.process.pid
            begun, used, memory = time.monotonic(), cpu(process), [rss(process)]
            end = begun + 60 * minutes
            while (left := end - time.monotonic()) > 0:
                time.sleep(min(SAMPLE_EVERY, left))
                memory.append(rss(process))
            passed, used = time.monotonic() - begun, cpu(process) - used
    print(
        f"daemon, {passed / 60:.1f} minutes idle: {used:.2f} s of CPU time, {100 * used / passed:.3f} % of one core; "
        f"memory {memory[0] / MIB:.1f} MiB at the begin, {memory[-1] / MIB:.1f} MiB at the end, "
        f"{max(memory) / MIB:.1f} MiB at most"
    )


# --- a loop ---------------------------------------------------------------------------------------------------------


@contextmanager
def idle_loop(folder: Path) -> Iterator[Callable[[], None]]:
    """One tick of a bot whose first start is over."""
    clock = Clock(datetime(2026, 3, 2, 12, 0, tzinfo=UTC))
    with (
        Sandbox(now=clock) as sandbox,
        running_bot(folder, clock, sandbox, SOURCE, f"sqlite:///{folder}/ledger.db", cadence='every = "2h"') as bot,
    ):
        scheduler, watch = Scheduler(bot, DailyCheck(bot.sender.ledger)), Watch(bot.config)

        def tick() -> None:
            clock.advance(minutes=1)
            assert not watch.changed()
            scheduler._pull()
            for publisher in bot.publishers.values():
                scheduler._turn(publisher)

        yield tick
        assert sandbox.posts() == []
        assert not scheduler._failing


def grow(folder: Path, ticks: int) -> bool:
    """Tick so many times; whether it grew."""
    with idle_loop(folder) as tick:
        for _ in range(min(WARM_UP, ticks)):
            tick()
        gc.collect()
        blocks, memory, begun = sys.getallocatedblocks(), rss(), time.perf_counter()
        for _ in range(ticks):
            tick()
        passed = time.perf_counter() - begun
        gc.collect()
        grown = sys.getallocatedblocks() - blocks
        print(
            f"loop, {ticks:,} idle ticks in {passed:.0f} s ({1000 * passed / ticks:.1f} ms each): {grown:+,} blocks on "
            f"{blocks:,}; memory {memory / MIB:.1f} MiB before, {rss() / MIB:.1f} MiB after"
        )
        if grown > NOISE:
            _say_where(tick)
    return grown > NOISE


def _say_where(tick: Callable[[], None]) -> None:
    tracemalloc.start()
    tick()
    first = tracemalloc.take_snapshot()
    for _ in range(TRACED):
        tick()
    gc.collect()
    for difference in tracemalloc.take_snapshot().compare_to(first, "lineno")[:10]:
        print(f"    {difference}")
    tracemalloc.stop()


def main() -> int:
    parser = argparse.ArgumentParser(description="What the daemon costs with nothing to do, and whether it grows.")
    parser.add_argument("--minutes", type=float, help="watch a daemon for so long")
    parser.add_argument("--ticks", type=int, help="loop so many times")
    given = parser.parse_args()
    both = given.minutes is None and given.ticks is None
    minutes, ticks = (10.0, 100_000) if both else (given.minutes or 0.0, given.ticks or 0)
    grown = False
    for part in ("daemon", "loop"):
        with tempfile.TemporaryDirectory() as name:
            fill(Site(f"sqlite:///{name}/site.db"))
            if part == "daemon" and minutes:
                watch_daemon(Path(name), minutes)
            elif part == "loop" and ticks:
                with silence():
                    grown = grow(Path(name), ticks)
    return int(grown)


if __name__ == "__main__":
    sys.exit(main())
