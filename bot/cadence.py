"""When an account may post: settings + history + now -> the next moment, and the reason for waiting, in words.

Pure: no clock, no database, no randomness. Every rule answers one question - "not before when, from `moment` on?" -
and `next_moment` asks all of them until none objects. So the answer is the same whenever one asks: asked again at any
moment before it, or at it, `next_moment` says the same. Local times are wall-clock times, see `bot.wallclock`.

What was posted is believed also where it lies ahead of the clock: clocks go back, and a bot that then waits is better
than one that posts too soon.
"""

import hashlib
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from bot import wallclock
from bot.ledger.models import micro
from bot.settings import CadenceTable
from bot.values import format_duration
from bot.wallclock import DAY

# How long a slot of `cron` or `at` stays open, unless the next one comes sooner (DESIGN, contract).
SLOT_OPEN = timedelta(hours=2)
# Only quiet hours and slots can go on pushing each other forward, once or twice a day: never is more rounds than this,
# which is a year of days, or longer than this, for the rarest of slots (a 29 February that is a Monday).
ROUNDS, HORIZON = 800, timedelta(days=366 * 60)


@dataclass(frozen=True, slots=True)
class Needed:
    """How much of an account's history decides.

    posts  so many of its latest posts
    month  the month of its own calendar that is paid for: "2026-11"
    since  when that month began, if what was posted in it counts; None: it does not
    """

    posts: int = 1
    month: str = ""
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class History:
    """What an account has posted, or may have.

    posts   moments, newest first; as many as `Needed.posts` suffice
    spent   micro-dollars by month of the account's own calendar ("2026-11")
    posted  posts by month, too; the month of `Needed` suffices
    """

    posts: Sequence[datetime] = ()
    spent: Mapping[str, int] = field(default_factory=dict)
    posted: Mapping[str, int] = field(default_factory=dict)

    def after(self, moment: datetime, cost_usd: float, month: str) -> "History":
        """The history once one more post went out at `moment`."""
        spent = {**self.spent, month: self.spent.get(month, 0) + micro(cost_usd)}
        posted = {**self.posted, month: self.posted.get(month, 0) + 1}
        return replace(self, posts=[moment, *self.posts], spent=spent, posted=posted)


@dataclass(frozen=True, slots=True)
class Decision:
    """The next moment an account may post at (aware UTC), or None for never as configured; and why not sooner.

    remedy: what to change, where the settings themselves leave no moment
    """

    at: datetime | None
    reason: str
    remedy: str = ""


def needed(cadence: CadenceTable, now: datetime) -> Needed:
    """The last post for the spacing, the last `max_per_day` for the daily cap, a count for the monthly one."""
    since = None if cadence.max_per_month is None else wallclock.month_begin(now, cadence.timezone)
    return Needed(max(1, cadence.max_per_day or 0), month_of(cadence, now), since)


def month_of(cadence: CadenceTable, moment: datetime) -> str:
    """The month `moment` is paid in, by the account's own calendar: "2026-11"."""
    return f"{moment.astimezone(cadence.timezone):%Y-%m}"


def next_moment(cadence: CadenceTable, account: str, history: History, cost_usd: float, now: datetime) -> Decision:
    """The first moment from `now` on at which every rule lets `account` post at `cost_usd`."""
    rules = (_spacing, _gap, _daily_cap, _monthly_cap, _budget, _slots, _quiet)
    ask = _Question(cadence, account, history, cost_usd)
    moment, reason = now.astimezone(UTC), "due now"
    horizon = max(moment, ask.last or moment) + HORIZON
    for _ in range(ROUNDS):
        later = next((answer for rule in rules if (answer := rule(ask, moment))), None)
        if later is None:
            return Decision(moment, reason)
        if later.at is None:
            return later
        moment, reason = later.at, later.reason
        if moment > horizon:
            break
    covered = f"quiet hours {cadence.quiet_hours} cover every slot of the {_kind(cadence)} times"
    return Decision(None, covered, "move the times out of quiet_hours, or shorten quiet_hours")


def _kind(cadence: CadenceTable) -> str:
    return "cron" if cadence.cron else "daily"


@dataclass(frozen=True, slots=True)
class _Question:
    cadence: CadenceTable
    account: str
    history: History
    cost_usd: float

    @property
    def last(self) -> datetime | None:
        return self.history.posts[0] if self.history.posts else None


def _not_before(moment: datetime, earliest: datetime, reason: str) -> Decision | None:
    return Decision(earliest, reason) if earliest > moment else None


def _spacing(ask: _Question, moment: datetime) -> Decision | None:
    every = ask.cadence.every
    if not every or ask.last is None:
        return None
    earliest = ask.last + every + jitter(ask.account, ask.last, ask.cadence.jitter)
    return _not_before(moment, earliest, f"one post every {format_duration(every)}")


def _gap(ask: _Question, moment: datetime) -> Decision | None:
    if ask.last is None:
        return None
    gap = ask.cadence.min_gap
    since = f"{format_duration(gap)} since the last post are not over"
    return _not_before(moment, ask.last + gap, since if gap else "the clock has gone back behind the last post")


def _daily_cap(ask: _Question, moment: datetime) -> Decision | None:
    cap, zone = ask.cadence.max_per_day, ask.cadence.timezone
    if cap is None or len(ask.history.posts) < cap:
        return None
    oldest = ask.history.posts[cap - 1]
    earliest = max(wallclock.day_after(oldest, zone), oldest + DAY)
    return _not_before(moment, earliest, f"{cap} posts a day are reached")


def _monthly_cap(ask: _Question, moment: datetime) -> Decision | None:
    cap = ask.cadence.max_per_month
    if cap is None or ask.history.posted.get(month_of(ask.cadence, moment), 0) < cap:
        return None
    return Decision(wallclock.month_after(moment, ask.cadence.timezone), f"{cap} posts a month are reached")


def _budget(ask: _Question, moment: datetime) -> Decision | None:
    budget = ask.cadence.budget_usd_per_month
    if budget is None:
        return None
    limit, cost = micro(budget), micro(ask.cost_usd)
    if cost > limit:
        reason = f"one post costs ${ask.cost_usd:.3f}, more than the month's budget of ${budget:.2f}"
        return Decision(None, reason, f"raise budget_usd_per_month to at least {math.ceil(cost / 10_000) / 100:.2f}")
    if ask.history.spent.get(month_of(ask.cadence, moment), 0) + cost <= limit:
        return None
    next_month = wallclock.month_after(moment, ask.cadence.timezone)
    return Decision(next_month, f"the month's budget of ${budget:.2f} is spent")


def _quiet(ask: _Question, moment: datetime) -> Decision | None:
    quiet, zone = ask.cadence.quiet_hours, ask.cadence.timezone
    if quiet is None or not wallclock.is_quiet(quiet, moment, zone):
        return None
    return Decision(wallclock.quiet_turns(quiet, moment, zone), f"quiet hours {quiet}")


def _slots(ask: _Question, moment: datetime) -> Decision | None:
    if ask.cadence.at is None and ask.cadence.cron is None:
        return None
    for slot, following in pairwise(_slots_from(ask, moment - SLOT_OPEN)):
        closes = min(following, slot + SLOT_OPEN)
        if closes <= moment or (ask.last is not None and ask.last >= slot):
            continue
        opens = slot + min(jitter(ask.account, slot, ask.cadence.jitter), _longest_delay(ask, slot, closes))
        return _not_before(moment, opens, f"next slot of the {_kind(ask.cadence)} times")
    return Decision(None, "the cron times never come", "correct `cron`: no day fits all of its fields")


def _longest_delay(ask: _Question, slot: datetime, closes: datetime) -> timedelta:
    """Up to the middle of the time in which a slot can be used, so that the delay never costs the slot itself."""
    quiet, zone = ask.cadence.quiet_hours, ask.cadence.timezone
    if quiet is None:
        return (closes - slot) / 2
    begins = wallclock.quiet_turns(quiet, slot, zone) if wallclock.is_quiet(quiet, slot, zone) else slot
    ends = min(closes, wallclock.quiet_turns(quiet, begins, zone))
    return (begins - slot) + max(ends - begins, timedelta(0)) / 2


def _slots_from(ask: _Question, moment: datetime) -> Iterator[datetime]:
    """The slots after `moment`, in order, as aware UTC."""
    if ask.cadence.cron is not None:
        return wallclock.cron(ask.cadence.cron, moment, ask.cadence.timezone)
    return wallclock.daily(ask.cadence.at or (), moment, ask.cadence.timezone)


def jitter(account: str, slot: datetime, most: timedelta) -> timedelta:
    """A delay of 0…`most`, in whole seconds, the same whenever account and slot are the same."""
    digest = hashlib.sha256(f"{account}\0{slot.astimezone(UTC).isoformat()}".encode()).digest()
    return timedelta(seconds=int(int.from_bytes(digest[:8]) / 2**64 * (most.total_seconds() + 1)))
