"""The site's four tables as they are in a given database: the columns needed, under the names they have there."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from sqlalchemy import Boolean, Column, Connection, Integer, MetaData, String, Table, bindparam, inspect, text
from sqlalchemy.types import NullType, TypeEngine

from bot.source.base import SourceMisconfigured

NEEDED: Mapping[str, tuple[str, ...]] = {
    "papers": ("bibtexKey", "title", "authors", "year", "venue", "tags", "urls", "abstract"),
    "users": ("userid", "username", "displayname"),
    "vignettes": ("paperid", "userid", "text", "priv", "anon", "added", "edited"),
    "votes": ("paperid", "userid", "vote", "edited"),
}
# All else comes as the driver gives it: what a column holds may differ from what it should.
TYPES: Mapping[str, type[TypeEngine[Any]]] = {"userid": Integer, "paperid": String, "bibtexKey": String}

COLUMNS = "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE lower(table_name) IN :tables"
COLUMNS_BY_BACKEND = {
    "mysql": f"{COLUMNS} AND table_schema = DATABASE()",
    "postgresql": f"{COLUMNS} AND table_schema = ANY(current_schemas(false))",
    "sqlite": "SELECT m.name, c.name, '' FROM sqlite_master m, pragma_table_info(m.name) c"
    " WHERE lower(m.name) IN :tables",
}
# Table -> column -> type, as the database spells them.
Found = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class SiteTables:
    """The tables, whose columns answer to the site's names whatever case the database writes them in."""

    papers: Table
    users: Table
    vignettes: Table
    votes: Table


def site_tables(connection: Connection) -> SiteTables:
    """The tables of this database. Raises `SourceMisconfigured` with all tables and columns that are missing.

    A copy made by a migration tool has often lost the upper case of `bibtexKey`, so case is not asked for.
    """
    there = _columns(connection)
    problems = [problem for table in NEEDED for problem in _problems(table, there, connection)]
    if problems:
        raise SourceMisconfigured(problems)
    return SiteTables(**{table: _table(table, there) for table in NEEDED})


def _columns(connection: Connection) -> Found:
    """What the user may see of the tables needed."""
    statement = text(COLUMNS_BY_BACKEND[connection.dialect.name]).bindparams(bindparam("tables", expanding=True))
    there: dict[str, dict[str, str]] = {}
    for table, column, kind in connection.execute(statement, {"tables": list(NEEDED)}):
        there.setdefault(str(table), {})[str(column)] = str(kind)
    return there


def _spelt(table: str, there: Found) -> tuple[str, dict[str, str]]:
    """The table's name in the database, and the database's name of each column needed that is there."""
    name = _find(table, there)
    found = {column: _find(column, there.get(name, ())) for column in NEEDED[table]}
    return name, {column: actual for column, actual in found.items() if actual}


def _find(name: str, names: Iterable[str]) -> str:
    """The same name, or else one that differs only in case; empty if there is none."""
    alike = [other for other in names if other.lower() == name.lower()]
    return name if name in alike else next(iter(alike), "")


def _problems(table: str, there: Found, connection: Connection) -> list[str]:
    name, columns = _spelt(table, there)
    if not name:
        names = [*inspect(connection).get_table_names(), *inspect(connection).get_view_names()]
        return [f"table {table} is missing, or the user may not SELECT from it{_hint(table, names)}"]
    missing = [column for column in NEEDED[table] if column not in columns]
    others = [column for column in there[name] if column not in columns.values()]
    return [f"column {table}.{column} is missing, or not granted{_hint(column, others)}" for column in missing]


def _hint(name: str, names: Iterable[str]) -> str:
    by_lower = {other.lower(): other for other in names}
    likely = get_close_matches(name.lower(), by_lower, n=1)
    return f" (there is {by_lower[likely[0]]})" if likely else ""


def _table(table: str, there: Found) -> Table:
    name, columns = _spelt(table, there)
    kinds = {column: Boolean if there[name][actual] == "boolean" else NullType for column, actual in columns.items()}
    typed = (Column(actual, TYPES.get(column, kinds[column])(), key=column) for column, actual in columns.items())
    return Table(name, MetaData(), *typed)
