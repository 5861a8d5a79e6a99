"""Any database of texts, through one SELECT of the operator's whose columns are named as a summary's fields.

Everything the SELECT yields is public. It is asked as `SELECT … FROM (the query) AS q`, in pages by `id` or for some
ids, so its own conditions and joins stay what they are. No two rows may have the same `id`.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

from sqlalchemy import Engine, RowMapping, Select

from bot.observe.log import log
from bot.source.base import Listing, Reference, SourceMisconfigured, Summary, summary_key
from bot.source.encoding import repair
from bot.source.errors import reported
from bot.source.links import tidy_address
from bot.source.names import authors, read_number, squeeze, tags, whole_number
from bot.source.selection import Selection, find_problems, look_at, near_misses
from bot.source.settings import SourceSettings
from bot.source.statement import one_select
from bot.source.times import EPOCH, reading_at, to_utc


class Query:
    """A `Source` on the operator's SELECT. Thread-safe."""

    def __init__(self, settings: SourceSettings, engine: Engine) -> None:
        self._settings = settings
        self._engine = engine
        self._read = repair if settings.text_encoding == "utf8-in-latin1" else str
        self._known: Selection | None = None
        self._said: set[str] = set()

    def check(self) -> None:
        """See whether the SELECT runs and has the columns it must have; say so of names that look mistyped."""
        for unknown, meant in near_misses(self._selection().columns.values()):
            log.warning("the source query has an unknown column", column=unknown, perhaps_meant=meant)
        # Not judged row by row: who reads them afterwards says what is odd about them, once.
        self._rows(self._selection().page(None, None, self._settings.page_size))

    def listings(self, changed_since: datetime | None) -> Iterator[Sequence[Listing]]:
        """Rows with enough votes, a page at a time: all, or where there is a column `edited`, those edited since then.

        Where there is no column `votes`, every row has enough.
        """
        selection, size = self._selection(), self._settings.page_size
        since, after = self._since(changed_since), None
        while True:
            rows = self._rows(selection.page(after, since, size))
            self._say_odd(rows)
            yield [listing for row in rows if (listing := self._listing(row)) and self._has_enough_votes(row)]
            if len(rows) < size:
                return
            after = rows[-1]["id"]

    def reread(self, reference: Reference) -> Summary | None:
        """The row as it is now, whatever its votes; None if the query does not yield it any more."""
        return self.reread_all([reference]).get(reference.key)

    def reread_all(self, references: Sequence[Reference]) -> Mapping[str, Summary]:
        """The rows as they are now, whatever their votes."""
        keys = {reference.key for reference in references}
        rows = self._rows(self._selection().wholes({reference.locator for reference in references}))
        return {key: summary for row in rows if (key := _key(row)) in keys and (summary := self._summary(row))}

    def missing(self, references: Sequence[Reference]) -> set[str]:
        """Which of them the query does not yield any more."""
        rows = self._rows(self._selection().of_ids({reference.locator for reference in references}))
        return {reference.key for reference in references} - {_key(row) for row in rows if self._listing(row)}

    def close(self) -> None:
        self._engine.dispose()

    def _selection(self) -> Selection:
        """What the SELECT yields; looked at again as long as it has no rows to tell what its ids are."""
        if self._known is None or not self._known.has_rows:
            statement = one_select(self._settings.query or "", self._engine.dialect.name)
            with reported(self._engine.url), self._engine.connect() as connection:
                selection = look_at(connection, statement)
            if problems := find_problems(selection):
                raise SourceMisconfigured(problems)
            self._known = selection
        return self._known

    def _rows(self, statement: Select[Any] | None) -> Sequence[RowMapping]:
        if statement is None:
            return []
        with reported(self._engine.url), self._engine.connect() as connection:
            return connection.execute(statement).mappings().all()

    def _since(self, moment: datetime | None) -> str | None:
        if moment is None:
            return None
        return reading_at(moment, self._settings.timezone, with_offset=self._engine.dialect.name == "postgresql")

    def _has_enough_votes(self, row: RowMapping) -> bool:
        return "votes" not in row or whole_number(row["votes"]) >= self._settings.min_votes

    def _listing(self, row: RowMapping) -> Listing | None:
        """None for a row that cannot be posted because a required column is empty."""
        title, link = squeeze(self._text(row["title"])), tidy_address(self._text(row["link"]))
        if not link or not title or row["lacks_text"]:
            self._say_once("link" if not link else "title" if not title else "text", row)
            return None
        published, votes = self._published(row), whole_number(row.get("votes"))
        return Listing(_key(row), str(row["id"]), title, votes, published, link)

    def _say_once(self, column: str, row: RowMapping) -> None:
        if column not in self._said:
            self._said.add(column)
            log.warning("source rows are left out for want of a usable value", column=column, first=_key(row))

    def _say_odd(self, rows: Sequence[RowMapping]) -> None:
        """What the operator will hardly have meant: rows that cannot be told apart, votes that are none."""
        for row, next_row in pairwise(rows):
            if _key(row) == _key(next_row) and "id" not in self._said:
                self._said.add("id")
                log.warning("source rows share an id: they count as one summary", id=str(row["id"]))
        for row in rows:
            # A sum over no rows is NULL, and 0 is meant.
            if row.get("votes") is not None and read_number(row["votes"]) is None and "votes" not in self._said:
                self._said.add("votes")
                log.warning("source rows have votes that are no number: they count as 0", first=_key(row))

    def _summary(self, row: RowMapping) -> Summary | None:
        listing = self._listing(row)
        if listing is None:
            return None
        text = {name: self._text(row.get(name), " and " if name == "authors" else ", ") for name in row}
        return Summary(
            key=listing.key,
            title=listing.title,
            authors=authors(text.get("authors")),
            year=whole_number(row.get("year")) or None,
            venue=squeeze(text.get("venue")),
            tags=tags(text.get("tags")),
            paper_url=tidy_address(text.get("paper_url")),
            abstract=text.get("abstract", ""),
            text=text["text"],
            author=squeeze(text.get("author")) or None,
            votes=listing.votes,
            published=listing.published,
            edited=max(listing.published, to_utc(row.get("edited"), self._settings.timezone)),
            link=listing.link,
        )

    def _published(self, row: RowMapping) -> datetime:
        """When the row was published; where nothing says so, when it was edited; else the epoch."""
        moments = (to_utc(row.get(name), self._settings.timezone) for name in ("published", "edited"))
        return next((moment for moment in moments if moment != EPOCH), EPOCH)

    def _text(self, value: object, joint: str = ", ") -> str:
        """A column as text: of an array its parts, of bytes their characters."""
        if isinstance(value, list | tuple):
            value = joint.join(str(part) for part in value)
        if isinstance(value, bytes | memoryview):
            value = bytes(value).decode("utf-8", "replace")
        return "" if value is None else self._read(str(value))


def _key(row: RowMapping) -> str:
    return summary_key(str(row["id"]))
