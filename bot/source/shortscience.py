"""The site's own tables: papers, users, vignettes (a vignette is a summary) and votes.

Public is what the site lists: `priv` is 0 and the votes' sum is above -1. Both gates stand here. A private row is left
out by the database itself; of an anonymous one the user's row is not even joined, so that no name is ever read.

Questions are short and their answers bounded: a page holds so many summaries in the order of the primary key, and the
next one begins after the last one's key. The database compares, so pages fit together under any collation. Whether two
keys are the same is decided here, exactly: MySQL takes `a/B` for `A/b ` and would join them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Engine,
    FromClause,
    Row,
    Select,
    UnaryExpression,
    and_,
    bindparam,
    case,
    func,
    literal_column,
    or_,
    select,
    true,
    union,
)
from sqlalchemy.sql.operators import custom_op
from sqlalchemy.types import NullType

from bot.source.base import Listing, Reference, Summary, summary_key
from bot.source.encoding import repair
from bot.source.errors import reported
from bot.source.links import ANONYMOUS, paper_address, summary_link
from bot.source.names import authors, squeeze, tags, whole_number
from bot.source.schema import SiteTables, site_tables
from bot.source.settings import SourceSettings
from bot.source.times import reading_at, to_utc

# The site does not list a summary whose votes have come down to this.
HIDDEN_AT = -1
# The share of rows that SQLite is told are edited since the last pull. Tried on 1,600 and 60,000, 2026-11-21: above
# 0.1 no index on `edited` is used; below 0.04 it is for the pages behind the first, too, each of which would then read
# all that has changed.
FEW = "0.06"

Cursor = tuple[str, int]
SiteRow = Row[Any]


class ShortScience:
    """A `Source` on the site's tables. Thread-safe; SELECT is all it needs."""

    def __init__(self, settings: SourceSettings, engine: Engine) -> None:
        self._settings = settings
        self._engine = engine
        self._read = repair if settings.text_encoding == "utf8-in-latin1" else str

    def check(self) -> None:
        """See whether all tables and columns are there and can be read."""
        self._queries = self._look()
        next(self.listings(None), None)

    def listings(self, changed_since: datetime | None) -> Iterator[Sequence[Listing]]:
        """Public summaries with enough votes, a page at a time; those changed since then, or all."""
        since, size = self._since(changed_since), self._settings.page_size
        after: Cursor | None = None
        while True:
            rows = self._rows(self._queries.page(after, since, size))
            yield [self._listing(row) for row in _listed(rows) if row.votes >= self._settings.min_votes]
            if len(rows) < size:
                return
            after = (rows[-1].paperid, rows[-1].userid)

    def reread(self, reference: Reference) -> Summary | None:
        """The summary as it is now, if it is still public; votes below `min_votes` do not matter any more."""
        rows = self._rows(self._queries.whole, paperid=reference.locator)
        return next((self._summary(row) for row in _listed(rows) if _key(row) == reference.key), None)

    def reread_all(self, references: Sequence[Reference]) -> Mapping[str, Summary]:
        """The summaries as they are now, those that are still public."""
        keys = {reference.key for reference in references}
        rows = self._rows(self._queries.wholes, paperids=sorted({reference.locator for reference in references}))
        return {key: self._summary(row) for row in _listed(rows) if (key := _key(row)) in keys}

    def missing(self, references: Sequence[Reference]) -> set[str]:
        """Which of them are not public any more."""
        rows = self._rows(self._queries.of_papers, paperids=sorted({reference.locator for reference in references}))
        return {reference.key for reference in references} - {_key(row) for row in _listed(rows)}

    def close(self) -> None:
        self._engine.dispose()

    @cached_property
    def _queries(self) -> "_Queries":
        return self._look()

    def _look(self) -> "_Queries":
        with reported(self._engine.url), self._engine.connect() as connection:
            return _Queries(site_tables(connection), connection.dialect.name)

    def _rows(self, statement: Select[Any], **values: object) -> Sequence[SiteRow]:
        with reported(self._engine.url), self._engine.connect() as connection:
            return connection.execute(statement, values).all()

    def _since(self, moment: datetime | None) -> str | None:
        if moment is None:
            return None
        with_offset = self._engine.dialect.name == "postgresql"
        return reading_at(moment, self._settings.timezone, with_offset=with_offset)

    def _listing(self, row: SiteRow) -> Listing:
        return Listing(
            key=_key(row),
            locator=row.paperid,
            title=squeeze(self._read(row.title)),
            votes=whole_number(row.votes),
            published=to_utc(row.added, self._settings.timezone),
            link=self._link(row),
        )

    def _summary(self, row: SiteRow) -> Summary:
        published = to_utc(row.added, self._settings.timezone)
        return Summary(
            key=_key(row),
            title=squeeze(self._read(row.title)),
            authors=authors(self._text(row.authors)),
            year=_year(row.year),
            venue=squeeze(self._text(row.venue)),
            tags=tags(self._text(row.tags)),
            paper_url=paper_address(self._text(row.urls), self._read(row.paperid)),
            abstract=self._text(row.abstract),
            text=self._text(row.text),
            author=None if row.hidden else squeeze(self._text(row.displayname or row.username)) or None,
            votes=whole_number(row.votes),
            published=published,
            edited=max(published, to_utc(row.edited, self._settings.timezone)),
            link=self._link(row),
        )

    def _text(self, value: str | None) -> str:
        return self._read(value or "")

    def _link(self, row: SiteRow) -> str:
        username = ANONYMOUS if row.hidden else self._text(row.username)
        return summary_link(self._settings.site_url, self._read(row.paperid), username)


def _key(row: SiteRow) -> str:
    """From the values as the server gives them, so that a change of `text_encoding` makes nothing new."""
    return summary_key(row.paperid, str(row.userid))


def _listed(rows: Iterable[SiteRow]) -> Iterable[SiteRow]:
    """What the site lists, each summary once, with the paper whose key is exactly its own where there are several."""
    best: dict[Cursor, SiteRow] = {}
    for row in rows:
        if row.votes > HIDDEN_AT and (row.title or "").strip():
            current = best.setdefault((row.paperid, row.userid), row)
            if current.bibtexKey != row.paperid == row.bibtexKey:
                best[row.paperid, row.userid] = row
    return best.values()


def _year(value: object) -> int | None:
    try:
        return int(str(value)) or None
    except ValueError:
        return None


class _Queries:
    """The questions, for tables and columns as they are spelt in one database.

    hinted: say that few rows are edited since a moment, and that a first page is not read in the order of its key.
    SQLite takes a quarter of all rows for edited, and reads all of them in that order rather than use an index on
    `edited`. Where its rows lie in another order than their keys, as they came in, that takes six times as long as to
    read them as they lie and sort the few (100,000 summaries, 2026-11-26).

    fenced: pick the votes of a first page before anything else is asked of them. PostgreSQL counts that for every vote
    of the table, and then prefers the order of the key, too.
    """

    def __init__(self, tables: SiteTables, backend: str) -> None:
        self._tables = tables
        self._hinted = backend == "sqlite"
        self._fenced = backend == "postgresql"

    def page(self, after: Cursor | None, since: str | None, size: int) -> Select[Any]:
        """The next public summaries after a key: all, or those that are changed, in text, privacy or votes."""
        vignettes = self._tables.vignettes
        chosen: FromClause = vignettes
        if since is not None:
            changed = self._changed(after, since, size)
            chosen = changed.join(vignettes, _same_summary(changed, vignettes))
        rows = self._light(chosen).where(*_beyond(vignettes, after))
        return rows.order_by(vignettes.c.paperid, vignettes.c.userid).limit(size)

    @cached_property
    def whole(self) -> Select[Any]:
        """All public summaries of the paper `:paperid`, with their texts. Asked before every post, so built once."""
        return self._with_texts().where(self._tables.vignettes.c.paperid == bindparam("paperid"))

    @cached_property
    def wholes(self) -> Select[Any]:
        """The same of the papers `:paperids`."""
        return self._with_texts().where(self._tables.vignettes.c.paperid.in_(bindparam("paperids", expanding=True)))

    def _with_texts(self) -> Select[Any]:
        papers, vignettes, users = self._tables.papers.c, self._tables.vignettes.c, self._tables.users.c
        paper = (papers.authors, papers.year, papers.venue, papers.tags, papers.urls, papers.abstract)
        rows = self._light(self._tables.vignettes)
        return rows.add_columns(*paper, vignettes.text, vignettes.edited, users.displayname)

    @cached_property
    def of_papers(self) -> Select[Any]:
        """All public summaries of the papers `:paperids`, without their texts. Asked for every page of a sweep."""
        vignettes = self._tables.vignettes
        return self._light(vignettes).where(vignettes.c.paperid.in_(bindparam("paperids", expanding=True)))

    def _light(self, chosen: FromClause) -> Select[Any]:
        """What a listing takes of public summaries; of the user nothing if the summary is anonymous."""
        papers, users, vignettes = self._tables.papers, self._tables.users, self._tables.vignettes
        named = _is_zero(vignettes.c.anon)
        joined = chosen.outerjoin(papers, papers.c.bibtexKey == vignettes.c.paperid)
        joined = joined.outerjoin(users, and_(users.c.userid == vignettes.c.userid, named))
        key = (vignettes.c.paperid, vignettes.c.userid, papers.c.bibtexKey)
        hidden = case((named, 0), else_=1).label("hidden")
        shown = (papers.c.title, users.c.username, hidden, vignettes.c.added, self._votes().label("votes"))
        return select(*key, *shown).select_from(joined).where(_is_zero(vignettes.c.priv))

    def _votes(self) -> ColumnElement[Any]:
        votes = self._tables.votes
        total = select(func.coalesce(func.sum(votes.c.vote), 0)).where(_same_summary(votes, self._tables.vignettes))
        return total.correlate(self._tables.vignettes).scalar_subquery()

    def _changed(self, after: Cursor | None, since: str, size: int) -> FromClause:
        """Keys of public summaries of which text, privacy or a vote was saved since then: the first after a key.

        Each half is cut to the page by itself. So without an index on `edited` the first page reads each table once,
        and all pages behind it, where there are any, once more in the order of its primary key; with one they read
        what has changed.
        """
        vignettes, votes = self._tables.vignettes, self._tables.votes
        as_it_lies = self._hinted and after is None
        edited, voted = self._edited_since(vignettes, since), self._edited_since(votes, since)
        chosen: FromClause = votes
        if self._fenced and after is None:
            chosen = select(votes.c.paperid, votes.c.userid).where(voted).offset(0).subquery("saved")
            voted = true()
        # A scalar, since MariaDB would turn EXISTS round: it would read all of vignettes first, for every page. And
        # behind the moment, since MariaDB asks in the order given.
        priv = select(vignettes.c.priv).where(_same_summary(chosen, vignettes)).correlate(chosen).scalar_subquery()
        halves = [
            _first(vignettes, size, as_it_lies).where(edited, *_beyond(vignettes, after), _is_zero(vignettes.c.priv)),
            _first(chosen, size, as_it_lies).distinct().where(voted, *_beyond(chosen, after), _is_zero(priv)),
        ]
        return union(*(select(half.subquery()) for half in halves)).subquery("changed")

    def _edited_since(self, table: FromClause, since: str) -> ColumnElement[bool]:
        """Untyped, so that each database reads the moment as the type its column has."""
        edited = table.c.edited >= bindparam(None, since, type_=NullType())
        return func.likelihood(edited, literal_column(FEW)) if self._hinted else edited


def _is_zero(column: ColumnElement[Any]) -> ColumnElement[bool]:
    """NULL is not. A flag may be a number or, on PostgreSQL, a boolean."""
    return column.is_(False) if isinstance(column.type, Boolean) else column == 0


def _same_summary(one: FromClause, other: FromClause) -> ColumnElement[bool]:
    return and_(one.c.paperid == other.c.paperid, one.c.userid == other.c.userid)


def _first(table: FromClause, size: int, as_it_lies: bool) -> Select[Any]:
    """as_it_lies: no index serves a key with a plus before it, which changes neither its value nor its collation."""
    key = (table.c.paperid, table.c.userid)
    order = [UnaryExpression(column, operator=custom_op("+")) for column in key] if as_it_lies else key
    return select(*key).order_by(*order).limit(size)


def _beyond(table: FromClause, after: Cursor | None) -> list[ColumnElement[bool]]:
    """After the cursor, in the order of the primary key. The first condition alone gives the database its range."""
    if after is None:
        return []
    paperid, userid = after
    column = table.c.paperid
    return [column >= paperid, or_(column > paperid, and_(column == paperid, table.c.userid > userid))]
