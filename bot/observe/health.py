"""What an orchestrator asks: does the process live, and can it work? Each answer is a list of reasons why not."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from bot.accounts import Turns
from bot.ledger.engine import LedgerError
from bot.ledger.models import AccountState
from bot.ledger.sending import Sender
from bot.ledger.store import Ledger
from bot.values import format_duration


def lives(late: Mapping[str, timedelta]) -> list[str]:
    """Empty while every job gets on. A restart helps against what stands here, and against nothing else."""
    return [f"{job} gave no sign of life for {format_duration(silence)}" for job, silence in late.items()]


def can_work(looking: Ledger, sender: Sender, accounts: Sequence[Turns], failing: Mapping[str, str]) -> list[str]:
    """Empty if the next post could go out: the ledger serves, the source was there, an account is not paused.

    looking: the ledger, opened anew at each question, so that a file that was taken away is missed
    accounts: those that may send; `failing`: jobs whose last run failed, and why
    """
    reasons = [f"{job}: {why}" for job, why in failing.items()]
    try:
        states = [(account, looking.account(account.name)) for account in accounts]
        sender.probe()
    except LedgerError as error:
        return [str(error), *reasons]
    return [*reasons, *_accounts(states)]


def _accounts(accounts: Sequence[tuple[Turns, AccountState]]) -> list[str]:
    pauses = [(account, account.pause(state)) for account, state in accounts]
    going = [state for (_, state), (_, pause) in zip(accounts, pauses, strict=True) if pause is None]
    if not going:
        return [f"{account.name} is paused: {pause.why}" for account, pause in pauses if pause]
    if all(state.pulled_to is None for state in going):
        return ["nothing has been pulled yet"]
    return ["the first start is not over"] if all(state.opened_at is None for state in going) else []
