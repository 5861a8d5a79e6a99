"""How an account stands: for `status`, which needs neither template nor adapter."""

from dataclasses import dataclass
from datetime import datetime

from bot.accounts import Turns
from bot.cadence import Decision
from bot.ledger import views
from bot.ledger.models import AccountState, Lane, State
from bot.ledger.store import Ledger


@dataclass(frozen=True, slots=True)
class Standing:
    """One account at a glance. `budget_usd` is None where no budget is set."""

    name: str
    platform: str
    state: AccountState
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
        next_post=_next_post(turns.decide(turn, now), turn.account, waiting, turns.archive),
        last=turn.history.posts[0] if turn.history.posts else None,
        counts=views.counts(ledger, turns.name),
        waiting=waiting,
        spent_usd=turn.history.spent.get(turns.month(now), 0) / 1_000_000,
        budget_usd=turns.settings.cadence.budget_usd_per_month,
    )


def _next_post(decision: Decision, state: AccountState, waiting: dict[Lane, int], archive: bool) -> Decision:
    """Nothing is due where nothing waits."""
    if any(count for lane, count in waiting.items() if archive or lane is not Lane.ARCHIVE) or state.paused_at:
        return decision
    return Decision(None, "nothing waits") if state.opened_at else decision


def troubles(ledger: Ledger, names: list[str]) -> list[str]:
    """What wants a person's eye on these accounts, one line each; empty if nothing does."""
    lines = []
    for name in names:
        state, counts = ledger.account(name), views.counts(ledger, name)
        if state.paused_at is not None:
            lines.append(f"{name} is paused: {state.pause_reason}. To do: {state.pause_remedy}")
        if counts.get(State.UNKNOWN):
            lines.append(f"{name}: {counts[State.UNKNOWN]} unknown; the account is read back until it is decided")
        if counts.get(State.HELD):
            lines.append(f"{name}: {counts[State.HELD]} held; see `run_bot.py status`")
    return lines
