"""`check` and the daemon's daily check: who the accounts are, what they may, what ends, what is left."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.account_check import examine
from bot.cadence import Needed
from bot.daily_check import DailyCheck
from bot.ledger.sending import Sender
from bot.runtime import Bot
from bot.sandbox import Sandbox
from bot.sandbox.credentials import page_id_for
from tests.bot_process import BotProcess, config_text, sandbox_environment, wait_until
from tests.clock import Clock
from tests.fixtures import Start

ACCOUNTS = {"twitter": "twitter", "facebook": "facebook"}


@pytest.fixture
def real_sandbox() -> Any:
    with Sandbox() as box:
        yield box


@pytest.fixture
def process(tmp_path: Path, real_sandbox: Sandbox) -> BotProcess:
    bot = BotProcess(tmp_path, sandbox_environment(ACCOUNTS))
    cadence = 'every = "0s"\nbudget_usd_per_month = 0.65'
    bot.configure(config_text('url = "sample"\nbacklog = 1', real_sandbox.url, cadence=cadence))
    return bot


def fit(**changes: Any) -> dict[str, Any]:
    """An inspection of a Page token, as `/debug_token` answers."""
    scopes = ["pages_manage_posts", "pages_read_engagement"]
    page = {"is_valid": True, "type": "PAGE", "profile_id": page_id_for("facebook"), "scopes": scopes}
    return {"data": {**page, "expires_at": 0, "data_access_expires_at": 0, **changes}}


def seconds(days: float) -> int:
    return int((datetime.now(UTC) + timedelta(days=days)).timestamp())


def test_check_says_of_each_account_who_it_is_and_what_is_left(process: BotProcess) -> None:
    assert process.run("--once").returncode == 0
    done = process.run("check")
    assert done.returncode == 0, done.stderr
    lines = [" ".join(line.split()) for line in done.stdout.splitlines()]
    month, later = f"{datetime.now(UTC):%Y-%m}", datetime.now(UTC) + timedelta(days=90)
    for line in (
        "ok twitter: posts as @twitter",
        "ok twitter: may post",
        "ok twitter: its token has no end of its own",
        "ok twitter: API version 2.167",
        "ok twitter: asking this cost $0.010",
        # A post and the question whose account it is.
        f"ok twitter: $0.44 of $0.65 left for {month}, 2 posts with a link",
        "ok facebook: posts as facebook",
        "ok facebook: may post",
        "ok facebook: its token has no end of its own",
        f"ok facebook: its token's access to data ends on {later:%Y-%m-%d}, in 89 days",
        "ok facebook: API version v26.0",
        "ok facebook: the Page's calls: 0 % used; the app's calls: 0 % used",
        f"ok facebook: $0.65 of $0.65 left for {month}",
    ):
        assert line in lines, done.stdout
    assert any(line.startswith("ok twitter: calls of this kind: 7") for line in lines), done.stdout
    assert any("does not tell whether the app is in development mode" in line for line in lines)


@pytest.mark.parametrize(
    ("days", "word", "status"), [(60, "ok", 0), (20, "note", 0), (3, "trouble", 1), (-1, "trouble", 1)]
)
def test_an_end_is_told_early_and_then_loudly(
    process: BotProcess, real_sandbox: Sandbox, days: int, word: str, status: int
) -> None:
    inspection = fit(data_access_expires_at=seconds(days))
    real_sandbox.plan(kind="error_before", platform="facebook", route="verify", after=1, status=200, body=inspection)
    done = process.run("check", "--account", "facebook")
    assert done.returncode == status, done.stdout
    line = next(line for line in done.stdout.splitlines() if "access to data end" in line)
    assert line.split()[0] == word
    assert ("run_bot.py connect facebook" in line) == (word != "ok")


def test_another_version_served_in_silence_is_a_note(process: BotProcess, real_sandbox: Sandbox) -> None:
    real_sandbox.plan(kind="headers", platform="facebook", route="verify", headers={"facebook-api-version": "v27.0"})
    done = process.run("check", "--account", "facebook")
    assert done.returncode == 0
    assert "note     facebook: Facebook serves version v27.0 of its API, not v26.0" in done.stdout
    assert "API version v27.0" in done.stdout


# --- the daemon's ----------------------------------------------------------------------------------------------


def checks(bot: Bot, daily: DailyCheck) -> list[str]:
    """Which accounts are looked at now, as the daemon would."""
    return [name for name in ACCOUNTS if daily.run(bot.accounts[name], bot.platforms[name]) is not None]


def spent(bot: Bot, clock: Clock) -> float:
    account = bot.accounts["twitter"]
    return bot.sender.ledger.turn("twitter", Needed()).history.spent.get(account.month(clock()), 0) / 1e6


@pytest.mark.parametrize("ledger_url", ["sqlite"], indirect=True)
def test_each_account_is_looked_at_once_a_day_whatever_restarts(start: Start, clock: Clock) -> None:
    with start() as bot:
        daily = DailyCheck(bot.sender.ledger)
        assert checks(bot, daily) == ["twitter", "facebook"]
        assert checks(bot, daily) == []
        assert daily.latest["twitter"].troubles == ()
        assert spent(bot, clock) == pytest.approx(0.010)
    clock.advance(hours=23)
    with start() as bot:
        assert checks(bot, DailyCheck(bot.sender.ledger)) == []
        assert spent(bot, clock) == pytest.approx(0.010)
        clock.advance(hours=1)
        assert checks(bot, DailyCheck(bot.sender.ledger)) == ["twitter", "facebook"]
        # A clock that was wrong and is put right does not keep the check away for ever.
        clock.advance(days=-400)
        assert checks(bot, DailyCheck(bot.sender.ledger)) == ["twitter", "facebook"]


@pytest.mark.parametrize("ledger_url", ["sqlite"], indirect=True)
def test_what_could_not_be_asked_is_asked_again_within_the_hour(start: Start, clock: Clock, sandbox: Sandbox) -> None:
    with start() as bot:
        sandbox.plan(kind="reset_before", platform="twitter", route="verify")
        daily = DailyCheck(bot.sender.ledger)
        checks(bot, daily)
        assert daily.latest["twitter"].troubles[0].topic == "identity"
        assert bot.sender.ledger.account("twitter").paused_at is None
        clock.advance(minutes=61)
        assert checks(bot, daily) == ["twitter"]
        assert daily.latest["twitter"].troubles == ()


@pytest.mark.parametrize("ledger_url", ["sqlite"], indirect=True)
def test_only_a_refused_account_is_paused(start: Start, clock: Clock, sandbox: Sandbox) -> None:
    with start() as bot:
        daily = DailyCheck(bot.sender.ledger)
        soon = int((clock() + timedelta(days=2)).timestamp())
        sandbox.plan(
            kind="error_before", platform="facebook", route="verify", after=1, status=200, body=fit(expires_at=soon)
        )
        checks(bot, daily)
        (trouble,) = daily.latest["facebook"].troubles
        assert (trouble.status, trouble.topic) == (1, "token")
        # What alerts and metrics are made of.
        assert daily.troubles() == {"twitter": [], "facebook": [trouble.line()]}
        assert {name: end.timestamp() for name, end in daily.token_ends().items()} == {"facebook": soon}
        assert bot.sender.ledger.account("facebook").paused_at is None
        clock.advance(days=1)
        sandbox.plan(kind="unauthorized", route="verify", times=2)
        checks(bot, daily)
        for name in ACCOUNTS:
            state = bot.sender.ledger.account(name)
            assert state.paused_at is not None
            assert "run_bot.py connect" in (state.pause_remedy or "")
        clock.advance(days=1)
        # Nobody pays for questions about an account that is paused.
        assert checks(bot, daily) == []


def test_two_bots_on_one_ledger_look_once(open_sender: Callable[[], Sender], ledger_url: str, clock: Clock) -> None:
    if ledger_url.startswith("sqlite"):
        pytest.skip("a SQLite ledger has one bot")
    one, other = open_sender().ledger, open_sender().ledger
    one.register(ACCOUNTS)
    assert [ledger.claim_check("twitter", timedelta(days=1)) for ledger in (one, other, one)] == [True, False, False]


def test_the_daemon_checks_daily_and_not_at_every_start(process: BotProcess) -> None:
    with process.daemon() as daemon:
        wait_until(lambda: daemon.said().count("the daily check found all well") == 2, "both daily checks")
    with process.daemon() as daemon:
        wait_until(lambda: daemon.said().count("the bot is at work"), "the second start")
        wait_until(lambda: process.json("status"), "a turn of the second start")
    assert "daily check" not in daemon.said()


def test_findings_are_data(start: Start, clock: Clock) -> None:
    with start() as bot:
        report = examine(bot.accounts["facebook"], bot.platforms["facebook"], clock())
    topics = ["identity", "permission", "token", "data access", "development mode", "version", "limits"]
    assert [finding.topic for finding in report.findings] == topics
    assert report.identity is not None
    assert report.identity.data_until is not None
