"""Database servers of their own. PostgreSQL writes as it does in production: what is committed is on the disk."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy import create_engine, make_url, text

from tests.services import NoService, StoppablePostgres, _postgres_server, private_mariadb

__all__ = ["NoService", "durable_postgres", "fresh_database", "private_mariadb"]


@contextmanager
def durable_postgres(connections: int | None = None) -> Iterator[str]:
    """The address of a PostgreSQL with `fsync` and `synchronous_commit` on. Raises `NoService`.

    connections: how many it takes at once, if not its default of 100
    """
    with _postgres_server() as server:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                connection.execute(f"ALTER SYSTEM SET {setting} = on".encode())
            connection.execute("SELECT pg_reload_conf()")
        if connections is not None:
            _restart(server, connections)
        yield server.get_uri(driver="psycopg")


def fresh_database(server: str) -> str:
    """The address of a new, empty database on that server."""
    url, name = make_url(server), f"bench_{uuid.uuid4().hex[:12]}"
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return url.set(database=name).render_as_string(hide_password=False)


def _restart(server: Any, connections: int) -> None:
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute(f"ALTER SYSTEM SET max_connections = {connections}".encode())
    postgres = StoppablePostgres(server.get_uri(driver="psycopg"), server)
    postgres.crash()
    postgres.start()
