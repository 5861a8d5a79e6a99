"""What years of history cost: the same work on 1,600 summaries and on as many as a hundred or six hundred times."""

import functools
import sqlite3
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine, text

from bench import grown, memory, servers, world
from bench.measure import PAIRS, ROOT, Failed, Pairs, elsewhere, environment, paired, pairs, python, seconds_of
from bench.report import Part, Row, row, shown
from bot.ledger.models import Delivery
from bot.platforms.base import Post, Receipt
from bot.runtime import Bot

TITLE = "Growth"
MINUTES = 11
SMALL, LARGE, HUGE = 1_600, 100_000, 1_000_000
REPEATS = 15
# So many deliveries of one ledger are armed, and must have waited there.
ARMED = PAIRS * REPEATS
# At the largest size, of the smallest size's time.
TIMES = 2
# What a first start may hold beside what it holds for a handful of summaries. MB.
FIRST_START = 50


@dataclass(frozen=True, slots=True)
class Place:
    """Where source and ledger are: gives the address of a database that is not there yet, under a name."""

    name: str
    site: Callable[[str], str]
    ledger: Callable[[str], str]
    sizes: tuple[int, ...]


def run(small: int = SMALL, large: int = LARGE, huge: int = HUGE) -> Part:
    part, small = Part(TITLE), max(small, ARMED)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        on_sqlite = functools.partial(_on_sqlite, folder)
        _grow(part, Place("SQLite", on_sqlite, on_sqlite, (large, huge)), folder, small)
        _first_starts(part, folder, small, large, huge)
    for label, begin in (("PostgreSQL", _postgres), ("source MariaDB, ledger SQLite", _mariadb)):
        with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
            try:
                place = begin(stack, Path(name), label, large)
            except servers.NoService as why:
                part.rows.append(Row(f"growth on {label}", "", "", str(why)))
                continue
            _grow(part, place, Path(name), small)
    return part


# --- one place, two sizes -------------------------------------------------------------------------------------------


def _on_sqlite(folder: Path, name: str) -> str:
    return f"sqlite:///{folder}/{name}.db"


def _postgres(stack: ExitStack, _: Path, label: str, large: int) -> Place:
    server = stack.enter_context(servers.durable_postgres())
    return Place(label, lambda _: servers.fresh_database(server), lambda _: servers.fresh_database(server), (large,))


def _mariadb(stack: ExitStack, folder: Path, label: str, large: int) -> Place:
    server = stack.enter_context(servers.private_mariadb())
    return Place(label, lambda _: servers.fresh_database(server), functools.partial(_on_sqlite, folder), (large,))


def _settings(folder: Path, site: str, ledger: str, name: str) -> Path:
    source = "backlog = 5\narchive = true"
    return world.settings(folder, site, ledger, "http://127.0.0.1:9", grown.ACCOUNTS, source=source, name=name)


def _grow(part: Part, place: Place, folder: Path, small: int) -> None:
    begun = time.monotonic()

    def grown_to(rows: int, name: str) -> tuple[Path, str]:
        ledger = grown.ledger(place.ledger(f"ledger{name}"), rows)
        return _settings(folder, grown.site(place.site(f"site{name}"), rows), ledger, f"{name}.toml"), ledger

    for size in place.sizes:
        # The small one anew for each size: what is armed there is used up.
        few, _ = grown_to(small, f"{small}-beside-{size}")
        many, ledger = grown_to(size, str(size))
        print(f"  {place.name}, {size:,} made after {time.monotonic() - begun:.0f} s", flush=True)
        found = {name: _beside(many, few, name) for name in COMMANDS}
        found |= _operations(many, few)
        for name, pairs_ in found.items():
            what, beside = f"{name}, {size:,} summaries, {place.name}", f"{small:,}"
            most = TIMES if name in STEADY else None
            part.rows.append(row(what, pairs_, "s", beside, at_most=most))
        if size == place.sizes[0]:
            _without_index(part, place, folder, ledger, size)
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
    found = ledger.next_up(account.name, account.needed(ledger.now()), account.decide, "newest", account.archive)
    assert isinstance(found, Delivery)


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


def _without_index(part: Part, place: Place, folder: Path, ledger: str, rows: int) -> None:
    site = grown.site(place.site("bare"), rows, indexed=False)
    config = _settings(folder, site, ledger, "bare.toml")
    env = world.secrets(grown.ACCOUNTS)
    each = [(elsewhere(pulls, str(config), PAIRS, env=env), elsewhere(scan, site, PAIRS)) for _ in range(PAIRS)]
    what = f"pull with nothing new, {rows:,} summaries, {place.name}, no index on `edited`"
    part.rows.append(row(what, paired(each), "s", "one scan of `vignettes` and of `votes`", at_most=TIMES))


def pulls(config: str, repeats: int) -> float:
    """Seconds that a pull with nothing new takes."""
    with world.bot(config) as bot:
        return _median(repeats, functools.partial(_pull, bot))


def scan(site: str, repeats: int) -> float:
    """Seconds that reading both tables once takes."""
    engine = create_engine(site)

    def work() -> None:
        with engine.connect() as connection:
            for table in ("vignettes", "votes"):
                connection.execute(text(f"SELECT count(*) FROM {table} WHERE edited >= '2030-01-01'")).scalar_one()

    return _median(repeats, work)


# --- the first start ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Life:
    """Of a process: its seconds, and the most memory that it ever held, in MB."""

    seconds: float
    peak: float


def _first_starts(part: Part, folder: Path, small: int, large: int, huge: int) -> None:
    """Whole processes. The largest is killed half-way and started again: its time is that of both lives."""
    with world.sandbox() as api:
        few, some = (_first_start(folder, rows, api) for rows in (small, large))
        command, ledger = _fresh(folder, huge, api)
        first = _live(command, lambda: _recorded(ledger) >= huge // 2)
        before = _recorded(ledger)
        second = _live(command)
        after = _recorded(ledger)
    print(f"  first start on {huge:,}: {first} and {second}", flush=True)
    part.rows.append(Row(f"first start on {large:,} public summaries", shown(some.seconds, "s")))
    what = f"first start on {huge:,}, killed with {before:,} recorded and started again: all of them"
    seconds, peak = first.seconds + second.seconds, max(first.peak, second.peak)
    reached = after == huge > before
    part.rows.append(Row(what, f"{after:,} after {shown(seconds, 's')}", aim=f"{huge:,}", reached=reached))
    each = _once(1000 * seconds / huge, 1000 * some.seconds / large)
    part.rows.append(row(f"of this, for 1,000 of {huge:,}", each, "s", f"for 1,000 of {large:,}", at_most=TIMES))
    aim, bounded = f"≤ {FIRST_START} MB more", peak - few.peak <= FIRST_START
    part.rows.append(row("its peak memory", _once(peak, few.peak), "MB", f"on {small:,}", aim=aim, reached=bounded))


def _once(ours: float, theirs: float) -> Pairs:
    return Pairs(ours / theirs, ours, theirs, ((ours, theirs),))


def _first_start(folder: Path, rows: int, api: str) -> Life:
    command, _ = _fresh(folder, rows, api)
    return _live(command)


def _fresh(folder: Path, rows: int, api: str) -> tuple[Sequence[str], Path]:
    """The command that pulls for the first time, and the ledger that it will make."""
    site, ledger = folder / f"site{rows}.db", folder / f"first{rows}.db"
    if not site.exists():
        grown.site(f"sqlite:///{site}", rows)
    urls, name = (f"sqlite:///{site}", f"sqlite:///{ledger}"), f"first{rows}.toml"
    config = world.settings(folder, *urls, api, source="backlog = 5", name=name)
    return python("run_bot.py", "--once", "--limit", "0", "--config", str(config)), ledger


def _live(command: Sequence[str], until: Callable[[], bool] = lambda: False) -> Life:
    """Run it to its end, or until it is killed."""
    env, begun, peak = environment(world.secrets(["twitter"])), time.perf_counter(), 0.0
    process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL)
    killed = False
    while process.poll() is None and not killed:
        with suppress(StopIteration):  # it has just ended
            peak = max(peak, memory.peak_of(process.pid))
        if killed := until():
            process.kill()
        time.sleep(0.05)
    if process.wait() and not killed:
        raise Failed(command, process.returncode, "")
    return Life(time.perf_counter() - begun, peak)


def _recorded(ledger: Path) -> int:
    """How many deliveries; asked often, so from the newest number: none is ever deleted."""
    if not ledger.exists():
        return 0
    with closing(sqlite3.connect(f"file:{ledger}?mode=ro", uri=True)) as connection:
        try:
            return int(connection.execute("SELECT coalesce(max(id), 0) FROM deliveries").fetchone()[0])
        except sqlite3.OperationalError:
            return 0
