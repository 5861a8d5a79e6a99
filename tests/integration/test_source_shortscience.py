"""The site's tables on each server, read by a user who may only SELECT."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import make_url

from bot.source import SourceSettings, open_source
from bot.source.base import Listing, Reference, Source, SourceError, SourceMisconfigured, Summary, summary_key
from tests.site import CANARY_MAIL, MYSQL, NOON, POSTGRES, Site, only_on

SITE = "http://www.shortscience.org"


def settings(site: Site, **changes: object) -> SourceSettings:
    given = {"url": site.reader_url, "kind": "shortscience", "query": None, "text_encoding": "utf8"}
    given |= {"timezone": ZoneInfo("UTC"), "site_url": SITE, "min_votes": 1, "page_size": 3}
    return SourceSettings(**{**given, **changes})  # type: ignore[arg-type]


@pytest.fixture
def site(site_database: Site) -> Site:
    site_database.user(1, "ada", "Ada L.")
    site_database.user(2, "bob")
    site_database.user(3, "carol", None)
    return site_database


@pytest.fixture
def source(site: Site) -> Iterator[Source]:
    source = open_source(settings(site))
    yield source
    source.close()


def listed(source: Source, since: datetime | None = None) -> list[Listing]:
    return [listing for page in source.listings(since) for listing in page]


def locators(source: Source, since: datetime | None = None) -> list[str]:
    return [listing.locator for listing in listed(source, since)]


def read(source: Source, paperid: str, userid: int) -> Summary | None:
    """Asked for alone, and as one of several: which must be the same."""
    asked = reference(paperid, userid)
    found = source.reread(asked)
    assert source.reread_all([asked, reference("no such paper", 1)]) == ({asked.key: found} if found else {})
    return found


def reference(paperid: str, userid: int) -> Reference:
    return Reference(summary_key(paperid, str(userid)), paperid)


def test_it_gives_a_summary_with_all_it_has(site: Site, source: Source) -> None:
    site.paper(
        "conf/x/Y",
        "Title  with\nblanks.",
        authors="Lovelace, Ada and Babbage, Charles",
        year=1843,
        venue="Memoirs",
        tags="cs.LG, dblp",
        urls="http://arxiv.org/abs/1611.03530",
        abstract="Short.",
    )
    later = NOON + timedelta(days=2)
    site.summary("conf/x/Y", 1, "It **works**: ”ü 😀", votes=3, edited=later)
    source.check()
    assert read(source, "conf/x/Y", 1) == Summary(
        key=summary_key("conf/x/Y", "1"),
        title="Title with blanks.",
        authors=("Ada Lovelace", "Charles Babbage"),
        year=1843,
        venue="Memoirs",
        tags=("cs.LG", "dblp"),
        paper_url="https://arxiv.org/abs/1611.03530",
        abstract="Short.",
        text="It **works**: ”ü 😀",
        author="Ada L.",
        votes=3,
        published=NOON.replace(tzinfo=UTC),
        edited=later.replace(tzinfo=UTC),
        link=f"{SITE}/paper?bibtexKey=conf/x/Y&a=ada",
    )
    (listing,) = listed(source)
    assert (listing.title, listing.votes) == ("Title with blanks.", 3)
    assert listing.published == NOON.replace(tzinfo=UTC)


def test_it_never_lists_or_rereads_what_is_private(site: Site, source: Source) -> None:
    for userid, priv in ((1, True), (2, None), (3, False)):
        site.paper(f"p{userid}")
        site.summary(f"p{userid}", userid, priv=priv)
    assert locators(source) == ["p3"]
    assert locators(source, datetime(2000, 1, 1, tzinfo=UTC)) == ["p3"]
    assert [read(source, f"p{userid}", userid) is None for userid in (1, 2, 3)] == [True, True, False]
    references = [reference(f"p{userid}", userid) for userid in (1, 2, 3)]
    assert set(source.reread_all(references)) == {references[2].key}
    assert source.missing(references) == {reference.key for reference in references[:2]}


@pytest.mark.parametrize("anon", [True, None], ids=["anonymous", "not known to be named"])
def test_it_never_reads_the_name_of_an_anonymous_author(
    site: Site, source: Source, anon: bool | None, caplog: pytest.LogCaptureFixture
) -> None:
    site.paper("p")
    site.summary("p", 1, anon=anon)
    caplog.set_level(logging.DEBUG, "sqlalchemy.engine.Engine.source")
    summary = read(source, "p", 1)
    (listing,) = listed(source)
    assert summary is not None
    assert summary.author is None
    assert summary.link == listing.link == f"{SITE}/paper?bibtexKey=p&a=anon"
    rows = [record.getMessage() for record in caplog.records if record.getMessage().startswith("Row ")]
    assert len(rows) >= 2
    assert not [row for row in rows if "ada" in row.lower() or CANARY_MAIL in row]


def test_it_logs_nothing_of_what_it_reads(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "sqlalchemy")
    source = open_source(settings(site))
    site.paper("p")
    site.summary("p", 1, "A sentence to look for.")
    assert read(source, "p", 1) is not None
    assert locators(source) == ["p"]
    said = [record.getMessage() for record in caplog.records if "source" in record.name]
    assert not [message for message in said if "A sentence" in message or "'p', 1" in message]


def test_it_shows_the_username_where_no_name_is_given(site: Site, source: Source) -> None:
    for userid in (2, 3):
        site.paper(f"p{userid}")
        site.summary(f"p{userid}", userid)
    summaries = [read(source, f"p{userid}", userid) for userid in (2, 3)]
    assert [summary and summary.author for summary in summaries] == ["bob", "carol"]


def test_it_survives_what_is_empty_or_missing(site: Site, source: Source) -> None:
    site.paper("p", "A title", authors=None)
    site.summary("p", 99, added=None)
    site.paper("untitled", None)
    site.summary("untitled", 1)
    site.summary("no such paper", 1)
    summary = read(source, "p", 99)
    assert summary is not None
    assert (summary.authors, summary.year, summary.venue, summary.tags) == ((), None, "", ())
    assert (summary.paper_url, summary.abstract, summary.author) == (None, "", None)
    assert summary.published == summary.edited == datetime(1970, 1, 1, tzinfo=UTC)
    assert summary.link == f"{SITE}/paper?bibtexKey=p"
    assert locators(source) == ["p"]
    assert read(source, "untitled", 1) is None
    assert read(source, "no such paper", 1) is None


def test_it_lists_only_what_has_enough_votes_but_keeps_what_it_once_listed(site: Site, source: Source) -> None:
    for paper, votes in (("down", -1), ("none", 0), ("one", 1), ("two", 2)):
        site.paper(paper)
        site.summary(paper, 1, votes=votes)
    picky = open_source(settings(site, min_votes=2))
    generous = open_source(settings(site, min_votes=-10))
    assert locators(source) == ["one", "two"]
    assert locators(picky) == ["two"]
    assert locators(generous) == ["none", "one", "two"], "the site itself hides what is voted down to -1"
    assert read(picky, "none", 1) is not None
    assert read(picky, "down", 1) is None
    references = [reference(paper, 1) for paper in ("down", "none", "two", "gone")]
    assert picky.missing(references) == {references[0].key, references[3].key}


def test_it_lists_a_summary_again_when_its_votes_change(site: Site, source: Source) -> None:
    for paper in ("a", "b", "c"):
        site.paper(paper)
        site.summary(paper, 1)
    later = NOON + timedelta(days=1)
    site.vote("b", 1, 2, 1, edited=later)
    assert locators(source, later.replace(tzinfo=UTC)) == ["b"]


@pytest.mark.parametrize("since", [None, NOON.replace(tzinfo=UTC)], ids=["all", "changed"])
@pytest.mark.parametrize("number", [0, 1, 2, 3, 4, 6, 11])
def test_it_lists_each_once_whatever_the_number(
    site: Site, source: Source, since: datetime | None, number: int
) -> None:
    for index in range(number):
        site.paper(f"p{index // 2:02}") if index % 2 == 0 else None
        site.summary(f"p{index // 2:02}", 1 + index % 2, votes=2)
    pages = list(source.listings(since))
    keys = [listing.key for page in pages for listing in page]
    assert len(keys) == len(set(keys)) == number
    assert max(map(len, pages)) <= 3


def test_it_pages_past_what_it_leaves_out(site: Site, source: Source) -> None:
    """Voted down, without a paper, private: none of them may end the listing early, nor be given."""
    for index in range(20):
        paper = f"p{index:02}"
        if index % 5 != 1:
            site.paper(paper)
        site.summary(paper, 1, votes=-1 if index % 5 == 2 else 1, priv=index % 5 == 3)
    expected = [f"p{index:02}" for index in range(20) if index % 5 in (0, 4)]
    assert locators(source) == expected
    assert locators(source, NOON.replace(tzinfo=UTC)) == expected


def test_it_pages_past_votes_for_what_is_private(site: Site, source: Source) -> None:
    later = NOON + timedelta(days=1)
    for index in range(9):
        paper = f"p{index}"
        site.paper(paper)
        site.summary(paper, 1, priv=index < 8)
        site.vote(paper, 1, 2, 1, edited=later)
    assert locators(source, later.replace(tzinfo=UTC)) == ["p8"]


def test_it_lists_only_what_has_changed_since(site: Site, source: Source) -> None:
    for index in range(8):
        site.paper(f"p{index}")
        site.summary(f"p{index}", 1, votes=0, added=NOON - timedelta(days=99), edited=NOON + timedelta(hours=index))
        site.vote(f"p{index}", 1, 1, 1, edited=NOON - timedelta(days=99))
    assert locators(source, NOON.replace(tzinfo=UTC) + timedelta(hours=3)) == ["p3", "p4", "p5", "p6", "p7"]
    assert locators(source, NOON.replace(tzinfo=UTC) + timedelta(hours=7, seconds=1)) == []


def test_it_reads_naive_times_in_the_zone_they_are_in(site: Site) -> None:
    source = open_source(settings(site, timezone=ZoneInfo("America/New_York")))
    site.paper("p")
    site.summary("p", 1)
    moment = NOON.replace(tzinfo=ZoneInfo("America/New_York")).astimezone(UTC)
    (listing,) = listed(source)
    assert listing.published == moment
    assert locators(source, moment) == ["p"]
    assert locators(source, moment + timedelta(seconds=1)) == []


def test_it_misses_nothing_when_clocks_go_back(site: Site) -> None:
    """02:50 is shown for the first time; half an hour later the clock says 02:20, and something is saved."""
    berlin = ZoneInfo("Europe/Berlin")
    source = open_source(settings(site, timezone=berlin))
    pull = datetime(2020, 10, 25, 2, 50, tzinfo=berlin).astimezone(UTC)
    saved = datetime(2020, 10, 25, 2, 20, fold=1, tzinfo=berlin)
    assert saved.astimezone(UTC) == pull + timedelta(minutes=30)
    site.paper("p")
    site.summary("p", 1, added=saved.replace(tzinfo=None))
    assert locators(source, pull) == ["p"]


def test_it_takes_keys_that_differ_in_case_for_different_summaries(site: Site, source: Source) -> None:
    site.paper("conf/x/Abc", "Abc")
    site.summary("conf/x/Abc", 1, "one")
    site.summary("conf/x/abc", 2, "two")
    if site.backend != "mysql":
        site.paper("conf/x/abc", "abc")
    one, two = read(source, "conf/x/Abc", 1), read(source, "conf/x/abc", 2)
    assert one is not None
    assert two is not None
    assert (one.text, two.text) == ("one", "two")
    assert source.reread_all([reference("conf/x/Abc", 1), reference("conf/x/abc", 2)]) == {one.key: one, two.key: two}
    assert read(source, "conf/x/abc", 1) is None
    assert sorted(locators(source)) == ["conf/x/Abc", "conf/x/abc"]


@only_on(MYSQL)
def test_it_takes_the_paper_whose_key_is_exactly_its_own(site: Site, source: Source) -> None:
    site.execute("ALTER TABLE papers DROP INDEX bibtexKey")
    for key in ("conf/x/abc", "conf/x/ABC", "conf/x/Abc"):
        site.paper(key, f"Title of {key}")
    site.summary("conf/x/ABC", 1)
    site.summary("conf/x/Abc", 2)
    assert {listing.title for listing in listed(source)} == {"Title of conf/x/ABC", "Title of conf/x/Abc"}
    summary = read(source, "conf/x/Abc", 2)
    assert summary is not None
    assert summary.title == "Title of conf/x/Abc"


def test_it_pages_in_the_order_of_the_database(site: Site) -> None:
    """Upper case, trailing blanks and accents are what collations order and equate in their own ways."""
    papers = ["a", "B", "b ", "c", "C.", "ä", "z", "É", "e", "Z-1", "z 1", "_", "~", "0"]
    for number, paper in enumerate(papers):
        site.summary(paper, 100 + number)
    site.execute(
        "INSERT INTO papers (\"bibtexKey\", title) SELECT MIN(paperid), 'T' FROM vignettes GROUP BY paperid".replace(
            '"', "`" if site.backend == "mysql" else '"'
        )
    )
    for size in (1, 2, 3, 50):
        source = open_source(settings(site, page_size=size))
        for since in (None, NOON.replace(tzinfo=UTC)):
            assert sorted(locators(source, since)) == sorted(papers), (size, since)


def test_it_stays_at_a_handful_of_rows_per_question(site: Site, source: Source) -> None:
    for index in range(30):
        site.paper(f"p{index:02}")
        site.summary(f"p{index:02}", 1)
    pages = source.listings(None)
    first = next(pages)
    site.execute("DELETE FROM vignettes WHERE paperid > 'p20'")
    assert [listing.locator for listing in first] == ["p00", "p01", "p02"]
    assert len([listing for page in pages for listing in page]) == 18, "no cursor is held open between pages"


def test_it_sees_at_once_what_has_become_private_or_is_deleted(site: Site, source: Source) -> None:
    for paper in ("a", "b"):
        site.paper(paper)
        site.summary(paper, 1)
    references = [reference(paper, 1) for paper in ("a", "b")]
    assert source.missing(references) == set()
    site.execute("UPDATE vignettes SET priv = :yes WHERE paperid = 'a'", yes=True)
    assert read(source, "a", 1) is None
    site.execute("DELETE FROM vignettes WHERE paperid = 'b'")
    assert read(source, "b", 1) is None
    assert source.missing(references) == {reference.key for reference in references}
    assert source.missing([]) == set()


def test_it_finds_columns_whatever_their_case(site: Site, source: Source) -> None:
    quoted = "`bibtexKey`" if site.backend == "mysql" else '"bibtexKey"'
    site.paper("p")
    site.summary("p", 1)
    site.execute(f"ALTER TABLE papers RENAME COLUMN {quoted} TO bibtexkey")
    source.check()
    assert locators(source) == ["p"]


def test_it_names_everything_that_is_missing_at_once(site: Site, source: Source) -> None:
    site.execute("ALTER TABLE vignettes RENAME COLUMN priv TO private")
    site.execute("ALTER TABLE papers DROP COLUMN urls")
    site.execute("ALTER TABLE votes RENAME TO vote")
    with pytest.raises(SourceMisconfigured) as raised:
        source.check()
    problems = "\n".join(raised.value.problems)
    assert len(raised.value.problems) == 3
    assert "vignettes.priv" in problems
    assert "private" in problems
    assert "papers.urls" in problems
    assert "table votes is missing" in problems
    with pytest.raises(SourceMisconfigured):
        listed(source)


def test_it_reports_a_table_that_goes_away(site: Site, source: Source) -> None:
    site.paper("p")
    site.summary("p", 1)
    assert locators(source) == ["p"]
    site.execute("ALTER TABLE votes RENAME TO elsewhere")
    with pytest.raises(SourceError):
        listed(source)
    site.execute("ALTER TABLE elsewhere RENAME TO votes")
    assert locators(source) == ["p"]


@only_on(POSTGRES)
def test_it_reads_flags_that_are_numbers(site: Site, source: Source) -> None:
    """PostgreSQL alone tells them from booleans."""
    site.paper("p")
    site.summary("p", 1)
    for flag in ("priv", "anon"):
        site.execute(f"ALTER TABLE vignettes ALTER COLUMN {flag} TYPE smallint USING {flag}::int")
        site.execute(f"GRANT SELECT ON vignettes TO {make_url(site.reader_url).username}")
    assert locators(source) == ["p"]


@only_on(MYSQL, POSTGRES)
def test_it_reads_times_that_know_their_zone(site: Site) -> None:
    """PostgreSQL's timestamptz and MySQL's TIMESTAMP are instants; the configured zone must not shift them."""
    site.paper("p")
    site.summary("p", 1)
    for column in ("added", "edited"):
        if site.backend == "postgresql":
            site.execute(f"ALTER TABLE vignettes ALTER {column} TYPE timestamptz USING {column} AT TIME ZONE 'UTC'")
        else:
            site.execute(f"ALTER TABLE vignettes MODIFY {column} TIMESTAMP NULL")
    zone = ZoneInfo("Asia/Tokyo") if site.backend == "postgresql" else ZoneInfo("UTC")
    source = open_source(settings(site, timezone=zone))
    (listing,) = listed(source)
    assert listing.published == NOON.replace(tzinfo=UTC)
    site.execute("UPDATE votes SET edited = :old", old=datetime(2000, 1, 1))
    assert locators(source, listing.published) == ["p"]
    assert locators(source, listing.published + timedelta(seconds=1)) == []
