"""Settings that change while the daemon runs: taken or refused whole, with nothing posted twice and nothing lost."""

import json
import os
import signal
import socket
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.config import load_config
from bot.daemon import Daemon as DaemonHere
from bot.publisher import Publisher, Step
from bot.runtime import Parts, build_accounts, open_sender
from bot.sandbox import Sandbox
from bot.sandbox.credentials import secrets_for
from bot.scheduler import Scheduler
from tests.bot_process import PATIENCE, BotProcess, Daemon, config_text, sandbox_environment, wait_until
from tests.site import Site

ACCOUNTS = {"twitter": "twitter", "facebook": "facebook"}
SOURCE = 'url = "sqlite:///site.db"\nbacklog = "all"\npoll = "1s"\nmax_new_per_pull = 1000'
TEMPLATE = "{{ title }}\n{{ link }}\n"
IN_FORCE, REFUSED = "new settings are in force", "new settings are refused; those before stay in force"


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(limits=False) as box:
        yield box


@pytest.fixture
def bot(tmp_path: Path) -> BotProcess:
    return BotProcess(tmp_path, sandbox_environment(ACCOUNTS))


def text(sandbox: Sandbox, **parts: str) -> str:
    return config_text(SOURCE, sandbox.url, **parts)


def without(account: str, config: str) -> str:
    """The settings without the tables of one account."""
    tables = config.split("\n[")
    return "\n[".join(table for table in tables if not table.startswith(f"accounts.{account}"))


def add(site: Site, *numbers: int) -> None:
    for number in numbers:
        site.paper(f"p{number}", f"Paper {number}")
        now = datetime.now(UTC).replace(tzinfo=None)
        site.summary(f"p{number}", 1, f"The authors find result {number}.", added=now)


def lines(daemon: Daemon, event: str) -> list[dict[str, Any]]:
    """What the log says under this event."""
    found = [json.loads(line) for line in daemon.said().splitlines() if line.startswith("{") and line.endswith("}")]
    return [line for line in found if line["event"] == event]


def generation(daemon: Daemon) -> int:
    """The number of the settings in force."""
    return max((line["generation"] for line in lines(daemon, IN_FORCE)), default=1)


def refused(daemon: Daemon, key: str) -> bool:
    return any(key in line["key"] for line in lines(daemon, REFUSED))


def hang_up(daemon: Daemon) -> None:
    os.kill(daemon.process.pid, signal.SIGHUP)


def copies(sandbox: Sandbox) -> Counter[tuple[str, str]]:
    """How often each paper was really posted on each account."""
    return Counter((post["account"], post["link"].split("bibtexKey=")[1].split("&")[0]) for post in sandbox.posts())


def papers(account: str, *numbers: int) -> dict[tuple[str, str], int]:
    """Each of these, once."""
    return {(account, f"p{number}"): 1 for number in numbers}


def started(daemon: Daemon) -> None:
    wait_until(lambda: "the bot is at work" in daemon.said(), "the start")


# --- taken ------------------------------------------------------------------------------------------------------


def test_a_new_cadence_is_in_force_without_a_restart(bot: BotProcess, site: Site, sandbox: Sandbox) -> None:
    add(site, 1, 2)
    bot.configure(text(sandbox, cadence='every = "1h"'))
    with bot.daemon() as daemon:
        wait_until(lambda: len(sandbox.posts()) == 2, "one post on each account")
        bot.configure(text(sandbox))
        wait_until(lambda: len(sandbox.posts()) == 4, "the others, by the new cadence")
        assert generation(daemon) == 2


def test_a_signal_has_everything_read_at_once(bot: BotProcess, sandbox: Sandbox) -> None:
    bot.configure(config_text('url = "sample"\nbacklog = 0', sandbox.url))
    with bot.daemon() as daemon:
        started(daemon)
        hang_up(daemon)
        wait_until(lambda: generation(daemon) == 2, "the same settings, read again")


def test_a_new_template_writes_the_next_post(bot: BotProcess, site: Site, sandbox: Sandbox) -> None:
    templates = bot.folder / "templates"
    templates.mkdir()
    (templates / "twitter.j2").write_text(TEMPLATE)
    add(site, 1)
    bot.configure(text(sandbox))
    with bot.daemon() as daemon:
        wait_until(lambda: len(sandbox.posts()) == 2, "the first on each account")
        (templates / "twitter.j2").write_text("News: " + TEMPLATE)
        wait_until(lambda: generation(daemon) == 2, "the template to be taken")
        add(site, 2)
        wait_until(lambda: len(sandbox.posts()) == 4, "the second on each account")
    assert [post["text"].split("\n")[0] for post in sandbox.posts("twitter")] == ["Paper 1", "News: Paper 2"]


def test_an_account_is_added_removed_and_added_again(bot: BotProcess, site: Site, sandbox: Sandbox) -> None:
    both, one = text(sandbox), without("facebook", text(sandbox))
    add(site, 1)
    bot.configure(one)
    with bot.daemon() as daemon:
        wait_until(lambda: copies(sandbox) == papers("twitter", 1), "the first on X")
        bot.configure(both)
        wait_until(lambda: copies(sandbox) == papers("twitter", 1) | papers("facebook", 1), "Facebook's first start")
        bot.configure(one)
        wait_until(lambda: generation(daemon) == 3, "Facebook to be taken out")
        add(site, 2)
        wait_until(lambda: copies(sandbox)["twitter", "p2"], "the second on X")
        assert copies(sandbox)["facebook", "p2"] == 0
        bot.configure(both)
        wait_until(lambda: copies(sandbox)["facebook", "p2"], "what came out meanwhile on Facebook")
        assert daemon.said().count("first start recorded") == 2, "the mark was kept"
        changes = [(line["added"], line["removed"]) for line in lines(daemon, IN_FORCE)]
    assert changes == [(["facebook"], []), ([], ["facebook"]), (["facebook"], [])]
    assert copies(sandbox) == papers("twitter", 1, 2) | papers("facebook", 1, 2)


def test_an_account_is_paused_in_the_settings(bot: BotProcess, site: Site, sandbox: Sandbox) -> None:
    paused = text(sandbox).replace('platform = "twitter"', 'platform = "twitter"\npaused = true')
    bot.configure(text(sandbox))
    with bot.daemon() as daemon:
        wait_until(lambda: daemon.said().count("first start recorded") == 2, "the first starts")
        bot.configure(paused)
        wait_until(lambda: generation(daemon) == 2, "the pause")
        add(site, 1)
        wait_until(lambda: copies(sandbox) == papers("facebook", 1), "the post on the other account")
        shown = bot.run("status")
        assert shown.returncode == 1
        assert "paused: in the settings" in shown.stdout
        assert bot.json("status")["accounts"][0]["todo"] == "set accounts.twitter.paused = false"
        previewed = bot.run("--dry-run")
        assert "never: paused: in the settings" in previewed.stdout
        resumed = bot.run("resume", "twitter")
        assert "stays so until accounts.twitter.paused is false" in resumed.stdout
        assert copies(sandbox)["twitter", "p1"] == 0
        bot.configure(text(sandbox))
        wait_until(lambda: copies(sandbox) == papers("twitter", 1) | papers("facebook", 1), "the post that waited")


def test_a_paused_accounts_first_start_waits_without_a_call(bot: BotProcess, site: Site, sandbox: Sandbox) -> None:
    add(site, 1)
    bot.configure(text(sandbox, accounts='timeout = "5s"\npaused = true'))
    done = bot.run("--once")
    assert done.returncode == 1
    assert "twitter is paused: in the settings" in done.stderr
    assert "first start waits" not in done.stderr
    assert sandbox.posts() == []
    assert bot.json("status")["accounts"][0]["paused"] == "in the settings"


@pytest.mark.parametrize("place", ["a variable in .env", "a file that the environment names"])
def test_new_credentials_are_taken(place: str, bot: BotProcess, site: Site, sandbox: Sandbox) -> None:
    name = "BOT_TWITTER_ACCESS_TOKEN_SECRET"
    good = bot.environment.pop(name)
    secret = bot.folder / "secret"

    def write(value: str) -> None:
        (bot.folder / ".env").write_text(f"{name}={value}\n" if "variable" in place else "")
        secret.write_text(value)

    if "file" in place:
        bot.environment[f"{name}_FILE"] = str(secret)
    write("an-old-secret")
    add(site, 1)
    bot.configure(text(sandbox))
    with bot.daemon() as daemon:
        started(daemon)
        wait_until(lambda: bot.json("status")["accounts"][0]["paused"], "the account to be refused, and paused")
        write(good)
        wait_until(lambda: generation(daemon) == 2, "the new secret")
        bot.run("resume", "twitter")
        wait_until(lambda: copies(sandbox)["twitter", "p1"] == 1, "the post")
        said = daemon.said()
    assert good not in said
    assert "an-old-secret" not in said


def test_what_needs_a_restart_is_named_and_the_rest_is_taken(bot: BotProcess, site: Site, sandbox: Sandbox) -> None:
    add(site, 1, 2)
    bot.configure(text(sandbox, cadence='every = "1h"'))
    with bot.daemon() as daemon:
        wait_until(lambda: len(sandbox.posts()) == 2, "one post on each account")
        bot.configure(text(sandbox, ledger="sqlite:///other.db"))
        wait_until(lambda: len(sandbox.posts()) == 4, "the others, by the new cadence")
        assert [line["key"] for line in lines(daemon, "takes effect at the next start")] == ["ledger.url"]
        bot.configure(text(sandbox))
        wait_until(lambda: generation(daemon) == 3, "the old ledger's address")
        shown = bot.json("status")
        assert [one["takes_effect_at_next_start"] for one in shown["daemons"]] == [[]]
    assert not (bot.folder / "other.db").exists()
    assert set(copies(sandbox).values()) == {1}


# --- refused ----------------------------------------------------------------------------------------------------


def test_status_says_what_was_refused_until_it_is_mended(bot: BotProcess, sandbox: Sandbox) -> None:
    bot.configure(config_text('url = "sample"\nbacklog = 0', sandbox.url))
    templates = bot.folder / "templates"
    templates.mkdir()
    with bot.daemon() as daemon:
        started(daemon)
        (templates / "twitter.j2").write_text("{{ title }}")
        wait_until(lambda: refused(daemon, "accounts.twitter.template"), "the refusal")
        wait_until(lambda: bot.json("status")["daemons"][0]["refused"], "the ledger to know")
        shown = bot.run("status")
        assert shown.returncode == 1
        assert "new settings were refused" in shown.stdout
        assert "accounts.twitter.template: " in shown.stdout
        (templates / "twitter.j2").write_text(TEMPLATE)
        wait_until(lambda: bot.run("status").returncode == 0, "the refusal to be over")
        assert bot.json("status")["daemons"][0]["generation"] == 2

        bot.configure("[source\n")
        wait_until(lambda: refused(daemon, "bot.toml"), "the refusal of what is no TOML")
        shown = bot.run("status")
        assert shown.returncode == 2
        assert "a daemon at work goes on with the settings it had" in shown.stderr
        bot.configure(config_text('url = "sample"\nbacklog = 0', sandbox.url))
        wait_until(lambda: generation(daemon) == 3, "the settings of before")
    assert bot.json("status")["daemons"] == []


def test_a_daemon_that_was_killed_says_nothing_any_more(bot: BotProcess, sandbox: Sandbox) -> None:
    bot.configure(config_text('url = "sample"\nbacklog = 0', sandbox.url))
    process = subprocess.Popen(bot.command(), cwd=bot.folder, env=bot.environment_with({}), stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: (bot.folder / "ledger.db").exists(), "the ledger")
        wait_until(lambda: len(bot.json("status")["daemons"]) == 1, "the daemon's row")
    finally:
        process.kill()
        process.wait()
    assert bot.json("status")["daemons"] == []
    with bot.daemon():
        wait_until(lambda: len(bot.json("status")["daemons"]) == 1, "the next one's row")


def test_a_file_that_vanishes_is_refused(bot: BotProcess, sandbox: Sandbox) -> None:
    bot.configure(config_text('url = "sample"\nbacklog = 0', sandbox.url))
    with bot.daemon() as daemon:
        started(daemon)
        (bot.folder / "bot.toml").unlink()
        wait_until(lambda: "there is no such file" in daemon.said(), "the refusal")
        assert daemon.process.poll() is None


def test_an_account_without_credentials_is_refused_until_they_are_there(bot: BotProcess, sandbox: Sandbox) -> None:
    parts = config_text('url = "sample"\nbacklog = 0', sandbox.url)
    second = f'[accounts.second]\nplatform = "twitter"\napi_url = "{sandbox.url}"\ncadence = {{ every = "1h" }}\n'
    bot.configure(parts)
    with bot.daemon() as daemon:
        started(daemon)
        bot.configure(parts + second)
        wait_until(lambda: refused(daemon, "BOT_SECOND_CONSUMER_KEY"), "the refusal")
        secrets = sandbox_environment({"second": "twitter"})
        (bot.folder / ".env").write_text("".join(f"{name}={value}\n" for name, value in secrets.items()))
        wait_until(lambda: generation(daemon) == 2, "the account with its credentials")
        assert lines(daemon, IN_FORCE)[0]["added"] == ["second"]


def test_a_signal_ends_the_daemon_while_new_settings_are_judged(bot: BotProcess, sandbox: Sandbox) -> None:
    """Their database takes the connection and says nothing."""
    bot.configure(config_text('url = "sample"\nbacklog = 0', sandbox.url))
    with socket.create_server(("127.0.0.1", 0)) as silent, bot.daemon() as daemon:
        started(daemon)
        silent.settimeout(PATIENCE)
        bot.configure(config_text(f'url = "mysql+pymysql://u@127.0.0.1:{silent.getsockname()[1]}/db"', sandbox.url))
        connection, _ = silent.accept()
        daemon.process.send_signal(signal.SIGTERM)
        assert daemon.process.wait(PATIENCE) == 0
        connection.close()
    assert "stopped while a call to a database" in daemon.said()


# --- many, under load -------------------------------------------------------------------------------------------


def bad_files(good: str) -> dict[str, str]:
    """Ten files that are refused, each by the key that the refusal names."""
    return {
        "bot.toml": good + "\n[accounts.twitter\n",
        "accounts.twitter.cadense": good.replace("[accounts.twitter.cadence]", "[accounts.twitter.cadense]"),
        "accounts.facebook.cadence": without("facebook.cadence", good),
        "accounts.twitter.timeout": good.replace('timeout = "5s"', 'timeout = "5 parsecs"', 1),
        "accounts.facebook.template": good.replace("page_id", 'template = "nowhere.j2"\npage_id'),
        "accounts.facebook.page_id": good.replace('page_id = "', 'page_id = "x'),
        "source.kind": good.replace("[source]", '[source]\nkind = "guess"'),
        "source.max_new_per_pull": good.replace("max_new_per_pull = 1000", "max_new_per_pull = 0"),
        "BOT_STRANGER_CONSUMER_KEY": good
        + '\n[accounts.stranger]\nplatform = "twitter"\n[accounts.stranger.cadence]\nevery = "1h"\n',
        "source": good.replace("sqlite:///site.db", "sqlite:///empty.db"),
    }


@contextmanager
def feeding(site: Site, pause: float) -> Iterator[list[int]]:
    """New summaries, one every `pause` seconds; the list of those that are there."""
    fed: list[int] = []
    over = threading.Event()

    def feed() -> None:
        while not over.wait(pause):
            add(site, len(fed) + 1)
            fed.append(len(fed) + 1)

    thread = threading.Thread(target=feed)
    thread.start()
    try:
        yield fed
    finally:
        over.set()
        thread.join()


@pytest.mark.timeout(600)
def test_ten_good_and_ten_bad_files_under_load(bot: BotProcess, site: Site, sandbox: Sandbox) -> None:
    """Every third by itself, the others with a signal; while posts go out all the time."""
    Site(f"sqlite:///{bot.folder / 'empty.db'}").execute("DROP TABLE vignettes")
    bot.configure(text(sandbox))
    with bot.daemon() as daemon, feeding(site, 0.2) as fed:
        wait_until(lambda: len(sandbox.posts()) > 4, "posts to go out")
        for number, (key, bad) in enumerate(bad_files(text(sandbox)).items()):
            bot.configure(bad)
            if number % 3:
                hang_up(daemon)
            wait_until(lambda key=key: refused(daemon, key), f"{key} to be refused")  # type: ignore[misc]
            before = len(sandbox.posts())
            assert generation(daemon) == number + 1
            wait_until(lambda before=before: len(sandbox.posts()) > before, "posts by the old settings")  # type: ignore[misc]
            bot.configure(text(sandbox, accounts=f'timeout = "{5 + number}s"'))
            if number % 3 != 1:
                hang_up(daemon)
            wait_until(lambda number=number: generation(daemon) == number + 2, "the good ones")  # type: ignore[misc]
        assert daemon.process.poll() is None
        count = len(fed)
        wait_until(lambda: len(sandbox.posts()) >= 2 * count, "everything to be posted")
        assert generation(daemon) == 11
    wait = bot.run("--once")
    assert wait.returncode == 0, wait.stderr
    assert copies(sandbox) == papers("twitter", *fed) | papers("facebook", *fed)


# --- the safeguard ----------------------------------------------------------------------------------------------


class Overlap:
    """How many publishers of one account are at work at once, at most."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.most: Counter[str] = Counter()
        self.now: Counter[str] = Counter()
        self.steps = Publisher.steps
        self._guard = threading.Lock()
        monkeypatch.setattr(Publisher, "steps", lambda *given, **named: self._steps(*given, **named))

    def _steps(self, publisher: Publisher, *given: Any, **named: Any) -> Iterator[Step]:
        name = publisher.account.name
        with self._guard:
            self.now[name] += 1
            self.most[name] = max(self.most[name], self.now[name])
        try:
            yield from self.steps(publisher, *given, **named)
        finally:
            with self._guard:
                self.now[name] -= 1


@pytest.fixture
def _signals() -> Iterator[None]:
    """What this process does with signals, put back."""
    mine = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)}
    yield
    for number, handler in mine.items():
        signal.signal(number, handler)


@pytest.mark.usefixtures("_signals")
@pytest.mark.parametrize("waits", [True, False], ids=["as it is", "without waiting for what is in flight"])
def test_two_publishers_of_one_account_are_never_at_work_at_once(
    waits: bool, tmp_path: Path, site: Site, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A daemon in this process, reloaded while a post waits for its answer; the control starts the new one at once."""
    if not waits:
        stop = Scheduler.stop
        monkeypatch.setattr(Scheduler, "stop", lambda self, _patience: stop(self, timedelta(0)) or True)
    overlap = Overlap(monkeypatch)
    add(site, 1, 2)
    file = tmp_path / "bot.toml"
    file.write_text(text(sandbox))
    secrets = {name: secrets_for(platform, name) for name, platform in ACCOUNTS.items()}

    def read() -> Parts:
        config = load_config(file)
        return Parts(config, build_accounts(config), secrets)

    sandbox.plan(kind="slow", platform="twitter", seconds=3)
    with ExitStack() as stack:
        parts = read()
        daemon = DaemonHere(read, parts, open_sender(parts.config, stack))
        seen: dict[str, Any] = {}

        def operate() -> None:
            wait_until(lambda: overlap.now["twitter"] and len(sandbox.posts("facebook")) == 2, "a slow call on X")
            os.kill(os.getpid(), signal.SIGHUP)
            wait_until(lambda: daemon.in_force.generation == 2, "the new settings")
            seen["in flight"] = overlap.now["twitter"] > 0
            wait_until(lambda: len(sandbox.posts()) == 4, "all posts")
            while not waits and any(overlap.now.values()):
                time.sleep(0.05)
            os.kill(os.getpid(), signal.SIGTERM)

        operator = threading.Thread(target=operate)
        operator.start()
        daemon.run()
        operator.join()
    assert overlap.most["twitter"] == (1 if waits else 2)
    assert copies(sandbox) == papers("twitter", 1, 2) | papers("facebook", 1, 2)
