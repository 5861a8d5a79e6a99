"""The ledger's transitions, the same on SQLite and PostgreSQL."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from bot.cadence import Decision, Needed
from bot.ledger import by_hand, intake, looks, migrations, views
from bot.ledger.engine import LedgerError, LedgerMissing, open_engine
from bot.ledger.intake import FLOOD, Found
from bot.ledger.lock import claim
from bot.ledger.models import SCHEMA, Armed, Delivery, Lane, State, metadata, order_key
from bot.ledger.prune import prune
from bot.ledger.rows import Turn
from bot.ledger.sending import LostRace, NotNow, Sender
from bot.ledger.store import Ledger
from bot.platforms.base import (
    AccountBlocked,
    Look,
    NotSent,
    Outcome,
    OutcomeUnknown,
    OwnPost,
    Post,
    Receipt,
    Rejected,
)
from bot.source.base import Listing
from tests.clock import Clock

FIRST_LOOK = timedelta(minutes=1)
POST = Post("A post https://example.org/a", "https://example.org/a")
RECEIPT = Receipt("100", "https://x.com/i/web/status/100")


def listing(number: int, votes: int = 1, clock: Clock | None = None) -> Listing:
    published = (clock or Clock())() - timedelta(days=number)
    return Listing(
        f"{number:016x}", f"paper{number}", f"Paper {number}", votes, published, f"https://example.org/{number}"
    )


def queue(sender: Sender, *numbers: int, account: str = "twitter", lane: Lane = Lane.FRESH) -> None:
    intake.record(sender.ledger, [Found(listing(number), account, lane) for number in numbers])


def pick(sender: Sender, account: str = "twitter", order: str = "newest", archive: bool = False) -> Delivery:
    delivery = sender.ledger.pick(account, order, archive)
    assert delivery is not None
    return delivery


def at_once(turn: Turn, now: datetime) -> Decision:
    return Decision(None, turn.busy) if turn.busy else Decision(now, "due now")


def arm(sender: Sender, delivery: Delivery, clock: Clock, cost: float = 0.2) -> Armed:
    return sender.arm(
        delivery,
        POST,
        cost_usd=cost,
        timeout=timedelta(seconds=30),
        needed=lambda _: Needed(5, "2026-03"),
        decide=at_once,
    )


def settle(sender: Sender, armed: Armed, end: Receipt | Outcome) -> bool:
    return sender.settle(armed, end, first_look=FIRST_LOOK)


def state(sender: Sender, delivery_id: int) -> State:
    record = views.by_id(sender.ledger, delivery_id)
    assert record is not None
    return record.state


def spent(sender: Sender) -> int:
    return sender.ledger.turn("twitter", Needed()).history.spent.get("2026-03", 0)


# --- the schema -------------------------------------------------------------------------------------------------


def test_the_migrations_make_what_the_models_say(sender: Sender) -> None:
    with sender.ledger.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_the_newest_migration_is_the_schema_that_looking_commands_expect() -> None:
    assert ScriptDirectory(migrations.__path__[0]).get_current_head() == SCHEMA


def test_it_refuses_a_ledger_of_a_newer_version(sender: Sender, ledger_url: str, clock: Clock) -> None:
    with sender.ledger.write("by-hand") as tx:
        tx.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    sender.close()
    with pytest.raises(LedgerError, match=r"newer version.*upgrade the bot"):
        Sender.open(ledger_url, clock)
    with pytest.raises(LedgerError, match="newer version"):
        Ledger.open_to_look(ledger_url, clock)


def test_it_says_that_there_is_no_ledger_yet(ledger_url: str, clock: Clock) -> None:
    with pytest.raises(LedgerMissing):
        Ledger.open_to_look(ledger_url, clock)
    with pytest.raises(LedgerMissing):
        Ledger.open_to_resolve(ledger_url, clock)


# --- the queue --------------------------------------------------------------------------------------------------


def test_a_summary_is_recorded_once_for_an_account_for_ever(sender: Sender) -> None:
    queue(sender, 1, 2)
    queue(sender, 1, 2, 3)
    queue(sender, 1, account="facebook")
    assert sender.ledger.count_queued("twitter", archive=True) == 3
    assert sender.ledger.count_queued("facebook", archive=True) == 1


@pytest.mark.parametrize("order", ["newest", "oldest", "votes"])
def test_the_preview_sorts_as_the_ledger_picks(sender: Sender, order: str) -> None:
    votes = [3, 1, 3, 7, 1, 2]
    for lane in Lane:
        found = [Found(listing(10 * lane + n, votes[n]), "twitter", lane) for n in range(6)]
        intake.record(sender.ledger, found)
    queued = sender.ledger.queue("twitter", order, True, None)
    assert len(queued) == 18
    assert queued == sorted(queued, key=lambda delivery: tuple(order_key(delivery, order)))
    assert pick(sender, order=order) == queued[0]


def test_the_archive_is_picked_only_if_it_is_asked_for_and_nothing_else_waits(sender: Sender) -> None:
    queue(sender, 1, lane=Lane.ARCHIVE)
    assert sender.ledger.pick("twitter", "newest", archive=False) is None
    queue(sender, 2, lane=Lane.BACKLOG)
    assert pick(sender, archive=True).lane is Lane.BACKLOG


def test_opening_moves_the_newest_into_the_backlog_and_sets_the_mark(sender: Sender, clock: Clock) -> None:
    queue(sender, *range(1, 9), lane=Lane.ARCHIVE)
    assert sender.ledger.account("twitter").opened_at is None
    intake.open_account(sender.ledger, "twitter", 3, clock())
    assert sender.ledger.account("twitter").opened_at == clock()
    backlog = sender.ledger.queue("twitter", "newest", False, None)
    assert [delivery.title for delivery in backlog] == ["Paper 1", "Paper 2", "Paper 3"]


def test_what_waited_too_long_is_skipped_but_only_in_the_fresh_lane(sender: Sender, clock: Clock) -> None:
    queue(sender, 1)
    queue(sender, 2, lane=Lane.BACKLOG)
    clock.advance(days=31)
    assert sender.ledger.expire("twitter", timedelta(days=30)) == 1
    assert pick(sender).title == "Paper 2"


def test_a_withdrawn_summary_that_is_public_again_is_queued_again(sender: Sender) -> None:
    queue(sender, 1)
    delivery = pick(sender)
    assert sender.ledger.withdraw(delivery)
    assert sender.ledger.pick("twitter", "newest", False) is None
    intake.refresh(sender.ledger, [listing(1)], ["twitter"])
    assert pick(sender).id == delivery.id


def test_votes_and_titles_of_what_waits_follow_the_source(sender: Sender) -> None:
    queue(sender, 1)
    entry = listing(1, votes=9)
    intake.refresh(
        sender.ledger, [Listing(entry.key, entry.locator, "Retitled", 9, entry.published, entry.link)], ["twitter"]
    )
    assert (pick(sender).votes, pick(sender).title) == (9, "Retitled")


# --- arm --------------------------------------------------------------------------------------------------------


def test_arming_commits_the_intent_before_anything_is_sent(
    sender: Sender, open_sender: Callable[[], Sender], clock: Clock
) -> None:
    queue(sender, 1)
    armed = arm(sender, pick(sender), clock)
    attempt = views.attempts_of(sender.ledger, armed.delivery.id)[0]
    assert (attempt.text, attempt.link, attempt.ended_as) == (POST.text, POST.link, None)
    assert state(sender, armed.delivery.id) is State.SENDING
    assert armed.deadline == clock() + timedelta(seconds=35)
    assert spent(sender) == 200_000


def test_arming_asks_again_whose_turn_it_is(sender: Sender, clock: Clock) -> None:
    queue(sender, 1)
    delivery = pick(sender)
    late = Decision(clock() + timedelta(hours=1), "not yet")
    with pytest.raises(NotNow, match="not yet"):
        sender.arm(
            delivery,
            POST,
            cost_usd=0.2,
            timeout=timedelta(seconds=30),
            needed=lambda _: Needed(1, "2026-03"),
            decide=lambda *_: late,
        )
    assert state(sender, delivery.id) is State.QUEUED
    assert views.attempts_of(sender.ledger, delivery.id) == []
    assert spent(sender) == 0


def test_a_delivery_that_moved_on_is_not_armed(sender: Sender, clock: Clock) -> None:
    queue(sender, 1)
    delivery = pick(sender)
    sender.ledger.withdraw(delivery)
    with pytest.raises(LostRace):
        arm(sender, delivery, clock)
    assert spent(sender) == 0


def test_an_account_sends_nothing_while_one_of_its_deliveries_is_under_way(sender: Sender, clock: Clock) -> None:
    queue(sender, 1, 2)
    arm(sender, pick(sender), clock)
    with pytest.raises(NotNow, match="is being sent"):
        arm(sender, pick(sender), clock)


# --- settle -----------------------------------------------------------------------------------------------------


def armed_one(sender: Sender, clock: Clock) -> Armed:
    if sender.ledger.pick("twitter", "newest", False) is None:
        queue(
            sender,
            sender.ledger.count_queued("twitter", True) + len(views.posted(sender.ledger, ["twitter"], None)) + 50,
        )
    return arm(sender, pick(sender), clock)


@pytest.mark.parametrize(
    ("end", "expected", "cost"),
    [
        pytest.param(RECEIPT, State.POSTED, 200_000, id="a receipt"),
        pytest.param(NotSent("no route"), State.QUEUED, 0, id="not sent"),
        pytest.param(AccountBlocked("401", remedy="new tokens"), State.QUEUED, 0, id="account blocked"),
        pytest.param(Rejected("too long"), State.REJECTED, 0, id="rejected"),
        pytest.param(OutcomeUnknown("timed out"), State.UNKNOWN, 200_000, id="unknown"),
    ],
)
def test_every_end_of_an_attempt_has_its_state_and_only_what_may_be_live_is_paid(
    sender: Sender, clock: Clock, end: Receipt | Outcome, expected: State, cost: int
) -> None:
    armed = armed_one(sender, clock)
    assert settle(sender, armed, end)
    assert state(sender, armed.delivery.id) is expected
    assert views.attempts_of(sender.ledger, armed.delivery.id)[0].ended_at == clock()
    assert spent(sender) == cost


def test_settling_twice_changes_nothing(sender: Sender, clock: Clock) -> None:
    armed = armed_one(sender, clock)
    settle(sender, armed, NotSent("no route"))
    settle(sender, armed, NotSent("no route"))
    assert spent(sender) == 0
    assert state(sender, armed.delivery.id) is State.QUEUED


def test_a_blocked_account_pauses_and_says_what_to_do(sender: Sender, clock: Clock) -> None:
    settle(sender, armed_one(sender, clock), AccountBlocked("token expired", remedy="make a new token"))
    account = sender.ledger.account("twitter")
    assert (account.pause_reason, account.pause_remedy) == ("token expired", "make a new token")
    assert sender.ledger.resume("twitter")
    assert sender.ledger.account("twitter").paused_at is None


def test_a_throttled_account_waits_until_the_platform_said(sender: Sender, clock: Clock) -> None:
    later = clock() + timedelta(minutes=14)
    settle(sender, armed_one(sender, clock), NotSent("429", retry_at=later, throttled=True))
    assert sender.ledger.account("twitter").retry_at == later


def test_failures_in_a_row_wait_ever_longer_and_a_post_ends_that(sender: Sender, clock: Clock) -> None:
    waits = []
    for _ in range(3):
        settle(sender, armed_one(sender, clock), NotSent("no route"))
        retry_at = sender.ledger.account("twitter").retry_at
        assert retry_at is not None
        waits.append(retry_at - clock())
    assert waits == [timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=4)]
    settle(sender, armed_one(sender, clock), RECEIPT)
    assert sender.ledger.account("twitter").retry_at is None


def test_three_refused_in_a_row_pause_the_account_and_a_post_between_them_does_not_count(
    sender: Sender, clock: Clock
) -> None:
    queue(sender, *range(1, 9))
    for end in (Rejected("a"), Rejected("b"), RECEIPT, Rejected("c"), Rejected("d")):
        settle(sender, armed_one(sender, clock), end)
    assert sender.ledger.account("twitter").paused_at is None
    settle(sender, armed_one(sender, clock), Rejected("e"))
    assert "3 deliveries in a row" in str(sender.ledger.account("twitter").pause_reason)


def test_a_link_that_cannot_be_scraped_is_tried_three_times_an_hour_apart(sender: Sender, clock: Clock) -> None:
    queue(sender, 1)
    for _ in range(2):
        armed = arm(sender, pick(sender), clock)
        settle(sender, armed, NotSent("1609005", scrape_failed=True))
        assert sender.ledger.pick("twitter", "newest", False) is None
        clock.advance(hours=1)
    armed = arm(sender, pick(sender), clock)
    settle(sender, armed, NotSent("1609005", scrape_failed=True))
    assert state(sender, armed.delivery.id) is State.REJECTED


def test_two_deliveries_never_share_a_receipt(sender: Sender, clock: Clock) -> None:
    queue(sender, 1, 2)
    settle(sender, arm(sender, pick(sender), clock), RECEIPT)
    second = arm(sender, pick(sender), clock)
    settle(sender, second, RECEIPT)
    assert state(sender, second.delivery.id) is State.HELD


# --- recovery ---------------------------------------------------------------------------------------------------


def test_what_is_in_flight_in_this_process_is_not_recovered(sender: Sender, clock: Clock) -> None:
    armed = armed_one(sender, clock)
    clock.advance(hours=2)
    assert sender.recover({"twitter": FIRST_LOOK}) == []
    assert state(sender, armed.delivery.id) is State.SENDING


def test_what_a_dead_bot_left_is_unknown_and_never_queued(
    sender: Sender, open_sender: Callable[[], Sender], clock: Clock
) -> None:
    armed = armed_one(sender, clock)
    sender.close()
    heir = open_sender()
    clock.advance(seconds=36)
    assert heir.recover({"twitter": FIRST_LOOK}) == [armed.delivery.id]
    assert state(heir, armed.delivery.id) is State.UNKNOWN
    heir.close()


def test_a_receipt_that_comes_in_late_settles_what_was_recovered_meanwhile(
    sender: Sender, open_sender: Callable[[], Sender], clock: Clock
) -> None:
    armed = armed_one(sender, clock)
    sender.close()
    heir = open_sender()
    clock.advance(seconds=36)
    heir.recover({"twitter": FIRST_LOOK})
    assert sender.settle(armed, RECEIPT, first_look=FIRST_LOOK)
    assert state(heir, armed.delivery.id) is State.POSTED
    heir.close()


# --- unknown ----------------------------------------------------------------------------------------------------


def unknown(sender: Sender, clock: Clock) -> Armed:
    armed = armed_one(sender, clock)
    settle(sender, armed, OutcomeUnknown("timed out"))
    return armed


def test_an_unknown_delivery_is_looked_at_when_its_look_is_due(sender: Sender, clock: Clock) -> None:
    armed = unknown(sender, clock)
    assert looks.in_doubt(sender.ledger, "twitter") == []
    clock.advance(minutes=1)
    doubt = looks.in_doubt(sender.ledger, "twitter")[0]
    assert (doubt.delivery.id, doubt.post, doubt.armed_at) == (armed.delivery.id, POST, armed.armed_at)
    look = Look((), (), True, 0.1)
    looks.record_look(sender.ledger, doubt, look, "2026-03", clock() + timedelta(minutes=14))
    assert looks.in_doubt(sender.ledger, "twitter") == []
    assert spent(sender) == 300_000


def test_what_is_found_on_the_account_is_adopted(sender: Sender, clock: Clock) -> None:
    armed = unknown(sender, clock)
    clock.advance(minutes=1)
    own = OwnPost(RECEIPT, POST.text, (POST.link,), armed.armed_at)
    assert looks.adopt(sender.ledger, looks.in_doubt(sender.ledger, "twitter")[0], own)
    record = views.by_id(sender.ledger, armed.delivery.id)
    assert record is not None
    assert (record.state, record.post_url) == (State.POSTED, RECEIPT.url)


def test_what_one_bot_finds_counts_though_another_has_given_it_up_meanwhile(sender: Sender, clock: Clock) -> None:
    armed = unknown(sender, clock)
    clock.advance(minutes=1)
    doubt = looks.in_doubt(sender.ledger, "twitter")[0]
    assert looks.send_again(sender.ledger, doubt)
    own = OwnPost(RECEIPT, POST.text, (POST.link,), armed.armed_at)
    assert looks.adopt(sender.ledger, doubt, own)
    assert state(sender, armed.delivery.id) is State.POSTED


def test_what_is_not_there_goes_once_more_with_the_very_same_text(sender: Sender, clock: Clock) -> None:
    unknown(sender, clock)
    clock.advance(minutes=1)
    assert looks.send_again(sender.ledger, looks.in_doubt(sender.ledger, "twitter")[0])
    delivery = pick(sender)
    assert delivery.resend
    assert looks.resend_post(sender.ledger, delivery) == POST
    settle(sender, arm(sender, delivery, clock), OutcomeUnknown("again"))
    clock.advance(minutes=1)
    assert looks.in_doubt(sender.ledger, "twitter")[0].resent


def test_an_attempt_that_turns_out_late_not_to_have_left_is_in_doubt_no_more(sender: Sender, clock: Clock) -> None:
    """A bot that stood still says so when it goes on, after others have sent the text once more."""
    first = unknown(sender, clock)
    clock.advance(minutes=1)
    assert looks.send_again(sender.ledger, looks.in_doubt(sender.ledger, "twitter")[0])
    second = arm(sender, pick(sender), clock)
    settle(sender, second, OutcomeUnknown("again"))
    for stood_still in (first, second):
        settle(sender, stood_still, NotSent("the bot stood still"))
    clock.advance(minutes=1)
    [doubt] = looks.in_doubt(sender.ledger, "twitter")
    assert (doubt.resent, doubt.armed_at) == (False, second.armed_at)


# --- what is forgotten ------------------------------------------------------------------------------------------

TWO_YEARS = timedelta(days=730)


def look_at_it(sender: Sender, clock: Clock) -> None:
    clock.advance(minutes=1)
    doubt = looks.in_doubt(sender.ledger, "twitter")[0]
    looks.record_look(sender.ledger, doubt, Look((), (), True, 0.1), "2026-03", clock())


def posted_at_the_third_try(sender: Sender, clock: Clock) -> int:
    """Throttled, then unclear and looked at, then found on the account."""
    armed = armed_one(sender, clock)
    settle(sender, armed, NotSent("429", retry_at=clock(), throttled=True))
    settle(sender, arm(sender, pick(sender), clock), OutcomeUnknown("timed out"))
    look_at_it(sender, clock)
    own = OwnPost(RECEIPT, POST.text, (POST.link,), clock())
    assert looks.adopt(sender.ledger, looks.in_doubt(sender.ledger, "twitter")[0], own)
    return armed.delivery.id


def test_what_led_nowhere_is_forgotten_in_time_and_what_was_posted_never(sender: Sender, clock: Clock) -> None:
    number = posted_at_the_third_try(sender, clock)
    before = views.by_id(sender.ledger, number)
    turn = sender.ledger.turn("twitter", Needed(5, "2026-03"))
    assert prune(sender.ledger, TWO_YEARS) == 0
    clock.advance(days=729)
    assert prune(sender.ledger, TWO_YEARS) == 0
    clock.advance(days=2)
    assert prune(sender.ledger, TWO_YEARS) == 2
    assert prune(sender.ledger, TWO_YEARS) == 0
    assert views.by_id(sender.ledger, number) == before
    assert [(one.number, one.text, one.post_url) for one in views.attempts_of(sender.ledger, number)] == [
        (2, POST.text, RECEIPT.url)
    ]
    assert views.looks_of(sender.ledger, number) == []
    # Spacing, caps and budget count as before.
    assert sender.ledger.turn("twitter", Needed(5, "2026-03")).history == turn.history


@pytest.mark.parametrize("how", ["queued", "unknown", "held", "rejected", "withdrawn"])
def test_nothing_is_forgotten_of_what_waits_wants_a_person_or_could_come_back(
    sender: Sender, clock: Clock, how: str
) -> None:
    armed = armed_one(sender, clock)
    if how == "rejected":
        settle(sender, armed, Rejected("too long"))
    elif how in ("unknown", "held"):
        settle(sender, armed, OutcomeUnknown("timed out"))
        look_at_it(sender, clock)
        if how == "held":
            looks.give_up(sender.ledger, looks.in_doubt(sender.ledger, "twitter")[0], "undecided")
    else:
        settle(sender, armed, NotSent("429", retry_at=clock(), throttled=True))
        if how == "withdrawn":
            assert sender.ledger.withdraw(pick(sender))
    assert state(sender, armed.delivery.id) == how
    told = (views.attempts_of(sender.ledger, armed.delivery.id), views.looks_of(sender.ledger, armed.delivery.id))
    clock.advance(days=4000)
    assert prune(sender.ledger, TWO_YEARS) == 0
    assert (
        views.attempts_of(sender.ledger, armed.delivery.id),
        views.looks_of(sender.ledger, armed.delivery.id),
    ) == told


def test_an_old_text_that_goes_once_more_is_still_known(sender: Sender, clock: Clock) -> None:
    """It was unclear, throttled at its second try, private for years, and is public again."""
    settle(sender, armed_one(sender, clock), OutcomeUnknown("timed out"))
    clock.advance(minutes=1)
    assert looks.send_again(sender.ledger, looks.in_doubt(sender.ledger, "twitter")[0])
    settle(sender, arm(sender, pick(sender), clock), NotSent("429", retry_at=clock(), throttled=True))
    delivery = pick(sender)
    assert sender.ledger.withdraw(delivery)
    clock.advance(days=4000)
    prune(sender.ledger, TWO_YEARS)
    assert looks.resend_post(sender.ledger, delivery) == POST


# --- by hand ----------------------------------------------------------------------------------------------------


def held(sender: Sender, clock: Clock) -> int:
    armed = unknown(sender, clock)
    clock.advance(minutes=1)
    looks.give_up(sender.ledger, looks.in_doubt(sender.ledger, "twitter")[0], "undecided")
    return armed.delivery.id


def test_a_person_resolves_what_is_held(sender: Sender, clock: Clock) -> None:
    number = held(sender, clock)
    by_hand.resolve_posted(sender.ledger, number, "https://x.com/shortscience/status/777")
    record = views.by_id(sender.ledger, number)
    assert record is not None
    assert (record.state, record.post_id) == (State.POSTED, "777")


def test_a_person_queues_or_skips_what_is_held(sender: Sender, clock: Clock) -> None:
    number = held(sender, clock)
    by_hand.resolve_not_posted(sender.ledger, number)
    assert state(sender, number) is State.QUEUED
    by_hand.skip(sender.ledger, number)
    assert state(sender, number) is State.SKIPPED


def test_a_person_may_not_do_what_the_diagram_does_not_show(sender: Sender, clock: Clock) -> None:
    armed = unknown(sender, clock)
    for forbidden in (by_hand.retry, by_hand.skip, by_hand.resolve_not_posted):
        with pytest.raises(by_hand.NotPossible, match="is unknown"):
            forbidden(sender.ledger, armed.delivery.id)
    with pytest.raises(by_hand.NotPossible, match="no delivery 4711"):
        by_hand.retry(sender.ledger, 4711)


def test_a_flood_is_let_go_or_skipped_as_a_whole(sender: Sender) -> None:
    intake.record(sender.ledger, [Found(listing(n), "twitter", Lane.FRESH) for n in range(1, 4)], held=True)
    assert {record.reason for record in views.troubled(sender.ledger, ["twitter"], 9)} == {FLOOD}
    assert by_hand.retry_flood(sender.ledger) == 3
    assert sender.ledger.count_queued("twitter", archive=False) == 3
    assert by_hand.skip_flood(sender.ledger) == 0


# --- locks ------------------------------------------------------------------------------------------------------


def test_a_second_bot_on_a_sqlite_ledger_is_refused(tmp_path: Path, clock: Clock) -> None:
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    first = Sender.open(url, clock)
    with pytest.raises(LedgerError, match="another bot works on the ledger"):
        Sender.open(url, clock)
    first.close()
    Sender.open(url, clock).close()


@pytest.mark.postgres
def test_a_live_bot_on_the_same_ledger_is_not_taken_for_dead(postgres_database: str, clock: Clock) -> None:
    sender, other = Sender.open(postgres_database, clock), Sender.open(postgres_database, clock)
    sender.ledger.register({"twitter": "twitter"})
    armed = armed_one(sender, clock)
    clock.advance(hours=2)
    assert other.recover({"twitter": FIRST_LOOK}) == []
    sender.close()
    assert other.recover({"twitter": FIRST_LOOK}) == [armed.delivery.id]
    other.close()


@pytest.mark.postgres
def test_a_bot_whose_session_is_gone_arms_only_under_a_new_number(postgres_database: str) -> None:
    engine = open_engine(postgres_database)
    owner, other = claim(engine, postgres_database), claim(engine, postgres_database)
    before = owner.id
    assert other.alive(before)
    with engine.connect() as connection:
        gone = text("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objid = :low")
        connection.execute(gone, {"low": before & 0xFFFFFFFF})
    while other.alive(before):
        time.sleep(0.01)
    with owner.transaction() as tx:
        tx.execute(text("SELECT 1"))
    assert owner.id != before
    assert owner.mine(before)
    assert not other.alive(before)
    assert other.alive(owner.id)
    owner.release()
    other.release()
    engine.dispose()
