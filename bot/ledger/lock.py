"""A bot's claim to a ledger: a lock that lives exactly as long as its process, or its database session.

A lease that merely runs out does not do: a process stopped just before its first byte goes on after the lease, and
posts what another has posted meanwhile. A lock that the kernel, or PostgreSQL, takes away with its holder does.

SQLite: `flock` on `<ledger>.lock`, a file that nothing else opens; `lockf` would be lost as soon as any descriptor of
the file is closed. A second bot is refused. Never fork without exec: a child would keep the lock.

PostgreSQL: a session advisory lock with the owner's number, on the very connection that arms. A bot whose session is
gone cannot arm. Several bots may run; whose lock can be taken is dead.
"""

import fcntl
import os
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from bot.ledger.engine import LedgerError, answers, explained, ledger_path

# Every bot holds one advisory lock in its session, and nothing else in this database does.
_OTHERS = """
SELECT EXISTS (
    SELECT FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
    WHERE datname = current_database() AND locktype = 'advisory' AND granted AND pid <> pg_backend_pid()
)
"""


class Owner(Protocol):
    """Who arms deliveries, and the only one who can tell whether another is alive."""

    @property
    def id(self) -> int: ...

    def mine(self, owner: int | None) -> bool:
        """Whether `owner` is, or was, this very bot."""

    def alive(self, owner: int) -> bool:
        """Whether another owner may still be at work."""

    def others(self) -> bool:
        """Whether another bot is at work on this ledger."""

    def transaction(self) -> AbstractContextManager[Connection]:
        """A transaction that cannot commit unless the lock is held."""

    def probe(self) -> None:
        """Raises LedgerError if the ledger could not be written, or is not this bot's any more."""

    def release(self) -> None: ...


def claim(engine: Engine, url: str) -> "SqliteOwner | PostgresOwner":
    """Take the lock. Raises LedgerError if the ledger is another bot's."""
    path = ledger_path(url)
    return SqliteOwner(engine, path) if path is not None else PostgresOwner(engine)


def _new_id() -> int:
    return secrets.randbits(62) + 1


class SqliteOwner:
    """The one bot of a SQLite ledger."""

    def __init__(self, engine: Engine, path: Path) -> None:
        self.id = _new_id()
        self._engine = engine
        # Of the file itself: through a link it would be another lock.
        lock = Path(f"{path.resolve()}.lock")
        try:
            self._descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise LedgerError(f"the lock file {lock} cannot be opened: {error.strerror}") from None
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(self._descriptor)
            raise LedgerError(
                f"another bot works on the ledger {path}: end it first, or give this one its own"
            ) from None

    def mine(self, owner: int | None) -> bool:
        return owner == self.id

    def alive(self, owner: int) -> bool:
        # Holding the lock proves that every earlier owner is dead.
        return owner == self.id

    def others(self) -> bool:
        return False

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        with explained(self._engine), self._engine.begin() as connection:
            yield connection

    def probe(self) -> None:
        if self._descriptor < 0 or os.fstat(self._descriptor).st_nlink == 0:
            raise LedgerError("the lock file beside the ledger was taken away: restart the bot")
        # BEGIN IMMEDIATE takes the right to write.
        with self.transaction():
            pass

    def release(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


class PostgresOwner:
    """One of several bots on a PostgreSQL ledger. Reconnects under a new number when its session is lost."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._guard = threading.RLock()
        self._ids: list[int] = []
        self._connection: Connection | None = None
        self._used_at = 0.0
        with explained(engine):
            self._session()

    @property
    def id(self) -> int:
        return self._ids[-1]

    def mine(self, owner: int | None) -> bool:
        return owner in self._ids

    def alive(self, owner: int) -> bool:
        if self.mine(owner):
            return owner == self.id
        with explained(self._engine), self._engine.connect() as connection:
            # The answer is all that is wanted: taken for this transaction, the lock cannot outlive the question.
            return not connection.execute(text("SELECT pg_try_advisory_xact_lock(:id)"), {"id": owner}).scalar_one()

    def others(self) -> bool:
        with self.transaction() as tx:
            return bool(tx.execute(text(_OTHERS)).scalar_one())

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        with self._guard, explained(self._engine):
            connection = self._session()
            try:
                with connection.begin():
                    yield connection
            except DBAPIError:
                # Whether the session survived cannot be told from here; a new one can be trusted.
                self._drop()
                raise

    def probe(self) -> None:
        # A session that is lost is replaced before the next post: it keeps nobody from working.
        with explained(self._engine), self._engine.connect() as connection:
            if connection.execute(text("SHOW transaction_read_only")).scalar_one() == "on":
                raise LedgerError("the ledger cannot be written: the database is read-only")

    def _session(self) -> Connection:
        # Asked before it arms: a server that restarted costs no account its turn.
        rested = time.monotonic() - self._used_at
        if self._connection is not None and not answers(self._connection.connection.driver_connection, rested):
            self._drop()
        if self._connection is None:
            connection = self._engine.connect()
            self._ids.append(_new_id())
            connection.execute(text("SELECT pg_advisory_lock(:id)"), {"id": self.id})
            connection.commit()
            self._connection = connection
        self._used_at = time.monotonic()
        return self._connection

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            # Not given back to the pool: its advisory lock must end with it.
            connection.invalidate()
            connection.close()

    def release(self) -> None:
        with self._guard:
            self._drop()
