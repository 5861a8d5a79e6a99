"""The commands, through real processes against the sandbox: what they do, what they print, how they end."""

import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import requests
from sqlalchemy import make_url

from bot.sandbox import Sandbox
from tests.bot_process import PATIENCE, BotProcess, config_text, sandbox_environment, wait_until
from tests.conftest import select_only_user
from tests.site import Site

ACCOUNTS = {"twitter": "twitter", "facebook": "facebook"}
SOURCE = 'url = "sqlite:///site.db"\nbacklog = "all"\nmax_new_per_pull = 3'
IMPATIENT = 'timeout = "1s"\nsettle = "2s"\non_unknown = "hold"'


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """One that lives by the wall clock, as processes do."""
    with Sandbox(limits=False) as box:
        yield box


@pytest.fixture
def bot(tmp_path: Path, sandbox: Sandbox) -> BotProcess:
    bot = BotProcess(tmp_path, sandbox_environment(ACCOUNTS))
    bot.configure(config_text(SOURCE, sandbox.url, accounts=IMPATIENT))
    return bot


def publish_at_site(site: Site, *keys: str) -> None:
    """Summaries that were published just now, the first one last."""
    for number, key in enumerate(reversed(keys)):
        site.paper(key, f"Paper {key}")
        now = datetime.now().replace(microsecond=number)
        site.summary(key, 1, f"The authors show that {key} works.", added=now)


def once(bot: BotProcess, status: int, *arguments: str) -> str:
    """`--once`, which must exit with `status`; what it says on stderr."""
    done = bot.run("--once", *arguments)
    assert done.returncode == status, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr


def decide(bot: BotProcess, *arguments: str) -> str:
    """A command that must succeed; what it prints."""
    done = bot.run(*arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


def account(bot: BotProcess, name: str = "twitter") -> dict[str, Any]:
    return next(one for one in bot.json("status")["accounts"] if one["account"] == name)


def titles(sandbox: Sandbox, platform: str) -> list[str]:
    return [re.findall(r"Paper (\w+)", post["text"])[0] for post in sandbox.posts(platform)]


# --- what is printed --------------------------------------------------------------------------------------------


def test_it_says_what_it_is_and_how_it_is_used(bot: BotProcess) -> None:
    assert re.fullmatch(r"shortscience-bot \d+\.\d+\.\d+\n", decide(bot, "--version"))
    said = decide(bot, "-h")
    for command in ("check", "history", "pause", "resolve", "resume", "retry", "show", "skip", "status", "--dry-run"):
        assert command in said
    assert "--not-posted" in decide(bot, "resolve", "-h")


def test_status_history_and_show_tell_people_and_programs(bot: BotProcess, sandbox: Sandbox, site: Site) -> None:
    publish_at_site(site, "alpha", "beta")
    once(bot, 0, "--limit", "1")
    history = bot.json("history")
    assert [entry["account"] for entry in history] == ["facebook", "twitter"]
    assert {entry["post_url"] for entry in history} == {post["url"] for post in sandbox.posts()}
    text = decide(bot, "history", "--limit", "1", "--account", "twitter")
    assert sandbox.posts("twitter")[0]["url"] in text
    assert sandbox.posts("facebook")[0]["url"] not in text
    status = bot.json("status")
    assert [one["account"] for one in status["accounts"]] == ["twitter", "facebook"]
    assert status["troubled"] == []
    assert status["accounts"][0]["states"] == {"posted": 1, "queued": 1}
    assert status["accounts"][0]["spent_usd"] == pytest.approx(0.2, abs=0.05)
    assert datetime.fromisoformat(status["accounts"][0]["last"]).utcoffset() is not None
    assert "twitter" in decide(bot, "status")
    story = bot.json("show", history[0]["summary"].upper())
    assert [entry["account"] for entry in story] == ["twitter", "facebook"]
    assert story[1]["attempts"][0]["text"] == sandbox.posts("facebook")[0]["text"]
    shown = decide(bot, "show", str(history[0]["id"]))
    assert f"delivery {history[0]['id']} · facebook · posted" in shown
    assert history[0]["post_url"] in shown


# --- what is sent -----------------------------------------------------------------------------------------------


def test_account_and_limit_bound_what_is_sent_and_not_what_is_pulled(
    bot: BotProcess, sandbox: Sandbox, site: Site
) -> None:
    publish_at_site(site, "alpha", "beta", "gamma")
    once(bot, 0, "--limit", "0")
    assert sandbox.posts() == []
    once(bot, 0, "--limit", "1", "--account", "twitter")
    assert (titles(sandbox, "twitter"), titles(sandbox, "facebook")) == (["alpha"], [])
    publish_at_site(site, "delta")
    once(bot, 0, "--limit", "2", "--account", "twitter")
    assert titles(sandbox, "twitter") == ["alpha", "delta", "beta"]
    assert sandbox.posts("facebook") == []
    assert account(bot, "facebook")["waiting"] == {"fresh": 1, "backlog": 3}
    once(bot, 0)
    assert titles(sandbox, "facebook") == ["delta", "alpha", "beta", "gamma"]


def test_a_paused_account_sends_nothing_until_it_is_resumed(bot: BotProcess, sandbox: Sandbox, site: Site) -> None:
    publish_at_site(site, "alpha")
    once(bot, 0, "--limit", "0")
    assert "twitter is paused." in decide(bot, "pause", "twitter")
    assert "twitter is paused: paused by hand. To do: run_bot.py resume twitter" in once(bot, 1)
    assert (titles(sandbox, "twitter"), titles(sandbox, "facebook")) == ([], ["alpha"])
    paused = bot.run("status", "--format", "json")
    state = json.loads(paused.stdout)["accounts"][0]
    assert (state["paused"], state["todo"]) == ("paused by hand", "run_bot.py resume twitter")
    assert paused.returncode == 1
    assert bot.run("status", "--account", "facebook").returncode == 0
    assert "twitter goes on." in decide(bot, "resume", "twitter")
    once(bot, 0)
    assert titles(sandbox, "twitter") == ["alpha"]


# --- what a person decides --------------------------------------------------------------------------------------


def test_an_unclear_attempt_that_is_not_found_is_held_and_resolved_by_hand(
    bot: BotProcess, sandbox: Sandbox, site: Site
) -> None:
    publish_at_site(site, "alpha", "beta")
    sandbox.plan(kind="error_before", platform="twitter", times=2)
    only = ("--account", "twitter")
    held = []
    for _ in range(2):
        assert "1 unknown; the account is read back until it is decided" in once(bot, 1, "--limit", "1", *only)
        held.append(until_held(bot, sandbox))
        resolve = f"run_bot.py resolve {held[-1]} --posted URL | --not-posted"
        assert resolve in bot.run("status").stdout
        if len(held) == 1:
            decide(bot, "resolve", str(held[0]), "--posted", f"{sandbox.url}/i/web/status/1234567")
    decide(bot, "resolve", str(held[1]), "--not-posted")
    once(bot, 0, *only)
    assert titles(sandbox, "twitter") == ["beta"]
    assert account(bot)["states"] == {"posted": 2}
    assert bot.json("show", str(held[0]))[0]["post_url"].endswith("/1234567")


def until_held(bot: BotProcess, sandbox: Sandbox) -> int:
    """Look until the delivery in doubt is held; its number. Nothing is sent meanwhile."""
    sent = len(sandbox.posts("twitter"))
    wait_until(lambda: "1 held; see" in once(bot, 1, "--limit", "0", "--account", "twitter"), "the deciding look")
    assert len(sandbox.posts("twitter")) == sent
    return int(bot.json("status")["troubled"][0]["id"])


def test_a_lost_answer_is_found_and_the_post_counts_as_posted(bot: BotProcess, sandbox: Sandbox, site: Site) -> None:
    publish_at_site(site, "alpha")
    sandbox.plan(kind="reset_after", platform="facebook")
    assert "facebook: 1 unknown" in once(bot, 1)
    wait_until(lambda: bot.run("--once").returncode == 0, "the lost post to be found")
    assert titles(sandbox, "facebook") == ["alpha"]
    assert bot.json("history", "--account", "facebook")[0]["post_url"] == sandbox.posts("facebook")[0]["url"]


def test_a_rejected_delivery_is_reported_once_and_goes_again_after_retry(
    bot: BotProcess, sandbox: Sandbox, site: Site
) -> None:
    publish_at_site(site, "alpha", "beta")
    refusal = {"status": 403, "detail": "Your Tweet text is too long.", "title": "Forbidden", "type": "about:blank"}
    sandbox.plan(kind="forbidden", platform="twitter", status=403, body=refusal)
    said = once(bot, 1, "--account", "twitter")
    number = int(re.findall(r"twitter: delivery (\d+) was rejected: X answered 403", said)[0])
    assert titles(sandbox, "twitter") == ["beta"]
    once(bot, 0, "--account", "twitter")
    assert f"mend the cause, then: run_bot.py retry {number}" in decide(bot, "status")
    assert f"Delivery {number} is queued again." in decide(bot, "retry", str(number))
    once(bot, 0, "--account", "twitter")
    assert titles(sandbox, "twitter") == ["beta", "alpha"]


def test_a_flood_is_held_until_a_person_lets_it_go_or_skips_it(bot: BotProcess, sandbox: Sandbox, site: Site) -> None:
    once(bot, 0)
    publish_at_site(site, "a", "b", "c", "d")
    preview = bot.run("--dry-run", "--account", "twitter")
    assert "4 new summaries at once: the next pull will hold them, and ask" in preview.stdout
    assert "twitter: 4 held; see `run_bot.py status`" in once(bot, 1)
    assert sandbox.posts() == []
    assert "8 deliveries are queued." in decide(bot, "retry", "flood")
    once(bot, 0)
    assert len(sandbox.posts()) == 8
    publish_at_site(site, "e", "f", "g", "h")
    once(bot, 1)
    assert "8 deliveries are skipped." in decide(bot, "skip", "flood")
    once(bot, 0)
    assert len(sandbox.posts()) == 8


# --- how it ends ------------------------------------------------------------------------------------------------


def in_flight(sandbox: Sandbox) -> bool:
    """Whether the one planned fault has struck, so that a post is on its way."""
    return requests.get(f"{sandbox.url}/__faults", timeout=5).json() == []


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_lets_the_post_in_flight_finish(
    end: signal.Signals, bot: BotProcess, sandbox: Sandbox, site: Site
) -> None:
    bot.configure(config_text(SOURCE, sandbox.url, accounts='timeout = "20s"'))
    publish_at_site(site, "alpha", "beta")
    sandbox.plan(kind="slow", platform="twitter", seconds=3)
    with bot.daemon("--account", "twitter", end=end) as daemon:
        wait_until(lambda: in_flight(sandbox), "a post in flight")
    assert "stopping: what is in flight finishes" in daemon.said()
    assert titles(sandbox, "twitter") == ["alpha"]
    assert account(bot)["states"] == {"posted": 1, "queued": 1}


def test_a_second_signal_ends_the_bot_at_once_and_the_next_run_finds_what_it_left(
    bot: BotProcess, sandbox: Sandbox, site: Site
) -> None:
    bot.configure(config_text(SOURCE, sandbox.url, accounts='timeout = "9s"\nsettle = "10s"'))
    publish_at_site(site, "alpha")
    sandbox.plan(kind="slow", platform="twitter", seconds=8)
    with (bot.folder / "killed.log").open("wb") as log:
        command, environment = bot.command("--account", "twitter"), bot.environment_with({})
        process = subprocess.Popen(command, cwd=bot.folder, env=environment, stdout=log, stderr=log)
        wait_until(lambda: in_flight(sandbox), "a post in flight")
        process.send_signal(signal.SIGTERM)
        wait_until(lambda: "stopping" in (bot.folder / "killed.log").read_text(), "the first signal to be heard")
        begun = time.monotonic()
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE)
    # Not after the eight seconds that the post takes.
    assert time.monotonic() - begun < 4
    assert account(bot)["states"] == {"sending": 1}
    wait_until(lambda: bot.run("--once", "--account", "twitter").returncode == 0, "the unknown to be settled")
    assert titles(sandbox, "twitter") == ["alpha"]
    assert account(bot)["states"] == {"posted": 1}


@pytest.mark.postgres
def test_sigterm_does_not_wait_for_a_source_that_takes_its_time(
    postgres_database: str, bot: BotProcess, sandbox: Sandbox
) -> None:
    owner = Site(postgres_database)
    owner.execute("CREATE TABLE patience (seconds FLOAT)")
    owner.execute("INSERT INTO patience VALUES (0)")
    columns = "1 AS id, 'T' AS title, 'It works.' AS text, 'http://example.org/' AS link"
    query = f"SELECT {columns}, pg_sleep(seconds) IS NULL AS waited FROM patience"
    with select_only_user(postgres_database) as reader:
        source = f'url = "{reader}"\nkind = "query"\nquery = "{query}"\npoll = "1s"\nbacklog = 0'
        bot.configure(config_text(source, sandbox.url, accounts=IMPATIENT))
        with bot.daemon() as daemon:
            wait_until(lambda: "first start recorded" in daemon.said(), "the first start")
            owner.execute("UPDATE patience SET seconds = 50")
            wait_until(lambda: _asleep(owner, str(make_url(reader).username)), "a slow answer")
        assert "stopping" in daemon.said()
    owner.engine.dispose()


def _asleep(owner: Site, user: str) -> bool:
    with owner.engine.connect() as connection:
        statement = f"SELECT 1 FROM pg_stat_activity WHERE usename = '{user}' AND wait_event = 'PgSleep'"
        return connection.exec_driver_sql(statement).first() is not None


def test_a_bot_killed_in_flight_leaves_an_unknown_that_is_settled_without_a_duplicate(
    bot: BotProcess, sandbox: Sandbox, site: Site
) -> None:
    publish_at_site(site, "alpha")
    bot.configure(config_text(SOURCE, sandbox.url, accounts='timeout = "1s"\nsettle = "2s"'))
    sandbox.plan(kind="slow", platform="twitter", seconds=0.9)
    environment = {"PATH": "/usr/bin:/bin", **bot.environment}
    with (bot.folder / "killed.log").open("wb") as log:
        killed = subprocess.Popen(bot.command("--once"), cwd=bot.folder, env=environment, stdout=log, stderr=log)
        wait_until(lambda: in_flight(sandbox), "a post in flight")
        killed.send_signal(signal.SIGKILL)
        assert killed.wait(10) == -signal.SIGKILL
    assert "twitter: 1 unknown" in once(bot, 1, "--account", "twitter")
    wait_until(lambda: bot.run("--once").returncode == 0, "the unknown to be settled")
    assert titles(sandbox, "twitter") == ["alpha"]
    assert titles(sandbox, "facebook") == ["alpha"]
    assert account(bot)["states"] == {"posted": 1}


# --- where the output goes --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "command", ["--dry-run", "--dry-run --format json", "--dry-run --format html", "status", "--version"]
)
def test_an_output_that_cannot_be_written_is_one_clear_line(bot: BotProcess, site: Site, command: str) -> None:
    publish_at_site(site, "alpha")
    once(bot, 0, "--limit", "0")
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            bot.command(*command.split()), cwd=bot.folder, env=bot.environment_with({}),
            stdout=full, stderr=subprocess.PIPE, text=True, timeout=60,
        )  # fmt: skip
    assert done.stderr == "the output cannot be written: No space left on device\n"
    assert done.returncode == 1


def test_whoever_stops_reading_gets_no_complaint(bot: BotProcess, site: Site) -> None:
    publish_at_site(site, "alpha")
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(
            bot.command("--dry-run"), cwd=bot.folder, env=bot.environment_with({}),
            stdout=writing, stderr=subprocess.PIPE, text=True, timeout=60,
        )  # fmt: skip
    finally:
        os.close(writing)
    assert done.stderr == ""
    assert done.returncode == 1
