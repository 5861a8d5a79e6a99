"""Connections that only read: short time-outs, read-only sessions, and SQLite files left exactly as they were."""

import logging
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

from bot.source.base import SourceError, SourceMisconfigured
from bot.source.errors import place

CONNECT_SECONDS = 10
ANSWER_SECONDS = 60
LOGGED_AS = "source"
# Shorter than the time after which firewalls and MySQL's wait_timeout commonly drop an idle connection.
RECYCLE_SECONDS = 300
# One connection is kept; as many as accounts ask at once are made.
POOL: dict[str, Any] = {"pool_size": 1, "max_overflow": 4}
# Bytes 18 and 19 of a SQLite file (https://www.sqlite.org/fileformat2.html): how it is written and read, 2 for WAL.
WRITE_VERSION_AT = 18
WAL = 2


def open_engine(address: str, zone: ZoneInfo) -> Engine:
    """A pool of read-only connections; none is made yet. `zone` is what times without one are in."""
    try:
        url = make_url(address)
        engine = _open_sqlite(url) if url.get_backend_name() == "sqlite" else _open_server(url)
    except (ArgumentError, ImportError, ValueError):
        raise SourceMisconfigured(
            ["[source] url is no address of a database; write e.g. mysql+pymysql://user@host/db"]
        ) from None
    prepare = {"postgresql": _prepare_postgres, "mysql": _prepare_mysql}.get(url.get_backend_name())
    if prepare is not None:
        event.listen(engine, "connect", lambda connection, _record: prepare(connection, zone))
    return engine


def _open_server(url: URL) -> Engine:
    arguments: dict[str, Any] = {"connect_timeout": CONNECT_SECONDS}
    if url.get_backend_name() == "postgresql":
        # Without these a peer that has vanished is waited for as long as the kernel likes: hours.
        alive = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}
        arguments |= {**alive, "tcp_user_timeout": ANSWER_SECONDS * 1000, "client_encoding": "utf8"}
    if url.drivername == "mysql+pymysql":
        # utf8mb4 whatever the URL says: the only character set in which every byte of the columns arrives. PyMySQL's
        # `connect_timeout` ends with TCP's handshake: a server that then says nothing is waited for as long as for a
        # read (tried with 1.2.4, 2026-11-21).
        arguments |= {"read_timeout": CONNECT_SECONDS, "write_timeout": ANSWER_SECONDS, "charset": "utf8mb4"}
    alive = {"pool_pre_ping": True, "pool_recycle": RECYCLE_SECONDS}
    return create_quiet_engine(url, connect_args=arguments, **POOL, **alive)


def create_quiet_engine(url: URL, **options: Any) -> Engine:
    """An engine that never logs what it reads, which SQLAlchemy does at DEBUG: texts, and ids of anonymous authors."""
    logging.getLogger(f"sqlalchemy.engine.Engine.{LOGGED_AS}").setLevel(logging.WARNING)
    return create_engine(url, hide_parameters=True, logging_name=LOGGED_AS, **options)


def _prepare_postgres(connection: Any, _zone: ZoneInfo) -> None:
    """SET rather than start-up options, which connection poolers refuse."""
    with closing(connection.cursor()) as cursor:
        cursor.execute("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY")
        cursor.execute(f"SET statement_timeout = {ANSWER_SECONDS * 1000}")
    connection.commit()


def _prepare_mysql(connection: Any, zone: ZoneInfo) -> None:
    """Read only, with the server's own instants (TIMESTAMP) shown in the zone that its naive times are said to be in.

    A server whose zone tables are empty knows no names and goes on in the zone it has, which is what it writes in. Of
    the limits on a statement's time, MariaDB knows the first and MySQL the second.
    """
    import pymysql  # late: only who uses it should pay for it

    where_known = {
        "time_zone": "+00:00" if zone.key == "UTC" else zone.key,
        "max_statement_time": ANSWER_SECONDS,
        "max_execution_time": ANSWER_SECONDS * 1000,
    }
    # Logged in: from here on a question may take its time. There is no public way to say so.
    connection._read_timeout = ANSWER_SECONDS
    with closing(connection.cursor()) as cursor:
        cursor.execute("SET SESSION TRANSACTION READ ONLY")
        for variable, value in where_known.items():
            with suppress(pymysql.err.MySQLError):
                cursor.execute(f"SET SESSION {variable} = %s", [value])
    connection.commit()


def _open_sqlite(url: URL) -> Engine:
    path = Path(url.database or "")
    engine = create_quiet_engine(url, creator=lambda: _open_file(url), poolclass=QueuePool, **POOL)
    event.listen(engine, "connect", lambda _, record: record.info.update(new=True))
    event.listen(engine, "checkout", lambda file, record, _: _see_whether_it_is_still_there(path, file, record))
    event.listen(engine, "checkin", _close_unless_harmless)
    return engine


class _File(sqlite3.Connection):
    """A SQLite file opened to read. `which`: device and inode."""

    which: tuple[int, int]
    immutable: bool

    def may_stay_open(self) -> bool:
        """Whether it can be read through this connection again, as it is then, and is in nobody's way until then.

        A file in WAL mode is opened anew each time: read as one that nobody writes, it would not show what is new; and
        an open reader keeps the last writer from clearing up behind itself.
        """
        try:
            # The first question reads the file: what the second answers is then as it is now.
            self.execute("PRAGMA schema_version")
            return not self.immutable and self.execute("PRAGMA journal_mode").fetchone() != ("wal",)
        except sqlite3.Error:
            return False


def _open_file(url: URL) -> _File:
    """A SQLite file opened to read, leaving nothing beside it."""
    path = Path(url.database or "")
    if not path.is_file():
        raise SourceError(f"{place(url)}: there is no such file; see [source] url")
    which, immutable = _which(path), _lies_still(path)
    address = f"file:{quote(str(path.absolute()))}?{'immutable=1' if immutable else 'mode=ro'}"
    file = sqlite3.connect(address, uri=True, timeout=CONNECT_SECONDS, check_same_thread=False, factory=_File)
    file.which, file.immutable = which, immutable
    # What is no UTF-8 is read as well as can be, instead of failing on it.
    file.text_factory = lambda raw: raw.decode("utf-8", "replace")
    return file


def _which(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_dev, found.st_ino


def _see_whether_it_is_still_there(path: Path, file: _File, record: ConnectionPoolEntry) -> None:
    """Have a connection replaced whose file is another by now, or has gone over to WAL mode."""
    if record.info.pop("new", False):
        return
    try:
        same = _which(path) == file.which
    except OSError:
        same = False
    if not (same and file.may_stay_open()):
        raise DisconnectionError


def _close_unless_harmless(file: _File | None, record: ConnectionPoolEntry) -> None:
    if file is not None and not file.may_stay_open():
        record.invalidate()


def _lies_still(path: Path) -> bool:
    """Whether a file in WAL mode is open nowhere, so that it can be read without the `-wal` and `-shm` beside it.

    Even a reader would create both and leave them behind. As soon as a writer has the file open, `-wal` is there, holds
    what is new, and is read too. A file in the other mode is always read with its locks: that leaves nothing.
    """
    with path.open("rb") as file:
        header = file.read(WRITE_VERSION_AT + 2)
    in_wal_mode = WAL in header[WRITE_VERSION_AT:]
    return in_wal_mode and not path.with_name(path.name + "-wal").exists()
