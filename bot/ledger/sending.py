"""The dangerous part of a delivery's way: arm, settle, recover. Every change of state is one guarded UPDATE."""

import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, func, select, update
from sqlalchemy.exc import IntegrityError

from bot.cadence import Decision, Needed
from bot.failpoints import reach
from bot.ledger.engine import LedgerError, describe, open_engine
from bot.ledger.lock import Owner, claim
from bot.ledger.migrations import migrate
from bot.ledger.models import NOT_LIVE, Armed, Delivery, End, State, accounts, attempts, deliveries, micro
from bot.ledger.rows import Turn, back_off, lock_account, move, pause, read_turn, refused, spend, tally
from bot.ledger.store import Ledger
from bot.platforms.base import AccountBlocked, NotSent, Outcome, Post, Receipt, Rejected

# Beyond the account's time-out for a call: what the ledger's own work may take (DESIGN, ledger 6).
DEADLINE_SLACK = timedelta(seconds=5)
# Facebook could not fetch the link: so often, so far apart (DESIGN, ledger 3).
SCRAPE_TRIES, SCRAPE_WAIT = 3, timedelta(hours=1)

# Asked or written with every post, or every minute: each is built once. What they set are the other parameters.
_ATTEMPT = attempts.insert()
# Of an attempt that has none yet; what it sets are the other parameters.
_FIRST_END = update(attempts).where(attempts.c.id == bindparam("its_id"), attempts.c.ended_as.is_(None))
_POSTED = update(accounts).where(accounts.c.name == bindparam("its_name"))
_SENDING = select(deliveries).where(
    deliveries.c.account.in_(bindparam("names", expanding=True)), deliveries.c.state == State.SENDING
)


class NotNow(Exception):
    """Between pick and arm the account's turn has passed; `decision` says until when and why."""

    def __init__(self, decision: Decision) -> None:
        super().__init__(decision.reason)
        self.decision = decision


class LostRace(Exception):
    """Someone else has moved this delivery meanwhile. Nothing was changed."""


class _ReceiptTaken(Exception):
    """The platform answered with a post that another delivery already has for its receipt."""


class Sender:
    """A bot's hold on a ledger: only who has one arms, settles and recovers."""

    def __init__(self, ledger: Ledger, owner: Owner) -> None:
        self.ledger = ledger
        self.owner = owner
        # Deliveries with the numbers of their attempts: the end of one must not pass for the end of the next.
        self._in_flight: set[tuple[int, int]] = set()
        self._unsettled: dict[int, Callable[[], bool]] = {}
        self._guard = threading.Lock()

    @classmethod
    def open(cls, url: str, now: Callable[[], datetime]) -> "Sender":
        """Take the lock, make or upgrade the tables. Raises LedgerError."""
        engine = open_engine(url)
        owner = claim(engine, url)
        try:
            migrate(engine)
        except BaseException:
            owner.release()
            raise
        return cls(Ledger(engine, now), owner)

    def refuse_company(self) -> None:
        """Raises LedgerError if another bot is at work on this ledger; on SQLite none can be."""
        if self.owner.others():
            where = describe(self.ledger.engine.url)
            raise LedgerError(f"another bot works on the ledger {where}: end it first")

    def close(self) -> None:
        """Give the lock back, and the connections."""
        self.owner.release()
        self.ledger.close()

    def probe(self) -> None:
        """Raises LedgerError if the next post could not be armed, for the ledger's sake."""
        self.owner.probe()

    def arm(
        self,
        delivery: Delivery,
        post: Post,
        *,
        cost_usd: float,
        timeout: timedelta,
        needed: Callable[[datetime], Needed],
        decide: Callable[[Turn, datetime], Decision],
    ) -> Armed:
        """Commit the intent: from here on the post may be live.

        In one transaction, with the account's row locked: `decide` is asked again (it must say "now"), the delivery
        goes from queued to sending, the attempt and its cost are written. Raises NotNow, LostRace, or LedgerError;
        after a LedgerUnavailable the intent may stand, and `recover` finds it. Nothing is armed while an earlier end
        could not be written.
        """
        self.flush()
        number = delivery.attempt + 1
        with self._guard:
            self._in_flight.add((delivery.id, number))
        try:
            with self.owner.transaction() as tx:
                # First of all: what is read below must be as it is once the lock is ours.
                lock_account(tx, delivery.account)
                now = self.ledger.now()
                wanted = needed(now)
                decision = decide(read_turn(tx, delivery.account, wanted), now)
                if decision.at is None or decision.at > now:
                    raise NotNow(decision)
                armed = self._armed(tx, delivery, post, cost_usd, now, now + timeout + DEADLINE_SLACK, wanted.month)
                spend(tx, delivery.account, armed.month, micro(cost_usd))
                reach("arm.commit")
            reach("arm.committed")
            return armed
        except BaseException:
            self._landed(delivery.id, number)
            raise

    def _armed(
        self,
        tx: Connection,
        delivery: Delivery,
        post: Post,
        cost_usd: float,
        now: datetime,
        deadline: datetime,
        month: str,
    ) -> Armed:
        number, owner = delivery.attempt + 1, self.owner.id
        values: dict[str, Any] = {"state": State.SENDING, "attempt": number, "owner": owner, "deadline": deadline}
        values |= {"reason": None, "not_before": None, "changed_at": now}
        if not move(tx, delivery.id, State.QUEUED, delivery.attempt, values):
            raise LostRace
        values = {"delivery": delivery.id, "number": number, "account": delivery.account, "owner": owner, "live": True}
        values |= {"text": post.text, "link": post.link, "armed_at": now, "deadline": deadline}
        result = tx.execute(_ATTEMPT, {**values, "cost_micro_usd": micro(cost_usd)})
        attempt_id = int(result.inserted_primary_key[0])  # type: ignore[index]
        return Armed(delivery, attempt_id, number, post.text, post.link, now, deadline, cost_usd, month)

    def _landed(self, delivery_id: int, number: int) -> None:
        with self._guard:
            self._in_flight.discard((delivery_id, number))

    def settle(self, armed: Armed, end: Receipt | Outcome, *, first_look: timedelta) -> bool:
        """Write how an attempt ended: always on the attempt, and on the delivery if it still waits for it.

        False if someone has moved the delivery meanwhile. A receipt that comes in late still settles a delivery that
        waits for being looked up or sent again. An end that cannot be written is kept and written by `flush`; until
        then `arm` refuses. Raises LedgerUnavailable in that case.
        """
        with self._guard:
            self._unsettled[armed.attempt_id] = lambda: self._write_end(armed, end, first_look)
        return self._flush_one(armed.attempt_id)

    def flush(self) -> None:
        """Write the ends that could not be written before. Raises LedgerUnavailable if they still cannot."""
        with self._guard:
            waiting = list(self._unsettled)
        for attempt_id in waiting:
            self._flush_one(attempt_id)

    def _flush_one(self, attempt_id: int) -> bool:
        with self._guard:
            write = self._unsettled.get(attempt_id)
        moved = write() if write is not None else False
        with self._guard:
            self._unsettled.pop(attempt_id, None)
        return moved

    def _write_end(self, armed: Armed, end: Receipt | Outcome, first_look: timedelta) -> bool:
        try:
            with self.ledger.write("settle") as tx:
                moved = self._settled(tx, armed, end, first_look)
        except _ReceiptTaken:
            with self.ledger.write("settle") as tx:
                moved = self._settled(tx, armed, end, first_look, taken=True)
        self._landed(armed.delivery.id, armed.number)
        return moved

    def _settled(
        self, tx: Connection, armed: Armed, end: Receipt | Outcome, first_look: timedelta, *, taken: bool = False
    ) -> bool:
        """taken: another delivery has this receipt. Raises _ReceiptTaken if that shows only now."""
        now, delivery = self.ledger.now(), armed.delivery
        kind = _end(end)
        already = self._end_attempt(tx, armed, _attempt_end(end, kind, now))
        if already not in (kind, End.POSTED) and kind in NOT_LIVE:
            spend(tx, delivery.account, armed.month, -micro(armed.cost_usd))
        values = _next_state(tx, armed, end, kind, now, first_look)
        if taken:
            values |= {"state": State.HELD, "reason": "the platform answered with the id of another delivery's post"}
            values |= {"post_id": None, "post_url": None, "posted_at": None}
        posted = values["state"] is State.POSTED
        moved = _move_posted(tx, armed, values) if posted else _move(tx, armed, values, State.SENDING)
        if moved:
            _tell_account(tx, delivery.account, end, values["state"], now)
        if already is None:
            tally(tx, delivery.account, kind)
        elif already == End.UNKNOWN and kind is not End.UNKNOWN:
            tally(tx, delivery.account, End.FOUND if kind is End.POSTED else kind)
        return moved

    def _end_attempt(self, tx: Connection, armed: Armed, values: dict[str, Any]) -> End | None:
        """Write the end of an attempt. Returns the one that stood there before.

        Two accounts' threads may flush the same end at once, and its cost is given back once.
        """
        if tx.execute(_FIRST_END, {**values, "its_id": armed.attempt_id}).rowcount:
            return None
        mine = attempts.c.id == armed.attempt_id
        already = tx.execute(select(attempts.c.ended_as).where(mine).with_for_update()).scalar_one()
        # A receipt read back from the account stays: it is better proof than an answer that did not come.
        if already not in (values["ended_as"], End.POSTED):
            tx.execute(update(attempts).where(mine).values(**values))
        return End(already)

    def recover(self, first_looks: Mapping[str, timedelta]) -> list[int]:
        """Turn what a dead owner, or a lost call of our own, left in `sending` into unknown. Returns the deliveries.

        `first_looks`: the accounts concerned, and how long after it each one's posts are read back first.
        """
        with self.ledger.read() as tx:
            rows = tx.execute(_SENDING, {"names": list(first_looks)}).all()
        return [row.id for row in rows if self._abandoned(row) and self._recover_one(row, first_looks[row.account])]

    def _abandoned(self, row: Row[Any]) -> bool:
        if self.owner.mine(row.owner):
            with self._guard:
                return (row.id, row.attempt) not in self._in_flight
        if self.ledger.engine.dialect.name != "sqlite" and row.deadline > self.ledger.now():
            return False
        return not self.owner.alive(row.owner)

    def _recover_one(self, row: Row[Any], first_look: timedelta) -> bool:
        now = self.ledger.now()
        why = "the bot ended while the post was being sent"
        with self.ledger.write("recover") as tx:
            ended = tx.execute(
                update(attempts)
                .where(attempts.c.delivery == row.id, attempts.c.number == row.attempt, attempts.c.ended_as.is_(None))
                .values(ended_at=now, ended_as=End.UNKNOWN, detail=why)
            ).rowcount
            values = {"state": State.UNKNOWN, "reason": why, "unknown_at": now, "next_look_at": now + first_look}
            moved = move(tx, row.id, State.SENDING, row.attempt, {**values, "changed_at": now})
            if ended:
                tally(tx, row.account, End.UNKNOWN)
            return moved


def _end(end: Receipt | Outcome) -> End:
    if isinstance(end, Receipt):
        return End.POSTED
    if isinstance(end, NotSent):
        return End.NOT_SCRAPED if end.scrape_failed else End.NOT_SENT
    if isinstance(end, AccountBlocked):
        return End.BLOCKED
    return End.REJECTED if isinstance(end, Rejected) else End.UNKNOWN


def _attempt_end(end: Receipt | Outcome, kind: End, now: datetime) -> dict[str, Any]:
    values: dict[str, Any] = {"ended_at": now, "ended_as": kind, "live": kind not in NOT_LIVE}
    if isinstance(end, Receipt):
        return {**values, "post_id": end.post_id, "post_url": end.url, "detail": None}
    return {**values, "detail": end.why}


def _next_state(
    tx: Connection, armed: Armed, end: Receipt | Outcome, kind: End, now: datetime, first_look: timedelta
) -> dict[str, Any]:
    values: dict[str, Any] = {"changed_at": now, "owner": None, "deadline": None}
    if isinstance(end, Receipt):
        posted = {"post_id": end.post_id, "post_url": end.url, "posted_at": now}
        return {**values, **posted, "state": State.POSTED, "reason": None, "resend": False}
    values["reason"] = end.why
    if kind is End.UNKNOWN:
        return {**values, "state": State.UNKNOWN, "unknown_at": now, "next_look_at": now + first_look}
    if kind is End.REJECTED or (kind is End.NOT_SCRAPED and _scrapes(tx, armed) >= SCRAPE_TRIES):
        return {**values, "state": State.REJECTED}
    if kind is End.NOT_SCRAPED:
        values["not_before"] = now + SCRAPE_WAIT
    return {**values, "state": State.QUEUED}


def _scrapes(tx: Connection, armed: Armed) -> int:
    mine = and_(attempts.c.delivery == armed.delivery.id, attempts.c.ended_as == End.NOT_SCRAPED)
    return int(tx.execute(select(func.count()).where(mine)).scalar_one())


def _move(tx: Connection, armed: Armed, values: Mapping[str, Any], *states: State) -> bool:
    return any(move(tx, armed.delivery.id, state, armed.number, values) for state in states)


# A receipt is proof wherever the delivery has been put meanwhile, unless a newer attempt has been armed.
_RECEIPT_MOVES = (State.SENDING, State.UNKNOWN, State.QUEUED, State.HELD)


def _move_posted(tx: Connection, armed: Armed, values: dict[str, Any]) -> bool:
    try:
        return _move(tx, armed, values, *_RECEIPT_MOVES)
    except IntegrityError:
        raise _ReceiptTaken from None


def _tell_account(tx: Connection, account: str, end: Receipt | Outcome, state: State, now: datetime) -> None:
    if state is State.POSTED:
        tx.execute(_POSTED, {"its_name": account, "refusals": 0, "failures": 0, "retry_at": None})
    elif state in (State.REJECTED, State.HELD):
        refused(tx, account, getattr(end, "why", "see its reason"), now)
    elif isinstance(end, AccountBlocked):
        pause(tx, account, end.why, end.remedy, now)
    elif isinstance(end, NotSent) and not end.scrape_failed:
        back_off(tx, account, end.retry_at, now)
