"""What must stay cheap after years: what SQLite is asked all the time goes through no history and leaves no garbage."""

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, event

from bot.ledger import intake, views
from bot.ledger.models import Lane
from bot.ledger.prune import prune
from bot.ledger.sending import Sender
from bot.ledger.store import Ledger
from bot.source import SourceSettings
from bot.source.base import Listing, summary_key
from bot.source.connect import open_engine
from bot.source.shortscience import ShortScience
from tests.clock import Clock
from tests.site import NOON, Site, only_on

LATER = datetime(2026, 1, 1, tzinfo=UTC)


@contextmanager
def plans(engine: Engine) -> Iterator[list[str]]:
    """How SQLite goes about each statement that is executed meanwhile."""
    steps: list[str] = []

    def explain(_: Any, cursor: Any, statement: str, parameters: Sequence[Any], *__: Any) -> None:
        if statement.startswith(("SELECT", "UPDATE", "DELETE")):
            with closing(cursor.connection.cursor()) as other:
                steps.extend(row[3] for row in other.execute(f"EXPLAIN QUERY PLAN {statement}", parameters))

    event.listen(engine, "before_cursor_execute", explain)
    yield steps
    event.remove(engine, "before_cursor_execute", explain)


def source_on(site: Site, page_size: int = 500) -> tuple[ShortScience, Engine]:
    settings = SourceSettings(
        site.url, "shortscience", None, "utf8", ZoneInfo("UTC"), "http://example.org", 1, page_size
    )
    engine = open_engine(site.url, ZoneInfo("UTC"))
    return ShortScience(settings, engine), engine


@only_on("sqlite")
def test_a_pull_without_an_index_reads_the_tables_as_they_lie(site_database: Site) -> None:
    """In the order of the key, rows that came in another one are fetched one by one: six times as long."""
    source, engine = source_on(site_database)
    with plans(engine) as steps:
        assert list(source.listings(LATER)) == [[]]
    assert "SCAN vignettes" in steps
    assert "SCAN votes" in steps


@only_on("sqlite")
def test_a_pull_with_an_index_reads_what_has_changed(site_database: Site) -> None:
    for table in ("vignettes", "votes"):
        site_database.execute(f"CREATE INDEX {table}_edited ON {table} (edited)")
    source, engine = source_on(site_database)
    with plans(engine) as steps:
        assert list(source.listings(LATER)) == [[]]
    assert not [step for step in steps if step.startswith(("SCAN vignettes", "SCAN votes"))]


@only_on("sqlite")
def test_pages_of_what_has_changed_fit_together_under_any_collation(site_database: Site) -> None:
    """The first page is sorted by the database, the next ones begin after its last key in the order of an index."""
    site_database.execute("ALTER TABLE vignettes RENAME TO old")
    columns = "paperid TEXT COLLATE NOCASE, userid INT, text, priv, anon, added, edited, PRIMARY KEY (paperid, userid)"
    site_database.execute(f"CREATE TABLE vignettes ({columns})")
    papers = ["b", "A", "d", "C", "f", "E", "_", "Z"]
    for paper in papers:
        site_database.paper(paper)
        site_database.summary(paper, 1)
    for size in (1, 2, 3, 50):
        source, _ = source_on(site_database, size)
        found = [listing.locator for page in source.listings(NOON.replace(tzinfo=UTC)) for listing in page]
        assert sorted(found) == sorted(papers), size


@pytest.fixture
def ledger(tmp_path: Path, clock: Clock) -> Iterator[Ledger]:
    sender = Sender.open(f"sqlite:///{tmp_path}/ledger.db", clock)
    sender.ledger.register({"twitter": "twitter", "facebook": "facebook"})
    yield sender.ledger
    sender.close()


HISTORY: dict[str, Callable[[Ledger], object]] = {
    "history": lambda ledger: views.posted(ledger, ["twitter", "facebook"], 20),
    "prune": lambda ledger: prune(ledger, timedelta(days=90)),
    "recorded": lambda ledger: intake.recorded(ledger, ""),
    "pick": lambda ledger: ledger.pick("twitter", "newest", True),
    "expire": lambda ledger: ledger.expire("twitter", timedelta(days=30)),
}


@pytest.mark.parametrize("ask", HISTORY.values(), ids=HISTORY)
def test_no_question_sorts_or_goes_through_all_that_was_posted(ledger: Ledger, ask: Callable[[Ledger], object]) -> None:
    with plans(ledger.engine) as steps:
        ask(ledger)
    assert steps
    ordered = "SCAN deliveries USING INDEX deliveries_by_posted"
    assert not [step for step in steps if step.startswith(("SCAN deliveries", "SCAN attempts")) and step != ordered]
    assert not [step for step in steps if "USE TEMP B-TREE" in step]


def test_a_page_that_is_recorded_leaves_nothing_to_be_collected(ledger: Ledger) -> None:
    """With the bot's threshold a first start would hold what ten thousand pages leave."""

    def record(number: int) -> None:
        page = [listing(f"{number}-{place}") for place in range(20)]
        found = intake.unrecorded(ledger, page, {"twitter": Lane.ARCHIVE})
        intake.record(ledger, found)
        intake.refresh(ledger, page, ["twitter"])
        intake.mark_back(ledger, page)
        intake.recorded(ledger, page[0].key)

    record(0)
    gc.collect()
    gc.disable()
    try:
        for number in range(1, 21):
            record(number)
        assert gc.collect() < 20, "less than one object a page"
    finally:
        gc.enable()


def listing(paper: str) -> Listing:
    return Listing(
        summary_key(paper, "1"), paper, "A paper", 1, NOON.replace(tzinfo=UTC), f"http://example.org/{paper}"
    )
