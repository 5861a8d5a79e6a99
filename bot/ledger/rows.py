"""Pieces of the ledger's transactions: each takes a connection that is inside one."""

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Row,
    Text,
    bindparam,
    func,
    literal_column,
    null,
    select,
    text,
    true,
    union_all,
    update,
)

from bot.cadence import History, Needed
from bot.ledger.models import (
    AccountState,
    Delivery,
    Lane,
    State,
    UtcDateTime,
    accounts,
    attempts,
    deliveries,
    spending,
)

# What refuses every post is not about the post (DESIGN, ledger 3).
REFUSALS_THAT_PAUSE = 3
_FIRST_WAIT, _LONGEST_WAIT = timedelta(minutes=1), timedelta(minutes=30)

# Asked before every post and every minute; built once, since building them takes longer than answering them.
_NAME: BindParameter[str] = bindparam("name", type_=Text)
_ACCOUNT_COLUMNS = [accounts.c[field] for field in AccountState.__dataclass_fields__]
_ACCOUNT = select(*_ACCOUNT_COLUMNS).where(accounts.c.name == _NAME)
_LOCK = select(accounts.c.name).where(accounts.c.name == _NAME).with_for_update()
# As words of the statement: a list of parameters is written into it anew each time it is asked.
_UNDECIDED: list[ColumnElement[str]] = [literal_column(f"'{state}'") for state in (State.SENDING, State.UNKNOWN)]
_BUSY = (
    select(deliveries.c.id, deliveries.c.state, deliveries.c.deadline, deliveries.c.next_look_at)
    .where(deliveries.c.account == _NAME, deliveries.c.state.in_(_UNDECIDED))
    .order_by(deliveries.c.state)
    .limit(1)
    .subquery()
)
_MOMENTS = (
    select(attempts.c.armed_at)
    .where(attempts.c.account == _NAME, attempts.c.live)
    .order_by(attempts.c.armed_at.desc())
    .limit(bindparam("posts"))
    .subquery()
)
# Four questions in one, since each costs as much as its answer: the account itself, a delivery that is not decided,
# when was posted, and what was spent in which month. The last three share columns: whose, a number, a word, moments.
_FACTS = union_all(
    select(literal_column("'busy'").label("of"), _BUSY.c.id, _BUSY.c.state, _BUSY.c.deadline, _BUSY.c.next_look_at),
    select(literal_column("'post'"), null(), null(), _MOMENTS.c.armed_at, null()),
    select(literal_column("'spent'"), spending.c.micro_usd, spending.c.month, null(), null()).where(
        spending.c.account == _NAME
    ),
).subquery("facts")
_WITH_FACTS = accounts.outerjoin(_FACTS, true())
_TURN = select(*_ACCOUNT_COLUMNS, _FACTS).select_from(_WITH_FACTS).where(accounts.c.name == _NAME)
_POSTED = select(func.count()).where(
    attempts.c.account == _NAME, attempts.c.live, attempts.c.armed_at >= bindparam("since", type_=UtcDateTime)
)
# Both as text: SQLAlchemy compiles an INSERT … ON CONFLICT anew each time, which takes longer than running it.
_CHARGE = text(
    "INSERT INTO spending (account, month, micro_usd) VALUES (:account, :month, :micro_usd) "
    "ON CONFLICT (account, month) DO UPDATE SET micro_usd = spending.micro_usd + excluded.micro_usd"
)
_COUNT = text(
    "INSERT INTO tallies (account, outcome, count) VALUES (:account, :outcome, 1) "
    "ON CONFLICT (account, outcome) DO UPDATE SET count = tallies.count + 1"
)
# What it sets are the other parameters.
_MOVE = update(deliveries).where(
    deliveries.c.id == bindparam("its_id"),
    deliveries.c.state == bindparam("its_state"),
    deliveries.c.attempt == bindparam("its_attempt"),
)


@dataclass(frozen=True, slots=True)
class Turn:
    """All that decides when an account may post next.

    busy        why an undecided delivery keeps it waiting; empty if none does
    busy_until  when that is looked at again
    """

    account: AccountState
    busy: str
    busy_until: datetime | None
    history: History


def insert_ignoring(tx: Connection, table: Any, *key: str) -> Any:
    """An INSERT that leaves rows alone which are there already: by `key`, so that no other conflict goes unseen."""
    return _dialect(tx.dialect.name).insert(table).on_conflict_do_nothing(index_elements=key)


def _dialect(name: str) -> Any:
    """Only the one that is used: the other would cost every command its import."""
    return importlib.import_module(f"sqlalchemy.dialects.{name}")


def move(tx: Connection, delivery_id: int, state: State, attempt: int, values: Mapping[str, Any]) -> bool:
    """The guarded UPDATE: only from `state` and attempt number; whether it took place."""
    guard = {"its_id": delivery_id, "its_state": state, "its_attempt": attempt}
    return tx.execute(_MOVE, {**values, **guard}).rowcount == 1


def spend(tx: Connection, account: str, month: str, amount: int) -> None:
    """Add micro-dollars (negative: give back) to an account's month."""
    if amount == 0:
        return
    tx.execute(_CHARGE, {"account": account, "month": month, "micro_usd": amount})


def tally(tx: Connection, account: str, outcome: str) -> None:
    """One more attempt of `account` ended so. The last statement of its transaction: it locks a row of the account."""
    tx.execute(_COUNT, {"account": account, "outcome": str(outcome)})


def refused(tx: Connection, account: str, why: str, now: datetime) -> None:
    """One more rejected or held in a row; the third pauses the account."""
    tx.execute(update(accounts).where(accounts.c.name == account).values(refusals=accounts.c.refusals + 1))
    count = tx.execute(select(accounts.c.refusals).where(accounts.c.name == account)).scalar_one()
    if count >= REFUSALS_THAT_PAUSE and read_account(tx, account).paused_at is None:
        reason = f"{count} deliveries in a row were refused or held; the last: {why}"
        pause(tx, account, reason, f"look at them (status), mend the cause, then: run_bot.py resume {account}", now)


def pause(tx: Connection, account: str, reason: str, remedy: str, now: datetime) -> None:
    values = {"paused_at": now, "pause_reason": reason, "pause_remedy": remedy}
    tx.execute(update(accounts).where(accounts.c.name == account).values(**values))


def back_off(tx: Connection, account: str, until: datetime | None, now: datetime) -> datetime:
    failures = tx.execute(select(accounts.c.failures).where(accounts.c.name == account)).scalar_one()
    until = until or now + min(_FIRST_WAIT * 2 ** min(failures, 10), _LONGEST_WAIT)
    tx.execute(update(accounts).where(accounts.c.name == account).values(retry_at=until, failures=failures + 1))
    return until


def lock_account(tx: Connection, name: str) -> None:
    """Have what is read of an account stay as it is until the transaction ends; SQLite's is alone in any case."""
    if tx.dialect.name != "sqlite":
        tx.execute(_LOCK, {"name": name})


def read_account(tx: Connection, name: str) -> AccountState:
    """What is known of an account; of an unknown one, nothing."""
    row = tx.execute(_ACCOUNT, {"name": name}).one_or_none()
    return AccountState(name) if row is None else AccountState(*row)


def read_turn(tx: Connection, name: str, needed: Needed) -> Turn:
    facts = tx.execute(_TURN, {"name": name, "posts": needed.posts}).all()
    account = AccountState(*facts[0][: len(_ACCOUNT_COLUMNS)]) if facts else AccountState(name)
    busy = next((row for row in facts if row.of == "busy"), None)
    moments = sorted((row.deadline for row in facts if row.of == "post"), reverse=True)
    spent = {row.state: row.id for row in facts if row.of == "spent"}
    posted = {}
    if needed.since is not None:
        # Counted from the index alone; a month of thousands of posts takes well under a millisecond.
        posted[needed.month] = tx.execute(_POSTED, {"name": name, "since": needed.since}).scalar_one()
    history = History(moments, spent, posted)
    if busy is None:
        return Turn(account, "", None, history)
    if busy.state == State.SENDING:
        return Turn(account, f"delivery {busy.id} is being sent", busy.deadline, history)
    return Turn(account, f"it is not yet known whether delivery {busy.id} is live", busy.next_look_at, history)


def read_delivery(row: Row[Any]) -> Delivery:
    fields = {field: getattr(row, field) for field in Delivery.__dataclass_fields__}
    return Delivery(**{**fields, "lane": Lane(row.lane)})
