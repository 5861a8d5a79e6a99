"""The ledger as everybody sees it: its accounts and its queue. Sending is in `sending`."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cache
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Engine, Integer, Select, bindparam, exists, func, or_, select, update

from bot.cadence import Decision, Needed
from bot.failpoints import reach
from bot.ledger.engine import check_schema, explained, open_engine, open_read_only, reading_options
from bot.ledger.models import AccountState, Delivery, Lane, State, UtcDateTime, accounts, deliveries, micro, summaries
from bot.ledger.rows import (
    Turn,
    back_off,
    insert_ignoring,
    move,
    pause,
    read_account,
    read_delivery,
    read_turn,
    refused,
    spend,
)


class Ledger:
    """One ledger, without the right to send: that is `sending.Sender`'s."""

    def __init__(self, engine: Engine, now: Callable[[], datetime]) -> None:
        self.engine = engine
        self.now = now
        self._reading = reading_options(engine)

    @classmethod
    def open_to_resolve(cls, url: str, now: Callable[[], datetime]) -> "Ledger":
        """For the commands of people: writes, but neither locks nor upgrades. Raises LedgerError."""
        check_schema(open_read_only(url))
        return cls(open_engine(url), now)

    @classmethod
    def open_to_look(cls, url: str, now: Callable[[], datetime]) -> "Ledger":
        """Reads only and leaves no file behind. Raises LedgerError, LedgerMissing if there is none."""
        engine = open_read_only(url)
        check_schema(engine)
        return cls(engine, now)

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()

    @contextmanager
    def write(self, what: str) -> Iterator[Connection]:
        """One transaction that commits at the end; `what` names its failpoints. Raises LedgerUnavailable."""
        with explained(self.engine), self.engine.begin() as connection:
            yield connection
            reach(f"{what}.commit")
        reach(f"{what}.committed")

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One consistent view on SQLite; on PostgreSQL each statement has its own. Raises LedgerUnavailable."""
        with explained(self.engine), self.engine.connect().execution_options(**self._reading) as connection:
            yield connection

    # --- accounts -----------------------------------------------------------------------------------------------

    def register(self, platforms: Mapping[str, str]) -> None:
        """Have a row for every configured account; one that was here before keeps its marks."""
        with self.write("account") as tx:
            rows = [{"name": name, "platform": platform} for name, platform in platforms.items()]
            tx.execute(insert_ignoring(tx, accounts, "name"), rows)

    def account(self, name: str) -> AccountState:
        """What is known of an account; of an unknown one, nothing."""
        with self.read() as tx:
            return read_account(tx, name)

    def turn(self, name: str, needed: Needed) -> Turn:
        """What decides when `name` posts next, with as much of its history as is needed."""
        with self.read() as tx:
            return read_turn(tx, name, needed)

    def pause(self, name: str, reason: str, remedy: str) -> None:
        """Send nothing on an account until someone resumes it."""
        with self.write("account") as tx:
            pause(tx, name, reason, remedy, self.now())

    def resume(self, name: str) -> bool:
        """Let an account go on; False if it was not paused."""
        with self.write("account") as tx:
            changed = tx.execute(
                update(accounts)
                .where(accounts.c.name == name, accounts.c.paused_at.is_not(None))
                .values(paused_at=None, pause_reason=None, pause_remedy=None, retry_at=None, failures=0, refusals=0)
            )
            return bool(changed.rowcount)

    def back_off(self, name: str, until: datetime | None = None) -> datetime:
        """The platform is out of reach: wait, longer each time in a row. Returns until when."""
        with self.write("account") as tx:
            return back_off(tx, name, until, self.now())

    def charge(self, name: str, month: str, cost_usd: float) -> None:
        """Count what reading cost."""
        if cost_usd:
            with self.write("account") as tx:
                spend(tx, name, month, micro(cost_usd))

    def claim_check(self, name: str, every: timedelta) -> bool:
        """Whether the account's daily check is due; if so it is the caller's, and due again after `every`.

        A mark that lies ahead was set by a clock that was wrong: it is not believed.
        """
        now = self.now()
        due = or_(accounts.c.checked_at.is_(None), accounts.c.checked_at <= now - every, accounts.c.checked_at > now)
        with self.read() as tx:
            if not tx.execute(select(exists().where(accounts.c.name == name, due))).scalar_one():
                return False
        with self.write("account") as tx:
            mine = update(accounts).where(accounts.c.name == name, due).values(checked_at=now)
            return tx.execute(mine).rowcount == 1

    def check_sooner(self, name: str, by: timedelta) -> None:
        """Let the next daily check be due earlier."""
        with self.write("account") as tx:
            tx.execute(update(accounts).where(accounts.c.name == name).values(checked_at=self.now() - by))

    # --- queued -------------------------------------------------------------------------------------------------

    def next_up(
        self,
        account: str,
        needed: Needed,
        decide: Callable[[Turn, datetime], Decision],
        order: str,
        archive: bool,
    ) -> Decision | Delivery | None:
        """What `pick` picks if it is the turn of `account`, else when that will be; in one view, and only reading."""
        with self.read() as tx:
            now = self.now()
            decision = decide(read_turn(tx, account, needed), now)
            if decision.at is None or decision.at > now:
                return decision
            return self._first(tx, account, order, archive)

    def pick(self, account: str, order: str, archive: bool) -> Delivery | None:
        """The next delivery of `account` that may go now; only reads."""
        with self.read() as tx:
            return self._first(tx, account, order, archive)

    def queue(self, account: str, order: str, archive: bool, limit: int | None) -> list[Delivery]:
        """The queued deliveries in the order in which `pick` takes them; with those that must wait a while yet."""
        with self.read() as tx:
            return list(islice(self._queue(tx, account, order, archive, limit, waiting_too=True), limit))

    def _first(self, tx: Connection, account: str, order: str, archive: bool) -> Delivery | None:
        return next(self._queue(tx, account, order, archive, 1, waiting_too=False), None)

    def _queue(
        self, tx: Connection, account: str, order: str, archive: bool, most: int | None, *, waiting_too: bool
    ) -> Iterator[Delivery]:
        """A lane after the other, each asked only once it is its turn, and for `most` at a time."""
        for lane in Lane if archive else (Lane.FRESH, Lane.BACKLOG):
            query = _queued(lane, order, waiting_too, limited=most is not None)
            rows = tx.execute(query, {"account": account, "now": self.now(), "most": most})
            yield from map(read_delivery, rows)

    def count_queued(self, account: str, archive: bool) -> int:
        """How many deliveries of `account` wait, the archive's only if it is to be posted."""
        lanes = [lane for lane in Lane if archive or lane is not Lane.ARCHIVE]
        mine = (deliveries.c.account == account, deliveries.c.state == State.QUEUED, deliveries.c.lane.in_(lanes))
        with self.read() as tx:
            return int(tx.execute(select(func.count()).where(*mine)).scalar_one())

    def expire(self, account: str, max_age: timedelta) -> int:
        """Skip fresh deliveries that have waited longer than `max_age`. Returns how many."""
        now = self.now()
        with self.write("expire") as tx:
            return tx.execute(
                update(deliveries)
                .where(
                    deliveries.c.account == account,
                    deliveries.c.state == State.QUEUED,
                    deliveries.c.lane == Lane.FRESH,
                    deliveries.c.queued_at < now - max_age,
                    deliveries.c.resend.is_(False),
                )
                .values(state=State.SKIPPED, reason="waited longer than max_age", changed_at=now)
            ).rowcount

    def withdraw(self, delivery: Delivery) -> bool:
        """The summary is private or gone. False if the delivery has moved on meanwhile."""
        with self.write("withdraw") as tx:
            return self._leave_queue(tx, delivery, State.WITHDRAWN, "private or deleted at the source")

    def hold(self, delivery: Delivery, reason: str) -> bool:
        """Put a delivery aside for a person. False if it has moved on meanwhile."""
        with self.write("hold") as tx:
            moved = self._leave_queue(tx, delivery, State.HELD, reason)
            if moved:
                refused(tx, delivery.account, reason, self.now())
            return moved

    def _leave_queue(self, tx: Connection, delivery: Delivery, state: State, reason: str) -> bool:
        values = {"state": state, "reason": reason, "changed_at": self.now()}
        return move(tx, delivery.id, State.QUEUED, delivery.attempt, values)


@cache
def _queued(lane: Lane, order: str, waiting_too: bool, *, limited: bool) -> Select[Any]:
    """Asked before every post and every minute, so each is built once."""
    query = (
        select(deliveries, summaries.c.locator, summaries.c.title)
        .join(summaries, summaries.c.key == deliveries.c.summary)
        .where(deliveries.c.account == bindparam("account"), deliveries.c.state == State.QUEUED)
        .where(deliveries.c.lane == lane)
        .order_by(*_ordering(lane, order))
    )
    now = bindparam("now", type_=UtcDateTime)
    may_go = or_(deliveries.c.not_before.is_(None), deliveries.c.not_before <= now)
    query = query if waiting_too else query.where(may_go)
    return query.limit(bindparam("most", type_=Integer)) if limited else query


def _ordering(lane: Lane, order: str) -> tuple[Any, ...]:
    """As `models.order_key` sorts, in SQL."""
    if lane is Lane.ARCHIVE or order == "votes":
        return (deliveries.c.votes.desc(), deliveries.c.published_at.desc(), deliveries.c.id.desc())
    if order == "oldest":
        return (deliveries.c.published_at, deliveries.c.id)
    return (deliveries.c.published_at.desc(), deliveries.c.id.desc())
