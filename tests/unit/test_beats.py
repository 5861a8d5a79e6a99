"""A job that hangs is told from one that waits."""

from datetime import timedelta

import pytest

from bot.beats import CALLS, LONGEST_STEP, Beats

MINUTE = timedelta(minutes=1)
JUST_OVER = timedelta(seconds=1)


class Seconds:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    def go(self, by: timedelta) -> None:
        self.now += by.total_seconds()


@pytest.fixture
def clock() -> Seconds:
    return Seconds()


@pytest.fixture
def beats(clock: Seconds) -> Beats:
    beats = Beats(clock)
    beats.expect("pull", 5 * MINUTE)
    beats.expect("twitter", MINUTE)
    return beats


def test_a_job_may_be_silent_between_two_rings_and_for_one_long_step(beats: Beats, clock: Seconds) -> None:
    clock.go(MINUTE + LONGEST_STEP)
    assert beats.late() == {}


def test_a_job_that_stays_silent_is_late_and_says_for_how_long(beats: Beats, clock: Seconds) -> None:
    clock.go(MINUTE + LONGEST_STEP + JUST_OVER)
    assert beats.late() == {"twitter": MINUTE + LONGEST_STEP + JUST_OVER}


def test_each_job_is_judged_by_its_own_interval(beats: Beats, clock: Seconds) -> None:
    clock.go(5 * MINUTE + LONGEST_STEP + JUST_OVER)
    assert set(beats.late()) == {"pull", "twitter"}
    beats.beat("twitter")
    assert set(beats.late()) == {"pull"}


def test_a_patient_platform_is_given_its_time(clock: Seconds) -> None:
    beats = Beats(clock)
    beats.expect("twitter", MINUTE, timeout=5 * MINUTE)
    clock.go(MINUTE + LONGEST_STEP + CALLS * 5 * MINUTE)
    assert beats.late() == {}
    clock.go(JUST_OVER)
    assert set(beats.late()) == {"twitter"}


def test_a_long_job_that_gets_on_is_not_late(beats: Beats, clock: Seconds) -> None:
    for _ in range(100):
        clock.go(LONGEST_STEP)
        beats.beat("pull")
        beats.beat("twitter")
        assert beats.late() == {}


def test_a_job_that_is_forgotten_is_never_late_not_even_after_its_last_step(beats: Beats, clock: Seconds) -> None:
    beats.forget("twitter")
    beats.beat("twitter")
    clock.go(LONGEST_STEP + 2 * MINUTE)
    assert beats.late() == {}


def test_a_job_that_is_expected_anew_begins_anew(beats: Beats, clock: Seconds) -> None:
    clock.go(timedelta(days=1))
    beats.expect("pull", 5 * MINUTE)
    assert set(beats.late()) == {"twitter"}
