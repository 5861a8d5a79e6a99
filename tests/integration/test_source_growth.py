"""However large the table, a pull holds a page of it."""

import tracemalloc
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.source import SourceSettings, open_source
from tests.site import Site, only_on

ROWS = 20_000
EARLY = datetime(2000, 1, 1, tzinfo=UTC)


@pytest.fixture
def grown(site_database: Site) -> Site:
    """20,000 papers with 300 characters of title and 1,000 of text each: 26 MB."""
    numbers = f"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {ROWS})"
    key = "printf('conf/x/%08d', i * 7919 % 1000003)"
    title, text, day = "printf('%.300c', 'T')", "printf('%.1000c', 'x')", "'2020-01-01 00:00:00'"
    site_database.user(1, "ada")
    site_database.execute(f"INSERT INTO papers (bibtexKey, title) {numbers} SELECT {key}, {title} FROM n")
    site_database.execute(
        "INSERT INTO vignettes (paperid, userid, text, priv, anon, added, edited)"
        f" {numbers} SELECT {key}, 1, {text}, 0, 0, {day}, {day} FROM n"
    )
    site_database.execute(
        f"INSERT INTO votes (paperid, userid, voteruserid, vote, edited) SELECT paperid, 1, 1, 1, {day} FROM vignettes"
    )
    return site_database


def pull(site: Site, since: datetime | None, page_size: int) -> tuple[int, int, int]:
    """Rows listed, the longest page, and the most memory that was in use at once, in bytes."""
    zone = ZoneInfo("UTC")
    settings = SourceSettings(site.url, "shortscience", None, "utf8", zone, "http://example.org", 1, page_size)
    source = open_source(settings)
    source.check()
    tracemalloc.start()
    lengths = [len(page) for page in source.listings(since)]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return sum(lengths), max(lengths), peak


@only_on("sqlite")
@pytest.mark.parametrize("since", [None, EARLY], ids=["everything", "all of it changed"])
def test_it_holds_one_page_of_a_large_table(grown: Site, since: datetime | None) -> None:
    rows, longest, peak = pull(grown, since, 500)
    assert (rows, longest) == (ROWS, 500)
    assert peak < 5_000_000


@only_on("sqlite")
def test_without_pages_it_would_hold_all_of_it(grown: Site) -> None:
    """The control."""
    assert pull(grown, None, 10 * ROWS)[2] > 15_000_000
