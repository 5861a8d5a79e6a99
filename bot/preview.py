"""The preview: the way of a delivery without its last steps. Reads the source and, if there is one, the ledger.

It discovers what the next pull would record, puts it into the order in which `pick` would take it, composes each post
with the code that publishes, and asks the cadence for the moment of each. It writes nothing and sends nothing. What it
cannot know without asking the platform is what an account posted before its first start.
"""

import heapq
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.accounts import Account
from bot.cadence import Decision, History
from bot.formatter.compose import CannotCompose, Composed
from bot.ledger.intake import Found
from bot.ledger.models import AccountState, Delivery, Lane, order_key
from bot.ledger.rows import Turn
from bot.ledger.store import Ledger
from bot.platforms.limits import LIMITS
from bot.publisher import once_more
from bot.pull import Scope, discover, scope
from bot.settings import SourceTable
from bot.source.base import Reference, Source, Summary

# So many texts are read at once.
TEXTS = 50
# Numbers of deliveries that are not there yet start here: behind all that are, in the order in which they are found.
IMAGINED = 10**15


@dataclass(frozen=True, slots=True)
class Planned:
    """One post as it would go out. `due` is None for never as configured, with the reason in `why`."""

    account: str
    platform: str
    delivery: Delivery
    link: str
    text: str
    length: int
    limit: int
    cost_usd: float
    due: datetime | None
    why: str
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """An account's next posts, how many more wait behind them, and what keeps others from being shown."""

    account: Account
    posts: tuple[Planned, ...]
    more: int
    notes: tuple[str, ...] = ()


def preview(
    source: Source,
    ledger: Ledger | None,
    accounts: Mapping[str, Account],
    selected: Iterable[str],
    settings: SourceTable,
    limit: int,
    now: datetime,
) -> list[Plan]:
    """The next `limit` posts of each selected account. Raises SourceError, LedgerError."""
    states = [ledger.account(name) if ledger else AccountState(name) for name in accounts]
    finds = {
        state.name: _Finds(accounts[state.name], state.opened_at is not None, settings, limit, now) for state in states
    }
    for found in _discover(source, ledger, scope(states, now)):
        finds[found.account].add(found)
    return [_plan(accounts[name], finds[name], source, ledger, now, limit) for name in selected]


def _discover(source: Source, ledger: Ledger | None, here: Scope) -> Iterator[Found]:
    if ledger is not None:
        for _, found in discover(source, ledger, here):
            yield from found
        return
    for page in source.listings(here.since):
        for entry in page:
            yield from (Found(entry, account, lane) for account, lane in here.lanes.items())


class _Finds:
    """What the next pull would add to one account's queue: of the whole source, no more kept than will be shown."""

    def __init__(self, account: Account, opened: bool, settings: SourceTable, limit: int, now: datetime) -> None:
        self._account = account
        self._opened = opened
        self._backlog = settings.backlog
        self._most_new = settings.max_new_per_pull
        self._limit = limit
        self._now = now
        self._number = IMAGINED
        # The newest so far, which will be the backlog: (published, number, delivery), a heap.
        self._newest: list[tuple[datetime, int, Delivery]] = []
        self._kept: list[Delivery] = []
        self._total = 0

    def add(self, found: Found) -> None:
        self._number += 1
        delivery = found.imagined(self._number, self._now)
        if self._opened:
            self._keep(delivery)
        elif self._backlog == "all":
            self._keep(replace(delivery, lane=Lane.BACKLOG))
        else:
            heapq.heappush(self._newest, (delivery.published_at, self._number, delivery))
            if len(self._newest) > int(self._backlog):
                self._keep_from_archive(heapq.heappop(self._newest)[2])

    def _keep_from_archive(self, delivery: Delivery) -> None:
        if self._account.archive:
            self._keep(replace(delivery, lane=Lane.ARCHIVE))

    def _keep(self, delivery: Delivery) -> None:
        self._total += 1
        self._kept.append(delivery)
        if len(self._kept) > 4 * self._limit + 100:
            self._kept = self._first(self._kept)

    def _first(self, deliveries: Iterable[Delivery]) -> list[Delivery]:
        return heapq.nsmallest(self._limit, deliveries, key=_key(self._account))

    @property
    def flooded(self) -> bool:
        """Whether the next pull would hold them all."""
        return self._opened and self._total > self._most_new

    @property
    def total(self) -> int:
        return self._total + len(self._newest)

    def first(self) -> list[Delivery]:
        """The first `limit` of them, in the order in which they would go."""
        backlog = [replace(delivery, lane=Lane.BACKLOG) for _, _, delivery in self._newest]
        return [] if self.flooded else self._first([*self._kept, *backlog])


def _key(account: Account) -> Callable[[Delivery], tuple[object, ...]]:
    return lambda delivery: tuple(order_key(delivery, account.settings.cadence.order))


def _plan(account: Account, finds: _Finds, source: Source, ledger: Ledger | None, now: datetime, limit: int) -> Plan:
    queued = _queued(account, ledger, limit, now)
    candidates = heapq.nsmallest(limit, [*queued, *finds.first()], key=_key(account))
    posts = tuple(_schedule(account, candidates, _turn(account, ledger, now), source, ledger, now))
    waiting = ledger.count_queued(account.name, account.archive) if ledger else 0
    if finds.flooded:
        note = f"{finds.total} new summaries at once: the next pull will hold them, and ask"
        return Plan(account, posts, waiting - len(candidates), (note,))
    return Plan(account, posts, waiting + finds.total - len(candidates))


def _turn(account: Account, ledger: Ledger | None, now: datetime) -> Turn:
    turn = ledger.turn(account.name, account.needed(now)) if ledger else None
    turn = turn or Turn(AccountState(account.name), "", None, History())
    # As it will be once the first start, which the preview imagines, is over.
    return turn if turn.account.opened_at else replace(turn, account=replace(turn.account, opened_at=now))


def _queued(account: Account, ledger: Ledger | None, limit: int, now: datetime) -> list[Delivery]:
    if ledger is None:
        return []
    cadence = account.settings.cadence
    queued = ledger.queue(account.name, cadence.order, account.archive, limit)
    oldest = now - (cadence.max_age or timedelta.max) if cadence.max_age else None
    return [item for item in queued if oldest is None or item.lane is not Lane.FRESH or item.queued_at >= oldest]


def _schedule(
    account: Account,
    candidates: Sequence[Delivery],
    turn: Turn,
    source: Source,
    ledger: Ledger | None,
    now: datetime,
) -> Iterator[Planned]:
    """Compose each candidate, and follow the cadence from one post to the next."""
    at = now
    for delivery, summary in _reread(source, candidates):
        decision = account.decide(turn, at)
        planned = _compose(account, delivery, summary, decision, ledger)
        yield planned
        if decision.at is not None and planned.length:
            at = decision.at
            history = turn.history.after(at, account.cost_usd, account.month(at))
            turn = Turn(turn.account, "", None, history)


def _reread(source: Source, deliveries: Sequence[Delivery]) -> Iterator[tuple[Delivery, Summary]]:
    """Those whose summaries are still public, each with its newest text."""
    for start in range(0, len(deliveries), TEXTS):
        some = deliveries[start : start + TEXTS]
        summaries = source.reread_all([Reference(delivery.summary, delivery.locator) for delivery in some])
        yield from ((delivery, summaries[delivery.summary]) for delivery in some if delivery.summary in summaries)


def _compose(
    account: Account, delivery: Delivery, summary: Summary, decision: Decision, ledger: Ledger | None
) -> Planned:
    due, why = decision.at, decision.reason
    try:
        composed: Composed = account.composer.compose(summary)
        post = composed.post
        if delivery.resend and ledger is not None:
            post = once_more(ledger, delivery, summary, post)
    except CannotCompose as error:
        never, limit = f"cannot be composed, would be held: {error}", account.composer.limit
        return Planned(account.name, account.platform, delivery, summary.link, "", 0, limit, 0.0, None, never, ())
    warnings = composed.warnings
    if delivery.resend:
        warnings = ("an unclear attempt: the very same text goes once more", *warnings)
    if delivery.not_before is not None and due is not None and delivery.not_before > due:
        due, why = delivery.not_before, "the platform could not fetch the link; tried again later"
    return Planned(
        account=account.name,
        platform=account.platform,
        delivery=delivery,
        link=post.link,
        text=post.text,
        length=LIMITS[account.platform].measure(post.text),
        limit=composed.limit,
        cost_usd=account.cost_usd,
        due=due,
        why=why,
        warnings=warnings,
    )
