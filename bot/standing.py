"""How an account stands: for `status`, which needs neither template nor adapter."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.accounts import Pause, Turns
from bot.cadence import Decision
from bot.ledger import views
from bot.ledger.models import AccountState, Lane, State
from bot.ledger.rows import Turn
from bot.ledger.store import Ledger


@dataclass(frozen=True, slots=True)
class Standing:
    """One account at a glance. `budget_usd` is None where no budget is set."""

    name: str
    platform: str
    state: AccountState
    pause: Pause | None
    next_post: Decision
    last: datetime | None
    counts: dict[State, int]
    waiting: dict[Lane, int]
    spent_usd: float
    budget_usd: float | None


def standing(turns: Turns, ledger: Ledger, now: datetime) -> Standing:
    """Read it from the ledger."""
    turn = ledger.turn(turns.name, turns.needed(now))
    waiting = views.waiting(ledger, turns.name)
    return Standing(
        name=turns.name,
        platform=turns.settings.platform,
        state=turn.account,
        pause=turns.pause(turn.account),
        next_post=_next_post(turns, turn, waiting, now),
        last=turn.history.posts[0] if turn.history.posts else None,
        counts=views.counts(ledger, turns.name),
        waiting=waiting,
        spent_usd=turn.history.spent.get(turns.month(now), 0) / 1_000_000,
        budget_usd=turns.settings.cadence.budget_usd_per_month,
    )


def _next_post(turns: Turns, turn: Turn, waiting: dict[Lane, int], now: datetime) -> Decision:
    """Nothing is due where nothing waits."""
    something = any(count for lane, count in waiting.items() if turns.archive or lane is not Lane.ARCHIVE)
    if something or turns.pause(turn.account) or not turn.account.opened_at:
        return turns.decide(turn, now)
    return Decision(None, "nothing waits")


def troubles(ledger: Ledger, accounts: Iterable[Turns]) -> list[str]:
    """What wants a person's eye on these accounts, one line each; empty if nothing does."""
    lines = []
    for turns in accounts:
        name, counts = turns.name, views.counts(ledger, turns.name, (State.UNKNOWN, State.HELD))
        if pause := turns.pause(ledger.account(name)):
            lines.append(f"{name} is paused: {pause.why}. To do: {pause.remedy}")
        if counts.get(State.UNKNOWN):
            lines.append(f"{name}: {counts[State.UNKNOWN]} unknown; the account is read back until it is decided")
        if counts.get(State.HELD):
            lines.append(f"{name}: {counts[State.HELD]} held; see `run_bot.py status`")
    return lines
