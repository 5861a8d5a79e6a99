"""How long after the source has said "public" does the first byte of the post leave?

What turns private within that time is sent all the same; nothing later is. Measured with the real clock, the real
adapters over HTTP, the sample's texts in tables as the site's, a ledger as durable as in production, and 1,000 posts.

    python -m bench.privacy_window [--posts 1000] [--ledger postgresql+psycopg://…]
"""

import argparse
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from bot import failpoints
from bot.clock import utc_now
from bot.config import load_config
from bot.resources import packaged
from bot.runtime import Bot, open_configured_source
from bot.sandbox import Sandbox
from bot.source.base import Reference, Source, Summary
from tests.bots import publish_all, pull_once, running_bot
from tests.faults.simulation import silence
from tests.site import Site


class Watched:
    """A source that notes when a re-read has answered."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self.answered: float | None = None
        self.windows: list[float] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._source, name)

    def reread(self, reference: Reference) -> Summary | None:
        summary = self._source.reread(reference)
        self.answered = time.perf_counter()
        return summary

    def first_byte(self) -> None:
        failpoints.plan("first-byte", self.first_byte)
        if self.answered is not None:
            self.windows.append(time.perf_counter() - self.answered)
            self.answered = None


def sample_texts() -> list[str]:
    """The texts of the embedded sample database."""
    source = open_configured_source(load_config(packaged("config/bot.toml")))
    listings = [listing for page in source.listings(None) for listing in page]
    found = [source.reread(Reference(listing.key, listing.locator)) for listing in listings]
    source.close()
    return [summary.text for summary in found if summary is not None]


def fill(site: Site, count: int) -> None:
    texts = sample_texts()
    site.user(1, "author")
    for number in range(count):
        site.paper(f"paper/{number}", f"A method of number {number}", tags="cs.LG", year=2020)
        site.summary(f"paper/{number}", 1, texts[number % len(texts)])


def measure(folder: Path, posts: int, ledger: str) -> list[float]:
    """The windows of so many posts, half of them on each platform. Seconds."""
    site = Site(f"sqlite:///{folder / 'site.db'}")
    fill(site, posts // 2)
    source = 'url = "sqlite:///site.db"\nbacklog = "all"'
    with Sandbox(limits=False) as sandbox, running_bot(folder, utc_now, sandbox, source, ledger) as bot:  # type: ignore[arg-type]
        watched = watch(bot)
        pull_once(bot)
        publish_all(bot)
        assert len(sandbox.posts()) == len(watched.windows) == posts // 2 * 2
    site.engine.dispose()
    return watched.windows


def watch(bot: Bot) -> Watched:
    watched = Watched(bot.source)
    for publisher in bot.publishers.values():
        publisher._source = watched
    failpoints.plan("first-byte", watched.first_byte)
    return watched


def main() -> None:
    parser = argparse.ArgumentParser(description="From the re-read's answer to the first byte.")
    parser.add_argument("--posts", type=int, default=1000)
    parser.add_argument("--ledger", help="SQLAlchemy URL of an empty ledger; a SQLite file of its own by default")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, silence():
        windows = measure(Path(folder), given.posts, given.ledger or f"sqlite:///{folder}/ledger.db")
    failpoints.clear()
    cuts = statistics.quantiles(windows, n=100, method="inclusive")
    figures = {"median": statistics.median(windows), "99th percentile": cuts[98], "longest": max(windows)}
    print(f"{len(windows)} posts:", ", ".join(f"{name} {1000 * value:.1f} ms" for name, value in figures.items()))


if __name__ == "__main__":
    main()
