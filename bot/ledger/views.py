"""What people ask the ledger: how things stand, what was posted, and the story of one delivery. Only reads."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal_column, select

from bot.ledger.models import Lane, State, attempts, deliveries, looks, summaries
from bot.ledger.store import Ledger
from bot.source.base import Reference

# States that want a person's eye.
TROUBLED = (State.UNKNOWN, State.HELD, State.REJECTED)


@dataclass(frozen=True, slots=True)
class Record:
    """A delivery as people see it."""

    id: int
    summary: str
    title: str
    account: str
    lane: Lane
    state: State
    reason: str | None
    votes: int
    published_at: datetime
    queued_at: datetime
    changed_at: datetime
    not_before: datetime | None
    next_look_at: datetime | None
    post_id: str | None
    post_url: str | None
    posted_at: datetime | None
    gone_at: datetime | None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try at a delivery. Number 0 was found on the account, not sent by this ledger's bot."""

    number: int
    text: str
    link: str
    armed_at: datetime
    ended_at: datetime | None
    ended_as: str | None
    detail: str | None
    post_url: str | None


@dataclass(frozen=True, slots=True)
class LookView:
    """One reading back of the account's own posts."""

    attempt: int
    at: datetime
    clean: bool
    hits: int
    detail: str | None


# A delivery with its attempts and looks.
Story = tuple[Record, Sequence[Attempt], Sequence[LookView]]


def counts(ledger: Ledger, account: str, among: Collection[State] = tuple(State)) -> dict[State, int]:
    """How many deliveries of `account` are in each state, as far as it is in `among`.

    Counted from an index: 0.1 s for a million that are posted, so ask for those only where they are shown.
    """
    mine = (deliveries.c.account == account, deliveries.c.state.in_(among))
    query = select(deliveries.c.state, func.count()).where(*mine).group_by(deliveries.c.state)
    with ledger.read() as tx:
        return {State(state): count for state, count in tx.execute(query).tuples()}


def waiting(ledger: Ledger, account: str) -> dict[Lane, int]:
    """How many deliveries of `account` are queued in each lane."""
    mine = (deliveries.c.account == account, deliveries.c.state == State.QUEUED)
    query = select(deliveries.c.lane, func.count()).where(*mine).group_by(deliveries.c.lane)
    with ledger.read() as tx:
        return {Lane(lane): count for lane, count in tx.execute(query).tuples()}


def troubled(ledger: Ledger, names: Sequence[str], limit: int) -> list[Record]:
    """The unknown, held and rejected deliveries, latest first."""
    query = _records().where(deliveries.c.account.in_(names), deliveries.c.state.in_(TROUBLED))
    return _read(ledger, query.order_by(deliveries.c.changed_at.desc()).limit(limit))


def posted(ledger: Ledger, names: Sequence[str], limit: int | None) -> list[Record]:
    """What was posted, latest first."""
    theirs: list[ColumnElement[Any]] = [deliveries.c.account.in_(names), deliveries.c.state == State.POSTED]
    if ledger.engine.dialect.name == "sqlite":
        # Told that nearly all are, it goes back in time until it has enough; else it sorts all that was ever posted.
        theirs = [func.likelihood(one, literal_column("0.99")) for one in theirs]
    query = _records().where(deliveries.c.posted_at.is_not(None), *theirs)
    return _read(ledger, query.order_by(deliveries.c.posted_at.desc(), deliveries.c.id.desc()).limit(limit))


def by_id(ledger: Ledger, delivery_id: int) -> Record | None:
    """One delivery."""
    return next(iter(_read(ledger, _records().where(deliveries.c.id == delivery_id))), None)


def by_summary(ledger: Ledger, key: str) -> list[Record]:
    """A summary's deliveries, one an account."""
    return _read(ledger, _records().where(deliveries.c.summary == key).order_by(deliveries.c.id))


def reference(ledger: Ledger, key: str) -> Reference | None:
    """How the source is asked for a recorded summary."""
    with ledger.read() as tx:
        locator = tx.scalar(select(summaries.c.locator).where(summaries.c.key == key))
    return None if locator is None else Reference(key, locator)


def story(ledger: Ledger, entry: Record) -> Story:
    """A delivery with all that happened to it."""
    return entry, attempts_of(ledger, entry.id), looks_of(ledger, entry.id)


def attempts_of(ledger: Ledger, delivery_id: int) -> list[Attempt]:
    """Every try, in order."""
    query = select(attempts).where(attempts.c.delivery == delivery_id).order_by(attempts.c.number)
    with ledger.read() as tx:
        return [_from(Attempt, row) for row in tx.execute(query)]


def looks_of(ledger: Ledger, delivery_id: int) -> list[LookView]:
    """Every look, in order."""
    query = select(looks).where(looks.c.delivery == delivery_id).order_by(looks.c.at)
    with ledger.read() as tx:
        return [_from(LookView, row) for row in tx.execute(query)]


def _records() -> Select[Any]:
    joined = deliveries.join(summaries, summaries.c.key == deliveries.c.summary)
    return select(deliveries, summaries.c.title, summaries.c.gone_at).select_from(joined)


def _read(ledger: Ledger, query: Select[Any]) -> list[Record]:
    with ledger.read() as tx:
        return [_record(row) for row in tx.execute(query)]


def _record(row: Any) -> Record:
    fields = {field: getattr(row, field) for field in Record.__dataclass_fields__}
    return Record(**{**fields, "lane": Lane(row.lane), "state": State(row.state)})


def _from(kind: type[Any], row: Any) -> Any:
    return kind(**{field: getattr(row, field) for field in kind.__dataclass_fields__})
