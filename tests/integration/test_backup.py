"""The backup that docs/operating.md recommends, made while the bot is at work, and put back."""

import re
import shlex
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

from bot.sandbox import Sandbox
from tests.bot_process import ROOT, BotProcess, config_text, sandbox_environment, wait_until
from tests.bots import ACCOUNTS
from tests.site import Site

SOURCE = 'url = "sqlite:///site.db"\npoll = "1s"\nbacklog = "all"'


def documented() -> list[str]:
    """The backup that needs no program of its own, as its words."""
    page = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    (command,) = re.findall(r"^\.venv/bin/python -c .*backup.*$", page, re.MULTILINE)
    return [sys.executable, *shlex.split(command)[1:]]


def test_a_copy_made_while_the_bot_works_serves_in_its_place(tmp_path: Path, site: Site) -> None:
    with Sandbox(limits=False) as sandbox:
        bot = BotProcess(tmp_path, sandbox_environment(ACCOUNTS))
        bot.configure(config_text(SOURCE, sandbox.url, ledger="sqlite:///var/ledger.db"))
        for number in range(5):
            site.paper(f"old-{number}", f"Paper {number}")
            site.summary(f"old-{number}", 1, "The authors find something.")
        with bot.daemon():
            wait_until(lambda: len(sandbox.posts()) == 10, "all posts")
            wait_until(lambda: len(bot.json("history")) == 10, "their receipts")
            assert subprocess.run(documented(), cwd=tmp_path, capture_output=True).returncode == 0
        before = bot.json("history")
        copy = tmp_path / "var" / "ledger-backup.db"
        with sqlite3.connect(copy) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        connection.close()
        for file in (tmp_path / "var").glob("ledger.db*"):
            file.unlink()
        shutil.move(copy, tmp_path / "var" / "ledger.db")
        assert bot.json("history") == before
        assert bot.run("--once").returncode == 0
        assert len(sandbox.posts()) == 10
