"""One run: pull, reconcile, publish all that is due now. Never waits for anything to come due."""

from collections.abc import Callable
from dataclasses import dataclass, field

from bot.ledger import views
from bot.ledger.models import State
from bot.ledger.prune import prune
from bot.ledger.store import Ledger
from bot.publisher import Step
from bot.pull import Pulled, pull
from bot.runtime import Bot
from bot.source.base import SourceError


@dataclass(slots=True)
class Run:
    """What one run did. `problems`: what could not be reached, for the operator."""

    pulled: Pulled | None = None
    steps: dict[str, list[Step]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def rejected(self, ledger: Ledger) -> list[str]:
        """What the platforms have newly refused, one line each."""
        ended = [step.delivery for steps in self.steps.values() for step in steps if step.kind == "ended"]
        records = [views.by_id(ledger, delivery.id) for delivery in ended if delivery is not None]
        return [
            f"{record.account}: delivery {record.id} was rejected: {record.reason}; see `run_bot.py show {record.id}`"
            for record in records
            if record is not None and record.state is State.REJECTED
        ]


def run_once(bot: Bot, limit: int | None, began: Callable[[str], None]) -> Run:
    """Do all that is due now, at most `limit` posts an account; `began` hears what is being done.

    Raises LedgerError.
    """
    run = Run()
    began("asking for new summaries")
    try:
        run.pulled = pull(bot.source, bot.sender.ledger, bot.accounts, bot.platforms, bot.config.source)
        run.problems += [
            f"{name}: first start waits: {why.rstrip('.')}; see `run_bot.py check`"
            for name, why in run.pulled.waiting.items()
        ]
    except SourceError as error:
        run.problems.append(str(error))
    for name, publisher in bot.publishers.items():
        began(f"publishing on {name}")
        try:
            run.steps[name] = publisher.work(lambda: False, limit)
        except SourceError as error:
            run.problems.append(f"{name}: {error}")
    prune(bot.sender.ledger, bot.config.ledger.keep_attempts)
    return run
