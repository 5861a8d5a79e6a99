"""When an account may post, through caps, quiet hours, budgets, and clocks that change."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cadence import DAY, SLOT_OPEN, History, jitter, month_of, next_moment
from bot.settings import CadenceTable

NEW_YORK = "America/New_York"
NOON = datetime(2026, 6, 15, 16, 0, tzinfo=UTC)  # 12:00 in New York


def cadence(**keys: Any) -> CadenceTable:
    return CadenceTable.model_validate({"timezone": NEW_YORK, **keys})


def moments(
    settings: CadenceTable, count: int, start: datetime, cost: float = 0.2, history: History | None = None
) -> list[datetime]:
    """The first `count` moments at which an account with an endless queue posts."""
    history, now, found = history or History(), start, []
    for _ in range(count):
        decision = next_moment(settings, "twitter", history, cost, now)
        if decision.at is None:
            break
        found.append(decision.at)
        now, history = decision.at, history.after(decision.at, cost, month_of(settings, decision.at))
    return found


def local(settings: CadenceTable, found: list[datetime]) -> list[str]:
    return [f"{moment.astimezone(settings.timezone):%m-%d %H:%M}" for moment in found]


def test_without_history_and_limits_it_is_due_now() -> None:
    assert next_moment(cadence(every="2h"), "twitter", History(), 0.2, NOON).at == NOON


def test_every_counts_from_the_last_post() -> None:
    settings = cadence(every="2h")
    assert local(settings, moments(settings, 3, NOON)) == ["06-15 12:00", "06-15 14:00", "06-15 16:00"]


def test_no_spacing_means_no_spacing_even_with_jitter() -> None:
    assert moments(cadence(every="0s", jitter="10m"), 3, NOON) == [NOON] * 3


def test_downtime_leads_to_one_post_and_not_to_a_burst() -> None:
    settings = cadence(every="2h")
    history = History([NOON - timedelta(days=3)])
    assert moments(settings, 2, NOON, history=history) == [NOON, NOON + timedelta(hours=2)]


def test_the_gap_holds_where_slots_are_closer() -> None:
    settings = cadence(at=["12:00", "12:10"], min_gap="30m")
    assert local(settings, moments(settings, 3, NOON)) == ["06-15 12:00", "06-15 12:30", "06-16 12:00"]


def test_the_daily_cap_holds_in_a_calendar_day_and_in_any_24_hours() -> None:
    settings = cadence(every="1h", max_per_day=3)
    start = NOON + timedelta(hours=9)  # 21:00
    assert local(settings, moments(settings, 7, start)) == [
        "06-15 21:00",
        "06-15 22:00",
        "06-15 23:00",
        "06-16 21:00",
        "06-16 22:00",
        "06-16 23:00",
        "06-17 21:00",
    ]


def test_quiet_hours_over_midnight_are_quiet_and_the_first_moment_after_them_is_not() -> None:
    settings = cadence(every="4h", quiet_hours="22:00-07:00")
    start = NOON + timedelta(hours=8)  # 20:00
    assert local(settings, moments(settings, 3, start)) == ["06-15 20:00", "06-16 07:00", "06-16 11:00"]


def test_the_budget_waits_for_the_next_month_of_the_accounts_own_calendar() -> None:
    settings = cadence(every="1h", budget_usd_per_month=0.5)
    start = datetime(2026, 7, 1, 1, 0, tzinfo=UTC)  # still June in New York
    assert local(settings, moments(settings, 3, start)) == ["06-30 21:00", "06-30 22:00", "07-01 00:00"]


def test_a_budget_that_one_post_exceeds_is_never_and_says_so() -> None:
    decision = next_moment(cadence(every="1h", budget_usd_per_month=0.1), "twitter", History(), 0.2, NOON)
    assert decision.at is None
    assert "more than the month's budget" in decision.reason


def test_cents_add_up_exactly() -> None:
    settings = cadence(every="1m", budget_usd_per_month=30.0)
    start = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
    found = moments(settings, 151, start)
    assert found[149].month == 6
    assert found[150].month == 7


def test_cron_reads_monday_as_monday() -> None:
    settings = cadence(cron="0 9 * * 1")
    assert local(settings, moments(settings, 2, NOON)) == ["06-22 09:00", "06-29 09:00"]


def test_a_slot_stays_open_for_two_hours_or_until_the_next_one() -> None:
    settings = cadence(cron="0 12 * * *")
    just_in_time, too_late = NOON + SLOT_OPEN - timedelta(seconds=1), NOON + SLOT_OPEN
    assert next_moment(settings, "twitter", History(), 0.2, just_in_time).at == just_in_time
    assert next_moment(settings, "twitter", History(), 0.2, too_late).at == NOON + DAY


def test_several_missed_slots_count_as_one() -> None:
    settings = cadence(cron="*/30 * * * *")
    late = NOON + timedelta(minutes=65)
    history = History([NOON - timedelta(hours=5)])
    assert moments(settings, 2, late, history=history) == [late, NOON + timedelta(minutes=90)]


def test_a_slot_is_used_once() -> None:
    settings = cadence(at=["12:00"])
    assert moments(settings, 2, NOON) == [NOON, NOON + DAY]


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        pytest.param(datetime(2026, 11, 1, 4, 0, tzinfo=UTC), ["11-01 01:30", "11-02 01:30"], id="happens twice: once"),
        pytest.param(datetime(2026, 3, 8, 5, 0, tzinfo=UTC), ["03-08 01:30", "03-09 01:30"], id="before the gap"),
    ],
)
def test_a_daily_time_happens_once_when_clocks_change(start: datetime, expected: list[str]) -> None:
    for settings in (cadence(at=["01:30"]), cadence(cron="30 1 * * *")):
        assert local(settings, moments(settings, 2, start)) == expected


def test_a_time_that_the_clock_skips_happens_after_the_jump() -> None:
    settings = cadence(at=["02:30"])
    start = datetime(2026, 3, 8, 5, 0, tzinfo=UTC)
    assert local(settings, moments(settings, 2, start)) == ["03-08 03:30", "03-09 02:30"]


def test_quiet_hours_are_quiet_in_the_hour_that_happens_twice() -> None:
    settings = cadence(every="1h", quiet_hours="22:00-01:30")
    start = datetime(2026, 11, 1, 5, 0, tzinfo=UTC)  # 01:00 for the first time
    found = moments(settings, 3, start)
    assert local(settings, found) == ["11-01 01:30", "11-01 01:30", "11-01 02:30"]
    assert found[1] - found[0] == timedelta(hours=1)


def test_slots_that_quiet_hours_cover_never_come_and_say_so() -> None:
    decision = next_moment(cadence(at=["23:00"], quiet_hours="22:00-07:00"), "twitter", History(), 0.2, NOON)
    assert decision.at is None
    assert decision.reason == "quiet hours 22:00-07:00 cover every slot of the daily times"
    assert "quiet_hours" in decision.remedy


def test_jitter_is_fixed_by_account_and_slot() -> None:
    most = timedelta(minutes=10)
    assert jitter("twitter", NOON, most) == jitter("twitter", NOON, most) <= most
    assert len({jitter("twitter", NOON + timedelta(hours=n), most) for n in range(50)}) > 30
    assert jitter("twitter", NOON, most) != jitter("facebook", NOON, most)


@given(
    every=st.integers(0, 300),
    gap=st.integers(0, 120),
    cap=st.integers(1, 6),
    quiet=st.none() | st.tuples(st.integers(0, 23), st.integers(0, 23)).filter(lambda hours: hours[0] != hours[1]),
    zone=st.sampled_from([NEW_YORK, "Australia/Lord_Howe", "Asia/Kolkata", "Europe/Berlin", "UTC", "America/St_Johns"]),
    start=st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1)),
    use_slots=st.booleans(),
)
def test_no_rule_is_ever_broken(
    every: int, gap: int, cap: int, quiet: tuple[int, int] | None, zone: str, start: datetime, use_slots: bool
) -> None:
    keys: dict[str, Any] = {"min_gap": f"{gap}m", "max_per_day": cap, "timezone": zone, "jitter": "7m"}
    keys |= {"cron": "15 */3 * * *"} if use_slots else {"every": f"{every}m"}
    if quiet is not None:
        keys["quiet_hours"] = f"{quiet[0]:02}:00-{quiet[1]:02}:00"
    settings = cadence(**keys)
    found = moments(settings, 12, start.replace(tzinfo=UTC))
    assert found == sorted(found)
    days = [moment.astimezone(settings.timezone) for moment in found]
    for earlier, later in pairwise(found):
        assert later - earlier >= timedelta(minutes=max(gap, 0 if use_slots else every))
    for index in range(len(found) - cap):
        assert found[index + cap] - found[index] >= DAY
        assert days[index + cap].date() != days[index].date()
    if settings.quiet_hours is not None:
        assert not any(settings.quiet_hours.covers(day.time()) for day in days)
