"""What the ledger keeps of alerts: which are in force, and who has been told.

An alert is one row for as long as it is in force, and until everybody who heard of it has heard that it is over. A
telling is claimed before the message goes out and recorded as told once the address took it: several bots on a ledger
tell it once, and a bot that dies in between leaves a claim that runs out, so that it is said twice rather than never.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Integer, Text, and_, bindparam, delete, func, or_, select, update

from bot.ledger.intake import FLOOD
from bot.ledger.models import State, alerts, deliveries, summaries, tellings
from bot.ledger.rows import insert_ignoring
from bot.ledger.store import Ledger

_HELD_THERE = and_(deliveries.c.account == bindparam("account", type_=Text), deliveries.c.state == State.HELD)
_OF_A_FLOOD = func.coalesce(deliveries.c.reason, "") == FLOOD
# Asked in every round; each is built once, since SQLAlchemy leaves circles of objects behind when it builds them.
_HELD = (
    select(deliveries.c.id, summaries.c.title, deliveries.c.reason)
    .join(summaries, summaries.c.key == deliveries.c.summary)
    .where(_HELD_THERE, ~_OF_A_FLOOD)
    .order_by(deliveries.c.id)
    .limit(bindparam("most", type_=Integer))
)
_FLOODED = select(func.count()).select_from(deliveries).where(_HELD_THERE, _OF_A_FLOOD)


@dataclass(frozen=True, slots=True)
class Alert:
    """What a person should hear of: what it is, more of it, and what to do.

    key    the same for as long as it is the same trouble: `kind`, and what it is about
    place  empty for what stands in the ledger; else the one bot (host and settings) that found it
    """

    kind: str
    key: str
    title: str
    detail: str
    todo: str
    account: str | None = None
    place: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """An alert as the ledger has it. `over_at`: it is over, and not everybody has heard so."""

    id: int
    alert: Alert
    began_at: datetime
    over_at: datetime | None


@dataclass(frozen=True, slots=True)
class HeldOne:
    """A delivery that waits for a person."""

    id: int
    title: str
    reason: str


@dataclass(frozen=True, slots=True)
class GoneOne:
    """A post whose summary has been found private or deleted."""

    id: int
    account: str
    url: str


def held(ledger: Ledger, account: str, limit: int) -> tuple[list[HeldOne], int]:
    """The first `limit` held deliveries of an account, and how many the flood guard holds beside them."""
    with ledger.read() as tx:
        rows = tx.execute(_HELD, {"account": account, "most": limit}).all()
        count = tx.execute(_FLOODED, {"account": account}).scalar_one()
    return [HeldOne(row.id, row.title, row.reason or "") for row in rows], int(count)


def gone(ledger: Ledger, since: datetime, limit: int) -> list[GoneOne]:
    """Posts whose summaries were found private or deleted after `since`, and are so still: of `limit` summaries."""
    with ledger.read() as tx:
        # Few, from an index of their own. In one question, or with the state in it, SQLite goes through all posts.
        first = select(summaries.c.key).where(summaries.c.gone_at > since).order_by(summaries.c.gone_at).limit(limit)
        keys = tx.scalars(first).all()
        columns = (deliveries.c.id, deliveries.c.account, deliveries.c.state, deliveries.c.post_url)
        rows = tx.execute(select(*columns).where(deliveries.c.summary.in_(keys)).order_by(deliveries.c.id)).all()
    return [GoneOne(row.id, row.account, row.post_url or "") for row in rows if row.state == State.POSTED]


def standing(ledger: Ledger) -> list[Standing]:
    """Every alert that is in force, or over and not told to everybody, the oldest first."""
    with ledger.read() as tx:
        return [
            Standing(
                row.id,
                Alert(row.kind, row.key, row.title, row.detail, row.todo, row.account, row.place),
                row.began_at,
                row.over_at,
            )
            for row in tx.execute(select(alerts).order_by(alerts.c.began_at, alerts.c.id))
        ]


def in_force(ledger: Ledger) -> list[Standing]:
    """Every alert that is in force, the oldest first."""
    return [one for one in standing(ledger) if one.over_at is None]


def begin(ledger: Ledger, found: Collection[Alert]) -> None:
    """These alerts are in force from now on; one that is there already stays, and is not over after all."""
    now = ledger.now()
    with ledger.write("alert") as tx:
        for alert in found:
            here = (alerts.c.place == alert.place, alerts.c.key == alert.key)
            values = {name: getattr(alert, name) for name in Alert.__dataclass_fields__}
            tx.execute(insert_ignoring(tx, alerts, "place", "key").values(**values, began_at=now))
            again = tx.execute(
                update(alerts).where(*here, alerts.c.over_at.is_not(None)).values(**values, began_at=now, over_at=None)
            )
            if again.rowcount:
                _tell_anew(tx, tx.execute(select(alerts.c.id).where(*here)).scalar_one(), now)


def _tell_anew(tx: Connection, alert: int, now: datetime) -> None:
    """Who has heard that it was over, or may be hearing it, is told again that it has begun."""
    over = tellings.alias()
    may_have = or_(over.c.told_at.is_not(None), over.c.not_before > now)
    heard = select(over.c.address).where(over.c.alert == alert, over.c.over, may_have)
    tx.execute(delete(tellings).where(tellings.c.alert == alert, ~tellings.c.over, tellings.c.address.in_(heard)))
    tx.execute(delete(tellings).where(tellings.c.alert == alert, tellings.c.over))


def end(ledger: Ledger, ids: Collection[int]) -> None:
    """These alerts are over."""
    with ledger.write("alert") as tx:
        tx.execute(update(alerts).where(alerts.c.id.in_(ids), alerts.c.over_at.is_(None)).values(over_at=ledger.now()))


def untold(ledger: Ledger, address: int) -> list[Standing]:
    """What an address has not heard and may be told now: that an alert has begun; that one it heard of is over."""
    now = ledger.now()
    with ledger.read() as tx:
        rows = tx.execute(select(tellings).where(tellings.c.address == address)).all()
    told = {(row.alert, row.over) for row in rows if row.told_at is not None}
    waits = {(row.alert, row.over) for row in rows if row.not_before is not None and row.not_before > now}
    return [
        one
        for one in standing(ledger)
        if (one.id, over := one.over_at is not None) not in told | waits and (not over or (one.id, False) in told)
    ]


def claim(ledger: Ledger, address: int, ones: Sequence[Standing], until: datetime) -> list[Standing]:
    """Those of `ones` that nobody else is telling this address: they are ours to tell until `until`."""
    now, mine = ledger.now(), []
    with ledger.write("alert") as tx:
        for one in ones:
            # Over, or begun again, since it was read: the next round tells it as it is by then.
            same = and_(alerts.c.id == one.id, _same(one.over_at))
            if tx.execute(select(alerts.c.id).where(same).with_for_update()).one_or_none() is None:
                continue
            over = one.over_at is not None
            key = {"alert": one.id, "address": address, "over": over}
            tx.execute(insert_ignoring(tx, tellings, *key).values(**key))
            free = and_(
                _telling(one, address, over),
                tellings.c.told_at.is_(None),
                or_(tellings.c.not_before.is_(None), tellings.c.not_before <= now),
            )
            if tx.execute(update(tellings).where(free).values(not_before=until)).rowcount:
                mine.append(one)
    return mine


def told(ledger: Ledger, address: int, ones: Sequence[Standing]) -> None:
    """The address took these."""
    now = ledger.now()
    with ledger.write("alert") as tx:
        for one in ones:
            mine = _telling(one, address, one.over_at is not None)
            tx.execute(update(tellings).where(mine).values(told_at=now, not_before=None))


def try_later(ledger: Ledger, address: int, ones: Sequence[Standing], wait: timedelta) -> None:
    """The address did not take these: not before `wait` has passed."""
    later = ledger.now() + wait
    with ledger.write("alert") as tx:
        for one in ones:
            mine = _telling(one, address, one.over_at is not None)
            tx.execute(update(tellings).where(mine).values(not_before=later))


def clear(ledger: Ledger, addresses: Collection[int]) -> None:
    """Forget alerts that are over, once each of these addresses that heard of one has heard so, and nobody tells it."""
    done = [
        one.id for one in standing(ledger) if one.over_at is not None and not _still_to_hear(ledger, one, addresses)
    ]
    if done:
        with ledger.write("alert") as tx:
            over = select(alerts.c.id).where(alerts.c.id.in_(done), alerts.c.over_at.is_not(None))
            tx.execute(delete(tellings).where(tellings.c.alert.in_(over)))
            tx.execute(delete(alerts).where(alerts.c.id.in_(done), alerts.c.over_at.is_not(None)))


def _still_to_hear(ledger: Ledger, one: Standing, addresses: Collection[int]) -> bool:
    now = ledger.now()
    with ledger.read() as tx:
        rows = tx.execute(select(tellings).where(tellings.c.alert == one.id)).all()
    heard = {over: {row.address for row in rows if row.told_at and row.over == over} for over in (False, True)}
    being_told = any(row.not_before is not None and row.not_before > now for row in rows)
    return being_told or bool((heard[False] - heard[True]) & set(addresses))


def _telling(one: Standing, address: int, over: bool) -> ColumnElement[bool]:
    return and_(tellings.c.alert == one.id, tellings.c.address == address, tellings.c.over == over)


def _same(over_at: datetime | None) -> ColumnElement[bool]:
    return alerts.c.over_at.is_(None) if over_at is None else alerts.c.over_at.is_not(None)
