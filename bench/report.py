"""What a part found, kept in var/bench/ until all are there, and the page that is made of it."""

import json
import os
import platform
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from bench.measure import ROOT, Pairs

FOLDER = ROOT / "var" / "bench"
PAGE = ROOT / "docs" / "performance.md"


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table.

    what    is measured, and how much of it: `ours`
    beside  what it is measured against: `theirs`
    ratio   ours to theirs; None where there is nothing to divide
    aim     in words; empty where there is none
    reached whether; None without an aim
    """

    what: str
    ours: str
    beside: str = ""
    theirs: str = ""
    ratio: float | None = None
    aim: str = ""
    reached: bool | None = None


def row(
    what: str,
    measured: Pairs,
    unit: str,
    beside: str,
    at_most: float | None = None,
    at_least: float | None = None,
    aim: str = "",
    reached: bool | None = None,
) -> Row:
    """A line from pairs, with the aim for their ratio, or another one of which it is known whether it is `reached`."""
    if at_most is not None:
        aim, reached = f"≤ {at_most:g}", measured.ratio <= at_most
    if at_least is not None:
        aim, reached = f"≥ {at_least:g}", measured.ratio >= at_least
    return Row(what, shown(measured.ours, unit), beside, shown(measured.theirs, unit), measured.ratio, aim, reached)


def shown(value: float, unit: str) -> str:
    """A figure with three significant digits and its unit. "s" turns into ms where it is short."""
    if unit == "s" and value < 1:
        return f"{three(1000 * value)} ms"
    return f"{three(value)} {unit}"


def three(value: float) -> str:
    """Three significant digits, thousands with a comma."""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


@dataclass(slots=True)
class Part:
    """A part's findings. `notes`: paragraphs of Markdown under its table; `peers`: versions of what stood beside."""

    title: str
    rows: list[Row] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    peers: dict[str, str] = field(default_factory=dict)


def keep(name: str, part: Part) -> None:
    """Until the page is made."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    at = datetime.now(UTC).isoformat(timespec="minutes")
    text = json.dumps({"at": at, "machine": machine(), **asdict(part)}, indent=1, ensure_ascii=False)
    (FOLDER / f"{name}.json").write_text(text, encoding="utf-8")


def machine() -> str:
    """What it ran on, in words: processor, memory, system."""
    model = next(_fields(Path("/proc/cpuinfo"), "model name"), platform.processor() or platform.machine())
    memory = next(_fields(Path("/proc/meminfo"), "MemTotal"), "0 kB")
    gigabytes = int(memory.split()[0]) / 1024**2
    return f"{os.cpu_count()} cores of {model}, {gigabytes:.0f} GB, {platform.system()}"


def _fields(file: Path, name: str) -> Iterable[str]:
    if not file.exists():
        return iter(())
    lines = (line.partition(":") for line in file.read_text(encoding="utf-8").splitlines())
    return (value.strip() for key, _, value in lines if key.strip() == name)


LIBRARIES = ("sqlalchemy", "tweepy", "jinja2", "pydantic", "click", "psycopg", "pymysql")


def versions(names: Sequence[str] = LIBRARIES) -> str:
    """Of Python and of the libraries that decide."""
    found = [f"Python {platform.python_version()}"]
    for name in names:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    return ", ".join(found)


INTRODUCTION = """# Performance

What the bot costs, each figure beside something it can be compared with. Made by `make bench`; do not edit.

Every ratio is the median of five pairs, measured in turn in one run. Everything runs in processes of its own; the
sandbox answers in its own, with TCP_NODELAY. SQLite writes with `synchronous=FULL`, PostgreSQL with `fsync` and
`synchronous_commit` on: a commit that returned is on the disk. Peaks of memory and first starts are single runs.
"""


def write_page(names: Sequence[str]) -> str:
    """The page from all that is kept, in this order; returns it."""
    parts = [
        json.loads(file.read_text(encoding="utf-8")) for name in names if (file := FOLDER / f"{name}.json").exists()
    ]
    lines = [INTRODUCTION, f"{versions()}.", ""]
    lines += [f"{where}: {', '.join(titles)}." for where, titles in _runs(parts).items()]
    peers = {name: number for part in parts for name, number in part["peers"].items()}
    if peers:
        lines += ["", "Beside it: " + ", ".join(f"{name} {number}" for name, number in sorted(peers.items())) + "."]
    for part in parts:
        lines += ["", f"## {part['title']}", "", *_table([Row(**one) for one in part["rows"]])]
        for note in part["notes"]:
            lines += ["", note]
    text = "\n".join(lines) + "\n"
    PAGE.write_text(text, encoding="utf-8")
    return text


def _runs(parts: Sequence[dict[str, str]]) -> dict[str, list[str]]:
    runs: dict[str, list[str]] = {}
    for part in parts:
        where = f"Measured on {part['machine']}, {part['at'][:10]}"
        runs.setdefault(where, []).append(part["title"].lower())
    return runs


def _table(rows: Sequence[Row]) -> list[str]:
    lines = ["| what | bot | beside | theirs | ratio | aim | |", "|---|---|---|---|---|---|---|"]
    marks = {True: "yes", False: "**no**", None: ""}
    for one in rows:
        ratio = "" if one.ratio is None else f"{one.ratio:.2f}" if one.ratio < 10 else three(one.ratio)
        cells = (one.what, one.ours, one.beside, one.theirs, ratio, one.aim, marks[one.reached])
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return lines
