"""From the source's times to aware UTC, and back to what the source can compare with."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def to_utc(value: object, zone: tzinfo) -> datetime:
    """The moment a column holds: a datetime, a date, ISO text or Unix seconds; naive readings are in `zone`.

    A reading that a clock shows twice is taken for the earlier one, one that a clock skips counts as if it had not
    been set yet. What is no moment at all (NULL, MySQL's 0000-00-00, text that is no date) is the epoch: the oldest.
    """
    try:
        moment = _to_datetime(value)
        return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError, OSError):
        return EPOCH


def _to_datetime(value: object) -> datetime:
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime.combine(value, time())
    if isinstance(value, int | float):
        return datetime.fromtimestamp(value, UTC)
    if isinstance(value, str):
        return datetime.fromisoformat(value.strip())
    raise TypeError(type(value).__name__)


def reading_at(moment: datetime, zone: tzinfo, *, with_offset: bool) -> str:
    """`moment` as a clock in `zone` shows it, to the second, for `edited >= …`; never too late, at times too early.

    When clocks go back, what happens after `moment` may be stamped with a reading before it; so a reading that is
    shown twice is moved back by as much as the clocks are. With the offset, PostgreSQL reads it right as any type:
    a column with a time zone uses the offset, one without ignores it.
    """
    local = moment.astimezone(zone).replace(microsecond=0)
    repeated = _repeated_by(local)
    if repeated:
        local = (moment - repeated).astimezone(zone).replace(microsecond=0)
    return (local if with_offset else local.replace(tzinfo=None)).isoformat(sep=" ")


def _repeated_by(local: datetime) -> timedelta:
    """How far clocks are set back over this reading; nothing for one that is shown once."""
    earlier, later = local.replace(fold=0).utcoffset(), local.replace(fold=1).utcoffset()
    if earlier is None or later is None:
        return timedelta()
    return max(earlier - later, timedelta())
