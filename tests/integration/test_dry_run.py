"""The preview: writes nothing, sends nothing, needs nothing, and shows what then really happens."""

import fcntl
import json
import os
import pty
import re
import struct
import subprocess
import termios
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox import Sandbox
from tests.bot_process import BotProcess, config_text, sandbox_environment, wait_until
from tests.site import Site

ACCOUNTS = {"twitter": "twitter", "facebook": "facebook"}
SOURCE = 'url = "sqlite:///site.db"\nbacklog = 2\narchive = true'
KEYS: dict[str, Any] = {
    "account": str,
    "platform": str,
    "summary": str,
    "link": str,
    "text": str,
    "length": int,
    "limit": int,
    "cost_usd": float,
    "due": str,
    "warnings": list,
}
LINK = re.compile(r"http://www\.shortscience\.org/paper\?bibtexKey=\S+&a=author(?!\S)")
ESCAPE = "\x1b"


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(limits=False) as box:
        yield box


@pytest.fixture
def bot(tmp_path: Path) -> BotProcess:
    """A bot beside a site of five summaries, with keys too long for a narrow terminal."""
    site = Site(f"sqlite:///{tmp_path / 'site.db'}")
    site.user(1, "author")
    for number, votes in enumerate((3, 1, 5, 2, 4)):
        key = f"10.1002/(SICI)1097-0258(19980815/30)17:15/16<1661::AID-SIM968>3.0.CO;{number}"
        site.paper(key, f"A paper with the number {number}")
        text = f"The authors present method {number}, and show that it works."
        site.summary(key, 1, text, votes=votes, added=datetime(2020, 6, 1 + number))
    site.engine.dispose()
    return BotProcess(tmp_path, sandbox_environment(ACCOUNTS))


def snapshot(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Every file below `folder`: its bytes, and when it was last written to."""
    files = (file for file in folder.rglob("*") if file.is_file())
    return {str(file.relative_to(folder)): (file.read_bytes(), file.stat().st_mtime_ns) for file in files}


# --- what it leaves behind --------------------------------------------------------------------------------------


def test_it_needs_no_credentials_writes_nothing_and_sends_nothing(bot: BotProcess, sandbox: Sandbox) -> None:
    bot.configure(config_text(SOURCE, sandbox.url))
    with_ledger = BotProcess(bot.folder, dict(bot.environment))
    bot.environment.clear()
    bare = snapshot(bot.folder)
    first = bot.json("--dry-run")
    assert snapshot(bot.folder) == bare
    assert sandbox.posts() == []

    assert with_ledger.run("--once", "--limit", "1").returncode == 0
    posted = len(sandbox.posts())
    used = snapshot(bot.folder)
    assert set(used) - set(bare) == {"ledger.db", "ledger.db.lock"}
    second = bot.json("--dry-run")
    assert snapshot(bot.folder) == used
    assert len(sandbox.posts()) == posted == 2
    assert len(second) == len(first) - 2


def test_it_writes_nothing_beside_a_running_daemon(bot: BotProcess, sandbox: Sandbox) -> None:
    bot.configure(config_text(SOURCE, sandbox.url, cadence='every = "1h"'))
    with bot.daemon() as daemon:
        wait_until(lambda: len(sandbox.posts()) == 2, "the first post on each account")
        wait_until(lambda: daemon.said().count('"event": "posted"') == 2, "both to be recorded")
        before = snapshot(bot.folder)
        plans = bot.json("--dry-run")
        after = snapshot(bot.folder)
    # The index of a WAL is shared memory of all who read it, and notes who does.
    assert [name for name in after if after[name] != before.get(name) and not name.endswith("-shm")] == []
    assert set(after) == set(before)
    assert len(plans) == 8
    assert len(sandbox.posts()) == 2


# --- what it prints ---------------------------------------------------------------------------------------------


def test_its_json_has_the_keys_and_types_of_the_contract(bot: BotProcess, sandbox: Sandbox) -> None:
    zone = 'every = "1h"\ntimezone = "America/New_York"\nbudget_usd_per_month = 0.1'
    bot.configure(config_text(SOURCE, sandbox.url, cadence=zone))
    plans = bot.json("--dry-run", "--limit", "2")
    assert [plan["account"] for plan in plans] == ["twitter", "twitter", "facebook", "facebook"]
    for plan in plans:
        assert list(plan) == list(KEYS)
        for key, kind in KEYS.items():
            assert isinstance(plan[key], kind) or (key == "due" and plan[key] is None), (key, plan[key])
        assert re.fullmatch("[0-9a-f]{16}", plan["summary"])
        assert 0 < plan["length"] <= plan["limit"]
        assert plan["limit"] == 280 or plan["platform"] == "facebook"
        assert (plan["link"] in plan["text"]) is (plan["platform"] == "twitter")
    assert [plan["due"] for plan in plans[:2]] == [None, None]
    due = [datetime.fromisoformat(plan["due"]) for plan in plans[2:]]
    assert all(moment.utcoffset() in (timedelta(hours=-4), timedelta(hours=-5)) for moment in due)
    assert due[1] - due[0] == timedelta(hours=1)


def test_it_shows_no_more_than_is_asked_for(bot: BotProcess, sandbox: Sandbox) -> None:
    bot.configure(config_text(SOURCE, sandbox.url))
    one = bot.run("--dry-run", "--limit", "1", "--account", "facebook").stdout
    assert "facebook · facebook · 1 post ·" in one
    assert "twitter" not in one
    assert "… and 4 more" in one
    assert bot.json("--dry-run", "--limit", "0") == []


def test_links_are_never_folded_in_a_narrow_terminal(bot: BotProcess, sandbox: Sandbox) -> None:
    bot.configure(config_text(SOURCE, sandbox.url))
    links = {plan["link"] for plan in bot.json("--dry-run")}
    assert len(links) == 5
    narrow = bot.run("--dry-run", COLUMNS="40").stdout
    terminal = in_terminal(bot, 40, "--dry-run")
    assert ESCAPE in terminal
    assert "\n   │ show that it works." in uncoloured(terminal)
    colourless = in_terminal(bot, 40, "--dry-run", NO_COLOR="1")
    assert not re.search(r"\x1b\[[0-9;]*3[0-9]m", colourless)
    for output in (narrow, uncoloured(terminal), uncoloured(colourless)):
        assert set(LINK.findall(output)) == links
        assert output.count("http://") == 10


def uncoloured(output: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", output)


def in_terminal(bot: BotProcess, width: int, *arguments: str, **variables: str) -> str:
    """What a command prints on a terminal of this width."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, width, 0, 0))
    clean = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "NO_COLOR")}
    environment = {**clean, "TERM": "xterm-256color", **variables}
    process = subprocess.Popen(
        bot.command(*arguments), cwd=bot.folder, env=environment, stdout=theirs, stderr=theirs, stdin=theirs
    )
    os.close(theirs)
    printed = b""
    try:
        while chunk := os.read(ours, 65536):
            printed += chunk
    except OSError:
        # So a terminal says that the last program has gone.
        pass
    os.close(ours)
    assert process.wait(30) == 0, printed
    return printed.decode().replace("\r\n", "\n")


# --- what then happens ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("order", ["newest", "oldest", "votes"])
def test_what_it_shows_is_what_is_posted_in_that_order(order: str, bot: BotProcess, sandbox: Sandbox) -> None:
    bot.configure(config_text(SOURCE, sandbox.url, cadence=f'every = "0s"\norder = "{order}"'))
    shown = bot.json("--dry-run")
    assert len(shown) == 10
    assert bot.run("--once", "--limit", "2").returncode == 0
    rest = bot.json("--dry-run")
    for name in ACCOUNTS:
        assert texts(rest, name) == texts(shown, name)[2:]
    assert bot.run("--once").returncode == 0
    for name in ACCOUNTS:
        assert [post["text"] for post in sandbox.posts(name)] == texts(shown, name)
        assert [post["link"] for post in sandbox.posts("facebook")] == links(shown, "facebook")


def texts(plans: list[dict[str, Any]], account: str) -> list[str]:
    return [plan["text"] for plan in plans if plan["account"] == account]


def links(plans: list[dict[str, Any]], account: str) -> list[str]:
    return [plan["link"] for plan in plans if plan["account"] == account]


def test_the_moment_it_shows_is_when_the_daemon_posts(bot: BotProcess, sandbox: Sandbox) -> None:
    bot.configure(config_text(SOURCE, sandbox.url, cadence='every = "15s"\njitter = "4s"'))
    assert bot.run("--once", "--account", "facebook").returncode == 0
    plan = bot.json("--dry-run", "--account", "facebook", "--limit", "1")[0]
    status = next(one for one in bot.json("status")["accounts"] if one["account"] == "facebook")
    due = datetime.fromisoformat(plan["due"])
    assert datetime.fromisoformat(status["next"]) == due
    since_last = due - datetime.fromisoformat(sandbox.posts("facebook")[0]["created"])
    assert timedelta(seconds=14) < since_last <= timedelta(seconds=19)
    with bot.daemon():
        wait_until(lambda: len(sandbox.posts("facebook")) == 2, "the second post")
    second = sandbox.posts("facebook")[1]
    assert second["text"] == plan["text"]
    assert timedelta(seconds=-0.1) < datetime.fromisoformat(second["created"]) - due < timedelta(seconds=3)


def test_a_preview_of_a_ledger_that_waits_for_a_person_says_so(bot: BotProcess, sandbox: Sandbox) -> None:
    bot.configure(config_text(SOURCE, sandbox.url))
    assert bot.run("--once", "--limit", "1").returncode == 0
    assert bot.run("pause", "twitter").returncode == 0
    done = bot.run("--dry-run", "--format", "json", "--limit", "1")
    assert done.returncode == 1
    assert "twitter is paused: paused by hand. To do: run_bot.py resume twitter" in done.stderr
    due = {plan["account"]: plan["due"] for plan in json.loads(done.stdout)}
    assert due["twitter"] is None
    assert due["facebook"] is not None


def test_an_odd_row_of_the_source_is_mentioned_once(bot: BotProcess, sandbox: Sandbox) -> None:
    columns = "paperid AS id, paperid AS title, text, 'http://example.org/' AS link"
    odd = "SELECT 'odd', '', 'The authors.', 'http://example.org/odd'"
    query = f'kind = "query"\nquery = """SELECT {columns} FROM vignettes UNION ALL {odd}"""'
    bot.configure(config_text(f'url = "sqlite:///site.db"\n{query}', sandbox.url))
    for command in ("--dry-run", "--once", "check"):
        done = bot.run(command)
        assert done.stderr.count("left out for want of a usable value") == 1, (command, done.stderr)


@pytest.mark.parametrize(("row", "times"), [("'odd', '3'", 0), ("'twice', 'many'", 1)])
def test_rows_that_share_an_id_and_votes_that_are_none_are_mentioned(
    bot: BotProcess, sandbox: Sandbox, row: str, times: int
) -> None:
    columns = "text, 'http://example.org/' AS link, paperid AS title, paperid AS id, NULL AS votes"
    other = "SELECT 'The authors.', 'http://example.org/odd', 'A title', "
    query = f"SELECT {columns} FROM vignettes UNION ALL {other} 'twice', '3' UNION ALL {other} {row}"
    bot.configure(config_text(f'url = "sqlite:///site.db"\nkind = "query"\nquery = """{query}"""', sandbox.url))
    for command in ("--dry-run", "--once", "check"):
        said = bot.run(command).stderr
        assert said.count("source rows share an id: they count as one summary") == times, (command, said)
        assert said.count("source rows have votes that are no number: they count as 0") == times, (command, said)
