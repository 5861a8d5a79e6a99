from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from bot.source.times import EPOCH, reading_at, to_utc

BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (datetime(2020, 6, 1, 12), datetime(2020, 6, 1, 10, tzinfo=UTC)),
        (datetime(2020, 6, 1, 12, tzinfo=timezone(timedelta(hours=5))), datetime(2020, 6, 1, 7, tzinfo=UTC)),
        (date(2020, 1, 1), datetime(2019, 12, 31, 23, tzinfo=UTC)),
        ("2020-06-01 12:00:00", datetime(2020, 6, 1, 10, tzinfo=UTC)),
        ("2020-06-01T12:00:00.25Z", datetime(2020, 6, 1, 12, 0, 0, 250000, tzinfo=UTC)),
        ("2020-06-01 12:00:00+02:00", datetime(2020, 6, 1, 10, tzinfo=UTC)),
        ("2020-06-01", datetime(2020, 5, 31, 22, tzinfo=UTC)),
        (86400, datetime(1970, 1, 2, tzinfo=UTC)),
        (datetime(2020, 10, 25, 2, 30), datetime(2020, 10, 25, 0, 30, tzinfo=UTC)),
        (datetime(2020, 3, 29, 2, 30), datetime(2020, 3, 29, 1, 30, tzinfo=UTC)),
    ],
    ids=["naive", "aware", "date", "text", "ISO", "offset", "day", "Unix", "shown twice", "skipped"],
)
def test_it_finds_the_moment(value: object, expected: datetime) -> None:
    assert to_utc(value, BERLIN) == expected


@pytest.mark.parametrize(
    "value", [None, "", "0000-00-00 00:00:00", "2020-00-00", "soon", b"x", datetime.min, datetime.max, 1e99]
)
def test_it_takes_what_is_no_moment_for_the_oldest(value: object) -> None:
    assert to_utc(value, ZoneInfo("Asia/Tokyo")) in (EPOCH, datetime(9999, 12, 31, 14, 59, 59, 999999, tzinfo=UTC))
    assert to_utc(value, NEW_YORK) in (EPOCH, datetime(1, 1, 1, 4, 56, 2, tzinfo=UTC))


def test_it_reads_a_clock() -> None:
    moment = datetime(2020, 6, 1, 10, 0, 0, 999999, tzinfo=UTC)
    assert reading_at(moment, BERLIN, with_offset=False) == "2020-06-01 12:00:00"
    assert reading_at(moment, BERLIN, with_offset=True) == "2020-06-01 12:00:00+02:00"


@pytest.mark.parametrize("zone", [BERLIN, NEW_YORK, ZoneInfo("Australia/Lord_Howe"), ZoneInfo("UTC")], ids=str)
def test_no_later_moment_is_ever_stamped_with_an_earlier_reading(zone: ZoneInfo) -> None:
    """Over every change of the clocks of a year, minute by minute around it, half an hour wide and a whole one."""
    start = datetime(2020, 1, 1, tzinfo=UTC)
    offsets = [(start + timedelta(minutes=30 * n)).astimezone(zone).utcoffset() for n in range(17_568)]
    changes = [n for n in range(1, len(offsets)) if offsets[n] != offsets[n - 1]]
    assert len(changes) == (0 if zone.key == "UTC" else 2)
    for change in changes:
        moments = [start + timedelta(minutes=30 * change + minute) for minute in range(-120, 121, 5)]
        stamps = [moment.astimezone(zone).replace(tzinfo=None).isoformat(sep=" ") for moment in moments]
        for index, moment in enumerate(moments):
            assert reading_at(moment, zone, with_offset=False) <= min(stamps[index:])
