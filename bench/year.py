"""A year of a whole bot, in virtual time: what happens in it stands in `tests/year_script.py`.

1,584 summaries are there at the start, three new ones come a week. Everything that must hold is judged at the end, from
what is really on the platforms. Writes a picture of posts a day, queue, and spend.

    python -m bench.year [--days 365] [--archive 1584] [--seed 1] [--picture docs/year.svg]
"""

import argparse
import tempfile
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.bots import ACCOUNTS
from tests.faults.simulation import silence
from tests.year import Year
from tests.year_judge import wrongs
from tests.year_script import SETTINGS, TROUBLES

COLOURS = {"twitter": "#1b6ca8", "facebook": "#d1603d"}
NAMES = {"twitter": "X", "facebook": "Facebook"}


def draw(year: Year, picture: Path) -> None:
    import matplotlib

    matplotlib.use("svg")
    # Text as text, and the same file for the same year.
    matplotlib.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "year", "font.size": 9})
    import matplotlib.pyplot as plt

    figure, (daily, queue, spend) = plt.subplots(3, 1, figsize=(10, 8), sharex=True)
    _daily(daily, year)
    for name in ACCOUNTS:
        days = [snapshot.at for snapshot in year.snapshots[name]]
        queued = [snapshot.queued for snapshot in year.snapshots[name]]
        queue.plot(days, queued, color=COLOURS[name], label=NAMES[name])
    queue.set_ylabel("queued")
    _spend(spend, year)
    for axes in (daily, queue, spend):
        for trouble in TROUBLES:
            axes.axvspan(year.at(trouble.begin), year.at(trouble.end), color="#999999", alpha=0.35, lw=0)
        for part, _ in SETTINGS[1:]:
            axes.axvline(year.at(part), color="#444444", ls=":", lw=1)
        axes.spines[["top", "right"]].set_visible(False)
        axes.legend(loc="upper right", frameon=False)
    for trouble in TROUBLES:
        daily.text(year.at(trouble.begin), 11, trouble.name, rotation=45, fontsize=7, va="bottom", clip_on=False)
    figure.tight_layout()
    figure.savefig(picture, metadata={"Date": None})


def _daily(axes: Any, year: Year) -> None:
    for name in ACCOUNTS:
        counted = Counter(
            post.at.astimezone(post.cadence.timezone).date() for post in year.posts if post.account == name
        )
        first = year.begin.date()
        days = [first + timedelta(days=number) for number in range(year.days + 1)]
        axes.step(days, [counted[day] for day in days], color=COLOURS[name], label=NAMES[name], lw=0.8, where="mid")
    axes.set_ylabel("posts a day")
    axes.set_ylim(0, 11)


def _spend(axes: Any, year: Year) -> None:
    """The month's sum, day by day, and the budgets."""
    zone = year.posts[0].cadence.timezone
    snapshots = year.snapshots["twitter"]
    dollars = [snapshot.spent_usd.get(f"{snapshot.at.astimezone(zone):%Y-%m}", 0.0) for snapshot in snapshots]
    axes.plot([snapshot.at for snapshot in snapshots], dollars, color=COLOURS["twitter"], label="X, this month")
    budgets = [(part, float(cadences["twitter"].rsplit("= ", 1)[1])) for part, cadences in SETTINGS]
    ends = [part for part, _ in budgets[1:]] + [1.0]
    for number, ((part, budget), end) in enumerate(zip(budgets, ends, strict=True)):
        label = "budget" if number == 0 else None
        axes.hlines(budget, year.at(part), year.at(end), color="#a00000", ls="--", lw=1, label=label)
    axes.set_ylabel("US dollars")
    axes.set_ylim(0, 34)


def report(year: Year) -> None:
    for name in ACCOUNTS:
        mine = [post for post in year.posts if post.account == name]
        states = Counter(str(record.state) for record in year.records[name])
        spent = sum(year.snapshots[name][-1].spent_usd.values())
        attempts = ", ".join(f"{number} {state}" for state, number in sorted(states.items()))
        print(f"{NAMES[name]}: {len(mine)} posts, ${spent:.2f}; of {len(year.summaries)} summaries: {attempts}")
    print("; ".join(f"{what}: {number}" for what, number in year.counts.items()))


def main() -> None:
    parser = argparse.ArgumentParser(description="A year of a whole bot, in virtual time.")
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--archive", type=int, default=1_584)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--picture", type=Path)
    given = parser.parse_args()
    begun, used = time.monotonic(), time.process_time()
    with tempfile.TemporaryDirectory() as folder, silence():
        year = Year(Path(folder), given.days, given.archive, given.seed).run()
    report(year)
    if given.picture:
        draw(year, given.picture)
    found = list(wrongs(year))
    print(f"{len(found)} wrong", *found[:20], sep="\n  ")
    print(f"{time.process_time() - used:.0f} s of CPU, {time.monotonic() - begun:.0f} s in all")
    raise SystemExit(bool(found))


if __name__ == "__main__":
    main()
