"""Runs the bot as its users do: `python run_bot.py …` in a process of its own, with a config file."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.config import variable
from bot.sandbox.credentials import page_id_for, secrets_for

ROOT = Path(__file__).parent.parent
PATIENCE = 30


def sandbox_environment(accounts: Mapping[str, str]) -> dict[str, str]:
    """The variables with the secrets that the sandbox accepts; `accounts`: names and platforms."""
    return {
        variable(name, part): value
        for name, platform in accounts.items()
        for part, value in secrets_for(platform, name).items()
    }


def config_text(
    source: str,
    api_url: str,
    ledger: str = "sqlite:///ledger.db",
    cadence: str = 'every = "0s"',
    accounts: str = 'timeout = "5s"',
) -> str:
    """A config with one account on each platform, pointed at a sandbox.

    `source`, `cadence`, `accounts`: the lines of [source], of each cadence, of each account.
    """
    return f"""
[source]
{source}
[ledger]
url = "{ledger}"
[accounts.twitter]
platform = "twitter"
api_url = "{api_url}"
{accounts}
[accounts.twitter.cadence]
{cadence}
[accounts.facebook]
platform = "facebook"
api_url = "{api_url}"
page_id = "{page_id_for("facebook")}"
{accounts}
[accounts.facebook.cadence]
{cadence}
"""


@dataclass
class BotProcess:
    """A folder with a config, and the bot in it."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)

    def configure(self, text: str) -> None:
        (self.folder / "bot.toml").write_text(text, encoding="utf-8")

    def command(self, *arguments: str) -> list[str]:
        config = ["--config", str(self.folder / "bot.toml")] if (self.folder / "bot.toml").exists() else []
        return [sys.executable, str(ROOT / "run_bot.py"), *arguments, *config]

    def run(self, *arguments: str, **variables: str) -> "subprocess.CompletedProcess[str]":
        """One command, to its end."""
        return subprocess.run(
            self.command(*arguments),
            cwd=self.folder,
            env=self.environment_with(variables),
            capture_output=True,
            text=True,
            timeout=120,
        )

    def json(self, *arguments: str) -> Any:
        """What a command prints with `--format json`."""
        done = self.run(*arguments, "--format", "json")
        assert done.stdout, done.stderr
        return json.loads(done.stdout)

    @contextmanager
    def daemon(self, *arguments: str, end: signal.Signals = signal.SIGTERM) -> Iterator["Daemon"]:
        """The bot at work; ended with a signal, and it must then exit with status 0."""
        log = self.folder / "daemon.log"
        with log.open("wb") as out:
            process = subprocess.Popen(
                self.command(*arguments), cwd=self.folder, env=self.environment_with({}), stdout=out, stderr=out
            )
        try:
            yield Daemon(process, log)
            process.send_signal(end)
            assert process.wait(40) == 0, log.read_text()
        finally:
            process.kill()
            process.wait()

    def environment_with(self, variables: Mapping[str, str]) -> dict[str, str]:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("BOT_")}
        return {**clean, "COLUMNS": "100", **self.environment, **variables}


@dataclass
class Daemon:
    """A running bot."""

    process: "subprocess.Popen[bytes]"
    log: Path

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")


def wait_until(condition: Callable[[], object], what: str) -> None:
    """Until `condition` is true; fails saying `what` was waited for."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {PATIENCE} s for {what}")
        time.sleep(0.05)
