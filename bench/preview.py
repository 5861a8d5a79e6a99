"""How long people wait: the preview of 100 posts, `status`, `--help`. Whole processes, from start to end."""

import tempfile
from pathlib import Path

from bench import peers, world
from bench.measure import Pairs, environment, pairs, python, seconds_of
from bench.report import Part, Row, row, shown

TITLE = "Preview and the short commands"
MINUTES = 1
POSTS = 100
# A preview may take this much longer than what it must load (issue: 1.5 times and 0.2 s).
TIMES, PLUS = 1.5, 0.2


def run(posts: int = POSTS) -> Part:
    part = Part(TITLE)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        config = str(
            world.settings(folder, world.new_site(folder, posts), f"sqlite:///{folder}/ledger.db", "http://127.0.0.1:9")
        )
        preview = python("run_bot.py", "--dry-run", "--limit", str(posts), "--config", config)
        _beside_imports(part, preview, posts)
        _beside_peers(part, preview, folder, posts)
        _short_commands(part, folder, config)
    return part


def _process(command: list[str], env: dict[str, str] | None = None) -> float:
    return seconds_of(command, env=environment(env or {}))


def _against(command: list[str], other: list[str], env: dict[str, str] | None = None) -> Pairs:
    """Both run once before, so that all is in the page cache and compiled."""
    _process(command, env), _process(other)
    return pairs(lambda: _process(command, env), lambda: _process(other))


def _imports(modules: str) -> list[str]:
    return python("-c", f"import {modules}")


def _beside_imports(part: Part, preview: list[str], posts: int) -> None:
    found = _against(preview, _imports("tweepy, sqlalchemy"))
    most = TIMES * found.theirs + PLUS
    reached = sum(ours <= TIMES * theirs + PLUS for ours, theirs in found.each) * 2 > len(found.each)
    aim = f"≤ {TIMES} times and {PLUS} s: {shown(most, 's')}"
    what, beside = f"`--dry-run` of {posts} posts", '`python -c "import tweepy, sqlalchemy"`'
    part.rows.append(row(what, found, "s", beside, aim=aim, reached=reached))


def _beside_peers(part: Part, preview: list[str], folder: Path, posts: int) -> None:
    what = f"`--dry-run` of {posts} posts"
    if why := peers.missing():
        part.rows.append(Row(what, "", "the peers", why))
        return
    feed = peers.feed(folder, posts)
    # A preview sends nothing, so any address will do.
    nowhere = "http://127.0.0.1:9"
    commands = {
        "feed2toot": lambda: peers.feed2toot(folder, feed, nowhere, "-n"),
        "feediverse": lambda: peers.feediverse(folder, feed, nowhere, "-n"),
        "feed2tweet": lambda: peers.feed2tweet(folder, feed, "-n"),
    }
    for name, command in commands.items():
        seconds_of(command())
        found = pairs(lambda: _process(preview), lambda command=command: seconds_of(command()))  # type: ignore[misc]
        part.rows.append(row(what, found, "s", f"`{name} -n` of {posts} items"))
        part.peers[name] = peers.version(name)


def _short_commands(part: Part, folder: Path, config: str) -> None:
    with world.sandbox() as api:
        live = str(world.settings(folder, f"sqlite:///{folder}/site.db", f"sqlite:///{folder}/ledger.db", api))
        secrets = world.secrets(["twitter"])
        _process(python("run_bot.py", "--once", "--limit", "10", "--config", live), secrets)
    status = _against(python("run_bot.py", "status", "--config", config), _imports("click, sqlalchemy"))
    part.rows.append(row("`status`", status, "s", '`python -c "import click, sqlalchemy"`', at_most=2))
    help_ = _against(python("run_bot.py", "--help"), _imports("click"))
    part.rows.append(row("`--help`", help_, "s", '`python -c "import click"`', at_most=3))
    part.notes.append(
        "A test sees to it that `status` and `--help` load neither a platform's library nor Alembic "
        "(`tests/integration/test_start_up.py`)."
    )
