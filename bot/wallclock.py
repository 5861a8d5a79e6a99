"""Wall-clock times of a zone as moments (aware UTC), through the days on which the clocks change. Pure.

A time that a change skips happens as much later as the clocks jump; one that comes twice counts at its first coming.
What the answer is must not depend on when one asks, so nothing here starts from the question's own time of day.
"""

import heapq
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from cronsim import CronSim

from bot.values import QuietHours

DAY = timedelta(days=1)
# Further than clocks jump anywhere: two hours, at Troll in Antarctica.
_LONGEST_JUMP = timedelta(hours=3)


def moment_of(day: date, at: time, zone: ZoneInfo, fold: int = 0) -> datetime:
    """When clocks in `zone` show `at` on `day`; `fold` 1: for the second time, if there is one."""
    return datetime.combine(day, at, zone).replace(fold=fold).astimezone(UTC)


def day_after(moment: datetime, zone: ZoneInfo) -> datetime:
    """The beginning of the next local day."""
    return moment_of(moment.astimezone(zone).date() + DAY, time(0), zone)


def month_begin(moment: datetime, zone: ZoneInfo) -> datetime:
    """The beginning of the local month."""
    return moment_of(moment.astimezone(zone).date().replace(day=1), time(0), zone)


def month_after(moment: datetime, zone: ZoneInfo) -> datetime:
    """The beginning of the next local month."""
    first = moment.astimezone(zone).date().replace(day=1)
    return moment_of((first + 32 * DAY).replace(day=1), time(0), zone)


def is_quiet(quiet: QuietHours, moment: datetime, zone: ZoneInfo) -> bool:
    """Whether clocks show quiet hours."""
    return quiet.covers(moment.astimezone(zone).time())


def quiet_turns(quiet: QuietHours, moment: datetime, zone: ZoneInfo) -> datetime:
    """When clocks, after `moment`, first show the end of the quiet hours, or their beginning if it is not quiet."""
    local, inside = moment.astimezone(zone), is_quiet(quiet, moment, zone)
    border = quiet.end if inside else quiet.start
    day = local.date() if local.time() < border else local.date() + DAY
    first, second = (moment_of(day, border, zone, fold) for fold in (0, 1))
    turn = first if first > moment else second
    change = _change_between(moment, turn, zone)
    # The clocks may jump over the border, or back behind the other one.
    return change if change is not None and is_quiet(quiet, change, zone) is not inside else turn


def _change_between(earlier: datetime, later: datetime, zone: ZoneInfo) -> datetime | None:
    """When the clocks change between two moments less than some days apart."""
    before = earlier.astimezone(zone).utcoffset()
    if later.astimezone(zone).utcoffset() == before:
        return None
    low, high = int(earlier.timestamp()), int(later.timestamp())
    while high - low > 1:
        middle = (low + high) // 2
        if datetime.fromtimestamp(middle, zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return datetime.fromtimestamp(high, UTC)


def daily(times: Iterable[time], after: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    """The moments after `after` at which clocks show one of `times`, in order."""
    begin, ordered = _begin(after, zone).date(), sorted(set(times))
    walls = (datetime.combine(begin + number * DAY, at) for number in count() for at in ordered)
    return (moment for moment in _moments(walls, zone) if moment > after)


def cron(expression: str, after: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    """The moments after `after` at which clocks show what the cron text says, in order; ends if there are none within
    fifty years."""
    # Without a zone: with one, the answer depends on where one starts on the days on which clocks go back.
    walls = CronSim(expression, _begin(after, zone))
    return (moment for moment in _moments(walls, zone) if moment > after)


def _begin(after: datetime, zone: ZoneInfo) -> datetime:
    """A wall-clock time before everything that happens after `after`."""
    return after.astimezone(zone).replace(tzinfo=None, microsecond=0) - _LONGEST_JUMP


def _moments(walls: Iterable[datetime], zone: ZoneInfo) -> Iterator[datetime]:
    """Wall-clock times in order as moments in order, each once."""
    held: list[datetime] = []
    last = None
    for wall in walls:
        first, second = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
        heapq.heappush(held, first)
        # A skipped time happens later than some that follow it on the clock; none that follows comes before this:
        while held and held[0] <= min(first, second):
            moment = heapq.heappop(held)
            if moment != last:
                yield moment
            last = moment
    yield from sorted(set(held))
