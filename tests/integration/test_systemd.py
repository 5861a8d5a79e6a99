"""What systemd, and the check of the image, hear of the daemon."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot import notify
from bot.sandbox import Sandbox
from tests.bot_process import PATIENCE, ROOT, BotProcess, config_text, sandbox_environment
from tests.bots import ACCOUNTS
from tests.site import Site

WATCHDOG_SECONDS = 2


@dataclass
class Manager:
    """The end of the socket that systemd holds; keeps all it has heard."""

    wire: socket.socket
    address: str

    def __post_init__(self) -> None:
        self.heard: list[str] = []

    def wait_for(self, wanted: Callable[[str], bool], seconds: float = PATIENCE) -> str | None:
        """The first line from now on that is `wanted`; None if there is none for so long."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self.wire.settimeout(left)
            try:
                lines = self.wire.recv(4096).decode().split("\n")
            except TimeoutError:
                break
            self.heard += lines
            if found := next(filter(wanted, lines), None):
                return found
        return None


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[Manager]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as wire:
        wire.bind(str(tmp_path / "notify"))
        yield Manager(wire, str(tmp_path / "notify"))


@pytest.fixture
def bot(tmp_path: Path, site: Site) -> Iterator[BotProcess]:
    """A bot with one summary to post, and quiet hours never."""
    site.paper("one", "Paper one")
    site.summary("one", 1, "The authors find something.")
    with Sandbox(limits=False) as sandbox:
        bot = BotProcess(tmp_path, sandbox_environment(ACCOUNTS))
        source = 'url = "sqlite:///site.db"\npoll = "1s"'
        bot.configure(config_text(source, sandbox.url, cadence='every = "1h"\ntimezone = "Europe/Berlin"'))
        yield bot


@contextmanager
def impatient(bot: BotProcess, manager: Manager, **variables: str) -> Iterator["subprocess.Popen[bytes]"]:
    """The daemon under a watchdog of two seconds, where what hangs is missed within seconds."""
    watched = {"NOTIFY_SOCKET": manager.address, "WATCHDOG_USEC": str(WATCHDOG_SECONDS * 1_000_000)}
    command = [sys.executable, "-m", "tests.impatient", "--config", str(bot.folder / "bot.toml")]
    log = (bot.folder / "daemon.log").open("wb")
    environment = bot.environment_with({**watched, **variables, "PYTHONPATH": str(Path(__file__).parents[2])})
    process = subprocess.Popen(command, cwd=bot.folder, env=environment, stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        log.close()


def is_beat(line: str) -> bool:
    return line == "WATCHDOG=1"


def test_systemd_hears_that_the_daemon_is_ready_at_work_and_stopping(bot: BotProcess, manager: Manager) -> None:
    with impatient(bot, manager) as process:
        assert manager.wait_for(lambda line: line == "READY=1")
        assert not any(map(is_beat, manager.heard))
        for _ in range(3):
            assert manager.wait_for(is_beat, WATCHDOG_SECONDS)
        assert manager.wait_for(lambda line: line.startswith("STATUS=") and "twitter: not before" in line)
        process.send_signal(signal.SIGTERM)
        assert manager.wait_for(lambda line: line == "STOPPING=1")
        assert process.wait(PATIENCE) == 0
    assert next(line for line in reversed(manager.heard) if line.startswith("STATUS=")).startswith("STATUS=stopping")


def test_the_status_line_names_the_next_post_of_each_account_in_its_zone(bot: BotProcess, manager: Manager) -> None:
    with impatient(bot, manager):
        line = manager.wait_for(lambda line: "facebook: not before" in line and "twitter: not before" in line)
    assert line
    assert " CET (" in line or " CEST (" in line


@pytest.mark.parametrize("point", ["pick", "mark.commit"], ids=["a turn", "a pull"])
def test_a_job_that_hangs_lets_the_watchdog_run_out(bot: BotProcess, manager: Manager, point: str) -> None:
    with impatient(bot, manager, BOT_TEST_HANGS=point):
        assert manager.wait_for(lambda line: line.startswith("STATUS=hangs: "))
        # Whatever was on its way has been heard; from here on there is silence.
        assert not manager.wait_for(is_beat, 2 * WATCHDOG_SECONDS)
        assert "a job hangs" in (bot.folder / "daemon.log").read_text()


def test_a_job_that_fails_again_and_again_is_no_reason_to_restart(bot: BotProcess, manager: Manager) -> None:
    with impatient(bot, manager):
        assert manager.wait_for(is_beat)
        (bot.folder / "site.db").rename(bot.folder / "away.db")
        assert manager.wait_for(lambda line: "pull: the source cannot be read" in line)
        longer_than_a_job_may_be_silent = 5 * 2
        for _ in range(longer_than_a_job_may_be_silent):
            assert manager.wait_for(is_beat, WATCHDOG_SECONDS)
    assert not any("hangs" in line for line in manager.heard)


def test_the_check_of_the_image_asks_what_the_watchdog_asks(bot: BotProcess, manager: Manager) -> None:
    (line,) = re.findall(
        r'CMD \["python", "-c", "(.+)"\]', (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8")
    )
    port = free_port()
    assert ":9464/" in line
    check = [sys.executable, "-c", line.replace(":9464/", f":{port}/")]
    settings = (bot.folder / "bot.toml").read_text(encoding="utf-8")
    bot.configure(f'{settings}[observe]\nlisten = "127.0.0.1:{port}"\n')
    assert subprocess.run(check, capture_output=True).returncode != 0
    with impatient(bot, manager):
        assert manager.wait_for(is_beat)
        assert subprocess.run(check, capture_output=True).returncode == 0
    with impatient(bot, manager, BOT_TEST_HANGS="mark.commit"):
        assert manager.wait_for(lambda line: line.startswith("STATUS=hangs: "))
        assert subprocess.run(check, capture_output=True).returncode != 0


def free_port() -> int:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        return int(unused.getsockname()[1])


def test_what_the_watchdog_ends_says_where_it_was(bot: BotProcess, manager: Manager) -> None:
    with impatient(bot, manager, BOT_TEST_HANGS="pick") as process:
        assert manager.wait_for(lambda line: line.startswith("STATUS=hangs: "))
        assert "publish_one" in (bot.folder / "daemon.log").read_text()
        process.send_signal(signal.SIGABRT)
        # Python writes once more where its threads are; as they run on meanwhile, it may trip over them.
        assert process.wait(PATIENCE) in (-signal.SIGABRT, -signal.SIGSEGV)


def test_a_watchdog_of_another_process_is_not_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WATCHDOG_USEC", "4000000")
    monkeypatch.setenv("WATCHDOG_PID", str(os.getpid()))
    assert notify.interval().total_seconds() == 1
    monkeypatch.setenv("WATCHDOG_PID", str(os.getpid() + 1))
    assert notify.interval() == notify.RENEW


def test_a_socket_may_be_abstract(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as wire:
        # An address of the kernel's choice, which is abstract.
        wire.bind("")
        monkeypatch.setenv("NOTIFY_SOCKET", "@" + wire.getsockname()[1:].decode())
        notify.tell(READY="1")
        assert wire.recv(100) == b"READY=1"


def test_a_manager_that_is_gone_or_a_line_that_breaks_does_no_harm(
    monkeypatch: pytest.MonkeyPatch, manager: Manager, tmp_path: Path
) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "nobody"))
    notify.tell(READY="1")
    monkeypatch.setenv("NOTIFY_SOCKET", manager.address)
    notify.tell(STATUS="one\nWATCHDOG=1")
    assert manager.wait_for(lambda line: line == "STATUS=one WATCHDOG=1")
