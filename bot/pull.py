"""Pull: what is public now and not recorded becomes deliveries.

New is neither a date nor an id: a draft of last year published today keeps its old `added`, an edit of an old summary
bumps `edited`. New is *public, with enough votes, and never recorded for this account*. So a pull asks the source for
what changed since the last one, with an overlap, once a day for everything, and the ledger for what it lacks.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.accounts import Account
from bot.ledger import intake
from bot.ledger.intake import Found, Gone
from bot.ledger.models import AccountState, Lane
from bot.ledger.store import Ledger
from bot.observe import durations
from bot.observe.durations import timed
from bot.observe.log import log
from bot.own_posts import OwnPosts
from bot.platforms.base import AccountBlocked, NotSent, Platform
from bot.settings import SourceTable
from bot.source.base import Listing, Source

# For clocks that differ and transactions that commit late.
OVERLAP = timedelta(hours=1)
SWEEP_EVERY = timedelta(days=1)
# How many of an account's own posts are read back before its first start (DESIGN, "New, seen, private").
READ_BACK = 100


@dataclass(slots=True)
class Pulled:
    """What a pull did: deliveries by account, what is posted but gone, and accounts whose first start must wait."""

    fresh: dict[str, int] = field(default_factory=dict)
    flooded: dict[str, int] = field(default_factory=dict)
    opened: dict[str, int] = field(default_factory=dict)
    gone: list[Gone] = field(default_factory=list)
    waiting: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Scope:
    """What a pull has to ask for: changes since a moment (None: everything), and each account's lane for finds."""

    since: datetime | None
    lanes: dict[str, Lane]

    @property
    def opening(self) -> list[str]:
        return [name for name, lane in self.lanes.items() if lane is Lane.ARCHIVE]


def scope(states: Sequence[AccountState], now: datetime) -> Scope:
    """The scope that serves all these accounts: one that starts, or was last swept a day ago, needs everything."""
    lanes = {state.name: Lane.FRESH if state.opened_at else Lane.ARCHIVE for state in states}
    # A mark that lies ahead was set by a clock that was wrong: it is not believed.
    read_to = [
        min(state.pulled_to, now)
        for state in states
        if state.pulled_to is not None and state.swept_at is not None and now - SWEEP_EVERY < state.swept_at <= now
    ]
    whole = not states or len(read_to) < len(states)
    return Scope(None if whole else min(read_to) - OVERLAP, lanes)


def discover(source: Source, ledger: Ledger, scope: Scope) -> Iterator[tuple[Sequence[Listing], list[Found]]]:
    """Page by page, what the source lists and what of it is not recorded. Writes nothing."""
    for page in source.listings(scope.since):
        yield page, intake.unrecorded(ledger, page, scope.lanes)


@timed(durations.PULL)
def pull(
    source: Source,
    ledger: Ledger,
    accounts: Mapping[str, Account],
    platforms: Mapping[str, Platform],
    settings: SourceTable,
    got_on: Callable[[], object] = lambda: None,
) -> Pulled:
    """Record all that is new. Raises SourceError or LedgerError; what was recorded by then stays, the next goes on.

    got_on: called for each account that was read back, and after each page.
    """
    pulled, begun = Pulled(), ledger.now()
    states = [ledger.account(name) for name in accounts]
    own_posts = _read_back(states, accounts, platforms, ledger, pulled, got_on)
    here = scope([state for state in states if state.opened_at or state.name in own_posts], begun)
    gate = _FloodGate(ledger, settings.max_new_per_pull)
    # Where all of it is to be posted it need not pass through the archive.
    lane = Lane.BACKLOG if settings.backlog == "all" else Lane.ARCHIVE
    for page, found in discover(source, ledger, here):
        first = [
            replace(item, own=own_posts[item.account].take(item.listing.link), lane=lane)
            for item in found
            if item.lane is Lane.ARCHIVE
        ]
        intake.record(ledger, first)
        gate.add([item for item in found if item.lane is Lane.FRESH])
        intake.refresh(ledger, page, list(accounts))
        intake.mark_back(ledger, page)
        for item in first:
            pulled.opened[item.account] = pulled.opened.get(item.account, 0) + 1
        got_on()
    gate.close(pulled)
    _mark(ledger, here, settings, begun, pulled)
    if here.since is None:
        pulled.gone = _find_gone(source, ledger, got_on)
    _report(pulled)
    return pulled


def _read_back(
    states: Sequence[AccountState],
    accounts: Mapping[str, Account],
    platforms: Mapping[str, Platform],
    ledger: Ledger,
    pulled: Pulled,
    got_on: Callable[[], object],
) -> dict[str, OwnPosts]:
    """Of each account that starts for the first time, its own latest posts."""
    found: dict[str, OwnPosts] = {}
    for state in states:
        got_on()
        if state.opened_at is not None or state.name not in platforms:
            continue
        if accounts[state.name].pause(state):
            # Said wherever pauses are; nothing here has failed.
            continue
        if state.retry_at is not None and state.retry_at > ledger.now():
            pulled.waiting[state.name] = "the account's own posts could not be read back; tried again later"
            continue
        timeline = platforms[state.name].timeline(newest=READ_BACK)
        ledger.charge(state.name, accounts[state.name].month(ledger.now()), timeline.cost_usd)
        if not timeline.complete:
            pulled.waiting[state.name] = timeline.problem
            _pause_if_blocked(state.name, platforms[state.name], ledger)
            continue
        found[state.name] = OwnPosts(timeline.posts, intake.receipts(ledger, state.name))
    return found


def _pause_if_blocked(name: str, platform: Platform, ledger: Ledger) -> None:
    """A read that failed does not say whether the account is refused; asking who we are does.

    Both cost money on X, so that the next try waits, longer each time.
    """
    ledger.back_off(name)
    try:
        platform.verify()
    except AccountBlocked as blocked:
        ledger.pause(name, blocked.why, blocked.remedy)
    except NotSent:
        pass


def _mark(ledger: Ledger, here: Scope, settings: SourceTable, begun: datetime, pulled: Pulled) -> None:
    backlog = None if settings.backlog == "all" else settings.backlog
    for name in here.opening:
        intake.open_account(ledger, name, backlog, begun)
        pulled.opened.setdefault(name, 0)
    seen = [name for name in here.lanes if name not in here.opening]
    intake.mark_pulled(ledger, seen, begun, swept=here.since is None)


class _FloodGate:
    """Keeps what is found fresh until it is known that it is no flood; a flood is recorded as held.

    Holds at most `most` finds an account in memory.
    """

    def __init__(self, ledger: Ledger, most: int) -> None:
        self._ledger = ledger
        self._most = most
        self._kept: dict[str, list[Found]] = {}
        self._flooded: dict[str, int] = {}

    def add(self, found: Sequence[Found]) -> None:
        for name in {item.account for item in found}:
            if name not in self._kept and intake.flood_waits(self._ledger, name):
                # Nobody has answered yet, or the pull that found the flood broke off: this may be the rest of it.
                self._flooded[name] = 0
            kept = self._kept.setdefault(name, [])
            kept += [item for item in found if item.account == name]
            if len(kept) > self._most or name in self._flooded:
                self._flooded[name] = self._flooded.get(name, 0) + len(kept)
                intake.record(self._ledger, kept, held=True)
                kept.clear()

    def close(self, pulled: Pulled) -> None:
        for name, kept in self._kept.items():
            intake.record(self._ledger, kept)
            if kept:
                pulled.fresh[name] = len(kept)
        pulled.flooded = self._flooded


def _find_gone(source: Source, ledger: Ledger, got_on: Callable[[], object]) -> list[Gone]:
    """Withdraw what is private or deleted by now; returns what had already been posted of it."""
    gone: list[Gone] = []
    after = ""
    while page := intake.recorded(ledger, after):
        missing = source.missing(page)
        if missing:
            posts = intake.posted_of(ledger, missing)
            # Said before it is marked: a crash between the two says it twice, never not at all.
            _report_gone(posts)
            intake.mark_gone(ledger, missing)
            gone += posts
        after = page[-1].key
        got_on()
    return gone


def _report(pulled: Pulled) -> None:
    for name, count in pulled.opened.items():
        log.info("first start recorded what is public", account=name, summaries=count)
    for name, count in pulled.fresh.items():
        log.info("new summaries queued", account=name, summaries=count)
    for name, count in pulled.flooded.items():
        remedy = "run_bot.py retry flood, or run_bot.py skip flood"
        log.warning(
            "more new summaries at once than max_new_per_pull: held", account=name, summaries=count, todo=remedy
        )
    for name, problem in pulled.waiting.items():
        log.warning("first start waits: the account's own posts cannot be read back", account=name, why=problem)


def _report_gone(posts: Sequence[Gone]) -> None:
    for post in posts:
        fields = {"account": post.account, "delivery": post.delivery, "url": post.url}
        todo = "take the post down if it should not stay"
        log.error("a posted summary is private or deleted by now", **fields, todo=todo)
