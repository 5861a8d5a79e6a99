"""Where simulated bots keep their ledgers, and the owners' locks that go with each kind of place."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event

from bot.ledger.engine import LedgerUnavailable, explained, open_engine
from bot.ledger.lock import Owner, PostgresOwner, SqliteOwner
from bot.ledger.models import metadata


class Sessions:
    """The advisory locks of a modelled PostgreSQL: the numbers of the sessions that live."""

    def __init__(self) -> None:
        self.living: set[int] = set()
        self.last = 0

    def open(self) -> int:
        self.last += 1
        self.living.add(self.last)
        return self.last


class ModelOwner:
    """An owner as `PostgresOwner`, on modelled sessions: the one lock that SQLite cannot give to several bots."""

    def __init__(self, engine: Engine, sessions: Sessions) -> None:
        self._engine, self._sessions = engine, sessions
        self._ids = [sessions.open()]

    @property
    def id(self) -> int:
        return self._ids[-1]

    @property
    def lost(self) -> bool:
        return self.id not in self._sessions.living

    def mine(self, owner: int | None) -> bool:
        return owner in self._ids

    def alive(self, owner: int) -> bool:
        return owner in self._sessions.living

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        if self.lost:
            self._ids.append(self._sessions.open())
            raise LedgerUnavailable("the session is lost")
        with explained(self._engine), self._engine.begin() as connection:
            yield connection

    def release(self) -> None:
        self._sessions.living.discard(self.id)


@dataclass
class Place:
    """Where the ledgers of many schedules are, one after the other. `kind`: several, flock, or postgres."""

    kind: str
    engine: Engine
    path: Path | None = None

    @classmethod
    def on_sqlite(cls, folder: Path, kind: str) -> "Place":
        path = folder / f"{kind}.db"
        engine = open_engine(f"sqlite:///{path}")
        # No power fails here; what is under test is not the disk.
        event.listen(engine, "connect", lambda raw, _: raw.execute("PRAGMA synchronous=OFF"))
        metadata.create_all(engine)
        return cls(kind, engine, path)

    @classmethod
    def on_postgres(cls, url: str) -> "Place":
        maker = create_engine(url)
        metadata.create_all(maker)
        maker.dispose()
        return cls("postgres", open_engine(url))

    def empty(self) -> None:
        with self.engine.begin() as tx:
            for table in reversed(metadata.sorted_tables):
                tx.exec_driver_sql(f"DELETE FROM {table.name}")

    def claim(self, sessions: Sessions) -> Owner:
        if self.path is not None and self.kind == "flock":
            return SqliteOwner(self.engine, self.path)
        return ModelOwner(self.engine, sessions) if self.kind == "several" else PostgresOwner(self.engine)
