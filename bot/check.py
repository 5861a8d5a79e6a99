"""`check`: everything that can be tried without posting. Nothing here stops at the first failure."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot.cadence import Needed
from bot.config import Config
from bot.ledger.engine import LedgerError, LedgerMissing
from bot.ledger.store import Ledger
from bot.mistakes import ConfigMistakes
from bot.platforms.base import Identity, Outcome
from bot.runtime import at_sandbox, build_accounts, build_platform, ledger_url, open_configured_source, utc_now
from bot.secrets import credentials
from bot.source.base import SourceError, SourceMisconfigured

WORDS = {0: "ok", 1: "trouble", 2: "mistake"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was tried: `status` as in the exit status, `what` was tried, `said` the result."""

    status: int
    what: str
    said: str

    def line(self) -> str:
        return f"{WORDS[self.status]:8} {self.what}: {self.said}"


def check_all(config: Config, selected: list[str], sandbox: bool) -> list[Finding]:
    """Try settings, templates, source, ledger, and the credentials of the selected accounts."""
    findings = [Finding(0, "settings", str(config.path))]
    findings += _templates(config)
    findings.append(_tried("source", lambda: _source(config)))
    findings.append(_tried("ledger", lambda: _ledger(config)))
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


def _source(config: Config) -> str:
    source = open_configured_source(config)
    try:
        source.check()
    finally:
        source.close()
    return "it can be read"


def _ledger(config: Config) -> str:
    try:
        ledger = Ledger.open_to_look(ledger_url(config), utc_now)
    except LedgerMissing:
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
            yield _credentials(name, config, secrets[name])


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
            yield _credentials(name, there, secrets_for(config.accounts[name].platform, name))


def _credentials(name: str, config: Config, secrets: dict[str, str]) -> Finding:
    platform = build_platform(name, config, secrets, utc_now)
    try:
        return Finding(0, name, _introduce(platform.verify()))
    except Outcome as outcome:
        remedy = getattr(outcome, "remedy", "")
        return Finding(1, name, f"{outcome.why}. To do: {remedy}" if remedy else outcome.why)
    finally:
        platform.close()


def _introduce(identity: Identity) -> str:
    return "; ".join([f"posts as {identity.name}", *identity.notes])
