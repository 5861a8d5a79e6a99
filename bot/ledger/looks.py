"""What the ledger keeps of unknown deliveries: the attempt in doubt, and what reading the account back has shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, update

from bot.ledger.models import (
    Delivery,
    End,
    State,
    UtcDateTime,
    accounts,
    attempts,
    deliveries,
    looks,
    micro,
    summaries,
)
from bot.ledger.rows import move, read_delivery, refused, spend, tally
from bot.ledger.store import Ledger
from bot.platforms.base import Look, OwnPost, Post


@dataclass(frozen=True, slots=True)
class Seen:
    """One look in the past: when, and whether it was clean."""

    at: datetime
    clean: bool


@dataclass(frozen=True, slots=True)
class Doubt:
    """A delivery whose latest attempt may be live or not.

    armed_at  when this text may first have gone out
    since     when the attempt ended: when we gave up, or recovery found it
    resent    an earlier attempt was in doubt, too: it is not sent a third time
    """

    delivery: Delivery
    post: Post
    armed_at: datetime
    since: datetime
    resent: bool
    looks: Sequence[Seen]


# Asked every minute; built once.
_IN_DOUBT = (
    select(deliveries, summaries.c.locator, summaries.c.title)
    .join(summaries, summaries.c.key == deliveries.c.summary)
    .where(
        deliveries.c.account == bindparam("account"),
        deliveries.c.state == State.UNKNOWN,
        deliveries.c.next_look_at <= bindparam("now", type_=UtcDateTime),
    )
    .order_by(deliveries.c.unknown_at)
)


def in_doubt(ledger: Ledger, account: str) -> list[Doubt]:
    """The unknown deliveries of `account` whose next look is due, oldest first."""
    with ledger.read() as tx:
        rows = tx.execute(_IN_DOUBT, {"account": account, "now": ledger.now()}).all()
        return [_doubt(tx, row) for row in rows]


def _doubt(tx: Connection, row: Any) -> Doubt:
    mine = (attempts.c.delivery == row.id, attempts.c.number == row.attempt)
    attempt = tx.execute(select(attempts).where(*mine)).one()
    seen = tx.execute(
        select(looks.c.at, looks.c.clean)
        .where(looks.c.delivery == row.id, looks.c.attempt == row.attempt)
        .order_by(looks.c.at)
    )
    post = Post(attempt.text, attempt.link)
    past = [Seen(look.at, look.clean) for look in seen]
    earlier = _earlier_doubt(tx, row, attempt.text) if row.resend else None
    armed_at = attempt.armed_at if earlier is None else earlier
    return Doubt(read_delivery(row), post, armed_at, row.unknown_at, earlier is not None, past)


def _earlier_doubt(tx: Connection, row: Any, text: str) -> datetime | None:
    """When this text may first have gone out: what the first attempt left may show only after the second. None if it
    has turned out that none of the earlier attempts can be live."""
    same = (attempts.c.delivery == row.id, attempts.c.number < row.attempt, attempts.c.text == text, attempts.c.live)
    moment: datetime | None = tx.execute(select(func.min(attempts.c.armed_at)).where(*same)).scalar_one()
    return moment


def resend_post(ledger: Ledger, delivery: Delivery) -> Post:
    """The very text that is to go out once more."""
    with ledger.read() as tx:
        mine = (attempts.c.delivery == delivery.id, attempts.c.number == delivery.attempt)
        row = tx.execute(select(attempts.c.text, attempts.c.link).where(*mine)).one()
        return Post(row.text, row.link)


def known_post_ids(ledger: Ledger, account: str, among: Sequence[str], besides: int) -> set[str]:
    """Which of the post ids in `among` are receipts of other deliveries than `besides`."""
    with ledger.read() as tx:
        theirs = (deliveries.c.account == account, deliveries.c.post_id.in_(among), deliveries.c.id != besides)
        return set(tx.scalars(select(deliveries.c.post_id).where(*theirs)))


def record_look(ledger: Ledger, doubt: Doubt, look: Look, month: str, next_look_at: datetime) -> None:
    """Write a look down, what it cost, and when the next one is due."""
    delivery = doubt.delivery
    with ledger.write("record-look") as tx:
        values = {"delivery": delivery.id, "attempt": delivery.attempt, "at": ledger.now(), "clean": look.clean}
        values |= {"hits": len(look.hits), "cost_micro_usd": micro(look.cost_usd), "detail": look.problem or None}
        tx.execute(looks.insert().values(**values))
        spend(tx, delivery.account, month, micro(look.cost_usd))
        move(tx, delivery.id, State.UNKNOWN, delivery.attempt, {"next_look_at": next_look_at})


def adopt(ledger: Ledger, doubt: Doubt, own: OwnPost) -> bool:
    """The post was found on the account: it is this delivery's."""
    delivery = doubt.delivery
    with ledger.write("adopt") as tx:
        receipt = {"post_id": own.receipt.post_id, "post_url": own.receipt.url}
        mine = (attempts.c.delivery == delivery.id, attempts.c.number == delivery.attempt)
        late = tx.execute(select(attempts.c.ended_as).where(*mine).with_for_update()).scalar_one()
        tx.execute(update(attempts).where(*mine).values(ended_as=End.POSTED, detail=None, **receipt))
        tx.execute(update(accounts).where(accounts.c.name == delivery.account).values(refusals=0, failures=0))
        values = {**receipt, "state": State.POSTED, "posted_at": own.created, "resend": False}
        values |= {"reason": "found on the account after an unclear attempt", "changed_at": ledger.now()}
        # Another bot may have given it up, or queued it again, since we asked; what we have found counts.
        states = (State.UNKNOWN, State.QUEUED, State.HELD)
        moved = any(move(tx, delivery.id, state, delivery.attempt, values) for state in states)
        if late != End.POSTED:
            tally(tx, delivery.account, End.FOUND)
        return moved


def send_again(ledger: Ledger, doubt: Doubt) -> bool:
    """Two clean looks agree that the post is not there: the very same text may go once more."""
    reason = "an unclear attempt was not found on the account; the same text goes once more"
    with ledger.write("send-again") as tx:
        values = {"state": State.QUEUED, "resend": True, "reason": reason, "changed_at": ledger.now()}
        return move(tx, doubt.delivery.id, State.UNKNOWN, doubt.delivery.attempt, values)


def give_up(ledger: Ledger, doubt: Doubt, reason: str) -> bool:
    """It cannot be decided here: a person does."""
    now, delivery = ledger.now(), doubt.delivery
    with ledger.write("give-up") as tx:
        values: dict[str, Any] = {"state": State.HELD, "reason": reason, "changed_at": now}
        moved = move(tx, delivery.id, State.UNKNOWN, delivery.attempt, values)
        if moved:
            refused(tx, delivery.account, reason, now)
        return moved


def count_unknown(ledger: Ledger, names: Sequence[str]) -> int:
    """How many deliveries of these accounts are unknown."""
    with ledger.read() as tx:
        unknown = (deliveries.c.account.in_(names), deliveries.c.state == State.UNKNOWN)
        return int(tx.execute(select(func.count()).where(*unknown)).scalar_one())
