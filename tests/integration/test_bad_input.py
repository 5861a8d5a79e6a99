"""What the operator gets wrong, through real processes: a message with place and remedy, the right exit status, never a
traceback, and nothing sent."""

import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import make_url

from bot.ledger.models import SCHEMA
from bot.sandbox import Sandbox
from tests.bot_process import ROOT, BotProcess, config_text, sandbox_environment, wait_until
from tests.conftest import select_only_user

Done = subprocess.CompletedProcess[str]

ACCOUNTS = {"twitter": "twitter", "facebook": "facebook"}
ALL_WAYS = ("--dry-run", "--once", "daemon", "check")
PASSWORD = "s3cret-of-the-database"
SAMPLE = 'url = "sample"\nbacklog = 2'


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """Whatever a test does: nothing may be posted."""
    with Sandbox(limits=False) as box:
        yield box
        assert box.posts() == []


@pytest.fixture
def bot(tmp_path: Path) -> BotProcess:
    return BotProcess(tmp_path, sandbox_environment(ACCOUNTS))


def each(bot: BotProcess, ways: tuple[str, ...]) -> dict[str, Done]:
    """The bot started in each of these ways, at once."""
    with ThreadPoolExecutor(len(ways)) as pool:
        done = pool.map(lambda way: bot.run(*(way.split() if way != "daemon" else ())), ways)
        return dict(zip(ways, done, strict=True))


def assert_clear(done: Done, status: int, *words: str) -> None:
    said = done.stdout + done.stderr
    assert done.returncode == status, said
    assert "Traceback" not in said
    for word in words:
        assert word in said


def assert_all_clear(bot: BotProcess, status: int, *words: str, ways: tuple[str, ...] = ALL_WAYS) -> None:
    for done in each(bot, ways).values():
        assert_clear(done, status, *words)


# --- mistakes: exit status 2 ------------------------------------------------------------------------------------


def test_it_names_the_settings_that_cannot_be_read(bot: BotProcess, sandbox: Sandbox) -> None:
    (bot.folder / "broken.toml").write_text("[source\n")
    (bot.folder / "latin.toml").write_bytes(b"# \xff")
    wrong = {
        "--dry-run --config nowhere.toml": "nowhere.toml: there is no such file; see --config",
        f"check --config {bot.folder}": "cannot be read: Is a directory",
        "--config broken.toml": "broken.toml: is not valid TOML: Expected ']'",
        "--once --config latin.toml": "latin.toml: is not UTF-8 text",
    }
    for line, done in each(bot, tuple(wrong)).items():
        assert_clear(done, 2, wrong[line])


EVERYTHING_WRONG = """
shedule = 1
[source]
url = 3
poll = 5
kind = "querry"
backlog = -1
min_vote = 3
[ledger]
url = "mysql+pymysql://bot:s3cret-of-the-database@127.0.0.1/ledger"
[accounts.twitter]
platform = "twitter"
template = "missing.j2"
timeout = "soon"
[accounts.twitter.cadence]
evry = "2h"
max_per_day = "4"
budget_usd_per_month = true
[accounts.facebook]
platform = "facebook"
api_url = "http://graph.example.org"
template = "typo.j2"
[accounts.facebook.cadence]
every = "2h"
cron = "0 9 * * 8"
quiet_hours = "22-7"
timezone = "Mars/Olympus"
[accounts.x]
platform = "myspace"
"""


def test_it_names_every_mistake_in_one_go(bot: BotProcess, sandbox: Sandbox) -> None:
    (bot.folder / "templates").mkdir()
    (bot.folder / "templates" / "typo.j2").write_text("{{ titel }}\n{{ link }}")
    bot.environment.clear()
    bot.configure(EVERYTHING_WRONG)
    mistakes = (
        "shedule: unknown key; known here: source, ledger, prices, observe, accounts, hashtags",
        'source.url: expected "sample", or an SQLAlchemy address',
        'source.poll: expected a duration such as "90s"',
        "source.kind: expected 'shortscience' or 'query'",
        'source.backlog: expected a whole number from 0, or "all"',
        "source.min_vote: unknown key; did you mean `min_votes`?",
        "ledger.url: expected an SQLAlchemy address: sqlite:///…, postgresql+psycopg://…",
        "accounts.twitter.timeout: expected a duration",
        "accounts.twitter.cadence: expected exactly one of `every`, `cron`, `at`",
        "accounts.twitter.cadence.evry: unknown key; did you mean `every`?",
        "accounts.twitter.cadence.max_per_day: expected a whole number",
        "accounts.twitter.cadence.budget_usd_per_month: expected a number",
        "accounts.facebook.api_url: expected an https address",
        "accounts.facebook.cadence: expected exactly one of `every`, `cron`, `at`; found every and cron",
        "accounts.facebook.cadence.cron: expected five cron fields",
        'accounts.facebook.cadence.quiet_hours: expected quiet hours such as "22:00-07:00"',
        "accounts.facebook.cadence.timezone: expected a time zone",
        'accounts.x.platform: expected "twitter" or "facebook"',
        "accounts.twitter.template: missing.j2: not found; looked in",
        "accounts.facebook.template: templates/typo.j2, line 1: unknown name `titel`; did you mean `title`?",
    )
    missing = (
        "BOT_TWITTER_CONSUMER_KEY: is not set",
        "BOT_FACEBOOK_APP_SECRET: is not set",
        "facebook.page_id: is empty",
    )
    done = each(bot, ("--dry-run --account nobody", "--once", "daemon", "check"))
    for way, one in done.items():
        assert_clear(one, 2, *mistakes, *(missing if "dry" not in way else ()))
        assert PASSWORD not in one.stdout + one.stderr
    assert "BOT_TWITTER" not in done["--dry-run --account nobody"].stderr
    assert "--account nobody: no such account; configured:" in done["--dry-run --account nobody"].stderr


TEMPLATES = {
    "unknown.j2": (
        "{{ title }}\n{{ titel }}\n{{ link }}",
        "templates/unknown.j2, line 2: unknown name `titel`; did you",
    ),
    "broken.j2": ("{{ link }}\n\n{% if %}", "templates/broken.j2, line 3: Expected an expression"),
    "linkless.j2": ("{{ title }}", "templates/linkless.j2: must write {{ link }} once"),
    "absent.j2": (None, "absent.j2: not found; looked in"),
}


def test_it_names_file_and_line_of_every_bad_template(bot: BotProcess, sandbox: Sandbox) -> None:
    (bot.folder / "templates").mkdir()
    accounts = []
    for name, (text, _) in TEMPLATES.items():
        if text is not None:
            (bot.folder / "templates" / name).write_text(text)
        account = name.removesuffix(".j2")
        accounts.append(f'[accounts.{account}]\nplatform = "twitter"\ntemplate = "{name}"\napi_url = "{sandbox.url}"')
        accounts.append(f'[accounts.{account}.cadence]\nevery = "0s"')
    bot.configure("\n".join(accounts))
    bot.environment = sandbox_environment({name.removesuffix(".j2"): "twitter" for name in TEMPLATES})
    words = (f"accounts.{name.removesuffix('.j2')}.template: {said}" for name, (_, said) in TEMPLATES.items())
    assert_all_clear(bot, 2, *words, ways=("--dry-run", "--once", "check"))
    assert not (bot.folder / "var").exists()


def test_it_names_every_column_a_query_lacks_together_with_missing_credentials(
    bot: BotProcess, sandbox: Sandbox
) -> None:
    query = 'url = "sample"\nkind = "query"\nquery = "SELECT paperid AS id, text AS texts FROM vignettes"'
    bot.configure(config_text(query, sandbox.url))
    del bot.environment["BOT_TWITTER_ACCESS_TOKEN"]
    lacks = ("query has no column title", "no column text; is texts meant to be it?", "has no column link")
    done = each(bot, ("--dry-run", "daemon", "check"))
    for way, one in done.items():
        assert_clear(one, 2, *lacks, *(("BOT_TWITTER_ACCESS_TOKEN: is not set",) if "dry" not in way else ()))
    assert not (bot.folder / "ledger.db").exists()


def test_it_sends_on_no_account_if_one_lacks_credentials_or_page(bot: BotProcess, sandbox: Sandbox) -> None:
    text = config_text(SAMPLE, sandbox.url)
    page = next(line for line in text.splitlines() if line.startswith("page_id"))
    bot.configure(text.replace(page, ""))
    del bot.environment["BOT_FACEBOOK_ACCESS_TOKEN"]
    bot.environment["BOT_FACEBOOK_APP_SECRET_FILE"] = "not-there"
    del bot.environment["BOT_FACEBOOK_APP_SECRET"]
    words = (
        "BOT_FACEBOOK_ACCESS_TOKEN: is not set; accounts.facebook needs it (or BOT_FACEBOOK_ACCESS_TOKEN_FILE)",
        "BOT_FACEBOOK_APP_SECRET_FILE: the file it names cannot be read: No such file or directory",
        "accounts.facebook.page_id: is empty; expected your Page's id",
    )
    assert_all_clear(bot, 2, *words, ways=("--once", "daemon", "check"))
    assert not (bot.folder / "ledger.db").exists()
    assert_clear(bot.run("--dry-run"), 0)


def test_it_refuses_two_accounts_that_would_read_the_same_variables(bot: BotProcess, sandbox: Sandbox) -> None:
    account = f'platform = "twitter"\napi_url = "{sandbox.url}"\ncadence = {{ every = "0s" }}\n'
    bot.configure(f'[accounts."my-x"]\n{account}[accounts."my.x"]\n{account}')
    words = ("accounts.my.x: would read the same variables BOT_MY_X_… as accounts.my-x; rename one",)
    assert_all_clear(bot, 2, *words, ways=("--once", "check"))


COMMAND_LINES = {
    "bogus": "No such command 'bogus'",
    "--dry-run --once": "--dry-run and --once exclude each other",
    "--once status": "do not go with `status`",
    "--dry-run --limit -1": "-1 is not in the range",
    "--dry-run --limit many": "'many' is not a valid integer",
    "--dry-run --format yaml": "'yaml' is not",
    "history --limit 99999999999999999999": "is not in the range",
    "history --limit 0": "0 is not in the range",
    "status --account nobody": "--account nobody: no such account; configured: twitter, facebook",
    "pause nobody": "nobody: no such account; configured: twitter, facebook",
    "resolve 1": "One of --posted URL and --not-posted is needed",
    "retry": "Missing argument 'ID|flood'",
}


def test_it_explains_a_mistaken_command_line(bot: BotProcess, sandbox: Sandbox) -> None:
    bot.configure(config_text(SAMPLE, sandbox.url))
    done = each(bot, tuple(COMMAND_LINES))
    for line, words in COMMAND_LINES.items():
        assert_clear(done[line], 2, words)


# --- trouble: exit status 1 -------------------------------------------------------------------------------------


@pytest.fixture
def closed_port() -> Iterator[int]:
    """A port that refuses connections."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        yield unused.getsockname()[1]


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port that takes connections and never says anything."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(50)
        yield server.getsockname()[1]


@pytest.mark.parametrize("driver", ["mysql+pymysql", "postgresql+psycopg"])
def test_it_reports_a_source_that_is_down(driver: str, bot: BotProcess, sandbox: Sandbox, closed_port: int) -> None:
    bot.configure(
        config_text(f'url = "{driver}://bot:{PASSWORD}@127.0.0.1:{closed_port}/papers"\npoll = "1s"', sandbox.url)
    )
    words = (f"source papers at 127.0.0.1:{closed_port}", "is the server running")
    assert_all_clear(bot, 1, *words, ways=("--dry-run", "check") if driver.startswith("mysql") else ("--once",))
    with bot.daemon() as daemon:
        wait_until(lambda: "the source cannot be read" in daemon.said(), "the daemon's report")
    assert "Traceback" not in daemon.said()
    assert PASSWORD not in daemon.said()


def test_it_reports_a_source_file_that_is_not_there(bot: BotProcess, sandbox: Sandbox) -> None:
    bot.configure(config_text('url = "sqlite:///site.db"', sandbox.url))
    words = (f"SQLite source {bot.folder}/site.db: there is no such file; see [source] url",)
    assert_all_clear(bot, 1, *words, ways=("--once", "check"))
    assert not (bot.folder / "site.db").exists()


@pytest.mark.mysql
def test_it_reports_a_source_that_refuses_the_password(mysql_database: str, bot: BotProcess, sandbox: Sandbox) -> None:
    with select_only_user(mysql_database) as reader:
        wrong = make_url(reader).set(password=PASSWORD).render_as_string(hide_password=False)
        bot.configure(config_text(f'url = "{wrong}"', sandbox.url))
        done = each(bot, ("--dry-run", "--once"))
    for one in done.values():
        assert_clear(one, 1, "Access denied", "check user and password in [source] url")
        assert PASSWORD not in one.stdout + one.stderr


def test_it_waits_only_so_long_for_a_database_that_says_nothing(
    tmp_path: Path, bot: BotProcess, sandbox: Sandbox, silent_port: int
) -> None:
    url = f"postgresql+psycopg://bot:{PASSWORD}@127.0.0.1:{silent_port}/db"
    as_ledger = BotProcess(tmp_path / "ledger", bot.environment)
    as_ledger.folder.mkdir()
    as_ledger.configure(config_text(SAMPLE, sandbox.url, ledger=url))
    bot.configure(config_text(f'url = "{url}"', sandbox.url))
    on_mysql = BotProcess(tmp_path / "mysql", bot.environment)
    on_mysql.folder.mkdir()
    on_mysql.configure(config_text(f'url = "mysql+pymysql://bot:{PASSWORD}@127.0.0.1:{silent_port}/db"', sandbox.url))
    with ThreadPoolExecutor() as pool:
        source = pool.submit(each, bot, ("--dry-run",))
        ledger = pool.submit(each, as_ledger, ("--once", "status"))
        begun = time.monotonic()
        mysql = pool.submit(each, on_mysql, ("--once",)).result()
        took = time.monotonic() - begun
    for done in mysql.values():
        assert_clear(done, 1, f"MySQL source db at 127.0.0.1:{silent_port}", "the server took too long")
    # Asked when it begins and by the pull, ten seconds each time. A question may take a minute.
    assert took < 50
    for done in source.result().values():
        assert_clear(done, 1, f"PostgreSQL source db at 127.0.0.1:{silent_port}", "timeout", "is the server running")
    for done in ledger.result().values():
        assert_clear(done, 1, f"127.0.0.1:{silent_port}/db does not answer in time", "[ledger] url")


def test_it_can_be_told_to_stop_while_it_waits_for_a_database_at_start(
    bot: BotProcess, sandbox: Sandbox, silent_port: int
) -> None:
    url = f"mysql+pymysql://bot:{PASSWORD}@127.0.0.1:{silent_port}/db"
    bot.configure(config_text(f'url = "{url}"', sandbox.url))
    with bot.daemon() as daemon:
        wait_until(lambda: _connected_to(silent_port, daemon.process.pid), "the daemon to ask the database")
    assert "Traceback" not in daemon.said()


def _connected_to(port: int, pid: int) -> bool:
    connections = Path(f"/proc/{pid}/net/tcp").read_text()
    return any(
        line.split()[2].endswith(f":{port:04X}") and line.split()[3] == "01" for line in connections.splitlines()
    )


LEDGERS = {
    "below-a-file": (
        "file/ledger.db",
        "cannot be made: {folder}/file is no folder; see [ledger] url",
        "--dry-run check",
    ),
    "a-folder": ("folder", "the ledger {folder}/folder is a folder; [ledger] url must name a file", "--once status"),
    "no-database": (
        "noise.db",
        "the ledger {folder}/noise.db is not a ledger: the file is no SQLite",
        "daemon history",
    ),
    "newer": ("newer.db", "{folder}/newer.db is of a newer version (9999; this bot", "--dry-run --once daemon check"),
    "without-tables": ("hollow.db", "the ledger {folder}/hollow.db is damaged: a table is missing", "--once status"),
}


@pytest.mark.parametrize("kind", LEDGERS)
def test_it_explains_a_ledger_that_cannot_serve(kind: str, bot: BotProcess, sandbox: Sandbox) -> None:
    (bot.folder / "file").write_text("I am a file")
    (bot.folder / "folder").mkdir()
    (bot.folder / "noise.db").write_bytes(bytes(range(256)) * 40)
    _with_version(bot.folder / "newer.db", "9999")
    _with_version(bot.folder / "hollow.db", SCHEMA)
    path, said, ways = LEDGERS[kind]
    bot.configure(config_text(SAMPLE, sandbox.url, ledger=f"sqlite:///{path}"))
    before = {file: file.read_bytes() for file in bot.folder.glob("*.db")}
    assert_all_clear(bot, 1, said.format(folder=bot.folder), ways=tuple(ways.split()))
    assert {file: file.read_bytes() for file in bot.folder.glob("*.db")} == before


def _with_version(file: Path, number: str) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE alembic_version (version_num VARCHAR)")
        connection.execute("INSERT INTO alembic_version VALUES (?)", [number])


def test_a_command_that_needs_a_ledger_says_that_there_is_none(bot: BotProcess, sandbox: Sandbox) -> None:
    bot.configure(config_text(SAMPLE, sandbox.url))
    ways = ("status", "retry 1")
    assert_all_clear(bot, 1, f"there is no ledger at {bot.folder}/ledger.db yet", ways=ways)
    assert [file.name for file in bot.folder.iterdir()] == ["bot.toml"]


@pytest.mark.postgres
def test_it_explains_a_ledger_where_it_may_make_no_tables(
    postgres_database: str, bot: BotProcess, sandbox: Sandbox
) -> None:
    with select_only_user(postgres_database) as reader:
        bot.configure(config_text(SAMPLE, sandbox.url, ledger=reader))
        done = bot.run("--once")
    assert_clear(done, 1, "does not let this user do that", str(make_url(reader).database))
    assert str(make_url(reader).password) not in done.stderr


def test_a_second_bot_on_the_same_ledger_says_so(bot: BotProcess, sandbox: Sandbox) -> None:
    bot.configure(config_text('url = "sample"\nbacklog = 0', sandbox.url))
    with bot.daemon() as daemon:
        wait_until(lambda: "first start recorded" in daemon.said(), "the first bot")
        said = f"another bot works on the ledger {bot.folder}/ledger.db: end it first"
        assert_all_clear(bot, 1, said, ways=("daemon", "--once"))


# --- commands of people -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[BotProcess, Sandbox]]:
    """A bot whose first start is over: one delivery posted on each account, one queued on each."""
    bot = BotProcess(tmp_path_factory.mktemp("opened"), sandbox_environment(ACCOUNTS))
    with Sandbox(limits=False) as box:
        bot.configure(config_text(SAMPLE, box.url))
        done = bot.run("--once", "--limit", "1")
        assert done.returncode == 0, done.stderr
        yield bot, box


DECISIONS = {
    "show 999": "there is no delivery 999: expected its number, or a summary's key",
    "show 99999999999999999999": "there is no delivery 99999999999999999999",
    "retry 999": "there is no delivery 999; `run_bot.py show KEY` and `status` show their numbers",
    "retry x": "'x' is no delivery's number",
    "retry {posted}": "delivery {posted} is posted; retry takes held or rejected ones",
    "skip {posted}": "delivery {posted} is posted; skip takes queued or held ones",
    "resolve {queued} --not-posted": "delivery {queued} is queued; resolve takes held ones",
    "resolve {queued} --posted somewhere": "--posted expects the post's web address",
}


def test_a_command_for_a_delivery_that_is_absent_or_in_another_state_changes_nothing(
    opened: tuple[BotProcess, Sandbox],
) -> None:
    bot, _ = opened
    before = deliveries(bot)
    numbers = {state: number for number, state, _ in before}
    lines = {line.format(**numbers): words.format(**numbers) for line, words in DECISIONS.items()}
    for line, done in each(bot, tuple(lines)).items():
        assert_clear(done, 2, lines[line])
    assert deliveries(bot) == before


def deliveries(bot: BotProcess) -> list[tuple[int, str, str]]:
    """What the ledger holds: number, state, time of the last change."""
    with closing(sqlite3.connect(bot.folder / "ledger.db")) as connection:
        return connection.execute("SELECT id, state, changed_at FROM deliveries ORDER BY id").fetchall()


def test_refused_credentials_pause_the_account_and_say_what_to_do(
    opened: tuple[BotProcess, Sandbox], tmp_path: Path
) -> None:
    bot, sandbox = opened
    shutil.copytree(bot.folder, tmp_path / "copy")
    wrong = {"BOT_TWITTER_ACCESS_TOKEN": "12-wrong", "BOT_FACEBOOK_ACCESS_TOKEN": "EAAwrong"}
    refused = BotProcess(tmp_path / "copy", {**bot.environment, **wrong})
    posts = len(sandbox.posts())
    what_to_do = ("X answered 401", "Check the account's four keys", "Create a new long-lived Page access token")
    assert_clear(refused.run("check"), 1, *what_to_do)
    assert_clear(refused.run("--once"), 1, "twitter is paused", "facebook is paused", *what_to_do)
    status = refused.run("status", "--format", "json")
    paused = json.loads(status.stdout)["accounts"]
    assert all(account["paused"] and "resume the account" in account["todo"] for account in paused)
    assert status.returncode == 1
    assert len(sandbox.posts()) == posts


def test_a_first_start_with_refused_credentials_waits_and_says_why(bot: BotProcess, sandbox: Sandbox) -> None:
    bot.configure(config_text(SAMPLE, sandbox.url))
    bot.environment["BOT_TWITTER_ACCESS_TOKEN"] = "12-wrong"
    done = bot.run("--once", "--account", "twitter")
    assert_clear(done, 1, "first start waits", "X answered 401", "see `run_bot.py check`")


def test_a_first_start_that_failed_is_explained_by_status(bot: BotProcess) -> None:
    bot.configure(config_text(SAMPLE, "http://127.0.0.1:1"))
    assert bot.run("--once").returncode == 1
    assert_clear(bot.run("status"), 0, "own posts could not be read back; see `run_bot.py check`")


def test_a_daemon_takes_no_limit_and_no_format(bot: BotProcess, sandbox: Sandbox) -> None:
    bot.configure(config_text(SAMPLE, sandbox.url))
    for given in ("--limit 0", "--format json"):
        assert_clear(bot.run(*given.split()), 2, "--limit and --format go with --dry-run, --once or a command")


def test_a_database_of_another_program_is_no_ledger(bot: BotProcess, sandbox: Sandbox) -> None:
    with closing(sqlite3.connect(bot.folder / "ledger.db")) as connection:
        connection.execute("CREATE TABLE vignettes (id INTEGER)")
    bot.configure(config_text(SAMPLE, sandbox.url))
    assert_all_clear(bot, 1, "ledger.db is no ledger, for it holds vignettes: give the ledger one of its own")
    with closing(sqlite3.connect(bot.folder / "ledger.db")) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("vignettes",)]


def test_an_account_with_a_mistake_is_no_unknown_one(bot: BotProcess, sandbox: Sandbox) -> None:
    text = config_text(SAMPLE, sandbox.url).replace('platform = "facebook"', 'platform = "facebok"')
    bot.configure(text.replace('platform = "twitter"', 'platform = "twitter"\ntemplate = "nowhere.j2"'))
    done = bot.run("check", "--account", "facebook")
    assert_clear(done, 2, 'accounts.facebook.platform: expected "twitter" or "facebook"')
    assert "no such account" not in done.stderr
    assert_clear(bot.run("check", "--account", "nobody"), 2, "no such account; configured: twitter, facebook")


def test_the_sample_is_refused_by_check_as_by_a_start(bot: BotProcess) -> None:
    bot.configure(config_text(SAMPLE, "https://api.example.org"))
    assert_all_clear(bot, 2, "source.url: is the sample that ships with the bot", ways=("--once", "daemon", "check"))


def test_a_torn_line_of_the_env_file_is_named(bot: BotProcess, sandbox: Sandbox) -> None:
    bot.configure(config_text(SAMPLE, sandbox.url))
    del bot.environment["BOT_TWITTER_ACCESS_TOKEN"]
    (bot.folder / ".env").write_text("BOT_ALERTS=\nBOT_TWITTER_ACCESS_TOKEN='never closed\n", encoding="utf-8")
    said = (".env, line 2: expected NAME=value", "BOT_TWITTER_ACCESS_TOKEN: is not set")
    assert_all_clear(bot, 2, *said, ways=("--once", "daemon"))


@pytest.mark.parametrize("posts", ["garbage\n", '{"serial": 1}\n'])
def test_a_damaged_file_of_the_sandbox_is_named_with_its_line(posts: str, bot: BotProcess) -> None:
    bot.configure(config_text(SAMPLE, "https://api.example.org"))
    folder = bot.folder / "var" / "sandbox"
    folder.mkdir(parents=True)
    (folder / "posts.jsonl").write_text(posts, encoding="utf-8")
    assert_clear(bot.run("--once", "--sandbox"), 1, "posts.jsonl, line 1: is no post of a sandbox; remove the file")


# --- mistakes of ours -------------------------------------------------------------------------------------------

DRIVER = """
import sys
from bot import cli
from bot.observe.redact import redactor
canary = "canary-of-a-secret"
{guard}

@cli.bot.command()
def explode() -> None:
    raise RuntimeError("it holds " + canary)

cli.main()
"""


@pytest.mark.parametrize(("guard", "shown"), [("redactor.add([canary])", False), ("pass", True)], ids=["on", "off"])
def test_an_error_nobody_foresaw_is_reported_without_secrets(guard: str, shown: bool, tmp_path: Path) -> None:
    """The control is the same error with the secret not known: there the search finds it."""
    command = [sys.executable, "-c", DRIVER.format(guard=guard), "explode"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert "RuntimeError: it holds" in done.stderr
    assert "please report it" in done.stderr
    assert ("it holds canary-of-a-secret" in done.stderr) is shown
