"""The lookout: what is in force is compared with what the ledger has, and whoever has not heard is told.

It works in a thread of its own, once a minute and when it is woken, so that neither a slow service nor a hanging one
ever keeps a post waiting. What could not be told is told later.
"""

import socket
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.accounts import Account
from bot.ledger import alerting
from bot.ledger.alerting import Standing
from bot.ledger.engine import LedgerError
from bot.mistakes import Problem
from bot.observe import addresses
from bot.observe.addresses import Address
from bot.observe.alerts import GONE_FOR, AccountFacts, Facts, cannot_tell, in_force
from bot.observe.log import log
from bot.observe.redact import redactor

if TYPE_CHECKING:
    from bot.runtime import Bot


ROUND = timedelta(minutes=1)
# However often it is woken: with a round for each of many posts in a row, a third of the processor's time was its own.
BREATH = timedelta(seconds=1)
# A claim outlives the message by far; a bot that died with one is followed by another bot after that.
CLAIM = timedelta(minutes=2)
_FIRST_WAIT, _LONGEST_WAIT = timedelta(minutes=1), timedelta(minutes=30)
# A ledger that is away for a moment is no news.
LEDGER_AWAY = timedelta(minutes=5)
# More held deliveries, or posts of gone summaries, than that make nobody wiser.
MOST = 100


@dataclass(frozen=True, slots=True)
class Known:
    """What a round needs beside the ledger.

    pull_problem  why the last pull failed; empty if it did not
    refused       what is wrong with settings that were not taken
    trouble       what the daily check found, by account; an account that is not there has not been checked
    """

    bot: "Bot"
    pull_problem: str = ""
    refused: Sequence[Problem] = ()
    trouble: Mapping[str, Sequence[str]] = field(default_factory=dict)


class Lookout:
    """Keeps the ledger's alerts up to date and tells them. `started`: when this process began."""

    def __init__(self, started: datetime) -> None:
        self._started = started
        self._due: dict[tuple[str, bool], datetime] = {}
        self._failures: dict[int, int] = {}
        self._away: datetime | None = None
        self._told_away: set[int] = set()

    def round(self, known: Known) -> None:
        """Compare, write down what has begun and what is over, and tell whoever has not heard. Raises nothing."""
        bot = known.bot
        try:
            self._compare(known)
            for address in bot.addresses:
                self._tell(bot, address)
            alerting.clear(bot.sender.ledger, [address.number for address in bot.addresses])
        except LedgerError as error:
            self._ledger_is_away(bot, str(error))
        else:
            self._ledger_is_back(bot)

    # --- what is in force ---------------------------------------------------------------------------------------

    def _compare(self, known: Known) -> None:
        ledger, place = known.bot.sender.ledger, place_of(known.bot)
        mine = [one for one in alerting.standing(ledger) if one.alert.place in ("", place)]
        lasting = {one.alert.key: one for one in mine if one.over_at is None}
        facts = self._facts(known, {key: one.began_at for key, one in lasting.items()})
        found = {alert.key: alert for alert in in_force(facts)}
        begun = [alert for key, alert in found.items() if key not in lasting]
        over = [one for key, one in lasting.items() if key not in found and not cannot_tell(facts, one.alert)]
        if begun:
            alerting.begin(ledger, begun)
        if over:
            alerting.end(ledger, [one.id for one in over])
        for alert in begun:
            log.warning("an alert begins", kind=alert.kind, account=alert.account, what=alert.title, todo=alert.todo)
        for one in over:
            log.info("an alert is over", kind=one.alert.kind, account=one.alert.account, what=one.alert.title)

    def _facts(self, known: Known, standing: Mapping[str, datetime]) -> Facts:
        bot = known.bot
        ledger, now = bot.sender.ledger, bot.sender.ledger.now()
        configured = bot.accounts
        return Facts(
            now=now,
            place=place_of(bot),
            started=self._started,
            poll=bot.config.source.poll,
            pull_problem=known.pull_problem,
            refused=known.refused,
            accounts=[self._account(known, account, now) for account in configured.values()],
            gone=[one for one in alerting.gone(ledger, now - GONE_FOR, MOST) if one.account in configured],
            standing=standing,
        )

    def _account(self, known: Known, account: Account, now: datetime) -> AccountFacts:
        ledger, name = known.bot.sender.ledger, account.name
        turn = ledger.turn(name, account.needed(now))
        state, cadence = turn.account, account.settings.cadence
        opening = state.opened_at is None and account.pause(state) is None
        # The cadence alone: an account that the platform or a doubt keeps waiting for hours is what we look for.
        free = account.decide(replace(turn, busy="", account=replace(state, retry_at=None)), now).at
        waits = opening or (free is not None and ledger.pick(name, cadence.order, account.archive) is not None)
        due = opening or (waits and free is not None and free <= now)
        held, flood = alerting.held(ledger, name, MOST)
        last = turn.history.posts[0] if turn.history.posts else None
        waits_for = f"It waits, for {turn.busy}." if turn.busy else ""
        if state.retry_at is not None and state.retry_at > now:
            waits_for = (
                f"The platform is out of reach, or asked for patience until {state.retry_at:%Y-%m-%d %H:%M} UTC."
            )
        return AccountFacts(
            state=state,
            sends=name in known.bot.publishers,
            waits=waits,
            due_since=self._due_since((name, opening), waits, due, last, now),
            waits_for=waits_for,
            last=last,
            spent=turn.history.spent.get(account.month(now), 0) / 1_000_000,
            budget=cadence.budget_usd_per_month,
            cost=account.cost_usd,
            held=held,
            flood=flood,
            trouble=known.trouble.get(name),
        )

    def _due_since(
        self, key: tuple[str, bool], waits: bool, due: bool, last: datetime | None, now: datetime
    ) -> datetime | None:
        """Since when it could have posted. That a slot closed, or quiet hours began, meanwhile does not excuse it.

        key: the account, and whether it is at its first start
        """
        since = self._due.get(key)
        if not waits or (since is not None and last is not None and last >= since):
            self._due.pop(key, None)
        if due:
            self._due.setdefault(key, now)
        return self._due.get(key)

    # --- telling ------------------------------------------------------------------------------------------------

    def _tell(self, bot: "Bot", address: Address) -> None:
        ledger, number = bot.sender.ledger, address.number
        ones = alerting.untold(ledger, number)
        if ones:
            ones = alerting.claim(ledger, number, ones, ledger.now() + CLAIM)
        if not ones:
            return
        why = addresses.send(address, *message(ones), good=all(one.over_at for one in ones))
        if why:
            failures = self._failures[number] = self._failures.get(number, 0) + 1
            wait = min(_FIRST_WAIT * 2 ** min(failures - 1, 10), _LONGEST_WAIT)
            alerting.try_later(ledger, number, ones, wait)
            log.warning("an alert could not be sent; tried again later", to=str(address), why=why)
            return
        self._failures.pop(number, None)
        alerting.told(ledger, number, ones)
        log.info("alerts were sent", to=str(address), alerts=[one.alert.key for one in ones])

    # --- the ledger itself --------------------------------------------------------------------------------------

    def _ledger_is_away(self, bot: "Bot", why: str) -> None:
        """It cannot keep this one alert: the process does, and a restarted one would not start without its ledger."""
        now = bot.sender.ledger.now()
        self._away = self._away or now
        if now - self._away < LEDGER_AWAY:
            return
        title, todo = "the ledger does not serve; nothing is sent meanwhile", "see that it can be reached and written"
        for address in bot.addresses:
            if address.number not in self._told_away and not addresses.send(
                address, _titled(title), redactor.clean(f"{why}\n\nTo do: {todo}"), good=False
            ):
                self._told_away.add(address.number)

    def _ledger_is_back(self, bot: "Bot") -> None:
        self._away = None
        for address in bot.addresses:
            if address.number in self._told_away and not addresses.send(
                address, _titled("over: the ledger does not serve"), "It serves again.", good=True
            ):
                self._told_away.discard(address.number)


def place_of(bot: "Bot") -> str:
    """Which of the bots on a ledger this is, the same after a restart: its host, and where its settings are."""
    return f"{socket.gethostname()}:{bot.config.path}"


def _titled(what: str) -> str:
    return f"shortscience-bot: {what}"


def message(ones: Sequence[Standing]) -> tuple[str, str]:
    """Title and text of one message about all of these, whatever has begun first."""
    ones = sorted(ones, key=lambda one: one.over_at is not None)
    first, more = _line(ones[0]), len(ones) - 1
    title = _titled(first if not more else f"{first}, and {more} more")
    texts = [_text(one) if not more else f"{_line(one)}\n{_text(one)}" for one in ones]
    return redactor.clean(title), redactor.clean("\n\n".join(texts))


def _line(one: Standing) -> str:
    return f"over: {one.alert.title}" if one.over_at else one.alert.title


def _text(one: Standing) -> str:
    if one.over_at:
        return f"It began {one.began_at:%Y-%m-%d %H:%M} UTC and is over since {one.over_at:%Y-%m-%d %H:%M} UTC."
    return f"{one.alert.detail}\nTo do: {one.alert.todo}".strip()


class LookoutThread:
    """Runs a lookout once a minute, and sooner when it is woken. `known` is asked at each round."""

    def __init__(self, lookout: Lookout, known: Callable[[], Known]) -> None:
        self._lookout, self._known = lookout, known
        self._woken, self._stopping = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="lookout", daemon=True)

    def start(self) -> None:
        """The first round comes at once."""
        self._thread.start()

    def wake(self) -> None:
        """Something has happened that a person may have to hear of."""
        self._woken.set()

    def stop(self, patience: timedelta) -> bool:
        """Begin no further round; False if one still ran when `patience` ended, or left a call behind."""
        self._stopping.set()
        self._woken.set()
        self._thread.join(patience.total_seconds())
        return not self._thread.is_alive() and addresses.at_rest()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._woken.clear()
            try:
                self._lookout.round(self._known())
            except Exception:
                log.exception("the lookout failed; tried again later")
            self._stopping.wait(BREATH.total_seconds())
            self._woken.wait(ROUND.total_seconds())
