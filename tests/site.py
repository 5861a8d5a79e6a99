"""The site's own tables, made and filled for a test on any of the three servers."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    Engine,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    insert,
    make_url,
    text,
)

NOON = datetime(2020, 6, 1, 12, 0, 0)
CANARY_MAIL = "canary@private.example"

MYSQL = pytest.param("mysql", marks=pytest.mark.mysql)
POSTGRES = pytest.param("postgres", marks=pytest.mark.postgres)

metadata = MetaData()
PAPERS = Table(
    "papers",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("bibtexKey", String(150), unique=True, nullable=False),
    Column("title", String(500)),
    Column("authors", String(1500)),
    Column("year", Integer),
    Column("venue", String(300)),
    Column("tags", String(1000)),
    Column("urls", String(2000)),
    Column("source", String(100)),
    Column("category", String(100)),
    Column("abstract", Text),
)
USERS = Table(
    "users",
    metadata,
    Column("userid", Integer, primary_key=True),
    Column("username", String(150), unique=True, nullable=False),
    Column("email", String(150), nullable=False),
    Column("displayname", String(150)),
)
VIGNETTES = Table(
    "vignettes",
    metadata,
    Column("text", Text, nullable=False),
    Column("paperid", String(150), primary_key=True),
    Column("userid", Integer, primary_key=True, autoincrement=False),
    Column("priv", Boolean),
    Column("anon", Boolean),
    Column("added", DateTime),
    Column("edited", DateTime),
)
VOTES = Table(
    "votes",
    metadata,
    Column("paperid", String(150), primary_key=True),
    Column("userid", Integer, primary_key=True, autoincrement=False),
    Column("voteruserid", Integer, primary_key=True, autoincrement=False),
    Column("vote", Integer),
    Column("added", DateTime),
    Column("edited", DateTime),
)


def only_on(*servers: Any) -> pytest.MarkDecorator:
    """For a test of `site_database` that makes no sense on the other servers."""
    return pytest.mark.parametrize("site_database", servers, indirect=True)


@dataclass
class Site:
    """A site's database: `url` for its owner, `reader_url` for a user that may only SELECT (on SQLite the same)."""

    url: str
    reader_url: str = ""
    engine: Engine = field(init=False)

    def __post_init__(self) -> None:
        self.reader_url = self.reader_url or self.url
        self.engine = create_engine(self.url)
        metadata.create_all(self.engine)

    @property
    def backend(self) -> str:
        """`sqlite`, `mysql` or `postgresql`."""
        return make_url(self.url).get_backend_name()

    def execute(self, statement: str, **values: Any) -> None:
        with self.engine.begin() as connection:
            connection.execute(text(statement), values)

    def user(self, userid: int, username: str, displayname: str | None = "") -> int:
        row = {"userid": userid, "username": username, "displayname": displayname, "email": CANARY_MAIL}
        self._insert(USERS, [row])
        return userid

    def paper(self, key: str, title: str | None = "A paper", **columns: Any) -> str:
        self._insert(PAPERS, [{"bibtexKey": key, "title": title, "authors": "Grace Hopper", **columns}])
        return key

    def summary(
        self,
        paperid: str,
        userid: int,
        text: str = "It works.",
        *,
        votes: int = 1,
        priv: bool | None = False,
        anon: bool | None = False,
        added: datetime | None = NOON,
        edited: datetime | None = None,
    ) -> None:
        """A summary with `votes` as the sum of its votes (none at all for 0)."""
        times = {"added": added, "edited": edited or added}
        row = {"text": text, "paperid": paperid, "userid": userid, "priv": priv, "anon": anon, **times}
        self._insert(VIGNETTES, [row])
        for voter in range(abs(votes)):
            self.vote(paperid, userid, 1000 + voter, 1 if votes > 0 else -1)

    def vote(self, paperid: str, userid: int, voter: int, vote: int, edited: datetime | None = NOON) -> None:
        key = {"paperid": paperid, "userid": userid, "voteruserid": voter}
        self._insert(VOTES, [{**key, "vote": vote, "added": edited, "edited": edited}])

    def _insert(self, table: Table, rows: list[dict[str, Any]]) -> None:
        with self.engine.begin() as connection:
            connection.execute(insert(table), rows)
