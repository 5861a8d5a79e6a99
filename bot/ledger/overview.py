"""An account in numbers, for metrics: read in one go, and cheaply, however long the history."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select

from bot.ledger.models import AccountState, Lane, State, UtcDateTime, alerts, attempts, deliveries, spending, tallies
from bot.ledger.rows import read_account
from bot.ledger.store import Ledger

# States that come to an end, so that counting them stays cheap. What was posted is in the tallies.
OPEN = (State.SENDING, State.UNKNOWN, State.HELD, State.REJECTED)

# Asked at every scrape; built once. Each is answered from an index, without a look at the rows.
_MINE = deliveries.c.account == bindparam("name")
_OPEN = select(deliveries.c.state, func.count()).where(_MINE, deliveries.c.state.in_(OPEN)).group_by(deliveries.c.state)
_QUEUED = (
    select(deliveries.c.lane, func.count(), func.min(deliveries.c.queued_at, type_=UtcDateTime))
    .where(_MINE, deliveries.c.state == State.QUEUED)
    .group_by(deliveries.c.lane)
)
_LAST = select(func.max(attempts.c.armed_at, type_=UtcDateTime)).where(
    attempts.c.account == bindparam("name"), attempts.c.live
)
_SPENT = select(spending.c.month, spending.c.micro_usd).where(spending.c.account == bindparam("name"))
_TALLIES = select(tallies)
_ALERTS = select(alerts.c.kind, func.count()).where(alerts.c.over_at.is_(None)).group_by(alerts.c.kind)


@dataclass(frozen=True, slots=True)
class Overview:
    """One account in numbers.

    open     how many deliveries are in each state that wants an end
    queued   of each lane with something in it: how many, and since when the oldest waits
    last     when the latest attempt that is live, or may be, began
    spent    micro-dollars by month
    ended    how many attempts ended in which way, ever
    """

    state: AccountState
    open: Mapping[State, int]
    queued: Mapping[Lane, tuple[int, datetime]]
    last: datetime | None
    spent: Mapping[str, int]
    ended: Mapping[str, int]


def overview(ledger: Ledger, names: Sequence[str]) -> tuple[dict[str, Overview], dict[str, int]]:
    """These accounts in numbers, and how many alerts of each kind are in force. Raises LedgerUnavailable."""
    with ledger.read() as tx:
        ended: dict[str, dict[str, int]] = {}
        for row in tx.execute(_TALLIES):
            ended.setdefault(row.account, {})[row.outcome] = row._mapping["count"]
        return {name: _one(tx, name, ended.get(name, {})) for name in names}, dict(tx.execute(_ALERTS).tuples().all())


def _one(tx: Any, name: str, ended: Mapping[str, int]) -> Overview:
    mine = {"name": name}
    return Overview(
        state=read_account(tx, name),
        open={State(state): count for state, count in tx.execute(_OPEN, mine)},
        queued={Lane(lane): (count, oldest) for lane, count, oldest in tx.execute(_QUEUED, mine)},
        last=tx.execute(_LAST, mine).scalar_one(),
        spent=dict(tx.execute(_SPENT, mine).tuples().all()),
        ended=ended,
    )
