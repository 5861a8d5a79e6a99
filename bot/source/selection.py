"""The operator's SELECT as something to ask questions of: its columns, its pages, its rows by id."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Select,
    Subquery,
    bindparam,
    case,
    column,
    or_,
    select,
    text,
)
from sqlalchemy.types import NullType

REQUIRED = ("id", "title", "text", "link")
OPTIONAL = ("authors", "year", "venue", "tags", "paper_url", "abstract", "author", "votes", "published", "edited")
LISTED = ("id", "title", "link", "votes", "published", "edited")
# What an id may be, and how its text becomes one again.
ID_TYPES: Mapping[type, Callable[[str], object]] = {int: int, str: str, UUID: UUID, Decimal: Decimal}
# A wrong guess at what a mistyped column means costs a line in the log, so only what is very close counts.
MISTYPED = 0.8


@dataclass(frozen=True)
class Selection:
    """One SELECT, found to run.

    columns   every name it yields, in lower case -> as the database spells it
    repeated  names it yields more than once, in lower case
    id_type   the Python type of its ids; None while it yields no row
    """

    statement: str
    columns: Mapping[str, str]
    repeated: tuple[str, ...] = ()
    id_type: type | None = None

    @property
    def has_rows(self) -> bool:
        return self.id_type is not None

    def page(self, after: object, since: str | None, size: int) -> Select[Any]:
        """The next rows by id, without their texts; only those edited since then, where that is known."""
        key = self._column("id")
        rows = self._of(LISTED).where(key.is_not(None)).order_by(key).limit(size)
        if after is not None:
            rows = rows.where(key > _untyped(after))
        if since is not None and "edited" in self.columns:
            edited = self._column("edited")
            # Empty is commonly "never edited": such a row may be new.
            rows = rows.where(or_(edited >= _untyped(since), edited.is_(None)))
        return rows

    def wholes(self, locators: Iterable[str]) -> Select[Any] | None:
        """The rows with these ids, with all they have; None if no row can have one."""
        return self._with_ids((*REQUIRED, *OPTIONAL), locators)

    def of_ids(self, locators: Iterable[str]) -> Select[Any] | None:
        """The rows with these ids, without their texts; None if no row can have one."""
        return self._with_ids(LISTED, locators)

    def _with_ids(self, names: Iterable[str], locators: Iterable[str]) -> Select[Any] | None:
        ids = list(self._ids(sorted(locators)))
        return self._of(names).where(or_(*(self._column("id") == _untyped(one) for one in ids))) if ids else None

    def _ids(self, locators: Iterable[str]) -> Iterator[object]:
        if self.id_type is None:
            return
        for locator in locators:
            try:
                yield ID_TYPES[self.id_type](locator)
            except (ValueError, InvalidOperation):
                continue

    def _of(self, names: Iterable[str]) -> Select[Any]:
        content = self._column("text")
        lacks_text = case((or_(content.is_(None), content == _untyped("")), 1), else_=0).label("lacks_text")
        return select(*(self._column(name).label(name) for name in names if name in self.columns), lacks_text)

    def _column(self, name: str) -> ColumnElement[Any]:
        return self._rows.c[self.columns[name]]

    @cached_property
    def _rows(self) -> Subquery:
        return _as_table(self.statement, self.columns.values())


def look_at(connection: Connection, statement: str) -> Selection:
    """Run the SELECT for no row, to see its columns, and then for one, to see an id."""
    nothing = select(text("*")).select_from(_as_table(statement, ())).where(text("1 = 0"))
    with connection.execute(nothing) as result:
        names = [str(described[0]) for described in result.cursor.description] if result.cursor else []
    lower = [name.lower() for name in names]
    repeated = tuple(name for name in dict.fromkeys(lower) if lower.count(name) > 1)
    selection = Selection(statement, dict(zip(lower, names, strict=True)), repeated)
    if find_problems(selection):
        return selection
    key = selection._column("id")
    sample = connection.execute(select(key).where(key.is_not(None)).limit(1)).scalar()
    return Selection(statement, selection.columns, id_type=None if sample is None else type(sample))


def find_problems(selection: Selection) -> list[str]:
    """Everything that keeps the SELECT from serving, one sentence each."""
    unknown = [name for name in selection.columns if name not in REQUIRED + OPTIONAL]
    missing = [name for name in REQUIRED if name not in selection.columns]
    problems = [f"[source] query has no column {name}{_hint(name, unknown)}" for name in missing]
    twice = [name for name in selection.repeated if name in REQUIRED + OPTIONAL]
    problems += [f"[source] query has more than one column {name}" for name in twice]
    if selection.id_type is not None and selection.id_type not in ID_TYPES:
        kind = selection.id_type.__name__
        problems.append(
            f"[source] query: id is of type {kind}; make it a number or a text, e.g. HEX(id) or CAST(id AS CHAR)"
        )
    return problems


def near_misses(names: Iterable[str]) -> list[tuple[str, str]]:
    """Columns that are none of ours, but nearly: (what it is called, what may be meant)."""
    lower = [name.lower() for name in names]
    absent = [name for name in OPTIONAL if name not in lower]
    unknown = [name for name in lower if name not in REQUIRED + OPTIONAL]
    likely = ((name, get_close_matches(name, absent, n=1, cutoff=MISTYPED)) for name in unknown)
    return [(name, found[0]) for name, found in likely if found]


def _hint(name: str, unknown: list[str]) -> str:
    likely = get_close_matches(name, unknown, n=1)
    return f"; is {likely[0]} meant to be it? Write {likely[0]} AS {name}" if likely else f"; add … AS {name}"


def _as_table(statement: str, names: Iterable[str]) -> Subquery:
    """The statement in brackets. Its colons are its own, not parameters'; its last line may be a comment."""
    literal = text(statement.replace(":", r"\:") + "\n")
    return literal.columns(*(column(name) for name in names)).subquery("q")


def _untyped(value: object) -> BindParameter[Any]:
    """A value for which the database, not the driver, finds the type: that of the column it stands beside."""
    return bindparam(None, value, type_=NullType())
