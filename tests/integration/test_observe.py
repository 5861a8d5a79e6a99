"""Metrics and health of a real daemon, scraped as Prometheus and an orchestrator do."""

import json
import re
import socket
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from prometheus_client import Metric
from prometheus_client.openmetrics.parser import text_string_to_metric_families as openmetrics
from prometheus_client.parser import text_string_to_metric_families

from bot.beats import Beats
from bot.observe.health import can_work, lives
from bot.observe.metrics import Measured, Metrics
from bot.observe.server import Port, health_page
from bot.sandbox import Sandbox
from tests.alert_endpoint import AlertEndpoint
from tests.bot_process import BotProcess, Daemon, config_text, sandbox_environment, wait_until
from tests.bots import publish_all, pull_once
from tests.clock import Clock
from tests.fixtures import Start
from tests.integration.test_pull import publish
from tests.site import Site

ACCOUNTS = {"twitter": "twitter", "facebook": "facebook"}
OBSERVED = '[observe]\nlisten = "127.0.0.1:0"\n'


@pytest.fixture
def real_time_sandbox() -> Iterator[Sandbox]:
    with Sandbox(limits=False) as box:
        yield box


@pytest.fixture
def bot(tmp_path: Path, real_time_sandbox: Sandbox) -> BotProcess:
    bot = BotProcess(tmp_path, sandbox_environment(ACCOUNTS))
    bot.configure(config_text('url = "sample"\nbacklog = 2', real_time_sandbox.url) + OBSERVED)
    return bot


def get(url: str, **headers: str) -> tuple[int, str]:
    request = urllib.request.Request(url, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def address(daemon: Daemon) -> str:
    wait_until(lambda: "metrics and health are served" in daemon.said(), "the local port")
    said = next(json.loads(line) for line in daemon.said().splitlines() if "metrics and health are served" in line)
    return f"http://{said['host']}:{said['port']}"


def samples(text: str, parse: Callable[[str], Iterator[Metric]] = text_string_to_metric_families) -> dict[str, float]:
    """Every sample as `name{label="value",…}`."""
    return {
        sample.name + str(sorted(sample.labels.items())): sample.value
        for family in parse(text)
        for sample in family.samples
    }


def value(found: dict[str, float], name: str, **labels: str) -> float:
    return found[f"shortscience_bot_{name}" + str(sorted(labels.items()))]


def test_a_daemon_is_scraped_and_its_counts_survive_a_restart(bot: BotProcess, real_time_sandbox: Sandbox) -> None:
    with bot.daemon() as daemon:
        at = address(daemon)
        wait_until(lambda: len(real_time_sandbox.posts()) == 4, "four posts")
        wait_until(lambda: 'outcome="posted"} 2.0' in get(f"{at}/metrics")[1], "their counts")
        status, text = get(f"{at}/metrics")
        found = samples(text)
        assert status == 200
        for name in ACCOUNTS:
            assert value(found, "posts_total", account=name, outcome="posted") == 2
            assert value(found, "posts_total", account=name, outcome="unknown") == 0
            assert value(found, "queue_deliveries", account=name, lane="backlog") == 0
            assert value(found, "queue_deliveries", account=name, lane="archive") == 18
            assert value(found, "queue_oldest_seconds", account=name, lane="archive") > 0
            assert value(found, "deliveries", account=name, state="held") == 0
            assert value(found, "account_paused", account=name, platform=name) == 0
            assert value(found, "last_post_timestamp_seconds", account=name) > 1.7e9
            assert value(found, "last_pull_timestamp_seconds", account=name) > 1.7e9
            assert value(found, "publish_duration_seconds_count", account=name) == 2
            assert value(found, "compose_duration_seconds_count", account=name) == 2
        assert value(found, "spent_usd", account="twitter") == pytest.approx(0.42, abs=0.03)
        assert value(found, "pull_duration_seconds_count") >= 1
        assert value(found, "config_generation") == 1
        assert value(found, "config_refused") == 0
        assert value(found, "ledger_up") == 1
        assert value(found, "alerts", kind="paused") == 0
        assert any(name.startswith("shortscience_bot_build_info") for name in found)
        assert get(f"{at}/healthz") == (200, '{"ok": true, "reasons": []}\n')
        assert get(f"{at}/readyz") == (200, '{"ok": true, "reasons": []}\n')
        accept = "application/openmetrics-text; version=1.0.0"
        text = get(f"{at}/metrics", Accept=accept)[1]
        assert value(samples(text, openmetrics), "posts_total", account="twitter", outcome="posted") == 2
    with bot.daemon() as daemon:
        found = samples(get(f"{address(daemon)}/metrics")[1])
        assert value(found, "posts_total", account="twitter", outcome="posted") == 2


def test_it_is_off_unless_it_is_asked_for(bot: BotProcess, real_time_sandbox: Sandbox) -> None:
    bot.configure(config_text('url = "sample"\nbacklog = 1', real_time_sandbox.url))
    with bot.daemon() as daemon:
        wait_until(lambda: len(real_time_sandbox.posts()) == 2, "two posts")
    assert "metrics and health" not in daemon.said()


def test_a_port_that_is_taken_is_a_mistake_that_names_its_key(bot: BotProcess, real_time_sandbox: Sandbox) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        text = config_text('url = "sample"', real_time_sandbox.url)
        bot.configure(f'{text}[observe]\nlisten = "127.0.0.1:{port}"\n')
        done = bot.run()
    assert done.returncode == 2
    assert f"observe.listen: cannot listen at 127.0.0.1:{port}" in done.stderr
    assert real_time_sandbox.posts() == []


def test_a_daemon_whose_ledger_is_taken_away_lives_but_cannot_work(bot: BotProcess) -> None:
    with bot.daemon() as daemon:
        at = address(daemon)
        wait_until(lambda: get(f"{at}/readyz")[0] == 200, "readiness")
        for file in bot.folder.glob("ledger.db*"):
            file.rename(bot.folder / f"away-{file.name}")
        status, text = get(f"{at}/readyz")
        assert status == 503
        assert re.search(r"the ledger .*ledger\.db ", json.loads(text)["reasons"][0])
        assert get(f"{at}/healthz")[0] == 200
        status, text = get(f"{at}/metrics")
        assert (status, value(samples(text), "ledger_up")) == (200, 0)
        for file in bot.folder.glob("away-*"):
            file.rename(bot.folder / file.name.removeprefix("away-"))
        assert get(f"{at}/readyz")[0] == 200


def test_accounts_that_are_all_paused_cannot_work_and_one_alert_each_is_sent(bot: BotProcess) -> None:
    with bot.daemon() as daemon:
        at = address(daemon)
        wait_until(lambda: get(f"{at}/readyz")[0] == 200, "readiness")
        bot.run("pause", "twitter")
        wait_until(lambda: get(f"{at}/readyz")[0] == 200, "the other account's first start")
        bot.run("pause", "facebook")
        status, text = get(f"{at}/readyz")
        assert status == 503
        assert json.loads(text)["reasons"] == [
            "twitter is paused: paused by hand",
            "facebook is paused: paused by hand",
        ]
        assert value(samples(get(f"{at}/metrics")[1]), "account_paused", account="twitter", platform="twitter") == 1
    endpoint = AlertEndpoint()
    bot.environment["BOT_ALERTS"] = endpoint.url
    # Paused before the start: told at once, since the first round comes at once.
    with bot.daemon() as daemon:
        wait_until(lambda: endpoint.taken and "the bot is at work" in daemon.said(), "the alert")
    assert endpoint.titles() == ["twitter is paused, and 1 more"]
    with bot.daemon() as daemon:
        wait_until(lambda: "the bot is at work" in daemon.said(), "the start")
    assert len(endpoint.taken) == 1
    endpoint.close()


def test_a_pause_in_the_settings_keeps_an_account_from_working_like_any_other(
    bot: BotProcess, real_time_sandbox: Sandbox
) -> None:
    text = config_text('url = "sample"', real_time_sandbox.url) + OBSERVED
    bot.configure(text.replace("[accounts.twitter]", "[accounts.twitter]\npaused = true"))
    with bot.daemon() as daemon:
        at = address(daemon)
        wait_until(lambda: get(f"{at}/readyz")[0] == 200, "readiness")
        bot.run("pause", "facebook")
        status, said = get(f"{at}/readyz")
        reasons = ["twitter is paused: in the settings", "facebook is paused: paused by hand"]
        assert (status, json.loads(said)["reasons"]) == (503, reasons)


def test_an_endpoint_that_never_answers_keeps_no_post_waiting(bot: BotProcess, real_time_sandbox: Sandbox) -> None:
    endpoint = AlertEndpoint()
    endpoint.answer_when.clear()
    bot.environment["BOT_ALERTS"] = endpoint.url
    bot.run("--once", "--limit", "0")
    bot.run("pause", "facebook")
    with bot.daemon():
        wait_until(lambda: len(real_time_sandbox.posts()) == 2, "both posts on twitter")
    assert endpoint.taken == []
    endpoint.close()


def test_only_get_is_answered(bot: BotProcess) -> None:
    with bot.daemon() as daemon:
        at = address(daemon)
        for method in ("POST", "DELETE", "PUT"):
            with pytest.raises(urllib.error.HTTPError) as error:
                urllib.request.urlopen(urllib.request.Request(f"{at}/metrics", method=method, data=b""), timeout=10)
            assert error.value.code == 501
        assert get(f"{at}/")[0] == 404


# --- a scheduler that is stuck, in this process ---------------------------------------------------------------------


def test_a_job_that_gives_no_sign_of_life_is_a_503() -> None:
    seconds = 0.0
    beats = Beats(lambda: seconds)
    beats.expect("twitter", timedelta(minutes=1))
    with ExitStack() as stack:
        port = Port("127.0.0.1:0", {"/healthz": health_page(lambda: lives(beats.late()))})
        stack.callback(port.close)
        at = f"http://127.0.0.1:{port._server.server_port}/healthz"
        assert get(at)[0] == 200
        seconds = 7200.0
        assert get(at) == (503, '{"ok": false, "reasons": ["twitter gave no sign of life for 2h"]}\n')
        beats.beat("twitter")
        assert get(at)[0] == 200


def test_a_source_that_is_away_and_a_bot_that_has_pulled_nothing_are_not_ready(start: Start, site: Site) -> None:
    with start() as bot:
        ledger, accounts = bot.sender.ledger, list(bot.accounts.values())
        assert can_work(ledger, bot.sender, accounts, {}) == ["nothing has been pulled yet"]
        pull_once(bot)
        assert can_work(ledger, bot.sender, accounts, {}) == []
        paused = [replace(one, settings=one.settings.model_copy(update={"paused": True})) for one in accounts]
        assert can_work(ledger, bot.sender, paused, {}) == [
            f"{one.name} is paused: in the settings" for one in accounts
        ]
        assert can_work(ledger, bot.sender, accounts, {"pull": "the source is down"}) == ["pull: the source is down"]


def test_what_ends_in_another_way_is_counted_by_how_it_ended(
    site: Site, clock: Clock, sandbox: Sandbox, start: Start
) -> None:
    publish(site, clock, 1, 2, 3)
    with start() as bot:
        metrics = Metrics(bot.sender.ledger, lambda: Measured(bot.accounts))
        pull_once(bot)
        sandbox.plan(kind="timeout_after", platform="twitter")
        sandbox.plan(kind="error_before", platform="facebook", status=400, body={"error": {"code": 200}})
        bot.publishers["twitter"].work(lambda: False, 1)
        bot.publishers["facebook"].work(lambda: False, 1)
        clock.advance(minutes=20)
        publish_all(bot)
        found = samples(metrics.page("")[1].decode())
        outcomes = {name: value(found, "posts_total", account="twitter", outcome=name) for name in ("unknown", "found")}
        assert outcomes == {"unknown": 1, "found": 1}
        assert value(found, "posts_total", account="twitter", outcome="posted") == 2
        assert value(found, "posts_total", account="facebook", outcome="blocked") == 1
        assert value(found, "account_paused", account="facebook", platform="facebook") == 1
        assert value(found, "look_duration_seconds_count", account="twitter") == 1


# --- what people see --------------------------------------------------------------------------------------------------


def test_check_sends_a_test_only_if_asked_to(bot: BotProcess) -> None:
    endpoint, dead = AlertEndpoint(), AlertEndpoint()
    dead.close()
    said = bot.run("check")
    assert "ok       alerts: nobody hears of trouble: BOT_ALERTS is not set" in said.stdout
    assert bot.run("check", "--alert").returncode == 2
    bot.environment["BOT_ALERTS"] = f"{endpoint.url} {dead.url}"
    said = bot.run("check")
    assert "ok       alerts: 2 addresses (json, json); --alert sends each a test" in said.stdout
    assert (said.returncode, endpoint.taken) == (0, [])
    said = bot.run("check", "--alert")
    assert said.returncode == 1
    assert "ok       address 1 of BOT_ALERTS (json): it took the test alert" in said.stdout
    assert "trouble  address 2 of BOT_ALERTS (json): it did not take the test alert:" in said.stdout
    assert endpoint.titles() == ["a test"]
    endpoint.close()


def test_an_address_that_apprise_does_not_know_is_a_mistake_before_anything_is_sent(
    bot: BotProcess, real_time_sandbox: Sandbox
) -> None:
    for arguments in ((), ("--once",), ("check",)):
        done = bot.run(*arguments, BOT_ALERTS="nonsense://a-secret-token")
        assert done.returncode == 2
        assert "BOT_ALERTS: number 1 is no address that Apprise knows" in done.stderr + done.stdout
        assert "a-secret-token" not in done.stderr + done.stdout
    assert real_time_sandbox.posts() == []


def test_status_shows_what_is_in_force_in_eighty_columns(bot: BotProcess) -> None:
    bot.run("--once", "--limit", "1")
    bot.run("pause", "twitter")
    bot.run("--once")
    said = bot.run("status", COLUMNS="80")
    assert said.returncode == 1
    assert [line for line in said.stdout.splitlines() if len(line) > 80] == []
    assert "  next post  paused: paused by hand\n             to do: run_bot.py resume twitter\n" in said.stdout
    assert re.search(r"alerts in force\n  .* UTC  twitter is paused\n$", said.stdout)
    [alert] = bot.json("status")["alerts"]
    assert (alert["kind"], alert["account"], alert["todo"]) == ("paused", "twitter", "run_bot.py resume twitter")
    bot.run("resume", "twitter")
    bot.run("--once")
    assert bot.json("status")["alerts"] == []
