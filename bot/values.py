"""The values people write into the config: durations, times of day, quiet hours, time zones."""

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BeforeValidator, PlainSerializer

_DURATION = re.compile(r"(?:(\d+)w)?\s*(?:(\d+)d)?\s*(?:(\d+)h)?\s*(?:(\d+)m)?\s*(?:(\d+)s)?")
_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
# Nobody means more; a limit keeps every sum of moments inside what `datetime` can hold.
_LONGEST = timedelta(days=3660)


def parse_duration(text: Any) -> timedelta:
    """ "90s", "5m", "2h", "30d", "1h 30m" as a timedelta. Raises ValueError."""
    match = _DURATION.fullmatch(text.strip()) if isinstance(text, str) else None
    if match is None or not any(match.groups()):
        raise ValueError('a duration such as "90s", "5m", "2h" or "30d"')
    numbers = [int(group or 0) for group in match.groups()]
    if any(number > 10**9 for number in numbers) or (span := _span(numbers)) > _LONGEST:
        raise ValueError("a duration of at most ten years")
    return span


def _span(numbers: list[int]) -> timedelta:
    weeks, days, hours, minutes, seconds = numbers
    return timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)


def format_duration(span: timedelta) -> str:
    """The way the config writes it: "2h", "1d 30m", "0s"."""
    seconds = int(span.total_seconds())
    parts = []
    for letter, size in (("d", 86400), ("h", 3600), ("m", 60), ("s", 1)):
        number, seconds = divmod(seconds, size)
        if number:
            parts.append(f"{number}{letter}")
    return " ".join(parts) or "0s"


def parse_clock(text: Any) -> time:
    """ "09:00" as a time of day. Raises ValueError."""
    match = _CLOCK.fullmatch(text.strip()) if isinstance(text, str) else None
    if match is None:
        raise ValueError('a time of day such as "09:00"')
    return time(int(match[1]), int(match[2]))


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Wall-clock hours without posts, from `start` up to but not including `end`; over midnight if end < start."""

    start: time
    end: time

    def covers(self, moment: time) -> bool:
        if self.start < self.end:
            return self.start <= moment < self.end
        return moment >= self.start or moment < self.end

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"


def parse_quiet_hours(text: Any) -> QuietHours:
    """ "22:00-07:00". Raises ValueError; equal ends are refused, for nobody can tell all day from never."""
    expected = 'quiet hours such as "22:00-07:00"'
    if not isinstance(text, str) or text.count("-") != 1:
        raise ValueError(expected)
    try:
        start, end = (parse_clock(part) for part in text.split("-"))
    except ValueError:
        raise ValueError(expected) from None
    if start == end:
        raise ValueError(f"{expected}; begin and end must differ")
    return QuietHours(start, end)


def parse_timezone(name: Any) -> ZoneInfo:
    """ "America/New_York". Raises ValueError."""
    try:
        if not isinstance(name, str) or not name:
            raise ValueError
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError('a time zone such as "UTC" or "America/New_York"') from None


Duration = Annotated[timedelta, BeforeValidator(parse_duration), PlainSerializer(format_duration)]
Clock = Annotated[time, BeforeValidator(parse_clock), PlainSerializer(lambda at: f"{at:%H:%M}")]
Quiet = Annotated[QuietHours, BeforeValidator(parse_quiet_hours), PlainSerializer(str)]
Zone = Annotated[ZoneInfo, BeforeValidator(parse_timezone), PlainSerializer(str)]


def moment(at: datetime, zone: ZoneInfo) -> str:
    """A moment as people of that zone read it: "Sat 21 Nov 12:05 EST"."""
    return f"{at.astimezone(zone):%a %d %b %H:%M %Z}"
