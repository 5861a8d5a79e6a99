"""The daemon's daily look at each account's credentials: what `check` asks, logged, and counted in the budget."""

from datetime import datetime, timedelta

from bot.account_check import Report, budget, examine
from bot.accounts import Turns
from bot.cadence import Needed
from bot.ledger.store import Ledger
from bot.observe.log import log
from bot.platforms.base import Platform

# Tokens of Pages die with a password: to be asked at least daily (FACTS 3).
EVERY = timedelta(days=1)
# After one that the platform did not answer.
SOONER = timedelta(hours=1)


class DailyCheck:
    """One for a process, whatever settings it goes by. latest: its newest report on each account."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self.latest: dict[str, Report] = {}

    def run(self, account: Turns, platform: Platform) -> Report | None:
        """Look at an account if it was not looked at for a day, by any bot on this ledger; else None.

        In the account's own thread, as every use of its adapter. Pauses the account only if the platform says that it
        is refused. Raises LedgerError.
        """
        ledger, now = self._ledger, self._ledger.now()
        state = ledger.account(account.name)
        if account.pause(state) or (state.retry_at is not None and state.retry_at > now):
            return None
        if not ledger.claim_check(account.name, EVERY):
            return None
        report = examine(account, platform, now)
        if report.identity is not None:
            ledger.charge(account.name, account.month(now), report.identity.cost_usd)
            spent = ledger.turn(account.name, Needed()).history.spent.get(account.month(now), 0)
            report = Report(account.name, (*report.findings, budget(account, spent / 1e6, now)), report.identity)
        elif report.blocked is not None:
            ledger.pause(account.name, report.blocked.why, report.blocked.remedy)
        else:
            ledger.check_sooner(account.name, EVERY - SOONER)
        self.latest[account.name] = report
        _tell(report)
        return report

    def troubles(self) -> dict[str, list[str]]:
        """What wants a person, by account: of those that have answered. A refused account is paused, and that is told;
        one that was out of reach is asked again soon."""
        answered = {name: report for name, report in self.latest.copy().items() if report.identity is not None}
        return {name: [finding.line() for finding in report.troubles] for name, report in answered.items()}

    def token_ends(self) -> dict[str, datetime]:
        """When each account's token, or its access to data, ends, whichever comes first; those that end only."""
        ends: dict[str, datetime] = {}
        for name, report in self.latest.copy().items():
            identity = report.identity
            told = [end for end in (identity.expires, identity.data_until) if end] if identity else []
            if told:
                ends[name] = min(told)
        return ends


def _tell(report: Report) -> None:
    for finding in report.troubles:
        fields = {"account": report.account, "topic": finding.topic, "why": finding.said, "todo": finding.todo}
        if report.blocked is not None:
            log.error("the daily check found the account refused: paused", **fields)
        else:
            log.warning("the daily check found something", **fields)
    if not report.troubles:
        log.info("the daily check found all well", account=report.account)
