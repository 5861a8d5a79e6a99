"""Databases that are down, slow, refusing or gone; and files that are left as they were."""

import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError

from bot.source import SourceSettings, connect, open_source
from bot.source.base import Reference, Source, SourceError, SourceMisconfigured, summary_key
from tests.conftest import select_only_user
from tests.site import MYSQL, POSTGRES, Site, only_on

SERVERS = ["mysql+pymysql", "postgresql+psycopg"]


def open_url(url: str, **changes: Any) -> Source:
    given: dict[str, Any] = {"url": url, "kind": "shortscience", "query": None, "text_encoding": "utf8"}
    given |= {"timezone": ZoneInfo("UTC"), "site_url": "http://www.shortscience.org", "min_votes": 1}
    return open_source(SourceSettings(**{**given, **changes}))


def locators(source: Source) -> list[str]:
    return [listing.locator for page in source.listings(None) for listing in page]


@pytest.fixture
def site(site_database: Site) -> Site:
    site_database.user(1, "ada")
    site_database.paper("p")
    site_database.summary("p", 1)
    return site_database


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port that takes connections and never says anything."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


@pytest.fixture
def brief(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connect, "CONNECT_SECONDS", 1)
    monkeypatch.setattr(connect, "ANSWER_SECONDS", 1)


@pytest.mark.parametrize("driver", SERVERS)
def test_it_reports_a_server_that_is_down(driver: str) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        source = open_url(f"{driver}://bot:s3cret-pass@127.0.0.1:{port}/papers")
        with pytest.raises(SourceError) as raised:
            source.check()
    message = str(raised.value)
    assert f"source papers at 127.0.0.1:{port}" in message
    assert "is the server running" in message
    assert "s3cret-pass" not in message
    assert not isinstance(raised.value, SourceMisconfigured)


@pytest.mark.parametrize("driver", SERVERS)
@pytest.mark.usefixtures("brief")
def test_it_gives_up_on_a_server_that_says_nothing(driver: str, silent_port: int) -> None:
    with pytest.raises(SourceError, match=r"papers at 127\.0\.0\.1"):
        open_url(f"{driver}://bot:s3cret-pass@127.0.0.1:{silent_port}/papers").check()


@only_on(MYSQL, POSTGRES)
@pytest.mark.usefixtures("brief")
def test_it_gives_up_on_a_slow_answer_and_goes_on_next_time(site: Site) -> None:
    wait = "pg_sleep(30)" if site.backend == "postgresql" else "SLEEP(30)"
    columns = f"userid AS id, 'T' AS title, 'x' AS text, 'http://example.org' AS link, {wait} AS votes"
    source = open_url(site.url, kind="query", query=f"SELECT {columns} FROM users")
    with pytest.raises(SourceError, match="too long"):
        locators(source)
    assert open_url(site.url).check() is None


@only_on(MYSQL, POSTGRES)
def test_a_question_may_take_longer_than_a_login(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connect, "CONNECT_SECONDS", 2)
    wait = "pg_sleep(3)::text" if site.backend == "postgresql" else "SLEEP(3)"
    columns = f"userid AS id, 'T' AS title, 'x' AS text, 'http://example.org' AS link, {wait} AS venue"
    source = open_url(site.url, kind="query", query=f"SELECT {columns} FROM users")
    assert locators(source) == ["1"]


@only_on(MYSQL, POSTGRES)
def test_it_goes_on_after_the_server_has_dropped_its_connection(site: Site) -> None:
    source = open_url(site.reader_url)
    assert locators(source) == ["p"]
    _drop_connections_of(site)
    assert locators(source) == ["p"]


def _drop_connections_of(site: Site) -> None:
    user = make_url(site.reader_url).username
    with site.engine.connect() as connection:
        if site.backend == "postgresql":
            statement = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = :user"
            dropped = connection.execute(text(statement), {"user": user}).all()
        else:
            statement = "SELECT id FROM information_schema.processlist WHERE user = :user"
            dropped = connection.execute(text(statement), {"user": user}).all()
            for (process,) in dropped:
                connection.execute(text(f"KILL {process}"))
    assert dropped


def test_it_cannot_write_even_where_it_might(site: Site) -> None:
    engine = connect.open_engine(site.url, ZoneInfo("UTC"))
    with pytest.raises(DBAPIError), engine.begin() as connection:
        connection.execute(text("DELETE FROM votes"))
    engine.dispose()
    assert locators(open_url(site.url)) == ["p"]


@only_on(MYSQL)
def test_it_says_that_a_login_is_refused(site: Site) -> None:
    url = make_url(site.reader_url).set(password="wr0ng-password")
    with pytest.raises(SourceError, match="check user and password") as raised:
        open_url(url.render_as_string(hide_password=False)).check()
    assert "wr0ng-password" not in str(raised.value)


@only_on(MYSQL, POSTGRES)
def test_it_says_that_there_is_no_such_database(site: Site) -> None:
    url = make_url(site.url).set(database="no_such_database")
    with pytest.raises(SourceError, match="no_such_database"):
        open_url(url.render_as_string(hide_password=False)).check()


@only_on(MYSQL, POSTGRES)
def test_it_needs_nothing_but_select_on_the_columns_it_reads(site: Site) -> None:
    """Not `users.email`, for one."""
    columns = {
        "papers": "`bibtexKey`, title, authors, year, venue, tags, urls, abstract",
        "users": "userid, username, displayname",
        "vignettes": "paperid, userid, text, priv, anon, added, edited",
        "votes": "paperid, userid, vote, edited",
    }
    with select_only_user(site.url) as reader_url:
        reader = make_url(reader_url).username
        name = f"'{reader}'@'%'" if site.backend == "mysql" else reader
        everything = f"{make_url(site.url).database}.*" if site.backend == "mysql" else "ALL TABLES IN SCHEMA public"
        site.execute(f"REVOKE SELECT ON {everything} FROM {name}")
        for granted, (table, names) in enumerate(columns.items()):
            quoted = names if site.backend == "mysql" else names.replace("`", '"')
            site.execute(f"GRANT SELECT ({quoted}) ON {table} TO {name}")
            if granted == 0:
                with pytest.raises(SourceMisconfigured, match="may not SELECT") as raised:
                    open_url(reader_url).check()
                assert len(raised.value.problems) == 3
        source = open_url(reader_url)
        source.check()
        assert source.reread(Reference(summary_key("p", "1"), "p")) is not None
        source.close()


@only_on(MYSQL)
def test_it_survives_zero_dates(site: Site) -> None:
    with site.engine.begin() as connection:
        connection.execute(text("SET SESSION sql_mode = ''"))
        connection.execute(text("UPDATE vignettes SET added = '0000-00-00', edited = '0000-00-00'"))
    source = open_url(site.url)
    assert locators(source) == ["p"]
    summary = source.reread(Reference(summary_key("p", "1"), "p"))
    assert summary is not None
    assert summary.published == summary.edited == datetime(1970, 1, 1, tzinfo=UTC)


def test_it_serves_many_threads_at_once(site: Site) -> None:
    source = open_url(site.reader_url)
    reference = Reference(summary_key("p", "1"), "p")
    with ThreadPoolExecutor(8) as threads:
        summaries = list(threads.map(lambda _: source.reread(reference), range(60)))
    assert all(summary == summaries[0] for summary in summaries)
    assert summaries[0] is not None
    source.close()


@pytest.mark.parametrize("url", ["nonsense", "oracle+nothing://x/y", "mysql+pymysql://host:port/db"])
def test_it_says_that_an_address_is_none(url: str) -> None:
    with pytest.raises(SourceMisconfigured, match=r"\[source\] url"):
        open_url(url)


def test_it_names_a_file_that_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "no such.db"
    with pytest.raises(SourceError, match=r"no such\.db: there is no such file"):
        open_url(f"sqlite:///{path}").check()
    assert list(tmp_path.iterdir()) == []


def test_it_says_that_a_file_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "text.db"
    path.write_text("This is no database, but long enough to look at. " * 10)
    with pytest.raises(SourceError, match="no SQLite database"):
        open_url(f"sqlite:///{path}").check()


@only_on("sqlite")
@pytest.mark.parametrize("mode", ["delete", "wal"])
def test_it_leaves_no_file_beside_a_sqlite_source(site: Site, tmp_path: Path, mode: str) -> None:
    with sqlite3.connect(tmp_path / "site.db") as writer:
        assert writer.execute(f"PRAGMA journal_mode = {mode}").fetchone() == (mode,)
    writer.close()
    site.engine.dispose()
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    assert list(before) == [tmp_path / "site.db"]
    source = open_url(site.url)
    source.check()
    assert source.reread(Reference(summary_key("p", "1"), "p")) is not None
    source.close()
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


@only_on("sqlite")
def test_opening_a_file_in_wal_mode_just_read_only_leaves_files_beside_it(site: Site, tmp_path: Path) -> None:
    """The control of the test above."""
    with sqlite3.connect(tmp_path / "site.db") as writer:
        writer.execute("PRAGMA journal_mode = wal")
    writer.close()
    site.engine.dispose()
    reader = sqlite3.connect(f"file:{tmp_path / 'site.db'}?mode=ro", uri=True)
    reader.execute("SELECT * FROM votes").fetchall()
    reader.close()
    assert len(list(tmp_path.iterdir())) == 3


@only_on("sqlite")
def test_it_sees_what_a_site_is_writing_into_its_file(site: Site, tmp_path: Path) -> None:
    source = open_url(site.url)
    writer = sqlite3.connect(tmp_path / "site.db")
    writer.execute("PRAGMA journal_mode = wal")
    assert locators(source) == ["p"]
    writer.execute("UPDATE vignettes SET priv = 1")
    writer.commit()
    assert locators(source) == []
    assert source.reread(Reference(summary_key("p", "1"), "p")) is None
    writer.close()
    assert locators(source) == []


@only_on("sqlite")
def test_it_keeps_a_file_open_and_yet_sees_what_is_written_into_it(site: Site) -> None:
    source = open_url(site.url)
    assert source.reread(Reference(summary_key("p", "1"), "p")) is not None
    opened = source._engine.pool.checkedin()  # type: ignore[attr-defined]
    with site.engine.begin() as writer:
        writer.execute(text("UPDATE vignettes SET priv = 1"))
    assert source.reread(Reference(summary_key("p", "1"), "p")) is None
    assert opened == source._engine.pool.checkedin() == 1  # type: ignore[attr-defined]


@only_on("sqlite")
def test_it_reads_the_file_that_has_taken_the_old_one_s_place(site: Site, tmp_path: Path) -> None:
    source = open_url(site.url)
    assert locators(source) == ["p"]
    site.engine.dispose()
    with sqlite3.connect(tmp_path / "site.db") as old, sqlite3.connect(tmp_path / "new.db") as new:
        old.backup(new)
        new.execute("UPDATE vignettes SET priv = 1")
    (tmp_path / "new.db").replace(tmp_path / "site.db")
    assert locators(source) == []


@only_on("sqlite")
def test_between_its_reads_it_keeps_no_writer_in_wal_mode_from_clearing_up(site: Site, tmp_path: Path) -> None:
    source = open_url(site.url)
    assert locators(source) == ["p"]
    site.engine.dispose()
    writer = sqlite3.connect(tmp_path / "site.db")
    assert writer.execute("PRAGMA journal_mode = wal").fetchone() == ("wal",)
    writer.execute("UPDATE vignettes SET edited = edited")
    writer.commit()
    assert locators(source) == ["p"]
    writer.close()
    assert list(tmp_path.iterdir()) == [tmp_path / "site.db"]


def test_a_command_that_needs_no_source_does_not_load_sqlalchemy() -> None:
    program = "import sys, bot.source; sys.exit('sqlalchemy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program]).returncode == 0
