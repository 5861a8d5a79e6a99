"""The embedded sample, which newcomers see first."""

import sqlite3
from importlib.resources import files
from zoneinfo import ZoneInfo

import pytest

from bot.source import SourceSettings, open_source
from bot.source.base import Listing, Reference, Source, Summary

ZONE = ZoneInfo("UTC")


@pytest.fixture
def source() -> Source:
    return open_source(SourceSettings("sample", "shortscience", None, "utf8", ZONE, "http://www.shortscience.org", 1))


def listed(source: Source) -> list[Listing]:
    return [listing for page in source.listings(None) for listing in page]


def summaries(source: Source) -> list[Summary]:
    found = [source.reread(Reference(listing.key, listing.locator)) for listing in listed(source)]
    return [summary for summary in found if summary is not None]


def test_it_has_what_a_newcomer_should_see(source: Source) -> None:
    source.check()
    shown = summaries(source)
    assert len(shown) == len(listed(source)) >= 14
    assert min(summary.published for summary in shown).year == 2016
    assert max(summary.published for summary in shown).year == 2025
    assert next(summary.link for summary in shown if summary.author is None).endswith("&a=anon")
    for sign in (
        "\n## ",
        "\n* ",
        "\n1. ",
        "\n|---",
        "\n> ",
        "![",
        "](http",
        "$$",
        "\\(",
        "\\[",
        "\\cite{",
        "```",
        "**",
    ):
        assert any(sign in f"\n{summary.text}" for summary in shown), sign


def test_it_never_shows_what_is_private_or_anonymous(source: Source) -> None:
    script = files("bot.source").joinpath("sample.sql").read_text(encoding="utf-8")
    everything = repr(summaries(source)) + repr(listed(source))
    for canary in ("CANARY", "FlashAttention", "EfficientNet", "secret-reviewer", "Nora Unnamed", "@example.org"):
        assert canary in script
        assert canary not in everything


def test_it_serves_kind_query_too() -> None:
    query = "SELECT bibtexKey AS id, title, abstract AS text, 'http://example.org/' || id AS link FROM papers"
    source = open_source(SourceSettings("sample", "query", query, "utf8", ZONE, "http://www.shortscience.org", 1))
    source.check()
    assert {listing.title for listing in listed(source)} >= {"Auto-Encoding Variational Bayes"}


def test_it_is_sound_sql() -> None:
    connection = sqlite3.connect(":memory:")
    connection.executescript(files("bot.source").joinpath("sample.sql").read_text(encoding="utf-8"))
    orphans = "SELECT paperid FROM vignettes WHERE paperid NOT IN (SELECT bibtexKey FROM papers) OR userid NOT IN"
    assert connection.execute(f"{orphans} (SELECT userid FROM users)").fetchall() == []
    connection.close()
