"""`check`: everything that can be tried without posting. Nothing here stops at the first failure."""

from collections.abc import Callable, Iterator
from datetime import datetime

from bot.account_check import Finding, budget, examine
from bot.accounts import Turns, build_turns
from bot.addresses import ledger_url
from bot.cadence import History, Needed, next_moment
from bot.clock import utc_now
from bot.config import Config
from bot.ledger.engine import LedgerError, LedgerMissing, refuse_uncreatable
from bot.ledger.models import micro
from bot.ledger.store import Ledger
from bot.mistakes import ConfigMistakes
from bot.observe.addresses import VARIABLE, Address, names, read_addresses, send
from bot.runtime import at_sandbox, build_accounts, build_platform, open_configured_source, sample_to_the_world
from bot.secrets import credentials, surroundings
from bot.source.base import SourceError, SourceMisconfigured


def check_all(config: Config, selected: list[str], sandbox: bool, alert: bool) -> list[Finding]:
    """Try settings, templates, source, ledger, and the credentials of the selected accounts.

    alert: whether every address of BOT_ALERTS is sent a message
    """
    findings = [Finding(0, "settings", str(config.path))]
    findings += _templates(config)
    findings += _cadences(config, selected)
    if not sandbox:
        findings += [Finding(2, problem.where, problem.what) for problem in sample_to_the_world(config, selected)]
    findings.append(_tried("source", lambda: _source(config)))
    findings.append(_tried("ledger", lambda: _ledger(config)))
    findings += _alerts(alert)
    return findings + list(_sandbox_accounts(config, selected) if sandbox else _accounts(config, selected))


def _tried(what: str, attempt: Callable[[], str]) -> Finding:
    try:
        return Finding(0, what, attempt())
    except SourceMisconfigured as error:
        return Finding(2, what, str(error))
    except (SourceError, LedgerError) as error:
        return Finding(1, what, str(error))


def _templates(config: Config) -> list[Finding]:
    try:
        build_accounts(config)
    except ConfigMistakes as mistakes:
        return [Finding(2, problem.where, problem.what) for problem in mistakes.problems]
    names = dict.fromkeys(settings.template for settings in config.accounts.values())
    return [Finding(0, "templates", ", ".join(names))]


def _cadences(config: Config, selected: list[str]) -> list[Finding]:
    turns = build_turns(config)
    return [cadence_finding(turns[name], utc_now()) for name in selected]


def cadence_finding(turns: Turns, now: datetime) -> Finding:
    """Whether the settings ever let an account post that has posted nothing yet: if not, they never do."""
    what, cadence, cost = f"cadence of {turns.name}", turns.settings.cadence, turns.cost_usd
    first = next_moment(cadence, turns.name, History(), cost, now)
    if first.at is None:
        return Finding(1, what, f"no post can ever go out: {first.reason}. To do: {first.remedy}")
    if cadence.budget_usd_per_month is None or not micro(cost):
        return Finding(0, what, "it leaves room for posts")
    affordable = micro(cadence.budget_usd_per_month) // micro(cost)
    return Finding(0, what, f"the budget pays for {affordable} posts a month at ${cost:.3f} each")


def _source(config: Config) -> str:
    source = open_configured_source(config)
    try:
        source.check()
        # Rows that can never be posted are said on the way.
        next(source.listings(None), None)
    finally:
        source.close()
    return "it can be read"


def _ledger(config: Config) -> str:
    try:
        ledger = Ledger.open_to_look(ledger_url(config), utc_now)
    except LedgerMissing:
        refuse_uncreatable(ledger_url(config))
        return "not there yet; the first start makes it"
    try:
        for name in config.accounts:
            ledger.turn(name, Needed())
    finally:
        ledger.close()
    return "it can be read"


def _accounts(config: Config, selected: list[str]) -> Iterator[Finding]:
    secrets, problems = credentials(config, selected)
    yield from (Finding(2, problem.where, problem.what) for problem in problems)
    refused = {problem.where for problem in problems}
    for name in selected:
        # An account with a mistake of its own would only be refused once more.
        if not any(_concerns(where, name, config) for where in refused):
            yield from _credentials(name, config, secrets[name])


def _alerts(alert: bool) -> list[Finding]:
    found, problems = read_addresses(surroundings())
    wrong = [Finding(2, problem.where, problem.what) for problem in problems]
    if alert and not found:
        return [*wrong, Finding(2, VARIABLE, "is not set; expected the addresses that alerts go to")]
    if alert:
        return wrong or [_test_alert(address) for address in found]
    said = f"{names(found)}; --alert sends each a test" if found else f"nobody hears of trouble: {VARIABLE} is not set"
    return wrong or [Finding(0, "alerts", said)]


def _test_alert(address: Address) -> Finding:
    body = "This is a test: what wants your eye will come here.\nTo do: nothing"
    why = send(address, "shortscience-bot: a test", body, good=True)
    return Finding(
        1 if why else 0, str(address), f"it did not take the test alert: {why}" if why else "it took the test alert"
    )


def _concerns(where: str, name: str, config: Config) -> bool:
    from bot.config import variable
    from bot.platforms import SECRETS

    variables = [variable(name, part) for part in SECRETS[config.accounts[name].platform]]
    return where.startswith(f"accounts.{name}.") or where.removesuffix("_FILE") in variables


def _sandbox_accounts(config: Config, selected: list[str]) -> Iterator[Finding]:
    from bot.sandbox import Sandbox
    from bot.sandbox.credentials import secrets_for

    with Sandbox() as sandbox:
        there = at_sandbox(config, sandbox.url)
        for name in selected:
            yield from _credentials(name, there, secrets_for(config.accounts[name].platform, name))


def _credentials(name: str, config: Config, secrets: dict[str, str]) -> Iterator[Finding]:
    turns = build_turns(config)[name]
    platform = build_platform(name, config, secrets, utc_now)
    try:
        yield from examine(turns, platform, utc_now()).findings
    finally:
        platform.close()
    yield from _budget(turns, config)


def _budget(turns: Turns, config: Config) -> Iterator[Finding]:
    """What the ledger says of the month; nothing if it cannot be read, which was said before."""
    try:
        ledger = Ledger.open_to_look(ledger_url(config), utc_now)
    except LedgerMissing:
        yield budget(turns, 0.0, utc_now())
        return
    except LedgerError:
        return
    try:
        spent = ledger.turn(turns.name, Needed()).history.spent.get(turns.month(ledger.now()), 0)
        yield budget(turns, spent / 1e6, ledger.now())
    finally:
        ledger.close()
