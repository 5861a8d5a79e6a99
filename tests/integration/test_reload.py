"""Settings that change while the daemon runs: taken or refused whole, with nothing posted twice and nothing lost."""

import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.sandbox import Sandbox
from tests.bot_process import BotProcess, Daemon, config_text, sandbox_environment, wait_until
from tests.site import Site

ACCOUNTS = {"twitter": "twitter", "facebook": "facebook"}
SOURCE = 'url = "sqlite:///site.db"\nbacklog = "all"\npoll = "1s"'


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(limits=False) as box:
        yield box


@pytest.fixture
def bot(tmp_path: Path) -> BotProcess:
    return BotProcess(tmp_path, sandbox_environment(ACCOUNTS))


def generation(daemon: Daemon) -> int:
    """The number of the settings in force, as the log says."""
    return max(map(int, re.findall(r'"generation": (\d+).*"new settings are in force"', daemon.said())), default=1)


def test_a_new_cadence_is_in_force_without_a_restart(bot: BotProcess, site: Site, sandbox: Sandbox) -> None:
    for number in (1, 2):
        site.paper(f"p{number}", f"Paper {number}")
        site.summary(f"p{number}", 1, f"The authors find result {number}.")
    bot.configure(config_text(SOURCE, sandbox.url, cadence='every = "1h"'))
    with bot.daemon() as daemon:
        wait_until(lambda: len(sandbox.posts()) == 2, "one post on each account")
        bot.configure(config_text(SOURCE, sandbox.url))
        wait_until(lambda: len(sandbox.posts()) == 4, "the others, by the new cadence")
        assert generation(daemon) == 2


def test_a_signal_has_the_settings_read_at_once(bot: BotProcess, sandbox: Sandbox) -> None:
    bot.configure(config_text('url = "sample"\nbacklog = 0', sandbox.url))
    with bot.daemon() as daemon:
        wait_until(lambda: "at work" in daemon.said(), "the start")
        os.kill(daemon.process.pid, signal.SIGHUP)
        wait_until(lambda: generation(daemon) == 2, "the same settings, read again")
