"""Random cadences, driven through years of posting: late, down for weeks, with clocks that leap forwards and back.

What must hold is said once more, in another way, in `tests.rules`.
"""

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.accounts import Turns
from bot.cadence import DAY, SLOT_OPEN, History, month_of, next_moment
from bot.check import cadence_finding
from bot.ledger.models import micro
from bot.settings import CadenceTable, TwitterAccount
from tests.rules import broken, is_quiet, wall_times

MINUTE = timedelta(minutes=1)
# Half-hour shifts, shifts at midnight and over it, of two hours, odd offsets, none at all, backwards in summer.
ZONES = """America/New_York Europe/Berlin Australia/Lord_Howe Antarctica/Troll America/Nuuk Africa/Cairo
    America/Santiago America/Havana America/St_Johns Pacific/Chatham Asia/Kolkata Africa/Casablanca Europe/Dublin
    Asia/Beirut UTC""".split()
# A leap year, one that is none, and days around every kind of change.
STARTS = st.datetimes(datetime(2027, 1, 1), datetime(2029, 1, 1)).map(lambda start: start.replace(tzinfo=UTC))
CLOCKS = st.tuples(st.integers(0, 23), st.sampled_from([0, 1, 15, 30, 59])).map(lambda at: f"{at[0]:02}:{at[1]:02}")
PRICES = st.sampled_from([0.0, 0.015, 0.2, 0.7])


def durations(*choices: str) -> st.SearchStrategy[str]:
    return st.sampled_from(choices)


def crons() -> st.SearchStrategy[str]:
    parts = [
        st.sampled_from(["0", "30", "*/20", "*", "15,45", "5-50/15", "59"]),
        st.sampled_from(["*", "*/3", "9", "1-4", "2", "0", "23", "9-21/3", "22-23"]),
        st.sampled_from(["*", "*", "*", "1", "29", "31", "1-7", "L", "*/31"]),
        st.sampled_from(["*", "*", "*", "2", "3,10,11", "1-12/2"]),
        st.sampled_from(["*", "*", "*", "1", "1-5", "0,6", "1#2", "7", "1#5"]),
    ]
    return st.tuples(*parts).map(" ".join)


KINDS: st.SearchStrategy[dict[str, Any]] = st.one_of(
    durations("0s", "1s", "20m", "2h", "7h", "1d", "3d", "40d").map(lambda every: {"every": every}),
    crons().map(lambda cron: {"cron": cron}),
    st.lists(CLOCKS, min_size=1, max_size=4).map(lambda times: {"at": times}),
)
LIMITS = st.fixed_dictionaries(
    {"timezone": st.sampled_from(ZONES)},
    optional={
        "jitter": durations("10m", "3h", "12h"),
        "min_gap": durations("1m", "30m", "5h", "36h"),
        "max_per_day": st.integers(1, 4),
        "max_per_month": st.integers(1, 20),
        "quiet_hours": st.tuples(CLOCKS, CLOCKS).filter(lambda two: two[0] != two[1]).map("-".join),
        "budget_usd_per_month": st.sampled_from([0.0, 0.1, 0.21, 1.0, 30.0]),
    },
)


def table(keys: dict[str, Any]) -> CadenceTable | None:
    """The cadence; None for cron text that the settings refuse, too."""
    try:
        return CadenceTable.model_validate(keys)
    except ValidationError:
        return None


CADENCES = (
    st.tuples(KINDS, LIMITS).map(lambda both: table({**both[0], **both[1]})).filter(lambda found: found is not None)
)


def usable(cadence: CadenceTable, start: datetime) -> bool:
    """Whether there is ever a minute in which a slot is open and it is not quiet.

    Of the first 600 slots, and of those within days of a change of clocks; for 40 years, or 2,000 slots and a year.
    """
    zone, before = cadence.timezone, None
    for number, wall in enumerate(wall_times(cadence, start.date())):
        slot = wall.replace(tzinfo=zone).astimezone(UTC)
        offsets = {(wall + days * DAY).replace(tzinfo=zone).utcoffset() for days in (-2, 2)}
        if before is not None and (number < 600 or len(offsets) > 1):
            minutes = int(min(max(slot - before, MINUTE), SLOT_OPEN) / MINUTE)
            if not all(is_quiet(cadence, before + minute * MINUTE) for minute in range(minutes)):
                return True
        if wall.year > start.year + 40 or (number > 2_000 and wall.replace(tzinfo=UTC) > start + 400 * DAY):
            return False
        before = slot
    return False


# --- a year -------------------------------------------------------------------------------------------------------


@dataclass
class Year:
    """An account with an endless queue, and what it has posted."""

    cadence: CadenceTable
    cost: float
    now: datetime
    history: History = field(default_factory=History)

    @property
    def posts(self) -> list[datetime]:
        return list(reversed(self.history.posts))

    def wait_and_post(self, late: timedelta) -> bool:
        """Wait for the next moment, be late, and post if it is still one; False if there is none for ever."""
        decision = self.ask(self.now)
        if decision is None:
            return False
        self.now = max(self.now, decision) + late
        if self.ask(self.now) == self.now:
            self.history = self.history.after(self.now, self.cost, month_of(self.cadence, self.now))
        return True

    def ask(self, now: datetime) -> datetime | None:
        return next_moment(self.cadence, "twitter", self.history, self.cost, now).at


def violations(year: Year) -> Iterator[str]:
    posts = year.posts
    for number, post in enumerate(posts):
        yield from broken(year.cadence, posts[:number], post, year.cost)


EVENTS = st.lists(
    st.one_of(
        st.tuples(st.just("late"), st.sampled_from([0, 0, 0, 1, 59, 1800])),
        st.tuples(st.just("down"), st.integers(1, 60 * DAY // timedelta(seconds=1))),
        st.tuples(st.just("back"), st.integers(1, 3 * DAY // timedelta(seconds=1))),
    ),
    min_size=25,
    max_size=60,
)
thoroughly = settings(
    max_examples=int(os.environ.get("BOT_TEST_EXAMPLES", "50")),
    deadline=None,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)


@thoroughly
@given(cadence=CADENCES, cost=PRICES, start=STARTS, events=EVENTS)
def test_years_of_posting_break_no_rule(
    cadence: CadenceTable, cost: float, start: datetime, events: list[tuple[str, int]]
) -> None:
    year = Year(cadence, cost, start)
    possible = year.ask(start) is not None
    for what, seconds in events if possible else events[:2]:
        if what == "back":
            year.now -= timedelta(seconds=seconds)
        elif what == "down":
            year.now += timedelta(seconds=seconds)
        # Whatever it has posted: an account that could begin is never starved for ever.
        assert year.wait_and_post(timedelta(seconds=seconds if what == "late" else 0)) is possible
    assert list(violations(year)) == []


@thoroughly
@given(cadence=CADENCES, cost=PRICES, start=STARTS, events=EVENTS, share=st.floats(0, 1))
def test_the_answer_does_not_depend_on_when_one_asks(
    cadence: CadenceTable, cost: float, start: datetime, events: list[tuple[str, int]], share: float
) -> None:
    year = Year(cadence, cost, start)
    for _, seconds in events[:10]:
        due = year.ask(year.now)
        if due is None:
            return
        on_the_way = year.now + (due - year.now) * share
        assert year.ask(on_the_way) == due
        assert year.ask(due) == due
        assert year.wait_and_post(timedelta(0))
        year.now += timedelta(seconds=seconds % 90_000)


@thoroughly
@given(cadence=CADENCES, cost=PRICES, start=STARTS, down=st.integers(1, 400))
def test_downtime_ends_with_one_post_and_not_with_a_burst(
    cadence: CadenceTable, cost: float, start: datetime, down: int
) -> None:
    year = Year(cadence, cost, start)
    if not year.wait_and_post(timedelta(0)) or (
        cadence.every is not None and not cadence.every and not cadence.min_gap
    ):
        return
    year.now += down * DAY
    before = len(year.posts)
    for _ in range(3):
        if year.ask(year.now) == year.now:
            year.history = year.history.after(year.now, cost, month_of(cadence, year.now))
    assert len(year.posts) <= before + 1


@thoroughly
@given(cadence=CADENCES, cost=PRICES, start=STARTS)
def test_check_finds_exactly_the_cadences_that_can_never_post(
    cadence: CadenceTable, cost: float, start: datetime
) -> None:
    account = TwitterAccount.model_construct(platform="twitter", cadence=cadence)
    finding = cadence_finding(Turns("twitter", account, cost, False), start)
    budget = cadence.budget_usd_per_month
    affordable = budget is None or micro(cost) <= micro(budget)
    ever = affordable and (cadence.every is not None or usable(cadence, start))
    assert (finding.status == 0) is ever
    assert (next_moment(cadence, "twitter", History(), cost, start).at is not None) is ever
    assert ever or "To do: " in finding.said


def test_a_slot_that_is_usable_for_a_minute_on_one_night_a_year_is_used() -> None:
    """Found by chance: only when clocks go back is it 01:00 again, and not quiet, while the slot of 01:01 is open."""
    keys = {"at": ["01:01"], "jitter": "3h", "quiet_hours": "01:01-00:00", "timezone": "America/New_York"}
    year = Year(CadenceTable.model_validate(keys), 0.0, datetime(2027, 1, 1, tzinfo=UTC))
    assert year.wait_and_post(timedelta(0))
    assert list(violations(year)) == []
    assert f"{year.posts[0].astimezone(year.cadence.timezone):%m-%d %H:%M %Z}" == "11-07 01:00 EST"


@pytest.mark.parametrize("zone", ZONES)
def test_each_day_of_a_leap_year_has_its_slots_and_no_others(zone: str) -> None:
    cadence = CadenceTable.model_validate({"at": ["00:00", "02:15", "23:45"], "timezone": zone})
    year = Year(cadence, 0.0, datetime(2027, 12, 1, tzinfo=UTC))
    while year.now < datetime(2029, 2, 1, tzinfo=UTC):
        assert year.wait_and_post(timedelta(0))
    assert list(violations(year)) == []
    days = Counter(f"{moment.astimezone(cadence.timezone):%Y-%m-%d}" for moment in year.posts)
    leap_year = [number for day, number in days.items() if day.startswith("2028")]
    assert len(leap_year) == 366
    # At Nuuk clocks leap from 23:00 to midnight, so that the last slot of that day happens on the next.
    assert Counter(leap_year) == ({3: 364, 2: 1, 4: 1} if zone == "America/Nuuk" else {3: 366})


EVERYTHING = {
    "every": "20m",
    "min_gap": "45m",
    "max_per_day": 4,
    "max_per_month": 60,
    "quiet_hours": "22:00-07:00",
    "budget_usd_per_month": 10.0,
    "timezone": "America/New_York",
}


@pytest.mark.parametrize(
    ("rule", "keys", "sign"),
    [
        pytest.param("_gap", {}, "too soon", id="gap"),
        pytest.param("_spacing", {"every": "1h"}, "too soon", id="spacing"),
        pytest.param("_daily_cap", {}, "too many in 24 hours", id="daily cap"),
        pytest.param("_monthly_cap", {"budget_usd_per_month": None}, "too many in its month", id="monthly cap"),
        pytest.param("_budget", {"max_per_month": None}, "over the budget", id="budget"),
        pytest.param("_quiet", {}, "quiet hours", id="quiet hours"),
        pytest.param("_slots", {"every": None, "at": ["09:00"]}, "in no slot", id="slots"),
    ],
)
def test_with_a_rule_switched_off_it_is_seen_to_be_broken(
    monkeypatch: pytest.MonkeyPatch, rule: str, keys: dict[str, Any], sign: str
) -> None:
    """The control: what finds nothing above would find it."""
    cadence = CadenceTable.model_validate({key: value for key, value in {**EVERYTHING, **keys}.items() if value})

    def after_a_month() -> str:
        year = Year(cadence, 0.2, datetime(2027, 3, 1, 12, tzinfo=UTC))
        for _ in range(90):
            assert year.wait_and_post(timedelta(0))
        return " ".join(violations(year))

    assert after_a_month() == ""
    monkeypatch.setattr(f"bot.cadence.{rule}", lambda *_: None)
    assert sign in after_a_month()
