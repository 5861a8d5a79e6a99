"""How the ledger's database is opened: for the bot, for people, and for a preview that leaves no trace."""

import contextlib
import os
import select
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, DisconnectionError, OperationalError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry, NullPool

from bot.ledger.models import SCHEMA

# How long a writer waits for another before it gives up, in seconds.
BUSY_TIMEOUT = 10
READ_ONLY = "ledger_read_only"
# Also where a PostgreSQL's own default is off: an intent that its crash takes back is a post sent twice.
DURABLE = "-c synchronous_commit=on"
# A server's connection that was used so lately, and on which nothing has come since, is taken for alive: asking costs
# as much as what it is wanted for. Where that is wrong, a statement fails and the next try gets another. Seconds.
LONGEST_REST = 1.0


class LedgerError(Exception):
    """The ledger cannot serve: unreachable, unwritable, of another version, or another bot's. Exit status 1.

    The message is for the operator: what, where, and what to do. It never holds a password.
    """


class LedgerUnavailable(LedgerError):
    """The database is down, busy, full or read-only just now. What was to be written may or may not be."""


class LedgerMissing(LedgerError):
    """There is no ledger at this address yet."""


def ledger_path(url: str) -> Path | None:
    """The file of a SQLite ledger; None for PostgreSQL."""
    address = make_url(url)
    return Path(address.database or "") if address.get_backend_name() == "sqlite" else None


def describe(url: URL | str) -> str:
    """The ledger as it may be shown: a file's path, a server's address without its password."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        return address.database or ""
    # Its options may hold a password, too.
    return address.set(query={}).render_as_string()


def open_engine(url: str) -> Engine:
    """An engine that reads and writes, made durable: a commit that returned is on the disk."""
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        return _postgres_engine(address)
    path = Path(address.database or "")
    _refuse_impossible(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LedgerError(f"the ledger's folder {path.parent} cannot be made: {error.strerror}") from None
    with contextlib.suppress(OSError):
        # Nobody else's to read. What SQLite puts beside it gets the same permissions.
        os.close(os.open(path, os.O_CREAT | os.O_EXCL, 0o600))
    engine = create_engine(address, connect_args={"timeout": BUSY_TIMEOUT})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _refuse_impossible(path: Path) -> None:
    """Raises LedgerError where no file can ever be: SQLite would only speak of a disk that fails."""
    try:
        _look_for_room(path)
    except OSError as error:
        raise LedgerError(f"the ledger {path} cannot be reached: {error.strerror}; see [ledger] url") from None


def _look_for_room(path: Path) -> None:
    if path.is_dir():
        raise LedgerError(f"the ledger {path} is a folder; [ledger] url must name a file")
    in_the_way = next((parent for parent in path.parents if parent.exists()), path.parent)
    if not in_the_way.is_dir():
        raise LedgerError(f"the ledger {path} cannot be made: {in_the_way} is no folder; see [ledger] url")


def refuse_uncreatable(url: str) -> None:
    """Raises LedgerError where a SQLite ledger that is not there yet could not be made."""
    path = ledger_path(url)
    if path is None:
        return
    folder = next(parent for parent in path.absolute().parents if parent.exists())
    wanted = [(folder, os.W_OK | os.X_OK), *([(path, os.W_OK)] if path.exists() else [])]
    for place, rights in wanted:
        if not os.access(place, rights):
            raise LedgerError(f"the ledger {path} cannot be made: {place} may not be written to; see [ledger] url")


def _postgres_engine(address: URL) -> Engine:
    # Short patience everywhere: a ledger that hangs must become one that is reported.
    options = f"-c statement_timeout=30s -c lock_timeout={BUSY_TIMEOUT}s -c timezone=UTC {DURABLE}"
    arguments = {"connect_timeout": 10, "options": options, "keepalives_idle": 10, "keepalives_interval": 5}
    engine = create_engine(address, pool_size=10, max_overflow=20, connect_args=arguments)
    event.listen(engine, "checkin", _rested)
    event.listen(engine, "checkout", _ask_after_a_rest)
    return engine


def _rested(_: Any, record: ConnectionPoolEntry) -> None:
    record.info["rests_since"] = time.monotonic()


def _ask_after_a_rest(connection: Any, record: ConnectionPoolEntry, _: Any) -> None:
    """Have a connection replaced that the server has closed meanwhile; between the steps of a post it has not."""
    now = time.monotonic()
    if not answers(connection, now - record.info.get("rests_since", now)):
        raise DisconnectionError


def answers(connection: Any, rested: float) -> bool:
    """Whether the server still knows the session of a driver's connection, unused for `rested` seconds, with nothing
    begun in it. The server says so when it ends a session: where it has said nothing, it is still there."""
    said = select.poll()
    said.register(connection.fileno(), select.POLLIN)
    if rested <= LONGEST_REST and not said.poll(0):
        return True
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        connection.rollback()
    except Exception:  # noqa: BLE001 - the driver's own, which is not imported for SQLite
        return False
    return True


def _prepare_sqlite(connection: sqlite3.Connection, _: Any) -> None:
    # We say BEGIN ourselves: sqlite3's own deferred one turns a read-then-write into SQLITE_BUSY_SNAPSHOT.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    reading = connection.get_execution_options().get(READ_ONLY)
    statement = "BEGIN" if reading else "BEGIN IMMEDIATE"
    driver: Any = connection.connection.driver_connection
    try:
        # Past SQLAlchemy, which would take ten times as long for it as SQLite, four times a post.
        driver.execute(statement)
    except sqlite3.Error as error:
        raise OperationalError(statement, None, error) from None


def reading_options(engine: Engine) -> dict[str, Any]:
    """How a connection that only reads is used. On PostgreSQL each statement has a view of its own in any case, so
    that a transaction around them would be two questions more."""
    alone = engine.dialect.name == "postgresql" and not engine.get_execution_options().get("postgresql_readonly")
    return {READ_ONLY: True, **({"isolation_level": "AUTOCOMMIT"} if alone else {})}


def open_read_only(url: str) -> Engine:
    """An engine that cannot write, and leaves no file beside a SQLite ledger. Raises LedgerMissing."""
    path = ledger_path(url)
    if path is None:
        return _postgres_engine(make_url(url)).execution_options(postgresql_readonly=True)
    _refuse_impossible(path)
    if not path.exists():
        raise LedgerMissing(f"there is no ledger at {path} yet")

    def connect() -> sqlite3.Connection:
        # With a WAL beside it a bot is at work (or was killed): read through it. Without one nobody is, and
        # `immutable` keeps SQLite from making -wal and -shm files for us.
        immutable = "" if Path(f"{path}-wal").exists() else "&immutable=1"
        address = f"{path.absolute().as_uri()}?mode=ro{immutable}"
        connection = sqlite3.connect(address, uri=True, timeout=BUSY_TIMEOUT, isolation_level=None)
        return connection

    engine = create_engine(make_url(url), creator=connect, poolclass=NullPool)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    return engine


def schema_version(engine: Engine) -> str | None:
    """The number of the ledger's newest migration; None for an empty database."""
    with explained(engine), engine.connect() as connection:
        tables = inspect(connection).get_table_names()
        if "alembic_version" not in tables:
            if tables:
                raise LedgerError(_of_another(engine, tables))
            return None
        version = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        return None if version is None else str(version)


def _of_another(engine: Engine, tables: Sequence[str]) -> str:
    found = f"{', '.join(sorted(tables)[:3])}{' …' if len(tables) > 3 else ''}"
    return f"the database {describe(engine.url)} is no ledger, for it holds {found}: give the ledger one of its own"


def check_schema(engine: Engine) -> None:
    """Raises LedgerMissing for an empty database, LedgerError for a ledger of another version."""
    where, version = describe(engine.url), schema_version(engine)
    if version is None:
        raise LedgerMissing(f"there is no ledger at {where} yet")
    if version > SCHEMA:
        raise LedgerError(
            f"the ledger {where} is of a newer version ({version}; this bot knows {SCHEMA}): upgrade the bot"
        )
    if version < SCHEMA:
        raise LedgerError(f"the ledger {where} is of an older version ({version}): start the bot once to bring it up")


@contextmanager
def explained(engine: Engine) -> Iterator[None]:
    """Turns whatever the database driver raises into LedgerUnavailable with a message for the operator."""
    try:
        yield
    except DBAPIError as error:
        raise LedgerUnavailable(_explain(describe(engine.url), error)) from None
    except SQLAlchemyError as error:
        raise LedgerUnavailable(f"the ledger {describe(engine.url)} failed: {type(error).__name__}") from None


_REASONS = (
    ("locked", "is held by another program; end it, or wait"),
    ("readonly", "cannot be written: the file or its folder is read-only"),
    ("read-only", "cannot be written: the database is read-only"),
    ("disk is full", "cannot be written: the disk is full"),
    ("no space left", "cannot be written: the disk is full"),
    ("disk i/o", "cannot be written: the disk fails"),
    ("unable to open", "cannot be opened: look at the file's and the folder's permissions"),
    ("not a database", "is not a ledger: the file is no SQLite database"),
    ("malformed", "is damaged; restore it from a backup"),
    ("no such table", "is damaged: a table is missing; restore it from a backup"),
    ("no such column", "is damaged: a column is missing; restore it from a backup"),
    ("password authentication", "refuses the user or the password; see [ledger] url"),
    ("does not exist", "does not know that database, user or table; see [ledger] url"),
    ("permission denied", "does not let this user do that: it needs the right to make and change tables"),
    ("timeout", "does not answer in time: is the server running, and are host and port in [ledger] url right?"),
    ("connect", "cannot be reached: is the server running, and are host and port in [ledger] url right?"),
    ("server closed", "cannot be reached: the server has closed the connection"),
)


def _explain(where: str, error: DBAPIError) -> str:
    said = str(error.orig).lower()
    for sign, meaning in _REASONS:
        if sign in said:
            return f"the ledger {where} {meaning}"
    return f"the ledger {where} failed: {type(error.orig).__name__}"
