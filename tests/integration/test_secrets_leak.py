"""No secret in what the bot says or writes: canaries in every place that holds one, and a search that finds them."""

import base64
import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from sqlalchemy import MetaData, create_engine, make_url, select

from bot.sandbox import Sandbox
from bot.sandbox.credentials import secrets_for
from tests.bot_process import ROOT, BotProcess, Daemon, config_text, sandbox_environment, wait_until
from tests.conftest import select_only_user
from tests.site import Site

ACCOUNTS = {"twitter": "twitter", "facebook": "facebook"}
# With characters that addresses and JSON spell in another way.
LEDGER_PASSWORD = 'ledger-c@nary/"7+'
# In the path, in the query, and as a password: nobody listens there, so that each alert fails and is reported.
ALERT_CANARIES = ["alert-canary-path", "alert-canary-query", "alert-c@nary-word"]
ALERTS = (
    f"json://127.0.0.1:9/{ALERT_CANARIES[0]}?-token={ALERT_CANARIES[1]}"
    f" jsons://me:{quote(ALERT_CANARIES[2], safe='')}@127.0.0.1:9/?rto=1"
)
IMPATIENT = 'timeout = "2s"\nsettle = "3s"'


def spellings(secret: str) -> Iterable[str]:
    return {secret, quote(secret, safe=""), quote_plus(secret), base64.b64encode(secret.encode()).decode()}


def found(secrets: Iterable[str], *places: str) -> list[str]:
    """The secrets that stand in any of these texts, in any spelling."""
    return [secret for secret in secrets for form in spellings(secret) for place in places if form in place]


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(limits=False) as box:
        yield box


def plan_faults(sandbox: Sandbox) -> None:
    """What can go wrong, and answers that repeat the secrets they were sent."""
    echo = {name: f"you sent {' '.join(secrets_for(name, name).values())}" for name in ACCOUNTS}
    x_problem = {"title": "Bad", "detail": echo["twitter"], "type": "about:blank", "status": 400}
    graph_error = {"error": {"message": echo["facebook"], "type": "OAuthException", "code": 2}}
    sandbox.plan(kind="error_before", platform="twitter", status=400, body=x_problem)
    sandbox.plan(kind="error_before", platform="facebook", status=400, body=graph_error)
    sandbox.plan(kind="timeline_error", platform="twitter", status=500, body=x_problem, after=1)
    sandbox.plan(kind="timeline_error", platform="facebook", status=500, body=graph_error, after=1)
    for kind in ("redirect_302", "html_200", "reset_after"):
        sandbox.plan(kind=kind)


class Listener:
    """Runs commands, and keeps all that they say."""

    def __init__(self, bot: BotProcess) -> None:
        self.bot = bot
        self.heard: list[str] = []

    def run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        done = self.bot.run(*arguments)
        self.heard += [done.stdout, done.stderr]
        return done

    def scrapes(self, daemon: Daemon) -> None:
        """Everything the local port shows."""
        wait_until(lambda: "metrics and health are served" in daemon.said(), "the local port")
        port = next(json.loads(line)["port"] for line in daemon.said().splitlines() if '"port"' in line)
        for path in ("metrics", "healthz", "readyz", "nowhere"):
            with suppress(urllib.error.HTTPError), urllib.request.urlopen(f"http://127.0.0.1:{port}/{path}") as answer:
                self.heard.append(answer.read().decode())

    def lives(self, sandbox: Sandbox) -> None:
        """Everything an operator does in a bad week, at --log-level debug."""
        debug = ("--log-level", "debug")
        self.run(*debug, "check")
        self.run(*debug, "check", "--alert")
        self.run("--dry-run", *debug)
        self.run("--once", "--limit", "1", *debug)
        plan_faults(sandbox)
        with self.bot.daemon(*debug) as daemon:
            wait_until(lambda: "a post did not go through" in daemon.said(), "a failed post")
            wait_until(lambda: "waits for another look" in daemon.said(), "a failed look")
            wait_until(lambda: "you sent" in daemon.said(), "an answer that repeats what it was sent")
            self.run("pause", "twitter")
            self.scrapes(daemon)
            self.run("resume", "twitter")
        self.heard.append(daemon.said())
        self.run(*debug, "status")
        self.run(*debug, "history", "--format", "json")
        self.run(*debug, "show", "1")
        sandbox.stop()
        self.run("pause", "facebook")
        self.run("--once", *debug)
        assert "an alert could not be sent" in "".join(self.heard)


@pytest.mark.postgres
def test_no_secret_is_in_what_is_said_or_in_a_sqlite_ledger(
    postgres_database: str, tmp_path: Path, sandbox: Sandbox
) -> None:
    bot = BotProcess(tmp_path, sandbox_environment(ACCOUNTS))
    _fill(Site(postgres_database))
    with select_only_user(postgres_database) as reader:
        secrets = [*bot.environment.values(), str(make_url(reader).password), *ALERT_CANARIES]
        bot.environment["BOT_ALERTS"] = ALERTS
        text = config_text(f'url = "{reader}"\nbacklog = "all"', sandbox.url, accounts=IMPATIENT)
        bot.configure(f'{text}[observe]\nlisten = "127.0.0.1:0"\n')
        listener = Listener(bot)
        listener.lives(sandbox)
    ledger = [file.read_bytes().decode("latin-1") for file in tmp_path.glob("ledger.db*")]
    assert found(secrets, *listener.heard) == []
    assert found(secrets, *ledger) == []
    assert "[secret]" in "".join(listener.heard)
    assert "you sent" in "".join(ledger)


@pytest.mark.postgres
def test_no_secret_is_in_what_is_said_of_a_postgresql_ledger(
    postgres_database: str, tmp_path: Path, sandbox: Sandbox
) -> None:
    bot = BotProcess(tmp_path, sandbox_environment(ACCOUNTS))
    here = make_url(postgres_database).set(password=LEDGER_PASSWORD)
    lost = here.set(host="127.0.0.1", port=1, query={"password": LEDGER_PASSWORD})
    secrets = [*bot.environment.values(), LEDGER_PASSWORD]
    listener = Listener(bot)
    for url, status in ((lost, 1), (here, 0)):
        address = url.render_as_string(hide_password=False).replace('"', '\\"')
        bot.configure(config_text('url = "sample"\nbacklog = 1', sandbox.url, ledger=address, accounts=IMPATIENT))
        for line in ("--once --log-level debug", "status", "--dry-run --format json"):
            done = listener.run(*line.split())
            assert done.returncode == status, done.stderr
    assert len(sandbox.posts()) == 2
    assert found(secrets, *listener.heard, _dump(postgres_database)) == []


def _fill(site: Site) -> None:
    site.user(1, "author")
    for number in range(4):
        site.paper(f"p{number}", f"Paper {number}")
        site.summary(f"p{number}", 1, f"The authors show that method {number} works.")
    site.engine.dispose()


def _dump(url: str) -> str:
    """Every row of every table."""
    engine = create_engine(url)
    tables = MetaData()
    tables.reflect(engine)
    with engine.connect() as connection:
        rows = [str(row) for table in tables.tables.values() for row in connection.execute(select(table))]
    engine.dispose()
    assert len(rows) > 3
    return "\n".join(rows)


# --- the control: the same search, where masking is on and off --------------------------------------------------

CARELESS = """
import logging
import os
import structlog
from bot import cli
from bot.config import load_config
from bot.observe.redact import redactor
from bot.clock import utc_now
from bot.runtime import build_platform
from bot.secrets import credentials
from pathlib import Path

@cli.bot.command()
def careless() -> None:
    config = load_config(Path("bot.toml"))
    secrets, _ = credentials(config, list(config.accounts))
    for name, own in secrets.items():
        build_platform(name, config, own, utc_now)
    {masking}
    for own in secrets.values():
        structlog.get_logger().info("a careless line", secrets=own)
        logging.getLogger("a.library").warning("a careless line %s", own)
        try:
            raise RuntimeError(own)
        except RuntimeError:
            structlog.get_logger().exception("a careless traceback")
    raise RuntimeError(str(secrets))

cli.main()
"""


@pytest.mark.parametrize(("masking", "leaks"), [("pass", False), ("redactor._forms.clear()", True)], ids=["on", "off"])
def test_what_is_logged_without_care_is_masked(masking: str, leaks: bool, tmp_path: Path, sandbox: Sandbox) -> None:
    """With masking off the same search finds every canary."""
    bot = BotProcess(tmp_path, sandbox_environment(ACCOUNTS))
    bot.configure(config_text('url = "sample"', sandbox.url))
    command = [sys.executable, "-c", CARELESS.format(masking=masking), "--log-level", "debug", "careless"]
    environment = {**os.environ, **bot.environment, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60)
    assert done.stderr.count("a careless") >= 3 * len(ACCOUNTS)
    assert "please report it" in done.stderr
    assert set(found(bot.environment.values(), done.stderr)) == (set(bot.environment.values()) if leaks else set())
