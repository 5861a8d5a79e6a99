"""The rules of a cadence, said once more and in another way than `bot.cadence` does: by looking at what was posted."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta

from cronsim import CronSim

from bot.cadence import DAY, SLOT_OPEN
from bot.ledger.models import micro
from bot.settings import CadenceTable

# As far as clocks jump, and a little.
SHIFT = timedelta(hours=3)


def broken(cadence: CadenceTable, before: Sequence[datetime], post: datetime, cost: float) -> Iterator[str]:
    """What a post breaks that goes out after the posts `before` (oldest first), each at the same cost."""
    zone = cadence.timezone
    last, local = before[-1] if before else None, post.astimezone(zone)
    if last is not None and post - last < max(cadence.min_gap, cadence.every or timedelta(0)):
        yield f"{post} comes too soon after {last}"
    recent = [earlier for earlier in before if post - earlier < 32 * DAY]
    if cadence.max_per_day is not None:
        if sum(post - earlier < DAY for earlier in recent) >= cadence.max_per_day:
            yield f"{post} is one too many in 24 hours"
        if sum(earlier.astimezone(zone).date() == local.date() for earlier in recent) >= cadence.max_per_day:
            yield f"{post} is one too many in its day"
    this_month = sum(f"{earlier.astimezone(zone):%Y-%m}" == f"{local:%Y-%m}" for earlier in recent)
    if cadence.max_per_month is not None and this_month >= cadence.max_per_month:
        yield f"{post} is one too many in its month"
    budget = cadence.budget_usd_per_month
    if budget is not None and (this_month + 1) * micro(cost) > micro(budget):
        yield f"{post} is over the budget"
    if is_quiet(cadence, post):
        yield f"{post} is in quiet hours"
    if cadence.every is None:
        slot = slot_at(cadence, post)
        if slot is None:
            yield f"{post} is in no slot"
        elif last is not None and last >= slot:
            yield f"{post} is the second in its slot"


def is_quiet(cadence: CadenceTable, moment: datetime) -> bool:
    return cadence.quiet_hours is not None and cadence.quiet_hours.covers(
        moment.astimezone(cadence.timezone).time().replace(tzinfo=None)
    )


def wall_times(cadence: CadenceTable, begin: date) -> Iterator[datetime]:
    """The slots as clocks show them, from the beginning of a day on."""
    if cadence.cron is not None:
        yield from CronSim(cadence.cron, datetime.combine(begin, time(0)) - timedelta(seconds=1))
    while cadence.at is not None:
        yield from (datetime.combine(begin, at) for at in sorted(set(cadence.at)))
        begin += DAY


def slot_at(cadence: CadenceTable, moment: datetime) -> datetime | None:
    """The slot that is open at `moment`. Clocks show it for the first time, or would have but for a jump."""
    local, begun = moment.astimezone(cadence.timezone), []
    for wall in wall_times(cadence, (local - SLOT_OPEN - SHIFT).date()):
        if wall > local.replace(tzinfo=None) + SHIFT:
            break
        begun.append(wall.replace(tzinfo=cadence.timezone).astimezone(UTC))
    latest = max((slot for slot in begun if slot <= moment), default=None)
    return latest if latest is not None and moment < latest + SLOT_OPEN else None
