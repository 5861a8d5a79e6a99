"""The peers, installed in a virtual environment of their own, and how each is told what to do.

feediverse and feed2toot speak Mastodon and can be pointed anywhere; here at a stand-in that takes statuses. feed2tweet
cannot: its library's address is built in, and the call it makes is gone from X. Its preview can be run all the same.
"""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.request import urlopen
from xml.sax.saxutils import escape

from bench.measure import ROOT, python

BIN = ROOT / ".venv-bench" / "bin"


def missing() -> str:
    """Why there are no peers to compare with; empty if there are."""
    return "" if (BIN / "feed2toot").exists() else "not installed: `make .venv-bench/done` installs the peers"


def version(name: str) -> str:
    """Of a package in the peers' environment."""
    asked = f"import importlib.metadata as m; print(m.version({name!r}))"
    done = subprocess.run([BIN / "python", "-c", asked], capture_output=True, text=True, check=False)
    return done.stdout.strip() or "not installed"


def feed(folder: Path, posts: int) -> Path:
    """An RSS feed with so many items, each as long as a summary's beginning."""
    now = datetime.now(UTC) - timedelta(days=2)
    items = []
    for number in range(posts):
        title, link = f"A method of number {number}", f"http://www.shortscience.org/paper?bibtexKey=paper/{number}&a=a"
        text = "The paper proposes a method that learns faster than its predecessors on three data sets. " * 3
        items.append(
            f"<item><title>{escape(title)}</title><link>{escape(link)}</link><guid>{escape(link)}</guid>"
            f"<pubDate>{format_datetime(now + timedelta(seconds=number))}</pubDate>"
            f"<description>{escape(text)}</description></item>"
        )
    file = folder / "feed.xml"
    head = "<title>Summaries</title><link>http://www.shortscience.org</link><description>All</description>"
    body = f'<?xml version="1.0"?><rss version="2.0"><channel>{head}{"".join(items)}</channel></rss>'
    file.write_text(body, encoding="utf-8")
    return file


def feediverse(folder: Path, source: Path, server: str, *options: str) -> list[str]:
    """The command that posts a feed that it has never seen."""
    config = folder / "feediverse.yml"
    lines = [f"url: {server}", "client_id: a", "client_secret: b", "access_token: c", "feeds:"]
    lines += [f"- url: {source}", "  template: '{title} {url}'", ""]
    config.write_text("\n".join(lines), encoding="utf-8")
    return [str(BIN / "feediverse"), "-c", str(config), *options]


def feed2toot(folder: Path, source: Path, server: str, *options: str) -> list[str]:
    """The command that posts a feed that it has never seen."""
    for old in folder.glob("feed2toot.*"):
        old.unlink()
    client, user = folder / "feed2toot.client", folder / "feed2toot.user"
    client.write_text(f"a\nb\n{server}\nname\n", encoding="utf-8")
    user.write_text(f"c\n{server}\n", encoding="utf-8")
    config = folder / "feed2toot.ini"
    config.write_text(
        f"[mastodon]\ninstance_url={server}\nuser_credentials={user}\nclient_credentials={client}\n"
        f"[cache]\ncachefile={folder}/feed2toot.db\ncache_limit=100000\n"
        f"[lock]\nlock_file={folder}/feed2toot.lock\n"
        f"[rss]\nuri={source}\ntoot={{title}} {{link}}\ntoot_max_len=500\n",
        encoding="utf-8",
    )
    return [str(BIN / "feed2toot"), "-c", str(config), "--limit", "1000000", *options]


def feed2tweet(folder: Path, source: Path, *options: str) -> list[str]:
    """The command that would tweet a feed that it has never seen."""
    for old in folder.glob("feed2tweet.*"):
        old.unlink()
    config, words = folder / "feed2tweet.ini", folder / "feed2tweet.words"
    words.write_text("deep learning\n", encoding="utf-8")
    keys = "\n".join(f"{name}=a" for name in ("consumer_key", "consumer_secret", "access_token", "access_token_secret"))
    config.write_text(
        f"[twitter]\n{keys}\n[cache]\ncachefile={folder}/feed2tweet.db\n"
        f"[rss]\nuri={source}\ntweet={{title}} {{link}}\n[hashtaglist]\nseveral_words_hashtags_list={words}\n",
        encoding="utf-8",
    )
    return [str(BIN / "feed2tweet"), "-c", str(config), "--limit", "1000000", *options]


# --- a stand-in for Mastodon ------------------------------------------------------------------------------------------


class _Mastodon(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # TCP_NODELAY: without it each answer would wait 40 ms.
    disable_nagle_algorithm = True
    wbufsize = -1
    taken = 0

    def do_GET(self) -> None:
        if self.path == "/taken":
            return self._answer({"taken": _Mastodon.taken})
        return self._answer({"version": "4.3.0", "uri": "localhost", "domain": "localhost"})

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        _Mastodon.taken += 1
        now = datetime.now(UTC).isoformat()
        account = {"id": "1", "username": "a", "acct": "a", "created_at": now}
        number = str(_Mastodon.taken)
        self._answer(
            {"id": number, "created_at": now, "url": f"http://localhost/{number}", "content": "", "account": account}
        )

    def _answer(self, value: object) -> None:
        body = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


def serve_mastodon() -> None:
    """In a process of its own: says its port, then serves until its input ends."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Mastodon)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_address[1], flush=True)
    sys.stdin.read()


@contextmanager
def mastodon() -> Iterator[str]:
    """The stand-in's address; it ends with the context."""
    command = python("-c", "from bench.peers import serve_mastodon; serve_mastodon()")
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
    finally:
        process.communicate()


def taken(server: str) -> int:
    """How many statuses the stand-in was sent."""
    with urlopen(f"{server}/taken") as answer:
        return int(json.load(answer)["taken"])
