"""Builds the bot from its settings: source, ledger, accounts, adapters. The one place that knows how they fit."""

import importlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot.accounts import Account, build_turns
from bot.config import Config, ConfigMistakes, FacebookAccount, Problem
from bot.formatter.compose import Composer, TemplateMistake
from bot.ledger.sending import Sender
from bot.observe.redact import redactor
from bot.platforms import PLATFORMS
from bot.platforms.base import Platform
from bot.platforms.limits import LIMITS
from bot.publisher import Publisher
from bot.secrets import credentials
from bot.source import SourceSettings, open_source
from bot.source.base import Source

if TYPE_CHECKING:
    from bot.sandbox import Sandbox

# Where `--sandbox` keeps its own ledger and its own posts, under the project root.
SANDBOX_FOLDER = Path("var/sandbox")
# Always the same, so that the addresses in the ledger still open when the sandbox runs again; any free one otherwise.
SANDBOX_PORT = 8765


def utc_now() -> datetime:
    """The clock."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Bot:
    """Everything a bot works with. `publishers`: of the accounts that may send in this run."""

    config: Config
    source: Source
    sender: Sender
    accounts: Mapping[str, Account]
    platforms: Mapping[str, Platform]
    publishers: Mapping[str, Publisher]


def build_accounts(config: Config) -> dict[str, Account]:
    """Every configured account with its template compiled. Raises ConfigMistakes naming every bad template."""
    accounts: dict[str, Account] = {}
    problems: list[Problem] = []
    for name, turns in build_turns(config).items():
        settings = turns.settings
        try:
            composer = Composer(
                settings.template,
                config.template_folders(),
                LIMITS[settings.platform],
                link_in_text=settings.platform == "twitter",
                max_length=settings.max_length if isinstance(settings, FacebookAccount) else None,
            )
        except TemplateMistake as mistake:
            problems.append(Problem(f"accounts.{name}.template", str(mistake)))
            continue
        accounts[name] = Account(name, settings, turns.cost_usd, turns.archive, composer)
    if problems:
        raise ConfigMistakes(problems)
    return accounts


def open_configured_source(config: Config) -> Source:
    """The source as configured; it connects when it is first asked. Raises SourceError."""
    table = config.source
    url = config.resolve_url(table.url)
    if url != "sample":
        _learn_password(url)
    return open_source(
        SourceSettings(
            url=url,
            kind=table.kind,
            query=table.query,
            text_encoding=table.text_encoding,
            timezone=table.timezone,
            site_url=table.site_url,
            min_votes=table.min_votes,
        )
    )


def ledger_url(config: Config) -> str:
    """The ledger's address; its password will be masked from now on."""
    url = config.resolve_url(config.ledger.url)
    _learn_password(url)
    return url


def _learn_password(url: str) -> None:
    from sqlalchemy.engine import make_url

    password = make_url(url).password
    redactor.add([password] if password else [])


def build_platform(name: str, config: Config, secrets: Mapping[str, str], now: Callable[[], datetime]) -> Platform:
    """The adapter of an account, imported only now: the platforms' libraries are slow to load."""
    settings = config.accounts[name]
    redactor.add(secrets.values())
    module, kind = PLATFORMS[settings.platform].split(":")
    arguments = {"api_url": settings.api_url, "timeout": settings.timeout, "secrets": secrets, "now": now}
    if isinstance(settings, FacebookAccount):
        arguments["page_id"] = settings.page_id
    platform: Platform = getattr(importlib.import_module(module), kind)(**arguments)
    return platform


def open_bot(config: Config, selected: Sequence[str], stack: ExitStack, now: Callable[[], datetime] = utc_now) -> Bot:
    """A bot that may send on the `selected` accounts; `stack` closes what it opens.

    Raises ConfigMistakes (templates, credentials), SourceError, LedgerError.
    """
    problems: list[Problem] = []
    try:
        accounts = build_accounts(config)
    except ConfigMistakes as mistakes:
        accounts, problems = {}, mistakes.problems
    secrets, missing = credentials(config, list(selected))
    if problems or missing:
        raise ConfigMistakes(problems + missing)
    return _assemble(config, accounts, secrets, stack, now)


def open_sandbox_bot(config: Config, selected: Sequence[str], stack: ExitStack) -> Bot:
    """A bot with every selected account pointed at a sandbox beside it, with its own ledger and store of posts."""
    from bot.sandbox.credentials import secrets_for

    accounts = build_accounts(config)
    sandbox = stack.enter_context(_sandbox(config))
    config = at_sandbox(config, sandbox.url)
    secrets = {name: secrets_for(config.accounts[name].platform, name) for name in selected}
    accounts = {name: replace(account, settings=config.accounts[name]) for name, account in accounts.items()}
    return _assemble(config, accounts, secrets, stack, utc_now)


def with_sandbox_ledger(config: Config) -> Config:
    """The same settings with the sandbox's own ledger."""
    ledger = config.ledger.model_copy(update={"url": f"sqlite:///{SANDBOX_FOLDER / 'ledger.db'}"})
    return replace(config, ledger=ledger)


def at_sandbox(config: Config, url: str) -> Config:
    """The same settings with the sandbox's ledger, and every account pointed at `url`."""
    from bot.sandbox.credentials import page_id_for

    accounts = {}
    for name, settings in config.accounts.items():
        update = {"api_url": url}
        if isinstance(settings, FacebookAccount):
            update["page_id"] = page_id_for(name)
        accounts[name] = settings.model_copy(update=update)
    return replace(with_sandbox_ledger(config), accounts=accounts)


def _sandbox(config: Config) -> "Sandbox":
    from bot.sandbox import Sandbox

    folder = config.root / SANDBOX_FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    return Sandbox(port=SANDBOX_PORT, state=folder / "posts.jsonl")


def _assemble(
    config: Config,
    accounts: dict[str, Account],
    secrets: Mapping[str, Mapping[str, str]],
    stack: ExitStack,
    now: Callable[[], datetime],
) -> Bot:
    source = open_configured_source(config)
    stack.callback(source.close)
    sender = Sender.open(ledger_url(config), now)
    stack.callback(sender.close)
    sender.ledger.register({name: account.platform for name, account in accounts.items()})
    platforms: dict[str, Platform] = {}
    for name, secret in secrets.items():
        platforms[name] = build_platform(name, config, secret, now)
        stack.callback(platforms[name].close)
    publishers = {name: Publisher(accounts[name], platforms[name], source, sender) for name in platforms}
    return Bot(config, source, sender, accounts, platforms, publishers)
