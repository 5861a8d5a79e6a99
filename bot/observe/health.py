"""What an orchestrator asks: does the process live, and can it work? Each answer is a list of reasons why not."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from bot.ledger.engine import LedgerError
from bot.ledger.models import AccountState
from bot.ledger.sending import Sender
from bot.ledger.store import Ledger
from bot.values import format_duration


def lives(late: Mapping[str, timedelta]) -> list[str]:
    """Empty while every job gets on. A restart helps against what stands here, and against nothing else."""
    return [f"{job} gave no sign of life for {format_duration(silence)}" for job, silence in late.items()]


def can_work(looking: Ledger, sender: Sender, accounts: Sequence[str], failing: Mapping[str, str]) -> list[str]:
    """Empty if the next post could go out: the ledger serves, the source was there, an account is not paused.

    looking: the ledger, opened anew at each question, so that a file that was taken away is missed
    accounts: those that may send; `failing`: jobs whose last run failed, and why
    """
    reasons = [f"{job}: {why}" for job, why in failing.items()]
    try:
        states = [looking.account(name) for name in accounts]
        sender.probe()
    except LedgerError as error:
        return [str(error), *reasons]
    return [*reasons, *_accounts(states)]


def _accounts(states: Sequence[AccountState]) -> list[str]:
    if all(state.pulled_to is None for state in states):
        return ["nothing has been pulled yet"]
    if all(state.paused_at is not None for state in states):
        return [f"{state.name} is paused: {state.pause_reason}" for state in states]
    return []
