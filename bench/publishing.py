"""How fast posts go out, every step of the way recorded, beside the bare loop and beside what the disk allows.

All of it sends to X: the bot and the loops to the sandbox, the peers (who speak Mastodon) to a stand-in.
"""

import functools
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import requests
import tweepy
from sqlalchemy import BigInteger, Column, Engine, Integer, MetaData, String, Table, Text, insert, update

from bench import peers, servers, world
from bench.measure import PAIRS, Pairs, elsewhere, paired, seconds_of
from bench.report import Part, Row, row, three
from bot.clock import utc_now
from bot.ledger.engine import open_engine
from bot.runtime import Bot
from bot.sandbox.credentials import secrets_for

TITLE = "Publishing"
MINUTES = 7
POSTS = 1_000
AT_ONCE = 10
# Posts a second of peers that record each post as it goes and that pip does not install; 1,000 posts on a machine with
# two cores, 2026-11-20, with Mastodon and X stand-ins that set TCP_NODELAY.
PAPERSBOT, BRIGHTBEAN = 182, 41


def run(posts: int = POSTS) -> Part:
    part = Part(TITLE)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        site = world.new_site(folder, posts)
        _on_sqlite(part, folder, site, posts)
        _on_postgres(part, folder, site, posts)
        _peers(part, folder, posts)
    return part


def _on_sqlite(part: Part, folder: Path, site: str, posts: int) -> None:
    fresh = functools.partial(_fresh_file, folder)
    bot = functools.partial(_bot, folder, site, fresh, posts)
    rounds = _rounds(
        {
            "bot": bot,
            "durable": lambda: _loop(durable_loop, posts, fresh()),
            "bare": lambda: _loop(bare_loop, posts),
            "own": lambda: _loop(own_session_loop, posts),
            "many": lambda: bot(AT_ONCE),
        }
    )
    part.rows += _rows(rounds, posts, "SQLite")
    bare = "`tweepy.Client.create_tweet` in a loop, nothing recorded"
    part.rows.append(row(f"{posts:,} posts, SQLite", _ratio(rounds, "bot", "bare"), "posts/s", bare))
    part.rows.append(
        row(
            f"{posts:,} posts, SQLite",
            _ratio(rounds, "bot", "own"),
            "posts/s",
            "the same loop over the bot's own session",
        )
    )
    for name, rate in (("PapersBot", PAPERSBOT), ("BrightBean Studio", BRIGHTBEAN)):
        found = paired([(rate_, rate) for rate_ in rounds["bot"]])
        what, beside = f"{posts:,} posts, SQLite", f"{name}, which records each post too (measured 2026-11-20)"
        part.rows.append(row(what, found, "posts/s", beside, aim="> 1", reached=found.ratio > 1))


def _on_postgres(part: Part, folder: Path, site: str, posts: int) -> None:
    try:
        with servers.durable_postgres() as server:
            fresh = functools.partial(servers.fresh_database, server)
            bot = functools.partial(_bot, folder, site, fresh, posts)
            rounds = _rounds(
                {
                    "bot": bot,
                    "durable": lambda: _loop(durable_loop, posts, fresh()),
                    "many": lambda: bot(AT_ONCE),
                }
            )
    except servers.NoService as why:
        part.rows.append(Row(f"{posts:,} posts, PostgreSQL", "", "", str(why)))
        return
    part.rows += _rows(rounds, posts, "PostgreSQL")


def _rows(rounds: dict[str, list[float]], posts: int, where: str) -> list[Row]:
    durable = f"durable limit: that loop with two transactions a post on {where}"
    each = f"{AT_ONCE} accounts at once, {posts // AT_ONCE} posts each, {where}"
    return [
        row(f"{posts:,} posts, {where}", _ratio(rounds, "bot", "durable"), "posts/s", durable, at_least=0.5),
        row(each, _ratio(rounds, "many", "bot"), "posts/s", "one account"),
    ]


def _rounds(measure: dict[str, Callable[[], float]]) -> dict[str, list[float]]:
    """Each in turn, five times over: pairs of one round were measured within seconds of each other."""
    found: dict[str, list[float]] = {name: [] for name in measure}
    for number in range(PAIRS):
        for name in list(measure)[:: -1 if number % 2 else 1]:
            found[name].append(measure[name]())
        print("  " + ", ".join(f"{name} {three(rates[-1])}/s" for name, rates in found.items()), flush=True)
    return found


def _ratio(rounds: dict[str, list[float]], ours: str, theirs: str) -> Pairs:
    return paired(list(zip(rounds[ours], rounds[theirs], strict=True)))


def _fresh_file(folder: Path) -> str:
    return f"sqlite:///{tempfile.mkdtemp(dir=folder)}/ledger.db"


# --- the bot --------------------------------------------------------------------------------------------------------


def _bot(folder: Path, site: str, fresh: Callable[[], str], posts: int, accounts: int = 1) -> float:
    """Posts a second, from the first look at the ledger to the last receipt."""
    names = [f"x{number}" for number in range(accounts)]
    source = f"backlog = {posts // accounts}"
    with world.sandbox() as api:
        config = world.settings(folder, site, fresh(), api, names, source=source)
        return posts / elsewhere(publish_all, str(config), posts // accounts, env=world.secrets(names))


def publish_all(config: str, each: int) -> float:
    """Pull, then publish with a thread for each account, as the daemon has; the seconds that publishing took."""
    # What the daemon says of each post goes to stderr, which is a pipe here as it is under systemd.
    with world.bot(config, "info") as bot:
        world.pull_once(bot)
        return _publish(bot, each)


def _publish(bot: Bot, each: int) -> float:
    steps: dict[str, Sequence[Any]] = {}

    def work(name: str) -> None:
        steps[name] = bot.publishers[name].work(lambda: False)

    threads = [threading.Thread(target=work, args=[name]) for name in bot.publishers]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    taken = time.perf_counter() - begun
    posted = {name: sum(step.kind == "posted" for step in steps[name]) for name in bot.publishers}
    assert set(posted.values()) == {each}, posted
    return taken


# --- the loops ------------------------------------------------------------------------------------------------------


def _loop(function: Callable[..., float], posts: int, *more: str) -> float:
    with world.sandbox() as api:
        return posts / elsewhere(function, api, posts, *more)


def _texts(posts: int) -> list[str]:
    link = "http://www.shortscience.org/paper?bibtexKey=journals%2Fcorr%2F{0:08d}&a=author"
    words = "It proposes a method that learns faster than all of its predecessors on three data sets, and says why."
    return [f"A method of number {number}\n\n{words}\n\n{link.format(number)}" for number in range(posts)]


def _client(session: requests.Session) -> tweepy.Client:
    client = tweepy.Client(**{key.lower(): value for key, value in secrets_for("twitter", "loop").items()})
    client.session = session
    return client


class _Elsewhere(requests.Session):
    """The least that makes a session usable: another address and a time-out."""

    def __init__(self, api: str) -> None:
        super().__init__()
        self.trust_env = False
        self._api = api

    def request(self, method: str, url: str, **options: Any) -> requests.Response:  # type: ignore[override]
        return super().request(method, self._api + url.removeprefix("https://api.twitter.com"), timeout=30, **options)


def bare_loop(api: str, posts: int) -> float:
    """Seconds. Nothing is recorded: a crash loses all of it."""
    client, texts = _client(_Elsewhere(api)), _texts(posts)
    begun = time.perf_counter()
    for text in texts:
        client.create_tweet(text=text)
    return time.perf_counter() - begun


def own_session_loop(api: str, posts: int) -> float:
    """Seconds. The same over the bot's session, with its deadline and its record of what went over the wire."""
    from datetime import timedelta

    from bot.platforms.base import Post
    from bot.platforms.twitter import Twitter

    adapter, texts = Twitter(api, timedelta(seconds=30), secrets_for("twitter", "loop"), utc_now), _texts(posts)
    begun = time.perf_counter()
    for text in texts:
        adapter.publish(Post(text, text.rsplit("\n", 1)[1]))
    return time.perf_counter() - begun


metadata = MetaData()
SENT = Table(
    "sent",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("text", Text, nullable=False),
    Column("state", String(20), nullable=False),
    Column("post_id", String(30)),
)


def durable_loop(api: str, posts: int, ledger: str) -> float:
    """Seconds. An intent on the disk before each post and its receipt after it: the least that loses nothing."""
    client, texts, engine = _client(_Elsewhere(api)), _texts(posts), open_engine(ledger)
    metadata.create_all(engine)
    begun = time.perf_counter()
    for number, text in enumerate(texts, 1):
        _record(engine, insert(SENT).values(id=number, text=text, state="sending"))
        answer = client.create_tweet(text=text)
        receipt = {"state": "posted", "post_id": answer.data["id"]}
        _record(engine, update(SENT).where(SENT.c.id == number).values(**receipt))
    return time.perf_counter() - begun


def _record(engine: Engine, statement: Any) -> None:
    with engine.begin() as tx:
        tx.execute(statement)


# --- the peers ------------------------------------------------------------------------------------------------------


def _peers(part: Part, folder: Path, posts: int) -> None:
    if why := peers.missing():
        part.rows.append(Row(f"{posts:,} posts", "", "the peers", why))
        return
    feed = peers.feed(folder, posts)
    fresh = functools.partial(_fresh_file, folder)
    site = f"sqlite:///{folder / 'site.db'}"
    rounds = _rounds(
        {
            "bot": lambda: _bot(folder, site, fresh, posts),
            "feediverse": lambda: _peer(peers.feediverse, folder, feed, posts),
            "feed2toot": lambda: _peer(peers.feed2toot, folder, feed, posts),
        }
    )
    for name in ("feediverse", "feed2toot"):
        what, beside = f"{posts:,} posts, SQLite", f"{name}, which saves what it sent only at its exit"
        part.rows.append(row(what, _ratio(rounds, "bot", name), "posts/s", beside))
        part.peers[name] = peers.version(name)
    part.notes.append(
        "feediverse and feed2toot show what unsafe buys: killed on the way they post again what they had posted. "
        "Their rates are of whole processes, start and feed included. feed2tweet cannot be pointed at a local address, "
        "and the call it makes no longer exists."
    )


def _peer(command: Callable[..., list[str]], folder: Path, feed: Path, posts: int) -> float:
    with peers.mastodon() as server:
        taken = seconds_of(command(folder, feed, server))
        assert peers.taken(server) == posts
    return posts / taken
