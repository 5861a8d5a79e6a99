"""When an account may post: settings + history + now -> the next moment, and the reason for waiting, in words.

Pure: no clock, no database, no randomness. Every rule answers one question - "not before when, from `moment` on?" -
and `next_moment` asks all of them until none objects. Local times are wall-clock times: a time that a DST change
skips happens as much later as the clocks jump, one that happens twice counts once for slots, and quiet hours are quiet
whenever the wall clock says so.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

from cronsim import CronSim

from bot.config import CadenceTable
from bot.ledger.models import micro
from bot.values import format_duration

DAY = timedelta(days=1)
# How long a slot of `cron` or `at` stays open, unless the next one comes sooner (DESIGN, contract).
SLOT_OPEN = timedelta(hours=2)
# Rules push each other forward a few times at most per day; more rounds than this is "never".
ROUNDS = 2_000


@dataclass(frozen=True, slots=True)
class History:
    """What an account has posted, or may have.

    posts  moments, newest first; the latest `posts_needed(cadence)` suffice
    spent  micro-dollars by month of the account's own calendar ("2026-11")
    """

    posts: Sequence[datetime] = ()
    spent: Mapping[str, int] = field(default_factory=dict)

    def after(self, moment: datetime, cost_usd: float, month: str) -> "History":
        """The history once one more post went out at `moment`."""
        spent = {**self.spent, month: self.spent.get(month, 0) + micro(cost_usd)}
        return replace(self, posts=[moment, *self.posts], spent=spent)


@dataclass(frozen=True, slots=True)
class Decision:
    """The next moment an account may post at (aware UTC), or None for never as configured; and why not sooner."""

    at: datetime | None
    reason: str


def posts_needed(cadence: CadenceTable) -> int:
    """How many of the latest posts decide: the last for the spacing, the last `max_per_day` for the cap."""
    return max(1, cadence.max_per_day or 0)


def month_of(cadence: CadenceTable, moment: datetime) -> str:
    """The month `moment` is paid in, by the account's own calendar: "2026-11"."""
    return f"{moment.astimezone(cadence.timezone):%Y-%m}"


def next_moment(cadence: CadenceTable, account: str, history: History, cost_usd: float, now: datetime) -> Decision:
    """The first moment from `now` on at which every rule lets `account` post at `cost_usd`."""
    rules = (_spacing, _slots, _gap, _daily_cap, _budget, _quiet)
    ask = _Question(cadence, account, history, cost_usd)
    moment, reason = now.astimezone(UTC), "due now"
    for _ in range(ROUNDS):
        later = next((answer for rule in rules if (answer := rule(ask, moment))), None)
        if later is None:
            return Decision(moment, reason)
        if later.at is None:
            return later
        moment, reason = later.at, later.reason
    return Decision(None, "the rules of this cadence leave no moment free")


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
    return _not_before(moment, ask.last + gap, f"{format_duration(gap)} since the last post are not over")


def _daily_cap(ask: _Question, moment: datetime) -> Decision | None:
    cap, zone = ask.cadence.max_per_day, ask.cadence.timezone
    if cap is None or len(ask.history.posts) < cap:
        return None
    oldest = ask.history.posts[cap - 1]
    reason = f"{cap} posts a day are reached"
    if oldest.astimezone(zone).date() == (today := moment.astimezone(zone).date()):
        return _not_before(moment, _local(today + DAY, time(0), ask), reason)
    return _not_before(moment, oldest + DAY, reason)


def _quiet(ask: _Question, moment: datetime) -> Decision | None:
    quiet = ask.cadence.quiet_hours
    local = moment.astimezone(ask.cadence.timezone)
    if quiet is None or not quiet.covers(local.time()):
        return None
    day = local.date() if local.time() < quiet.end else local.date() + DAY
    end = _local(day, quiet.end, ask)
    if end <= moment:
        # The wall clock went back over the end of the quiet hours: they end once more.
        end = _local(day, quiet.end, ask, fold=1)
    return _not_before(moment, max(end, moment + timedelta(minutes=1)), f"quiet hours {quiet}")


def _budget(ask: _Question, moment: datetime) -> Decision | None:
    budget = ask.cadence.budget_usd_per_month
    if budget is None:
        return None
    limit, cost = micro(budget), micro(ask.cost_usd)
    if cost > limit:
        return Decision(None, f"one post costs ${ask.cost_usd:.3f}, more than the month's budget of ${budget:.2f}")
    if ask.history.spent.get(month_of(ask.cadence, moment), 0) + cost <= limit:
        return None
    today = moment.astimezone(ask.cadence.timezone).date()
    next_month = (today.replace(day=1) + 32 * DAY).replace(day=1)
    return _not_before(moment, _local(next_month, time(0), ask), f"the month's budget of ${budget:.2f} is spent")


def _slots(ask: _Question, moment: datetime) -> Decision | None:
    if ask.cadence.at is None and ask.cadence.cron is None:
        return None
    for slot, following in pairwise(_slots_from(ask, moment - SLOT_OPEN)):
        closes = min(following, slot + SLOT_OPEN)
        if closes <= moment or (ask.last is not None and ask.last >= slot):
            continue
        # At most half of the time the slot is open, so that the delay never costs the slot itself.
        opens = slot + min(jitter(ask.account, slot, ask.cadence.jitter), (closes - slot) / 2)
        return _not_before(moment, opens, f"next slot of the {'cron' if ask.cadence.cron else 'daily'} times")
    return Decision(None, "the cron times never come")


def _slots_from(ask: _Question, moment: datetime) -> Iterator[datetime]:
    """The slots after `moment`, in order, as aware UTC."""
    zone = ask.cadence.timezone
    if ask.cadence.cron is not None:
        for slot in CronSim(ask.cadence.cron, moment.astimezone(zone)):
            yield slot.astimezone(UTC)
        return
    day = moment.astimezone(zone).date() - DAY
    while day.year < 9999:
        for slot in sorted({_local(day, at, ask) for at in ask.cadence.at or ()}):
            if slot > moment:
                yield slot
        day += DAY


def _local(day: date, at: time, ask: _Question, fold: int = 0) -> datetime:
    return datetime.combine(day, at, ask.cadence.timezone).replace(fold=fold).astimezone(UTC)


def jitter(account: str, slot: datetime, most: timedelta) -> timedelta:
    """A delay of 0…`most`, in whole seconds, the same whenever account and slot are the same."""
    digest = hashlib.sha256(f"{account}\0{slot.astimezone(UTC).isoformat()}".encode()).digest()
    return timedelta(seconds=int(int.from_bytes(digest[:8]) / 2**64 * (most.total_seconds() + 1)))
