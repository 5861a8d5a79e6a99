"""What years of history cost: the same work on 1,600 summaries and on as many as a hundred or six hundred times."""

import functools
import os
import signal
import sqlite3
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine, text

from bench import grown, memory, servers, world
from bench.measure import PAIRS, ROOT, Pairs, elsewhere, environment, paired, pairs, python, seconds_of
from bench.report import Part, Row, row, shown
from bot.platforms.base import Post, Receipt
from bot.runtime import Bot

TITLE = "Growth"
MINUTES = 8
SMALL, LARGE, HUGE = 1_600, 100_000, 1_000_000
REPEATS = 15
# At the largest size, of the smallest size's time.
TIMES = 2
# What a first start may hold beside what it holds for a handful of summaries. MB.
FIRST_START = 50


@dataclass(frozen=True, slots=True)
class Place:
    """Where source and ledger are: makes both, of a size, and returns the settings."""

    name: str
    make: Callable[[Path, int], Path]
    sizes: tuple[int, ...]


def run(small: int = SMALL, large: int = LARGE, huge: int = HUGE) -> Part:
    part = Part(TITLE)
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        places = [Place("SQLite", _on_sqlite, (large, huge))]
        for label, begin in (("PostgreSQL", _postgres), ("source MariaDB, ledger SQLite", _mariadb)):
            try:
                places.append(Place(label, begin(stack), (large,)))
            except servers.NoService as why:
                part.rows.append(Row(f"growth on {label}", "", "", str(why)))
        for place in places:
            _grow(part, place, folder, small)
        _without_index(part, folder, large)
        _first_start(part, folder, small, huge)
        _killed_first_start(part, folder, large)
    return part


# --- one place, two sizes -------------------------------------------------------------------------------------------


def _on_sqlite(folder: Path, rows: int) -> Path:
    site, ledger = f"sqlite:///{folder}/site{rows}.db", f"sqlite:///{folder}/ledger{rows}.db"
    return _settings(folder, grown.site(site, rows), grown.ledger(ledger, rows), f"sqlite{rows}.toml")


def _postgres(stack: ExitStack) -> Callable[[Path, int], Path]:
    server = stack.enter_context(servers.durable_postgres())

    def make(folder: Path, rows: int) -> Path:
        site = grown.site(servers.fresh_database(server), rows)
        return _settings(folder, site, grown.ledger(servers.fresh_database(server), rows), f"postgres{rows}.toml")

    return make


def _mariadb(stack: ExitStack) -> Callable[[Path, int], Path]:
    server = stack.enter_context(servers.private_mariadb())

    def make(folder: Path, rows: int) -> Path:
        site = grown.site(servers.fresh_database(server), rows)
        ledger = f"sqlite:///{folder}/mariadb{rows}.db"
        return _settings(folder, site, grown.ledger(ledger, rows), f"mariadb{rows}.toml")

    return make


def _settings(folder: Path, site: str, ledger: str, name: str, accounts: tuple[str, ...] = grown.ACCOUNTS) -> Path:
    source = "backlog = 5\narchive = true"
    return world.settings(folder, site, ledger, "http://127.0.0.1:9", accounts, source=source, name=name)


def _grow(part: Part, place: Place, folder: Path, small: int) -> None:
    begun = time.monotonic()
    few = place.make(folder, small)
    for size in place.sizes:
        many = place.make(folder, size)
        print(f"  {place.name}, {size:,} made after {time.monotonic() - begun:.0f} s", flush=True)
        found = {name: _beside(many, few, name) for name in COMMANDS}
        found |= _operations(many, few)
        for name, pairs_ in found.items():
            what, beside = f"{name}, {size:,} summaries, {place.name}", f"{small:,}"
            most = TIMES if name in STEADY else None
            part.rows.append(row(what, pairs_, "s", beside, at_most=most))
        print(f"  {place.name}, {size:,} measured after {time.monotonic() - begun:.0f} s", flush=True)


COMMANDS = {"`status`": ("status",), "`--dry-run --limit 10`": ("--dry-run", "--limit", "10")}
STEADY = ("pull with nothing new", "turn and pick", "arm")


def _beside(many: Path, few: Path, command: str) -> Pairs:
    def one(config: Path) -> float:
        return seconds_of(python("run_bot.py", *COMMANDS[command], "--config", str(config)), env=environment())

    return pairs(lambda: one(many), lambda: one(few))


def _operations(many: Path, few: Path) -> dict[str, Pairs]:
    env = world.secrets(grown.ACCOUNTS)
    measured = [[elsewhere(operations, str(config), REPEATS, env=env) for config in (many, few)] for _ in range(PAIRS)]
    return {name: paired([(one[name], other[name]) for one, other in measured]) for name in STEADY}


def operations(config: str, repeats: int) -> dict[str, float]:
    """Seconds that each step takes, the median of `repeats`."""
    with world.bot(config) as bot:
        return {
            "pull with nothing new": _median(repeats, functools.partial(_pull, bot)),
            "turn and pick": _median(repeats, functools.partial(_pick, bot)),
            "arm": statistics.median(_arm(bot) for _ in range(repeats)),
        }


def _median(repeats: int, work: Callable[[], None]) -> float:
    times = []
    for _ in range(repeats):
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
    return statistics.median(times)


def _pull(bot: Bot) -> None:
    pulled = world.pull_once(bot)
    assert not pulled.fresh
    assert not pulled.opened


def _pick(bot: Bot) -> None:
    account, ledger = bot.accounts["twitter"], bot.sender.ledger
    ledger.turn(account.name, account.needed(ledger.now()))
    assert ledger.pick(account.name, "newest", account.archive) is not None


def _arm(bot: Bot) -> float:
    account, ledger = bot.accounts["twitter"], bot.sender.ledger
    delivery = ledger.pick(account.name, "newest", account.archive)
    assert delivery is not None
    post = Post("A method that learns http://example.org/a", "http://example.org/a")
    begun = time.perf_counter()
    armed = bot.sender.arm(
        delivery,
        post,
        cost_usd=account.cost_usd,
        timeout=account.settings.timeout,
        needed=account.needed,
        decide=account.decide,
    )
    taken = time.perf_counter() - begun
    bot.sender.settle(armed, Receipt(f"new{delivery.id}", "https://example.org"), first_look=account.first_look)
    return taken


# --- without the index ----------------------------------------------------------------------------------------------


def _without_index(part: Part, folder: Path, rows: int) -> None:
    site = grown.site(f"sqlite:///{folder}/bare.db", rows, indexed=False)
    ledger = grown.ledger(f"sqlite:///{folder}/bare-ledger.db", rows)
    config = _settings(folder, site, ledger, "bare.toml")
    env = world.secrets(grown.ACCOUNTS)
    each = []
    for _ in range(PAIRS):
        ours = elsewhere(operations, str(config), REPEATS, env=env)["pull with nothing new"]
        each.append((ours, elsewhere(scan, site, REPEATS)))
    what = f"pull with nothing new, {rows:,} summaries, SQLite, no index on `edited`"
    part.rows.append(row(what, paired(each), "s", "one scan of `vignettes` and of `votes`", at_most=TIMES))


def scan(site: str, repeats: int) -> float:
    """Seconds that reading both tables once takes."""
    engine = create_engine(site)

    def work() -> None:
        with engine.connect() as connection:
            for table in ("vignettes", "votes"):
                connection.execute(text(f"SELECT count(*) FROM {table} WHERE edited >= '2030-01-01'")).scalar_one()

    return _median(repeats, work)


# --- the first start ------------------------------------------------------------------------------------------------


def _first_start(part: Part, folder: Path, small: int, huge: int) -> None:
    found = {}
    with world.sandbox() as api:
        for rows in (small, huge):
            config = _fresh(folder, rows, api, f"first{rows}")
            found[rows] = elsewhere(first_start, str(config), env=world.secrets(["twitter"]))
            print(f"  first start on {rows:,}: {found[rows]['seconds']:.1f} s", flush=True)
    few, many = found[small], found[huge]
    each = {rows: found[rows]["seconds"] / rows * 1000 for rows in found}
    pairs_ = Pairs(each[huge] / each[small], each[huge], each[small], ((each[huge], each[small]),))
    part.rows.append(Row(f"first start on {huge:,} public summaries", shown(many["seconds"], "s")))
    part.rows.append(row(f"of this, for 1,000 of {huge:,}", pairs_, "s", f"for 1,000 of {small:,}"))
    memory = Pairs(many["peak"] / few["peak"], many["peak"], few["peak"], ((many["peak"], few["peak"]),))
    aim, reached = f"≤ {FIRST_START} MB more", many["peak"] - few["peak"] <= FIRST_START
    part.rows.append(row("its peak memory", memory, "MB", f"on {small:,}", aim=aim, reached=reached))


def _fresh(folder: Path, rows: int, api: str, name: str) -> Path:
    site = Path(f"{folder}/site{rows}.db")
    if not site.exists():
        grown.site(f"sqlite:///{site}", rows)
    ledger = f"sqlite:///{folder}/{name}.db"
    return world.settings(folder, f"sqlite:///{site}", ledger, api, source="backlog = 5", name=f"{name}.toml")


def first_start(config: str) -> dict[str, float]:
    """The seconds of a first pull, and the most memory that the process ever held, in MB."""
    with world.bot(config) as bot:
        begun = time.perf_counter()
        world.pull_once(bot)
        taken = time.perf_counter() - begun
    return {"seconds": taken, "peak": memory.peak_of("self")}


def _killed_first_start(part: Part, folder: Path, rows: int) -> None:
    with world.sandbox() as api:
        config = _fresh(folder, rows, api, "killed")
        ledger = folder / "killed.db"
        command = python("run_bot.py", "--once", "--limit", "0", "--config", str(config))
        env = environment(world.secrets(["twitter"]))
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + 600
        while _recorded(ledger) < rows // 2 and time.monotonic() < deadline:
            time.sleep(0.05)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        before = _recorded(ledger)
        taken = seconds_of(command, env=env)
        after = _recorded(ledger)
    what = f"first start on {rows:,}, killed with {before:,} recorded: all of them after the next start"
    part.rows.append(Row(what, f"{after:,} after {shown(taken, 's')}", aim=f"{rows:,}", reached=after == rows > before))


def _recorded(ledger: Path) -> int:
    if not ledger.exists():
        return 0
    with closing(sqlite3.connect(f"file:{ledger}?mode=ro", uri=True)) as connection:
        try:
            return int(connection.execute("SELECT count(*) FROM deliveries").fetchone()[0])
        except sqlite3.OperationalError:
            return 0
