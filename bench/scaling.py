"""How far several bots on one PostgreSQL ledger go: 1,000 accounts, and 1, 2 and 4 daemons that share them."""

import collections
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from bench import memory, servers, world
from bench.measure import PAIRS, ROOT, elsewhere, environment, python
from bench.report import Part, Row, shown, three
from bot.scheduler import AT_ONCE

TITLE = "Several bots on one ledger"
MINUTES = 8
ACCOUNTS, CAP = 1_000, 1
BOTS = (1, 2, 4)
CONNECTIONS = 400
PICTURE = ROOT / "docs" / "scaling.svg"


@dataclass(frozen=True, slots=True)
class Run:
    """What so many bots did together.

    rate    posts a second, from the first to the last
    busy    cores' worth of processor, by what used it: bots, sandbox, PostgreSQL
    memory  of the first of them, at the end, in MB
    beat    seconds that a look at one account takes that waits, as each minute; of one bot only
    """

    bots: int
    rate: float
    busy: dict[str, float]
    memory: float
    beat: float


def run(accounts: int = ACCOUNTS, rounds: int = PAIRS) -> Part:
    part = Part(TITLE)
    runs: dict[int, list[Run]] = {bots: [] for bots in BOTS}
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        # One more than the cap lets out.
        site = world.new_site(folder, CAP + 1)
        try:
            server = stack.enter_context(servers.durable_postgres(CONNECTIONS))
        except servers.NoService as why:
            part.rows.append(Row("several bots", "", "", str(why)))
            return part
        for number in range(rounds):
            for bots in BOTS[:: -1 if number % 2 else 1]:
                runs[bots].append(_together(folder, site, servers.fresh_database(server), bots, accounts))
                print(f"  {bots} bots: {three(runs[bots][-1].rate)} posts/s, {runs[bots][-1].busy}", flush=True)
    _report(part, runs, accounts)
    return part


def _report(part: Part, runs: dict[int, list[Run]], accounts: int) -> None:
    rates = {bots: statistics.median(one.rate for one in done) for bots, done in runs.items()}
    for bots in BOTS:
        ratio = (
            None
            if bots == 1
            else statistics.median(many.rate / one.rate for many, one in zip(runs[bots], runs[1], strict=True))
        )
        words = "1 bot" if bots == 1 else f"{bots} bots"
        beside = ("", "") if bots == 1 else ("1 bot", f"{three(rates[1])} posts/s")
        what = f"{accounts:,} accounts, a cap of {CAP} a day each, {words}"
        aim = "every cap kept, nothing twice"
        part.rows.append(Row(what, f"{three(rates[bots])} posts/s", *beside, ratio, aim, True))

    def one_bot(what: str) -> float:
        return statistics.median(getattr(one, what) for one in runs[1])

    busy = {
        bots: {who: statistics.median(one.busy[who] for one in done) for who in done[0].busy}
        for bots, done in runs.items()
    }
    sentences = [
        f"{bots} bot{'s' * (bots > 1)}: " + ", ".join(f"{who} {cores:.2f}" for who, cores in used.items())
        for bots, used in busy.items()
    ]
    part.rows.append(Row("a look at an account that waits, each minute", shown(one_bot("beat"), "s")))
    part.rows.append(Row(f"memory of a bot with {accounts:,} accounts", shown(one_bot("memory"), "MB")))
    part.notes.append("Cores kept busy meanwhile: " + "; ".join(sentences) + ". See [scaling.md](scaling.md).")
    draw(rates)


# --- one run --------------------------------------------------------------------------------------------------------


def _together(folder: Path, site: str, ledger: str, bots: int, accounts: int) -> Run:
    names = [f"x{number}" for number in range(accounts)]
    secrets = world.secrets(names)
    with world.sandbox() as api:
        cadence = f'every = "0s"\nmax_per_day = {CAP}\ntimezone = "Pacific/Kiritimati"'
        config = world.settings(folder, site, ledger, api, names, cadence=cadence)
        elsewhere(first_start, str(config), env=secrets)
        processes = [_bot(config, secrets) for _ in range(bots)]
        try:
            for process in processes:
                _hear(process)
            used, begun = _processor(processes), time.monotonic()
            for process in processes:
                _tell(process)
            for process in processes:
                _hear(process)
            taken = time.monotonic() - begun
            busy = {who: round((now - used[who]) / taken, 2) for who, now in _processor(processes).items()}
            held = memory.resident(processes[0].pid)
        finally:
            for process in processes:
                process.kill()
                process.communicate()
        posts = _posts(api)
        beat = elsewhere(heartbeat, str(config), env=secrets) if bots == 1 else 0.0
    _judge(posts, names)
    moments = sorted(datetime.fromisoformat(post["created"]).timestamp() for post in posts)
    return Run(bots, (len(moments) - 1) / (moments[-1] - moments[0]), busy, held, beat)


def first_start(config: str) -> int:
    """Record what is public for all accounts; the number of accounts."""
    with world.bot(config) as bot:
        return len(world.pull_once(bot).opened)


def heartbeat(config: str) -> float:
    """Seconds that it takes to see that an account has nothing to do, the median over all of them."""
    with world.bot(config) as bot:
        times = []
        for publisher in bot.publishers.values():
            begun = time.perf_counter()
            publisher.work(lambda: False)
            times.append(time.perf_counter() - begun)
        return statistics.median(times)


def _bot(config: Path, secrets: dict[str, str]) -> "subprocess.Popen[str]":
    command = python("-c", "import sys; from bench.scaling import take_part; take_part(sys.argv[1])", str(config))
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=ROOT, env=environment(secrets), stdin=pipe, stdout=pipe, text=True)


def take_part(config: str) -> None:
    """One of the bots: says that it is ready, is told to begin, and says when all its accounts have had their turn.

    As many of them at once as in the daemon. Starting costs seconds, which a measurement of some ten would see.
    """
    with world.bot(config) as bot:
        print("ready", flush=True)
        sys.stdin.readline()
        with ThreadPoolExecutor(AT_ONCE) as pool:
            # As the scheduler does: each bot in an order of its own.
            own = random.sample(list(bot.publishers.values()), len(bot.publishers))
            list(pool.map(lambda publisher: publisher.work(lambda: False), own))
        print("done", flush=True)
        sys.stdin.readline()


def _hear(process: "subprocess.Popen[str]") -> None:
    assert process.stdout is not None
    if not process.stdout.readline():
        raise RuntimeError("a bot has ended before its time")


def _tell(process: "subprocess.Popen[str]") -> None:
    assert process.stdin is not None
    process.stdin.write("go\n")
    process.stdin.flush()


def _posts(api: str) -> list[dict[str, Any]]:
    with urlopen(f"{api}/__posts") as answer:
        return list(json.load(answer))


def _judge(posts: Sequence[dict[str, Any]], names: Sequence[str]) -> None:
    """Raises AssertionError if an account has more than its cap, or a text twice."""
    each = collections.Counter(post["account"] for post in posts)
    assert all(each[name] == CAP for name in names), {name: each[name] for name in names if each[name] != CAP}
    same = collections.Counter((post["account"], post["text"]) for post in posts)
    assert max(same.values()) == 1, same.most_common(3)


def _processor(bots: "Sequence[subprocess.Popen[str]]") -> dict[str, float]:
    """Seconds of processor used so far: by the bots, the sandbox, PostgreSQL."""
    used = {"bots": 0.0, "sandbox": 0.0, "PostgreSQL": 0.0}
    own = {process.pid for process in bots}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            head, _, rest = stat.read_text().rpartition(")")
            command = (stat.parent / "cmdline").read_bytes()
        except OSError:
            continue
        fields = rest.split()
        # Of the process, and of its children that have ended.
        seconds = sum(int(fields[place]) for place in (11, 12, 13, 14)) / 100
        if int(stat.parent.name) in own:
            used["bots"] += seconds
        elif b"bot.sandbox" in command:
            used["sandbox"] += seconds
        elif head.endswith("postgres"):
            used["PostgreSQL"] += seconds
    return used


# --- the picture ----------------------------------------------------------------------------------------------------


def draw(rates: dict[int, float]) -> None:
    """The measured curve, beside what would be if each bot added as much as the first."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "scaling"
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(6, 3.6), layout="constrained")
    bots = list(rates)
    axes.plot(bots, [rates[1] * one for one in bots], "--", color="#999999", label="as many times one bot")
    axes.plot(bots, list(rates.values()), "o-", color="#1f5fa8", label="measured")
    for one, rate in rates.items():
        axes.annotate(f"{rate:.0f}", (one, rate), textcoords="offset points", xytext=(0, 8), ha="center")
    axes.set(xlabel="bots on one PostgreSQL ledger", ylabel="posts a second", xticks=bots, ylim=(0, None))
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False)
    figure.savefig(PICTURE, metadata={"Date": None})
    pyplot.close(figure)
