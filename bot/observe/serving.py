"""What the local port shows of a running daemon."""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.accounts import Account
from bot.addresses import ledger_url
from bot.ledger.daemons import InForce
from bot.ledger.sending import Sender
from bot.ledger.store import Ledger
from bot.observe.health import can_work, lives
from bot.observe.metrics import Measured, Metrics
from bot.observe.server import Port, health_page
from bot.runtime import Bot


@dataclass(frozen=True, slots=True)
class Seen:
    """A daemon from outside, asked anew each time, since a reload replaces its parts.

    late     jobs that hang, and for how long
    failing  jobs whose last run failed, and why
    token_ends  when accounts' tokens end, as far as the daily check knows
    """

    bot: Callable[[], Bot]
    in_force: Callable[[], InForce]
    late: Callable[[], Mapping[str, timedelta]]
    failing: Callable[[], Mapping[str, str]]
    token_ends: Callable[[], Mapping[str, datetime]]


def serve(seen: Seen, sender: Sender, stack: ExitStack) -> None:
    """Serve metrics and health as `[observe] listen` says, until `stack` is closed. Raises ConfigMistakes."""
    config = seen.bot().config
    # With connections of its own: whoever asks, however often, takes none from those who publish.
    looking = Ledger.open_to_look(ledger_url(config), sender.ledger.now)
    stack.callback(looking.close)
    metrics = Metrics(looking, lambda: _measured(seen))
    pages = {
        "/metrics": lambda accept: (200, *metrics.page(accept)),
        "/healthz": health_page(lambda: lives(seen.late())),
        "/readyz": health_page(lambda: can_work(looking, sender, _senders(seen.bot()), seen.failing())),
    }
    stack.callback(Port(config.observe.listen, pages).close)


def _senders(bot: Bot) -> list[Account]:
    return [bot.accounts[name] for name in bot.publishers]


def _measured(seen: Seen) -> Measured:
    settings = seen.in_force()
    return Measured(seen.bot().accounts, settings.generation, bool(settings.refused), seen.token_ends())
