"""The embedded sample: the site's tables with a handful of summaries, so that the bot runs before it is set up."""

import sqlite3
from functools import cache
from importlib.resources import files

from sqlalchemy import URL, Engine, NullPool

from bot.source.connect import create_quiet_engine

SAMPLE = "sample"


def open_sample() -> Engine:
    """Every connection has a copy of its own in memory; filling it takes a millisecond."""
    return create_quiet_engine(URL.create("sqlite", database=SAMPLE), creator=_connect, poolclass=NullPool)


def _connect() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", check_same_thread=False)
    connection.executescript(_script())
    return connection


@cache
def _script() -> str:
    return files("bot.source").joinpath("sample.sql").read_text(encoding="utf-8")
