"""What a command loads before it answers: looking at a ledger must not pay for what makes and sends posts."""

import re
import subprocess
from pathlib import Path

import pytest

from bot.ledger.sending import Sender
from tests.bot_process import BotProcess, config_text
from tests.clock import Clock

SENDING = {"tweepy", "facebook", "requests", "alembic", "apscheduler"}
MAKING = {"jinja2", "markdown_it", "pylatexenc", "structlog"}


def loaded(process: BotProcess, *arguments: str) -> set[str]:
    """The top-level packages that a command imports."""
    python, *rest = process.command(*arguments)
    done = subprocess.run(
        [python, "-X", "importtime", *rest], cwd=process.folder, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return {name.split(".")[0] for name in re.findall(r"^import time:.*\| +([\w.]+)$", done.stderr, re.MULTILINE)}


@pytest.fixture
def process(tmp_path: Path) -> BotProcess:
    process = BotProcess(tmp_path)
    process.configure(config_text('url = "sample"', "http://127.0.0.1:1"))
    sender = Sender.open(f"sqlite:///{tmp_path / 'ledger.db'}", Clock())
    sender.ledger.register({"twitter": "twitter", "facebook": "facebook"})
    sender.close()
    return process


@pytest.mark.parametrize("command", ["status", "history"])
def test_a_command_that_looks_loads_neither_what_sends_nor_what_makes_posts(process: BotProcess, command: str) -> None:
    packages = loaded(process, command)

    assert "sqlalchemy" in packages
    assert not packages & (SENDING | MAKING)


def test_a_preview_loads_nothing_that_sends_and_nothing_that_formats_log_lines_if_it_has_none(
    process: BotProcess,
) -> None:
    packages = loaded(process, "--dry-run", "--limit", "1")

    assert "jinja2" in packages
    assert not packages & (SENDING | {"structlog"})


def test_help_loads_hardly_anything(process: BotProcess) -> None:
    packages = loaded(process, "--help")

    assert "click" in packages
    assert not packages & (SENDING | MAKING | {"sqlalchemy", "pydantic", "rich"})
