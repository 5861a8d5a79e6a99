"""A whole bot in this process: real ledger, source and adapters against a sandbox, and a clock that tests set."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from sqlalchemy import select

from bot.config import load_config
from bot.ledger import views
from bot.ledger.models import State, deliveries
from bot.ledger.views import Record
from bot.pull import Pulled, pull
from bot.runtime import Bot, Parts, build_accounts, open_bot
from bot.sandbox import Sandbox
from bot.sandbox.credentials import secrets_for
from tests.bot_process import config_text
from tests.clock import Clock

ACCOUNTS = {"twitter": "twitter", "facebook": "facebook"}


@contextmanager
def running_bot(folder: Path, clock: Clock, sandbox: Sandbox, source: str, ledger: str, **parts: str) -> Iterator[Bot]:
    """A bot with one account on each platform; `source`: the lines of [source], `parts` as of `config_text`."""
    file = folder / "bot.toml"
    file.write_text(config_text(source, sandbox.url, ledger, **parts), encoding="utf-8")
    config = load_config(file)
    secrets = {name: secrets_for(platform, name) for name, platform in ACCOUNTS.items()}
    with ExitStack() as stack:
        yield open_bot(Parts(config, build_accounts(config), secrets), stack, clock)


def pull_once(bot: Bot) -> Pulled:
    """One pull, as the daemon does it."""
    return pull(bot.source, bot.sender.ledger, bot.accounts, bot.platforms, bot.config.source)


def publish_all(bot: Bot) -> None:
    """One turn of every account: reconcile, then publish all that is due."""
    for publisher in bot.publishers.values():
        publisher.work(lambda: False)


def records(bot: Bot, account: str, state: State | None = None) -> list[Record]:
    """An account's deliveries, oldest first."""
    ledger = bot.sender.ledger
    with ledger.read() as tx:
        numbers = list(
            tx.scalars(select(deliveries.c.id).where(deliveries.c.account == account).order_by(deliveries.c.id))
        )
    mine = [record for number in numbers if (record := views.by_id(ledger, number)) is not None]
    return [record for record in mine if state is None or record.state is state]
