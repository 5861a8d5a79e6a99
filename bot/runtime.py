"""Builds the bot from its settings: source, ledger, accounts, adapters. The one place that knows how they fit."""

import importlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache, partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.accounts import Account, build_turns
from bot.addresses import SANDBOX_FOLDER, ledger_url, source_url, with_sandbox_ledger
from bot.clock import utc_now
from bot.config import Config
from bot.formatter.compose import Composer, TemplateMistake
from bot.ledger.sending import Sender
from bot.mistakes import ConfigMistakes, Problem
from bot.observe.addresses import Address, read_addresses
from bot.observe.redact import redactor
from bot.platforms import PLATFORMS
from bot.platforms.base import Platform
from bot.platforms.limits import LIMITS
from bot.publisher import Publisher
from bot.secrets import credentials, surroundings
from bot.settings import LOOPBACK, FacebookAccount
from bot.source import SourceSettings, open_source
from bot.source.base import Source, SourceError, SourceMisconfigured

if TYPE_CHECKING:
    from bot.sandbox import Sandbox

# Always the same, so that the addresses in the ledger still open when the sandbox runs again; any free one otherwise.
SANDBOX_PORT = 8765


@dataclass(frozen=True, slots=True)
class Parts:
    """All of a bot that stands in files, read and judged whole; nothing is opened yet.

    secrets: of the accounts that may send in this run
    addresses: where alerts go
    """

    config: Config
    accounts: Mapping[str, Account]
    secrets: Mapping[str, Mapping[str, str]]
    addresses: Sequence[Address] = ()


@dataclass(frozen=True, slots=True)
class Bot:
    """Everything a bot works with. `publishers`: of the accounts that may send in this run."""

    config: Config
    source: Source
    sender: Sender
    accounts: Mapping[str, Account]
    platforms: Mapping[str, Platform]
    publishers: Mapping[str, Publisher]
    addresses: Sequence[Address] = ()


def build_accounts(config: Config) -> dict[str, Account]:
    """Every configured account with its template compiled. Raises ConfigMistakes naming every bad template."""
    # Accounts that want the same share one: a thousand would take seconds.
    composer_for = cache(partial(_composer, config))
    accounts: dict[str, Account] = {}
    problems: list[Problem] = []
    for name, turns in build_turns(config).items():
        settings = turns.settings
        most = settings.max_length if isinstance(settings, FacebookAccount) else None
        try:
            composer = composer_for(settings.platform, settings.template, most, settings.most_hashtags)
        except TemplateMistake as mistake:
            problems.append(Problem(f"accounts.{name}.template", str(mistake)))
            continue
        accounts[name] = Account(name, settings, turns.cost_usd, turns.archive, composer)
    if problems:
        raise ConfigMistakes(problems)
    return accounts


def _composer(config: Config, platform: str, template: str, max_length: int | None, most_hashtags: int) -> Composer:
    return Composer(
        template,
        config.template_folders(),
        LIMITS[platform],
        link_in_text=platform == "twitter",
        max_length=max_length,
        hashtags=config.hashtags,
        most_hashtags=most_hashtags,
    )


def open_configured_source(config: Config) -> Source:
    """The source as configured; it connects when it is first asked. Raises SourceError."""
    table = config.source
    return open_source(
        SourceSettings(
            url=source_url(config),
            kind=table.kind,
            query=table.query,
            text_encoding=table.text_encoding,
            timezone=table.timezone,
            site_url=table.site_url,
            min_votes=table.min_votes,
        )
    )


def open_whole_source(config: Config) -> Source:
    """The same with every public summary, also those that have lost votes since they were posted."""
    source = config.source.model_copy(update={"min_votes": -(10**9)})
    return open_configured_source(replace(config, source=source))


def build_platform(name: str, config: Config, secrets: Mapping[str, str], now: Callable[[], datetime]) -> Platform:
    """The adapter of an account, imported only now: the platforms' libraries are slow to load."""
    settings = config.accounts[name]
    redactor.add(secrets.values())
    module, kind = PLATFORMS[settings.platform].split(":")
    arguments = {"api_url": settings.api_url, "timeout": settings.timeout, "secrets": secrets, "now": now}
    if isinstance(settings, FacebookAccount):
        arguments["page_id"] = settings.page_id
    else:
        arguments["prices"] = config.prices.twitter
    platform: Platform = getattr(importlib.import_module(module), kind)(**arguments)
    return platform


def gather(config: Config, selected: Sequence[str]) -> Parts:
    """The parts of a bot that may send on the `selected` accounts.

    Raises ConfigMistakes (templates, credentials, the source's columns).
    """
    if problems := mistakes(config, selected, sending=True):
        raise ConfigMistakes(problems)
    secrets, _ = credentials(config, list(selected))
    return Parts(config, build_accounts(config), secrets, read_addresses(surroundings())[0])


def mistakes(config: Config, selected: Sequence[str], *, sending: bool) -> list[Problem]:
    """Everything wrong in templates, the source's columns and, for who sends, credentials.

    A source that is down just now is no mistake: who sends goes on, and pulls later; a preview cannot, and SourceError
    is raised.
    """
    found: list[Problem] = []
    try:
        build_accounts(config)
    except ConfigMistakes as bad_templates:
        found += bad_templates.problems
    if sending:
        found += credentials(config, list(selected))[1]
        found += sample_to_the_world(config, selected)
        found += read_addresses(surroundings())[1]
    try:
        _check_source(config)
    except SourceMisconfigured as misconfigured:
        found += [Problem("source", problem) for problem in misconfigured.problems]
    except SourceError:
        if not sending and not found:
            raise
    return found


def sample_to_the_world(config: Config, selected: Sequence[str]) -> list[Problem]:
    """The sample is for trying out: a folder without settings must not post it to a real account."""
    real = [name for name in selected if urlsplit(config.accounts[name].api_url).hostname not in LOOPBACK]
    if config.source.url != "sample" or not real:
        return []
    what = f"is the sample that ships with the bot, which is not posted to a real account ({', '.join(real)})"
    return [Problem("source.url", f"{what}; expected your own database, in {config.path} or the file of --config")]


def _check_source(config: Config) -> None:
    source = open_configured_source(config)
    try:
        source.check()
    finally:
        source.close()


def gather_at_sandbox(config: Config, selected: Sequence[str], sandbox: Callable[[Config], str]) -> Parts:
    """The same with every account pointed at a sandbox, and the sandbox's ledger; `sandbox` tells its address."""
    from bot.sandbox.credentials import secrets_for

    addresses, unknown = read_addresses(surroundings())
    if problems := mistakes(config, selected, sending=False) + unknown:
        raise ConfigMistakes(problems)
    accounts = build_accounts(config)
    config = at_sandbox(config, sandbox(config))
    secrets = {name: secrets_for(config.accounts[name].platform, name) for name in selected}
    accounts = {name: replace(account, settings=config.accounts[name]) for name, account in accounts.items()}
    return Parts(config, accounts, secrets, addresses)


def sandbox_beside(stack: ExitStack) -> Callable[[Config], str]:
    """Tells the address of a sandbox, which is started when first asked for; `stack` stops it."""
    started: list[Sandbox] = []

    def address(config: Config) -> str:
        if not started:
            started.append(_sandbox(config, stack))
        return started[0].url

    return address


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


def _sandbox(config: Config, stack: ExitStack) -> "Sandbox":
    from bot.sandbox import Sandbox
    from bot.sandbox.world import SandboxError

    folder = config.root / SANDBOX_FOLDER
    try:
        folder.mkdir(parents=True, exist_ok=True)
        sandbox = Sandbox(port=SANDBOX_PORT, state=folder / "posts.jsonl")
    except OSError as error:
        raise SandboxError(f"the sandbox cannot keep its posts in {folder}: {error.strerror}") from None
    try:
        return stack.enter_context(sandbox)
    except OSError as error:
        where = f"the sandbox cannot listen at 127.0.0.1:{SANDBOX_PORT}: {error.strerror}"
        raise SandboxError(f"{where}; is another one at work? End it first") from None


def open_bot(parts: Parts, stack: ExitStack, now: Callable[[], datetime] = utc_now) -> Bot:
    """A bot with a ledger of its own; `stack` closes what it opens. Raises LedgerError."""
    return furnish(parts, open_sender(parts.config, stack, now), stack)


def open_sender(config: Config, stack: ExitStack, now: Callable[[], datetime] = utc_now) -> Sender:
    """The bot's hold on its ledger; `stack` ends it. Raises LedgerError."""
    sender = Sender.open(ledger_url(config), now)
    stack.callback(sender.close)
    return sender


def furnish(parts: Parts, sender: Sender, stack: ExitStack) -> Bot:
    """A bot on a ledger that is open; `stack` closes what else it opens. Raises LedgerError."""
    source = open_configured_source(parts.config)
    stack.callback(source.close)
    sender.ledger.register({name: account.platform for name, account in parts.accounts.items()})
    platforms: dict[str, Platform] = {}
    for name, secret in parts.secrets.items():
        platforms[name] = build_platform(name, parts.config, secret, sender.ledger.now)
        stack.callback(platforms[name].close)
    publishers = {name: Publisher(parts.accounts[name], platforms[name], source, sender) for name in platforms}
    return Bot(parts.config, source, sender, parts.accounts, platforms, publishers, parts.addresses)
