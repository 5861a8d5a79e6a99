"""Database servers for every test that wants one.

`postgres_url` and `mysql_url` are servers, `postgres_database` and `mysql_database` a fresh database each,
`site_database` the site's tables on SQLite, MariaDB and PostgreSQL in turn. A server that cannot be had skips its tests
and says how to get one; with BOT_TEST_REQUIRE_SERVICES=1 it fails them.
"""

import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import NoReturn

import pytest
from sqlalchemy import URL, create_engine, make_url, text

from tests.services import NoService, private_mariadb, private_postgres
from tests.site import MYSQL, POSTGRES, Site

pytest_plugins = ["tests.fixtures"]


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL server, for a user who may create databases and roles."""
    with _server("BOT_TEST_POSTGRES_URL", private_postgres) as url:
        yield url


@pytest.fixture(scope="session")
def mysql_url() -> Iterator[str]:
    """A MySQL or MariaDB server, for a user who may create databases and users."""
    with _server("BOT_TEST_MYSQL_URL", private_mariadb) as url:
        yield url


@pytest.fixture
def postgres_database(postgres_url: str) -> Iterator[str]:
    """The SQLAlchemy URL of a fresh PostgreSQL database, gone after the test."""
    with fresh_postgres_database(postgres_url) as url:
        yield url


@contextmanager
def fresh_postgres_database(postgres_url: str) -> Iterator[str]:
    """The SQLAlchemy URL of a new database on that server, gone at the end."""
    server, name = make_url(postgres_url), _fresh_name()
    _administer(server, f"CREATE DATABASE {name}")
    yield _render(server.set(database=name))
    _administer(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def mysql_database(mysql_url: str) -> Iterator[str]:
    """The SQLAlchemy URL of a fresh MySQL or MariaDB database, gone after the test."""
    server, name = make_url(mysql_url), _fresh_name()
    _administer(server, f"CREATE DATABASE {name} CHARACTER SET utf8mb4")
    yield _render(server.set(database=name))
    _administer(server, f"DROP DATABASE {name}")


@pytest.fixture(params=["sqlite", MYSQL, POSTGRES])
def site_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    """The site's tables, empty, on each server in turn; `reader_url` is for a user that may only SELECT."""
    if request.param == "sqlite":
        site = Site(f"sqlite:///{tmp_path / 'site.db'}")
        yield site
        site.engine.dispose()
        return
    site = Site(request.getfixturevalue(f"{request.param}_database"))
    with select_only_user(site.url) as site.reader_url:
        yield site
    site.engine.dispose()


@contextmanager
def select_only_user(database_url: str) -> Iterator[str]:
    """The database's URL for a new user who may SELECT from every table that is there by now, and nothing else."""
    database, reader = make_url(database_url), _fresh_name()
    is_mysql = database.get_backend_name() == "mysql"
    name = f"'{reader}'@'%'" if is_mysql else reader
    password = f"s3cret-{reader}"
    if is_mysql:
        _administer(database, f"CREATE USER {name} IDENTIFIED BY '{password}'")
        _administer(database, f"GRANT SELECT ON {database.database}.* TO {name}")
    else:
        _administer(database, f"CREATE ROLE {name} LOGIN PASSWORD '{password}'")
        _administer(database, f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {name}")
    yield _render(database.set(username=reader, password=password))
    if not is_mysql:
        _administer(database, f"DROP OWNED BY {name}")
    _administer(database, f"DROP {'USER' if is_mysql else 'ROLE'} {name}")


@contextmanager
def _server(variable: str, private: Callable[[], AbstractContextManager[str]]) -> Iterator[str]:
    if given := os.environ.get(variable):
        yield given
        return
    try:
        with private() as url:
            yield url
    except NoService as error:
        do_without(str(error))


def do_without(reason: str) -> NoReturn:
    if os.environ.get("BOT_TEST_REQUIRE_SERVICES") == "1":
        pytest.fail(f"BOT_TEST_REQUIRE_SERVICES=1, but {reason}")
    pytest.skip(reason)


def _administer(url: URL, statement: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def _fresh_name() -> str:
    return f"bot_test_{uuid.uuid4().hex[:12]}"


def _render(url: URL) -> str:
    return url.render_as_string(hide_password=False)
