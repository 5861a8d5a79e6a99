"""What the daemon holds on to: idle with both accounts, and over many posts. Resident memory of whole processes."""

import signal
import sqlite3
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO

from bench import world
from bench.measure import PAIRS, ROOT, Pairs, environment, paired, python
from bench.report import Part, row

TITLE = "Memory"
MINUTES = 5
POSTS = 10_000
ACCOUNTS = ("twitter", "facebook")
# How much more an idle daemon may hold than what its modules take, and how much more at its peak. MB.
IDLE, PEAK = 15, 10
# What the daemon has loaded once it has worked.
MODULES = (
    "bot.cli, bot.daemon, bot.runtime, bot.platforms.twitter, bot.platforms.facebook, bot.source.shortscience, "
    "bot.source.connect, bot.source.query, bot.ledger.by_hand, bot.observe.log, alembic.command, "
    "sqlalchemy.dialects.sqlite, alembic.autogenerate"
)


def run(posts: int = POSTS) -> Part:
    part = Part(TITLE)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _idle(part, folder)
        _peak(part, folder, posts)
    return part


def _idle(part: Part, folder: Path) -> None:
    site = world.new_site(folder, 10)
    with world.sandbox() as api:
        each = []
        for number in range(PAIRS):
            config = _settings(folder, site, api, f"idle{number}")
            with _daemon(config, folder) as daemon:
                _until_idle(daemon.pid)
                each.append((resident(daemon.pid), _imported()))
    found = paired(each)
    more = [ours - theirs for ours, theirs in each]
    reached = sorted(more)[len(more) // 2] <= IDLE
    beside = "a process that imports the same modules and does nothing"
    part.rows.append(row("daemon idle, both accounts", found, "MB", beside, aim=f"≤ {IDLE} MB more", reached=reached))


def _peak(part: Part, folder: Path, posts: int) -> None:
    """One run: it takes minutes, and memory hardly varies."""
    site_folder = folder / "many"
    site_folder.mkdir()
    with world.sandbox() as api:
        site = world.new_site(site_folder, posts // len(ACCOUNTS))
        config = _settings(site_folder, site, api, "many", 'backlog = "all"')
        with _daemon(config, site_folder) as daemon:
            _until(lambda: _posted(site_folder / "many.db") >= posts, 900, f"{posts} posts")
            _until_idle(daemon.pid)
            idle, peak = resident(daemon.pid), peak_of(daemon.pid)
    with world.sandbox() as api, _daemon(_settings(folder, site, api, "fresh"), folder) as daemon:
        _until_idle(daemon.pid)
        fresh = resident(daemon.pid)
    what = f"daemon at its peak over {posts:,} posts"
    for beside, other in (("a daemon idle that has not posted", fresh), ("itself, idle again", idle)):
        found = Pairs(peak / other, peak, other, ((peak, other),))
        aim, reached = f"≤ {PEAK} MB more", peak - other <= PEAK
        part.rows.append(row(what, found, "MB", beside, aim=aim, reached=reached))


def _settings(folder: Path, site: str, api: str, name: str, source: str = "backlog = 0") -> Path:
    ledger = f"sqlite:///{folder}/{name}.db"
    return world.settings(folder, site, ledger, api, ACCOUNTS, source=source, name=f"{name}.toml")


@contextmanager
def _daemon(config: Path, folder: Path) -> "Iterator[subprocess.Popen[bytes]]":
    with (folder / "daemon.log").open("wb") as log:
        process = _start(config, log)
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)


def _start(config: Path, log: IO[bytes]) -> "subprocess.Popen[bytes]":
    command = python("run_bot.py", "--config", str(config))
    return subprocess.Popen(command, cwd=ROOT, env=environment(world.secrets(ACCOUNTS)), stdout=log, stderr=log)


def _imported() -> float:
    """MB of a process that only imports."""
    command = python("-c", f"import {MODULES}; import sys; print('there', flush=True); sys.stdin.read()")
    process = subprocess.Popen(command, cwd=ROOT, env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    held = resident(process.pid)
    process.communicate()
    return held


def resident(pid: int) -> float:
    """The memory that a process holds, in MB."""
    return _status(pid, "VmRSS")


def peak_of(pid: int | str) -> float:
    """The most memory that a process ever held, in MB."""
    return _status(pid, "VmHWM")


def _status(pid: int | str, name: str) -> float:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:")) / 1024


def _until_idle(pid: int) -> None:
    """Until it has used no processor for two seconds."""
    still = threading.Event()
    before, quiet = -1, 0
    while quiet < 4:
        still.wait(0.5)
        used = sum(map(int, Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[11:13]))
        quiet = quiet + 1 if used == before and used > 30 else 0
        before = used


def _until(condition: object, seconds: float, what: str) -> None:
    assert callable(condition)
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {seconds:g} s for {what}")
        time.sleep(1)


def _posted(ledger: Path) -> int:
    if not ledger.exists():
        return 0
    with closing(sqlite3.connect(f"file:{ledger}?mode=ro", uri=True)) as connection:
        try:
            return int(connection.execute("SELECT count(*) FROM deliveries WHERE state = 'posted'").fetchone()[0])
        except sqlite3.OperationalError:
            return 0
