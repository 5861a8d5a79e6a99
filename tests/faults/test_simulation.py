"""Thousands of random schedules of whole bots, each judged at its end; and the same with one safeguard off.

How many: BOT_TEST_SCHEDULES on SQLite, a hundredth of it on PostgreSQL.
"""

import multiprocessing
import os
import tempfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import repeat
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, update

from bot import failpoints
from bot.accounts import Account
from bot.ledger import looks, views
from bot.ledger.lock import Owner
from bot.ledger.models import Armed, Delivery, State, deliveries
from bot.ledger.store import Ledger
from bot.platforms.base import Outcome, Platform, Post, Receipt
from bot.publisher import Publisher, Step
from bot.sandbox import Sandbox
from tests.bots import publish_all, pull_once, records
from tests.clock import Clock
from tests.faults.conftest import Report
from tests.faults.outside import ModelPlatform
from tests.faults.simulation import Place, Schedule, Variant, first_wrong, silence
from tests.fixtures import Start
from tests.site import Site

SCHEDULES = int(os.environ.get("BOT_TEST_SCHEDULES", "5000"))
# How many each control is given to be found out; each needs far fewer (docs/reliability.md).
ENOUGH = 400
# Schedules that one process runs in a row.
PART = 250


@pytest.fixture
def several(tmp_path: Path) -> Iterator[Place]:
    place = Place.on_sqlite(tmp_path, "several")
    yield place
    place.engine.dispose()


@pytest.fixture
def on_postgres(postgres_database: str) -> Iterator[Place]:
    place = Place.on_postgres(postgres_database)
    yield place
    place.engine.dispose()


def run_all(place: Place, seeds: range) -> tuple[Counter[str], str]:
    """What happened in all of them together, and the story of the first that goes wrong."""
    happened: Counter[str] = Counter()
    with silence():
        for seed in seeds:
            result = Schedule(seed, place).run()
            if result.wrongs:
                return happened, result.told(place.kind)
            happened += result.events + result.ends
    return happened, ""


def run_on_sqlite(folder: str, kind: str, seeds: range) -> tuple[Counter[str], str]:
    """The same, in a process of its own."""
    with tempfile.TemporaryDirectory(dir=folder) as mine:
        place = Place.on_sqlite(Path(mine), kind)
        return run_all(place, seeds)


@pytest.mark.timeout(1800)
@pytest.mark.parametrize(("kind", "share"), [("several", SCHEDULES * 4 // 5), ("flock", SCHEDULES // 5)])
def test_whatever_happens_each_post_is_there_once_and_the_ledger_says_so(
    kind: str, share: int, tmp_path: Path, report: Report
) -> None:
    cores = os.cpu_count() or 1
    parts = [range(first, min(first + PART, share)) for first in range(0, share, PART)]
    fresh = multiprocessing.get_context("spawn")
    # Polite: the tests beside it have real clocks.
    with ProcessPoolExecutor(cores, fresh, initializer=os.nice, initargs=(10,)) as pool:
        ends = list(pool.map(run_on_sqlite, repeat(str(tmp_path)), repeat(kind), parts))
    stories = [story for _, story in ends if story]
    assert not stories, stories[0]
    happened = sum((counts for counts, _ in ends), Counter())
    report.say(f"simulation, {kind}: {share} schedules, {dict(happened)}")
    if share >= 1000:
        troubles = {"crash", "stop", "ledger fails", "acknowledgement lost", "posted", "held", "withdrawn", "rejected"}
        assert troubles <= set(happened)


@pytest.mark.postgres
@pytest.mark.timeout(600)
def test_several_bots_on_postgresql_post_each_summary_once(on_postgres: Place) -> None:
    _, story = run_all(on_postgres, range(max(1, SCHEDULES // 100)))
    assert not story, story


def test_the_same_seed_gives_the_same_schedule(several: Place) -> None:
    with silence():
        first, second = (Schedule(7, several).run() for _ in range(2))
    assert first.trace == second.trace


# --- the controls: each safeguard off in turn -------------------------------------------------------------------


def with_more(**chances: float) -> Any:
    return lambda given: replace(given, **chances)


def is_found_out(report: Report, place: Place, variant: Variant, *signs: str) -> None:
    """Some schedule goes wrong in one of these ways."""
    result = first_wrong(place, range(ENOUGH), variant, signs)
    assert result is not None, f"{ENOUGH} schedules found nothing wrong"
    report.say(f"control, found out by schedule {result.seed + 1}: {result.wrongs[0]}")


def test_without_reading_back_there_are_duplicates(
    several: Place, monkeypatch: pytest.MonkeyPatch, report: Report
) -> None:
    def send_again_at_once(account: Account, platform: Platform, ledger: Ledger) -> int:
        return sum(looks.send_again(ledger, doubt) for doubt in looks.in_doubt(ledger, account.name))

    monkeypatch.setattr("bot.publisher.reconcile", send_again_at_once)
    is_found_out(report, several, Variant(), "posted twice")


class TakenForDead:
    """An owner who takes every other one for dead."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner

    def __getattr__(self, name: str) -> Any:
        return getattr(self._owner, name)

    def alive(self, owner: int) -> bool:
        return False


@pytest.fixture
def no_last_look(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bot that has stood still just before its first byte sends all the same."""
    monkeypatch.setattr(ModelPlatform, "_is_too_late", lambda self, until: False)


def test_without_the_owners_lock_and_the_last_look_at_the_clock_there_are_duplicates(
    several: Place, report: Report, no_last_look: None
) -> None:
    is_found_out(report, several, Variant(owner=TakenForDead, chances=with_more(pause=0.05)), "posted twice")


class StandsStill(Publisher):
    """Asks the clock for nothing: neither between intent and send nor before the first byte."""

    def _publish(self, armed: Armed, post: Post) -> Receipt | Outcome:
        return super()._publish(replace(armed, deadline=armed.deadline + timedelta(days=1)), post)


def test_without_a_look_at_the_clock_a_stopped_bot_that_lost_its_session_posts_twice(
    several: Place, report: Report
) -> None:
    variant = Variant(publisher=StandsStill, chances=with_more(pause=0.05, session=0.05))
    is_found_out(report, several, variant, "posted twice")


def test_without_the_last_look_at_the_clock_before_the_first_byte_it_does_too(
    several: Place, report: Report, no_last_look: None
) -> None:
    is_found_out(report, several, Variant(chances=with_more(pause=0.05, session=0.05)), "posted twice")


class SendsFirst(Publisher):
    """Writes the intent down after it was carried out."""

    def _send(self, delivery: Delivery, post: Post) -> Step:
        platform = self._platform
        answer = Publisher._publish(self, _armed_in_time(self, delivery, post), post)
        self._platform = Answered(answer)  # type: ignore[assignment]
        try:
            return super()._send(delivery, post)
        finally:
            self._platform = platform


def _armed_in_time(publisher: Publisher, delivery: Delivery, post: Post) -> Armed:
    now = publisher._ledger.now()
    words = {"text": post.text, "link": post.link}
    times = {"armed_at": now, "deadline": now + timedelta(hours=1), "month": ""}
    return Armed(delivery=delivery, attempt_id=0, number=0, **words, **times, cost_usd=0.0)  # type: ignore[arg-type]


class Answered:
    """A platform that has answered already."""

    def __init__(self, answer: Receipt | Outcome) -> None:
        self._answer = answer

    def publish(self, post: Post, until: datetime) -> Receipt:
        if isinstance(self._answer, Outcome):
            raise self._answer
        return self._answer


def test_with_the_intent_written_after_the_send_there_are_duplicates_and_unrecorded_posts(
    several: Place, report: Report
) -> None:
    variant = Variant(publisher=SendsFirst, chances=with_more(crash=0.03))
    is_found_out(report, several, variant, "posted twice", "attempts", "but live")


def test_without_the_check_of_the_state_there_are_duplicates_or_losses(
    several: Place, monkeypatch: pytest.MonkeyPatch, report: Report
) -> None:
    def move(tx: Any, delivery_id: int, state: State, attempt: int, values: Any) -> bool:
        return tx.execute(update(deliveries).where(deliveries.c.id == delivery_id).values(**values)).rowcount == 1

    for module in ("sending", "looks", "store"):
        monkeypatch.setattr(f"bot.ledger.{module}.move", move)
    variant = Variant(chances=with_more(give_way=0.8, pause=0.05))
    is_found_out(report, several, variant, "posted twice", "but live", "but there is", "lost")


@pytest.mark.postgres
@pytest.mark.timeout(600)
def test_without_the_lock_on_the_accounts_row_gaps_and_caps_break(on_postgres: Place, report: Report) -> None:
    @event.listens_for(on_postgres.engine, "before_cursor_execute", retval=True)
    def unlocked(_c: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> Any:
        return statement.replace(" FOR UPDATE", ""), parameters

    variant = Variant(chances=with_more(give_way=0.8))
    is_found_out(report, on_postgres, variant, "too small", "posts a day")


# --- at the border of the promise -------------------------------------------------------------------------------


def test_a_post_that_shows_only_after_the_second_attempt_is_found(
    site: Site, clock: Clock, start: Start, sandbox: Sandbox
) -> None:
    site.paper("paper/1", "Paper 1")
    site.summary("paper/1", 1, "The authors propose a method and show that it converges.")
    sandbox.plan(platform="twitter", kind="timeline_lag", seconds=20 * 60)
    sandbox.plan(platform="twitter", kind="reset_after")
    with start('backlog = "all"', accounts='timeout = "1s"\nsettle = "15m"') as bot:
        pull_once(bot)
        for _ in range(45):
            publish_all(bot)
            clock.advance(minutes=1)
        [record] = records(bot, "twitter")
        attempts = views.attempts_of(bot.sender.ledger, record.id)
        # The second was refused as a duplicate; what the first one left was found then.
        assert (record.state, len(attempts)) == (State.POSTED, 2)
        assert [record.post_id] == [post["id"] for post in sandbox.posts("twitter")]


def test_a_summary_that_turns_private_while_the_bot_stands_still_is_not_sent(
    site: Site, clock: Clock, start: Start, sandbox: Sandbox
) -> None:
    site.paper("paper/1", "Paper 1")
    site.summary("paper/1", 1, "The authors propose a method and show that it converges.")

    def sleep_for_hours() -> None:
        site.execute("UPDATE vignettes SET priv = 1")
        clock.advance(hours=8)

    with start('backlog = "all"') as bot:
        pull_once(bot)
        failpoints.plan("composed", sleep_for_hours)
        for _ in range(2):
            publish_all(bot)
        assert sandbox.posts() == []
        assert {record.state for record in records(bot, "twitter")} == {State.WITHDRAWN}
