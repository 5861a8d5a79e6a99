"""A site and a ledger after years: any number of rows, made by the databases themselves."""

import sqlite3
from typing import Any

from sqlalchemy import create_engine, event, make_url, text

from bot.clock import utc_now
from bot.ledger.sending import Sender
from bot.source.base import summary_key
from tests.site import Site

ACCOUNTS = ("twitter", "facebook")
# Of ten summaries nine are posted on both accounts and one waits in the archive, and so do the newest: as many as are
# ever armed here, so that even the smallest queue does not run dry.
WAITING = 300
_TEXT = "The paper proposes a method that learns faster than its predecessors on three data sets. It needs no labels. "

# How each database counts to :rows, writes a paper's id, and goes back in time by `i` minutes.
_NUMBERS = {
    "sqlite": "(WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :rows) SELECT i FROM n) AS n",
    "postgresql": "generate_series(1, :rows) AS n (i)",
    "mysql": "(SELECT seq AS i FROM seq_1_to_{rows}) AS n",
}
# Papers come in another order than that of their ids. Below MOST this is each number once.
MOST = 1_000_003
_SHUFFLED = f"(CAST(i AS {{}}) * 7919 % {MOST})"
_KEY = {
    "sqlite": f"printf('journals/corr/%08d', {_SHUFFLED.format('integer')})",
    "postgresql": f"'journals/corr/' || lpad(CAST({_SHUFFLED.format('bigint')} AS text), 8, '0')",
    "mysql": f"CONCAT('journals/corr/', LPAD({_SHUFFLED.format('unsigned')}, 8, '0'))",
}
_AGO = {
    "sqlite": "strftime('%Y-%m-%d %H:%M:%S.000000', '2026-01-01', '-' || i || ' minutes')",
    "postgresql": "CAST('2026-01-01' AS timestamp) - i * interval '1 minute'",
    "mysql": "TIMESTAMP('2026-01-01') - INTERVAL i MINUTE",
}
_TRUE, _FALSE = {"postgresql": "true"}, {"postgresql": "false"}


def site(url: str, rows: int, *, indexed: bool = True) -> str:
    """The site's tables with so many public summaries, each with one vote; returns the address."""
    made = Site(url)
    backend = made.backend
    numbers = _NUMBERS[backend].replace("{rows}", str(rows))
    key, ago, no = _KEY[backend], _AGO[backend], _FALSE.get(backend, "0")
    made.user(1, "author")
    words = {"text": _TEXT * 6, "rows": rows}
    _run(
        made.engine,
        [
            f"INSERT INTO papers ({_quoted('bibtexKey', backend)}, title, authors, year, venue, tags) "
            f"SELECT {key}, 'A method that learns', 'Grace Hopper', 2020, 'NeurIPS', 'cs.LG' FROM {numbers}",
            "INSERT INTO vignettes (paperid, userid, text, priv, anon, added, edited) "
            f"SELECT {key}, 1, :text, {no}, {no}, {ago}, {ago} FROM {numbers}",
            "INSERT INTO votes (paperid, userid, voteruserid, vote, added, edited) "
            f"SELECT {key}, 1, 1, 1, {ago}, {ago} FROM {numbers}",
        ],
        words,
    )
    if indexed:
        _run(made.engine, [f"CREATE INDEX {table}_edited ON {table} (edited)" for table in ("vignettes", "votes")])
    _analyse(made.engine, ("papers", "vignettes", "votes"))
    made.engine.dispose()
    return url


def _quoted(name: str, backend: str) -> str:
    return name if backend == "mysql" else f'"{name}"'


def ledger(url: str, rows: int) -> str:
    """A ledger that knows all of it; returns the address."""
    sender = Sender.open(url, utc_now)
    sender.ledger.register({name: name for name in ACCOUNTS})
    sender.close()
    engine = create_engine(url)
    backend = make_url(url).get_backend_name()
    if backend == "sqlite":
        event.listen(engine, "connect", _know_keys)
    numbers, ago = _NUMBERS[backend], _AGO[backend]
    ago = f"CAST({ago} AS timestamptz)" if backend == "postgresql" else ago
    key, yes = _key_of(backend), _TRUE.get(backend, "1")
    no = _FALSE.get(backend, "0")
    now = utc_now().replace(tzinfo=None if backend == "sqlite" else utc_now().tzinfo)
    moment = now.isoformat(sep=" ") if backend == "sqlite" else now
    statements = [
        "INSERT INTO summaries (key, locator, title, found_at) "
        f"SELECT {key}, {_KEY[backend]}, 'A method that learns', {ago} FROM {numbers}",
    ]
    waits = f"CASE WHEN i % 10 = 0 OR i <= {WAITING} THEN"
    for place, name in enumerate(ACCOUNTS):
        state = f"{waits} 'queued' ELSE 'posted' END"
        post_id = f"{waits} NULL ELSE CAST(i + {place * rows} AS text) END"
        posted = f"{waits} NULL ELSE {ago} END"
        statements += [
            "INSERT INTO deliveries (summary, account, lane, published_at, votes, state, queued_at, changed_at, "
            "attempt, resend, post_id, post_url, posted_at) "
            f"SELECT {key}, '{name}', 2, {ago}, 1, {state}, {ago}, {ago}, {waits} 0 ELSE 1 END, {no}, {post_id}, "
            f"'https://example.org', {posted} FROM {numbers}",
        ]
    statements += [
        "INSERT INTO attempts (delivery, number, account, text, link, cost_micro_usd, armed_at, ended_at, ended_as, "
        "post_id, live) SELECT id, 1, account, 'A post http://example.org/a', 'http://example.org/a', 200000, "
        f"posted_at, posted_at, 'posted', post_id, {yes} FROM deliveries WHERE state = 'posted'",
        "UPDATE accounts SET opened_at = :now, pulled_to = :now, swept_at = :now",
    ]
    _run(engine, statements, {"rows": rows, "now": moment})
    if backend == "postgresql":
        # As autovacuum would have by then.
        _analyse(engine, ("summaries", "deliveries", "attempts"))
    engine.dispose()
    return url


def _key_of(backend: str) -> str:
    if backend == "sqlite":
        return f"summary_key({_KEY['sqlite']})"
    whole = f"convert_to({_KEY['postgresql']}, 'UTF8') || '\\x00'::bytea || convert_to('1', 'UTF8')"
    return f"left(encode(sha256({whole.replace(':', chr(92) + ':')}), 'hex'), 16)"


def _know_keys(connection: sqlite3.Connection, _: Any) -> None:
    connection.create_function("summary_key", 1, lambda paperid: summary_key(paperid, "1"), deterministic=True)


def _run(engine: Any, statements: list[str], values: dict[str, Any] | None = None) -> None:
    values = values or {}
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA cache_size = -200000")
        for statement in statements:
            used = {name: value for name, value in values.items() if f":{name}" in statement}
            connection.execute(text(statement), used)


def _analyse(engine: Any, tables: tuple[str, ...]) -> None:
    words = {"sqlite": "ANALYZE {}", "postgresql": "ANALYZE {}", "mysql": "ANALYZE TABLE {}"}[engine.dialect.name]
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in tables:
            connection.execute(text(words.format(table))).close()
