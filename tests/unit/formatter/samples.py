"""Summaries and composers for the formatter's tests."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.config import load_config
from bot.formatter.compose import Composer
from bot.formatter.length import LIMIT, weighted_length
from bot.platforms.base import Limits
from bot.resources import packaged
from bot.runtime import open_configured_source
from bot.source.base import Reference, Summary

ROOT = Path(__file__).parents[3]
TEMPLATES = ROOT / "templates"
REAL = ROOT.parent / "shared" / "data" / "shortscience" / "summaries.json"
X = Limits(LIMIT, weighted_length)
FACEBOOK = Limits(63_206, len)

_PLAIN = Summary(
    key="0123456789abcdef",
    title="A Title of a Paper",
    authors=("Ada Lovelace", "Alan Turing", "Grace Hopper"),
    year=2016,
    venue="arXiv e-Print archive",
    tags=(),
    paper_url=None,
    abstract="",
    text="",
    author="reader",
    votes=1,
    published=datetime(2017, 1, 21, tzinfo=UTC),
    edited=datetime(2017, 1, 21, tzinfo=UTC),
    link="http://www.shortscience.org/paper?bibtexKey=conf%2Fx%2FLovelace16&a=reader",
)


def a_summary(**changes: Any) -> Summary:
    return replace(_PLAIN, **changes)


def for_x(**options: Any) -> Composer:
    return Composer("twitter.j2", [TEMPLATES], X, link_in_text=True, **options)


def for_facebook(**options: Any) -> Composer:
    return Composer("facebook.j2", [TEMPLATES], FACEBOOK, link_in_text=False, **({"max_length": 600} | options))


def excerpt(text: str, **changes: Any) -> str:
    """What stands between title and link of the X post for a summary of this text."""
    parts = for_x().compose(a_summary(text=text, **changes)).post.text.split("\n\n")
    return parts[1] if len(parts) > 2 else ""


def real_summaries() -> list[Summary]:
    """The ten real ones; none where the shared data is missing."""
    if not REAL.is_file():
        return []
    return [_real(row) for row in json.loads(REAL.read_text("utf-8"))]


def sample_texts() -> list[str]:
    """The texts of the embedded sample database, and the real ones."""
    source = open_configured_source(load_config(packaged("config/bot.toml")))
    listings = [listing for page in source.listings(None) for listing in page]
    found = [source.reread(Reference(listing.key, listing.locator)) for listing in listings]
    source.close()
    return [summary.text for summary in (*found, *real_summaries()) if summary is not None]


def _real(row: dict[str, Any]) -> Summary:
    authors = (" ".join(reversed(name.split(", ", 1))) for name in row["authors"].split(" and "))
    return a_summary(
        title=row["title"],
        authors=tuple(authors),
        year=row["year"],
        venue=row["venue"],
        tags=tuple(row["tags"].split(", ")),
        abstract=row["abstract"],
        text=row["text"],
        author=row["username"],
    )
