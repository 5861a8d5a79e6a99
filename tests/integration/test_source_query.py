"""Kind `query`: one SELECT of the operator's, on each server."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from structlog.testing import capture_logs

from bot.source import SourceSettings, open_source
from bot.source.base import Listing, Reference, Source, SourceError, SourceMisconfigured, Summary, summary_key
from tests.site import MYSQL, NOON, POSTGRES, Site, only_on

EVERYTHING = """
SELECT n.id, n.head AS title, n.body AS text, n.url AS link, n.people AS authors, n.year, n.venue, n.tags,
       n.paper AS paper_url, n.abstract, n.who AS author, n.votes, n.published, n.edited, 'x' AS unknown
FROM notes AS n WHERE n.head <> 'hidden' -- a comment to end it
;
"""
BARE = "SELECT id, head AS title, body AS text, url AS link FROM notes"


@pytest.fixture
def site(site_database: Site) -> Site:
    moment = "TIMESTAMP" if site_database.backend == "postgresql" else "DATETIME"
    site_database.execute(
        "CREATE TABLE notes (id INTEGER PRIMARY KEY, head VARCHAR(200), body TEXT, url VARCHAR(200),"
        " people VARCHAR(200), year INTEGER, venue VARCHAR(200), tags VARCHAR(200), paper VARCHAR(200), abstract TEXT,"
        f" who VARCHAR(200), votes INTEGER, published {moment}, edited {moment})"
    )
    return site_database


def note(site: Site, number: object, **changes: Any) -> None:
    row = {"id": number, "head": f"Title {number}", "body": "Text.", "url": f"https://example.org/{number}", **changes}
    row.setdefault("edited", NOON)
    site.execute(f"INSERT INTO notes ({', '.join(row)}) VALUES ({', '.join(f':{name}' for name in row)})", **row)


def open_query(site: Site, query: str, **changes: Any) -> Source:
    given: dict[str, Any] = {"url": site.url, "kind": "query", "query": query, "text_encoding": "utf8"}
    given |= {"timezone": ZoneInfo("UTC"), "site_url": "http://unused.example", "min_votes": 1, "page_size": 3}
    return open_source(SourceSettings(**{**given, **changes}))


def listed(source: Source, since: datetime | None = None) -> list[Listing]:
    return [listing for page in source.listings(since) for listing in page]


def reference(number: object) -> Reference:
    return Reference(summary_key(str(number)), str(number))


def test_it_gives_a_summary_with_all_the_query_yields(site: Site) -> None:
    published, edited = NOON, NOON + timedelta(days=1)
    people = {"people": "Lovelace, Ada and Charles Babbage", "who": " Bob "}
    paper = {"year": 1843, "venue": "V", "tags": "a, b", "paper": "https://doi.org/10.1/x", "abstract": "A."}
    note(site, 7, votes=4, published=published, edited=edited, **people, **paper)
    source = open_query(site, EVERYTHING)
    source.check()
    assert source.reread(reference(7)) == Summary(
        key=summary_key("7"),
        title="Title 7",
        authors=("Ada Lovelace", "Charles Babbage"),
        year=1843,
        venue="V",
        tags=("a", "b"),
        paper_url="https://doi.org/10.1/x",
        abstract="A.",
        text="Text.",
        author="Bob",
        votes=4,
        published=published.replace(tzinfo=UTC),
        edited=edited.replace(tzinfo=UTC),
        link="https://example.org/7",
    )
    (listing,) = listed(source)
    assert listing == Listing(
        summary_key("7"), "7", "Title 7", 4, published.replace(tzinfo=UTC), "https://example.org/7"
    )


def test_it_does_with_the_four_columns_that_must_be(site: Site) -> None:
    for number in range(5):
        note(site, number)
    source = open_query(site, BARE, min_votes=10)
    source.check()
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    everything = listed(source)
    assert [(listing.locator, listing.votes, listing.published) for listing in everything] == [
        (str(number), 0, epoch) for number in range(5)
    ]
    assert listed(source, datetime.now(UTC)) == everything, "without a column `edited` every pull reads all"
    summary = source.reread(reference(3))
    assert summary is not None
    assert (summary.authors, summary.tags, summary.author, summary.year) == ((), (), None, None)


def test_it_lists_what_has_changed_and_has_enough_votes(site: Site) -> None:
    for number in range(9):
        note(site, number, votes=number % 3, edited=NOON + timedelta(hours=number))
    source = open_query(site, EVERYTHING)
    since = NOON.replace(tzinfo=UTC) + timedelta(hours=4)
    assert [listing.locator for listing in listed(source)] == ["1", "2", "4", "5", "7", "8"]
    assert [listing.locator for listing in listed(source, since)] == ["4", "5", "7", "8"]
    assert listed(source)[0].published == NOON.replace(tzinfo=UTC) + timedelta(hours=1)


def test_it_rereads_whatever_the_votes_and_sees_what_is_gone(site: Site) -> None:
    note(site, 1, votes=0)
    note(site, 2, head="hidden")
    source = open_query(site, EVERYTHING)
    assert listed(source) == []
    assert source.reread(reference(1)) is not None
    references = [reference(number) for number in (1, 2, 3, "not a number", "1.0")]
    assert [source.reread(reference) is None for reference in references] == [False, True, True, True, True]
    assert set(source.reread_all(references)) == {reference(1).key}
    assert source.reread_all([]) == {}
    assert source.missing(references) == {reference.key for reference in references[1:]}
    assert source.missing([]) == set()


def test_it_misses_everything_while_the_query_yields_nothing(site: Site) -> None:
    source = open_query(site, EVERYTHING)
    source.check()
    assert source.missing([reference(1)]) == {reference(1).key}
    note(site, 1)
    assert source.missing([reference(1)]) == set()


@pytest.mark.parametrize("kind", ["VARCHAR(50)", "CHAR(3)", "NUMERIC(10, 2)", "BIGINT", "SMALLINT", "UUID"])
def test_it_compares_ids_as_what_they_are(site: Site, kind: str) -> None:
    ids = [uuid.UUID(int=number) for number in range(1, 8)] if kind == "UUID" else range(101, 108)
    site.execute(f"CREATE TABLE things (id {kind} PRIMARY KEY)")
    for one in ids:
        site.execute("INSERT INTO things VALUES (:id)", id=str(one))
    source = open_query(site, "SELECT id, 'T' AS title, 'x' AS text, 'http://example.org' AS link FROM things")
    source.check()
    found = listed(source)
    assert len(found) == len({listing.key for listing in found}) == 7
    references = [Reference(listing.key, listing.locator) for listing in found]
    assert {reference.key: source.reread(reference) for reference in references} == source.reread_all(references)
    assert all(source.reread(reference) for reference in references)
    assert source.missing([*references, reference("nothing")]) == {reference("nothing").key}


def test_it_leaves_the_operators_signs_alone(site: Site) -> None:
    note(site, 1, head="50% of :them", who="12:30")
    cast = "::text" if site.backend == "postgresql" else ""
    query = (
        f"SELECT id, head{cast} AS title, body AS text, url AS link, ':a %s %(b)s \\:c ?' AS venue, who AS author "
        "FROM notes WHERE head LIKE '50%' AND head LIKE '%:them' AND who = '12:30' AND id % 2 = 1"
    )
    source = open_query(site, query)
    source.check()
    summary = source.reread(reference(1))
    assert summary is not None
    assert summary.title == "50% of :them"
    assert summary.venue == (":a %s %(b)s :c ?" if site.backend == "mysql" else ":a %s %(b)s \\:c ?")


def test_it_leaves_out_rows_that_cannot_be_posted_and_says_so_once(site: Site) -> None:
    note(site, 1, head=None)
    note(site, 2, head=" ")
    note(site, 3, body="")
    note(site, 4, body=None)
    note(site, 5, url="see the web")
    note(site, 6, url=None)
    note(site, 7)
    source = open_query(site, BARE)
    with capture_logs() as lines:
        assert [listing.locator for listing in listed(source)] == ["7"]
        assert source.missing([reference(number) for number in range(1, 8)]) == {
            reference(number).key for number in range(1, 7)
        }
        assert source.reread(reference(3)) is None
    assert sorted(line["column"] for line in lines) == ["link", "text", "title"]


def test_it_repairs_the_encoding_of_every_text(site: Site) -> None:
    note(site, 1, head="layerâ€™s", body="â€\x9d", who="DollÃ¡r", people="DollÃ¡r, Piotr")
    source = open_query(site, EVERYTHING, text_encoding="utf8-in-latin1")
    summary = source.reread(reference(1))
    assert summary is not None
    assert (summary.title, summary.text, summary.author) == ("layer’s", "”", "Dollár")
    assert summary.authors == ("Piotr Dollár",)


def test_it_names_all_missing_columns_at_once(site: Site) -> None:
    source = open_query(site, "SELECT id, head AS titel, url AS lnk, body FROM notes")
    with pytest.raises(SourceMisconfigured) as raised:
        source.check()
    title, text, link = raised.value.problems
    assert "no column title; is titel meant" in title
    assert "no column text" in text
    assert "no column link; is lnk meant" in link
    with pytest.raises(SourceMisconfigured):
        listed(source)


def test_it_hints_at_mistyped_names_of_columns_that_may_be(site: Site) -> None:
    note(site, 1)
    source = open_query(site, f"SELECT q.*, 1 AS vote, 2 AS whatever FROM ({BARE}) AS q")
    with capture_logs() as lines:
        source.check()
    assert [(line["column"], line["perhaps_meant"]) for line in lines] == [("vote", "votes")]


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("SELECT id FROM no_such_table", "no_such_table"),
        ("SELECT id, FROM notes", "FROM"),
        ("SELECT nothing AS id FROM notes", "nothing"),
        ("DELETE FROM notes", "one SELECT"),
        (None, "is empty"),
    ],
)
def test_it_says_what_is_wrong_with_the_query(site: Site, query: Any, problem: str) -> None:
    with pytest.raises(SourceMisconfigured, match=problem):
        open_query(site, query).check()


@only_on(MYSQL, POSTGRES)
def test_it_refuses_a_column_named_twice(site: Site) -> None:
    with pytest.raises(SourceMisconfigured, match="title"):
        open_query(site, "SELECT id, head AS title, body AS text, url AS link, venue AS title FROM notes").check()


def test_it_refuses_ids_that_are_bytes(site: Site) -> None:
    note(site, 1)
    literal = r"'\x01'::bytea" if site.backend == "postgresql" else "X'01'"
    with pytest.raises(SourceMisconfigured, match="id is of type"):
        open_query(site, f"SELECT {literal} AS id, head AS title, body AS text, url AS link FROM notes").check()


@only_on(POSTGRES)
def test_it_cannot_write_even_as_the_tables_owner(site: Site) -> None:
    note(site, 1)
    site.execute("CREATE FUNCTION wipe() RETURNS integer LANGUAGE sql AS 'DELETE FROM notes; SELECT 1'")
    with pytest.raises(SourceError, match="read-only"):
        open_query(site, "SELECT wipe() AS id, 'T' AS title, 'x' AS text, 'http://example.org' AS link").check()
    assert len(listed(open_query(site, BARE))) == 1


@only_on(POSTGRES)
def test_it_reads_arrays(site: Site) -> None:
    note(site, 1)
    source = open_query(
        site,
        "SELECT id, head AS title, body AS text, url AS link, ARRAY['a b', 'c'] AS tags,"
        " ARRAY['Ada Lovelace', 'Babbage, Charles'] AS authors FROM notes",
    )
    summary = source.reread(reference(1))
    assert summary is not None
    assert (summary.tags, summary.authors) == (("a b", "c"), ("Ada Lovelace", "Charles Babbage"))
