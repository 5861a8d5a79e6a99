"""What a pull writes: new deliveries, news of those that wait, and the marks that say how far the source was read."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Connection, Text, and_, bindparam, exists, literal, or_, select, update

from bot.ledger.models import Delivery, End, Lane, State, accounts, attempts, deliveries, summaries
from bot.ledger.rows import insert_ignoring, spend
from bot.ledger.store import Ledger
from bot.own_posts import ANY_LINK
from bot.platforms.base import OwnPost
from bot.source.base import Listing, Reference

ON_ACCOUNT = "was on the account already: read back from there"
FLOOD = "more new summaries at once than max_new_per_pull"
GONE_PAGE = 200
# So many rows in one transaction: others who write wait meanwhile, and PostgreSQL's patience with a statement is 30 s.
AT_ONCE = 10_000

# Asked for every page; each is built once. The keys are parameters: a list within a question makes a circle of objects,
# and a first start on a million summaries would hold thousands of them until they are looked for.
_KEYS: BindParameter[str] = bindparam("keys", expanding=True)
_NAMES: BindParameter[str] = bindparam("names", expanding=True)
_KNOWN = select(deliveries.c.summary, deliveries.c.account).where(deliveries.c.summary.in_(_KEYS))
_AS_RECORDED = (
    select(deliveries.c.summary, deliveries.c.votes, deliveries.c.state, summaries.c.title)
    .join(summaries, summaries.c.key == deliveries.c.summary)
    .where(deliveries.c.summary.in_(_KEYS), deliveries.c.account.in_(_NAMES))
)
_ANY_GONE = select(exists().where(summaries.c.key.in_(_KEYS), summaries.c.gone_at.is_not(None)))


@dataclass(frozen=True, slots=True)
class Found:
    """A summary that an account has no delivery of yet, and the lane it would wait in.

    own: the account's post of it, read back at the first start; it then counts as posted. Without an id if that post
    holds several summaries' links, and another has it for its receipt.
    """

    listing: Listing
    account: str
    lane: Lane
    own: OwnPost | None = None

    def imagined(self, number: int, now: datetime) -> Delivery:
        """The delivery it would become, under a number of the preview's own."""
        entry = self.listing
        return Delivery(
            number, entry.key, entry.locator, entry.title, self.account, self.lane, entry.published, entry.votes, now
        )


def unrecorded(ledger: Ledger, page: Sequence[Listing], lanes: dict[str, Lane]) -> list[Found]:
    """Which of a page's summaries the accounts in `lanes` have no delivery of."""
    keys = [entry.key for entry in page]
    with ledger.read() as tx:
        known = {(row.summary, row.account) for row in tx.execute(_KNOWN, {"keys": keys})}
    return [
        Found(entry, account, lane)
        for entry in page
        for account, lane in lanes.items()
        if (entry.key, account) not in known
    ]


def record(ledger: Ledger, found: Iterable[Found], *, held: bool = False) -> None:
    """Create deliveries; one that is there already stays as it is."""
    found = list(found)
    if not found:
        return
    now = ledger.now()
    with ledger.write("enqueue") as tx:
        tx.execute(insert_ignoring(tx, summaries, "key"), [_summary(item.listing, now) for item in found])
        tx.execute(
            insert_ignoring(tx, deliveries, "summary", "account"), [_delivery(item, held, now) for item in found]
        )
        for item in found:
            if item.own is not None:
                _record_own(tx, item, item.own)


def _summary(entry: Listing, now: datetime) -> dict[str, Any]:
    return {"key": entry.key, "locator": entry.locator, "title": entry.title, "found_at": now}


def _delivery(item: Found, held: bool, now: datetime) -> dict[str, Any]:
    entry, own = item.listing, item.own
    state = State.POSTED if own else State.HELD if held else State.QUEUED
    return {
        "summary": entry.key,
        "account": item.account,
        "lane": item.lane,
        "published_at": entry.published,
        "votes": entry.votes,
        "state": state,
        "reason": ON_ACCOUNT if own else FLOOD if held else None,
        "queued_at": now,
        "changed_at": now,
        "post_id": (own.receipt.post_id or None) if own else None,
        "post_url": own.receipt.url if own else None,
        "posted_at": own.created if own else None,
    }


def _record_own(tx: Connection, item: Found, own: OwnPost) -> None:
    """An attempt of number 0, so that cadence and history know of the post."""
    where = (deliveries.c.summary == item.listing.key, deliveries.c.account == item.account)
    values: dict[str, Any] = {"number": 0, "account": item.account, "text": own.text, "link": item.listing.link}
    values |= {"cost_micro_usd": 0, "armed_at": own.created, "ended_at": own.created, "ended_as": End.FOUND}
    values |= {"post_id": own.receipt.post_id, "post_url": own.receipt.url, "live": True}
    source = select(deliveries.c.id, *(literal(value, attempts.c[name].type) for name, value in values.items()))
    insert = insert_ignoring(tx, attempts, "delivery", "number")
    tx.execute(insert.from_select(["delivery", *values], source.where(*where)))


def receipts(ledger: Ledger, account: str) -> dict[str, set[str]]:
    """The account's posts that are deliveries' receipts, each with the links that it was recorded for."""
    known: dict[str, set[str]] = {}
    held = select(deliveries.c.post_id, attempts.c.link).select_from(
        deliveries.outerjoin(
            attempts, and_(attempts.c.delivery == deliveries.c.id, attempts.c.post_id == deliveries.c.post_id)
        )
    )
    with ledger.read() as tx:
        for row in tx.execute(held.where(deliveries.c.account == account, deliveries.c.post_id.is_not(None))):
            known.setdefault(row.post_id, set()).add(row.link or ANY_LINK)
    return known


# A delivery that nobody has tried, or that is proved not to be live by us, may turn out posted all the same.
_FILLABLE = or_(
    deliveries.c.state.in_((State.QUEUED, State.WITHDRAWN)),
    and_(deliveries.c.state == State.HELD, deliveries.c.attempt == 0),
)
_UNDECIDED = (State.SENDING, State.UNKNOWN, State.HELD, State.REJECTED)


def gaps(ledger: Ledger, account: str, listings: Sequence[Listing]) -> tuple[list[Listing], list[int]]:
    """Which of these summaries the account has not recorded as posted and nobody has decided otherwise, and the
    numbers of the deliveries that reconciling or a person decides."""
    keys = [listing.key for listing in listings]
    query = select(deliveries.c.id, deliveries.c.summary, deliveries.c.state, _FILLABLE.label("fillable"))
    with ledger.read() as tx:
        rows = list(tx.execute(query.where(deliveries.c.account == account, deliveries.c.summary.in_(keys))))
    taken = {row.summary for row in rows if not row.fillable}
    undecided = [row.id for row in rows if not row.fillable and row.state in _UNDECIDED]
    return [listing for listing in listings if listing.key not in taken], undecided


def fill(ledger: Ledger, item: Found, month: str, cost: int) -> bool:
    """Record `item.own` as the post of its summary, whether or not the delivery is there; False if it is decided.

    month, cost: what it cost in the month under way, in micro-dollars, which a lost ledger does not know.
    """
    if item.own is None:
        raise ValueError("only a post that was read back can be filled in")
    now, row = ledger.now(), _delivery(item, False, ledger.now())
    posted = {name: row[name] for name in ("state", "reason", "changed_at", "post_id", "post_url", "posted_at")}
    mine = (deliveries.c.summary == item.listing.key, deliveries.c.account == item.account)
    with ledger.write("fill") as tx:
        tx.execute(insert_ignoring(tx, summaries, "key"), [_summary(item.listing, now)])
        insert = insert_ignoring(tx, deliveries, "summary", "account").values(**row)
        filled = tx.execute(insert.returning(deliveries.c.id)).one_or_none() is not None
        if not filled:
            waiting = update(deliveries).where(*mine, _FILLABLE)
            filled = tx.execute(waiting.values(**posted, resend=False, not_before=None)).rowcount == 1
        if filled:
            _record_own(tx, item, item.own)
            spend(tx, item.account, month, cost)
        return filled


def flood_waits(ledger: Ledger, account: str) -> bool:
    """Whether a flood is held that nobody has let go or skipped."""
    held = (deliveries.c.account == account, deliveries.c.state == State.HELD, deliveries.c.reason == FLOOD)
    with ledger.read() as tx:
        return bool(tx.execute(select(exists().where(*held))).scalar_one())


def refresh(ledger: Ledger, page: Sequence[Listing], names: Collection[str]) -> None:
    """Take over what has changed of summaries that wait, and queue again what had been withdrawn."""
    by_key = {entry.key: entry for entry in page}
    with ledger.read() as tx:
        stale = [
            row
            for row in tx.execute(_AS_RECORDED, {"keys": list(by_key), "names": list(names)})
            if row.state == State.WITHDRAWN
            or row.votes != by_key[row.summary].votes
            or row.title != by_key[row.summary].title
        ]
    if stale:
        with ledger.write("refresh") as tx:
            for key in {row.summary for row in stale}:
                _refresh_one(tx, by_key[key], ledger.now())


def _refresh_one(tx: Connection, entry: Listing, now: datetime) -> None:
    mine = deliveries.c.summary == entry.key
    tx.execute(update(summaries).where(summaries.c.key == entry.key).values(title=entry.title, locator=entry.locator))
    tx.execute(update(deliveries).where(mine).values(votes=entry.votes))
    tx.execute(
        update(deliveries)
        .where(mine, deliveries.c.state == State.WITHDRAWN)
        .values(state=State.QUEUED, reason=None, queued_at=now, changed_at=now)
    )


def open_account(ledger: Ledger, account: str, backlog: int | None, begun: datetime) -> None:
    """End an account's first start: the `backlog` newest of what it recorded leave the archive lane, and the mark is
    set, in one transaction.

    None: all of it, recorded in the backlog lane from the beginning. What a start by another `backlog` has put into the
    wrong lane before it was interrupted changes it first, in several transactions: nothing is picked before the mark.
    """
    way = (Lane.ARCHIVE, Lane.BACKLOG) if backlog is None else (Lane.BACKLOG, Lane.ARCHIVE)
    while _change_lane(ledger, account, *way) == AT_ONCE:
        pass
    newest = (
        select(deliveries.c.id)
        .where(deliveries.c.account == account)
        .order_by(deliveries.c.published_at.desc(), deliveries.c.id.desc())
        .limit(backlog)
    )
    with ledger.write("open") as tx:
        if backlog is not None:
            chosen = and_(deliveries.c.account == account, deliveries.c.lane == Lane.ARCHIVE)
            tx.execute(update(deliveries).where(chosen, deliveries.c.id.in_(newest)).values(lane=Lane.BACKLOG))
        marks = {"opened_at": ledger.now(), "pulled_to": begun, "swept_at": begun}
        unopened = and_(accounts.c.name == account, accounts.c.opened_at.is_(None))
        tx.execute(update(accounts).where(unopened).values(**marks))


def _change_lane(ledger: Ledger, account: str, before: Lane, after: Lane) -> int:
    """Of an account at its first start; returns of how many deliveries, at most AT_ONCE."""
    unopened = exists().where(accounts.c.name == account, accounts.c.opened_at.is_(None))
    # Every state, since the index begins with it: each transaction finds its rows at once.
    mine = (deliveries.c.account == account, deliveries.c.state.in_(tuple(State)), deliveries.c.lane == before)
    some = select(deliveries.c.id).where(*mine, unopened).limit(AT_ONCE)
    with ledger.read() as tx:
        if tx.execute(some.limit(1)).first() is None:
            return 0
    with ledger.write("open") as tx:
        moved = tx.execute(update(deliveries).where(deliveries.c.id.in_(some)).values(lane=after))
        return int(moved.rowcount)


def mark_pulled(ledger: Ledger, names: Collection[str], begun: datetime, swept: bool) -> None:
    """All that changed before `begun` has been recorded for these accounts."""
    marks = {"pulled_to": begun, "swept_at": begun} if swept else {"pulled_to": begun}
    with ledger.write("mark") as tx:
        tx.execute(update(accounts).where(accounts.c.name.in_(names)).values(**marks))


# Posted, and nobody has been told that it should not be: an attempt may have been undecided when it was last looked.
_NEWS = and_(
    deliveries.c.summary == summaries.c.key,
    deliveries.c.state == State.POSTED,
    or_(summaries.c.gone_at.is_(None), deliveries.c.changed_at > summaries.c.gone_at),
)
_CONCERNED = exists().where(
    deliveries.c.summary == summaries.c.key, deliveries.c.state.in_((State.QUEUED, State.HELD, State.POSTED))
)
_RECORDED = (
    select(summaries.c.key, summaries.c.locator)
    .where(
        summaries.c.key > bindparam("after", type_=Text),
        or_(and_(summaries.c.gone_at.is_(None), _CONCERNED), exists().where(_NEWS)),
    )
    .order_by(summaries.c.key)
    .limit(GONE_PAGE)
)


def recorded(ledger: Ledger, after: str) -> list[Reference]:
    """The next page, after key `after`, of summaries that wait or are posted and not yet known to be gone.

    One that is known to be gone is asked for again once something of it turned out posted only after that.
    """
    with ledger.read() as tx:
        return [Reference(row.key, row.locator) for row in tx.execute(_RECORDED, {"after": after})]


@dataclass(frozen=True, slots=True)
class Gone:
    """A post whose summary is private or deleted by now; taking it down is the operator's."""

    delivery: int
    account: str
    url: str


def posted_of(ledger: Ledger, keys: Collection[str]) -> list[Gone]:
    """What is posted of these summaries, and was not when they were last found gone."""
    with ledger.read() as tx:
        rows = tx.execute(
            select(deliveries.c.id, deliveries.c.account, deliveries.c.post_url).where(summaries.c.key.in_(keys), _NEWS)
        )
        return [Gone(row.id, row.account, row.post_url or "") for row in rows]


def mark_gone(ledger: Ledger, keys: Collection[str]) -> None:
    """Withdraw what waits of these summaries, and remember that they are gone."""
    now = ledger.now()
    with ledger.write("gone") as tx:
        tx.execute(
            update(deliveries)
            .where(deliveries.c.summary.in_(keys), deliveries.c.state == State.QUEUED)
            .values(state=State.WITHDRAWN, reason="private or deleted at the source", changed_at=now)
        )
        tx.execute(update(summaries).where(summaries.c.key.in_(keys)).values(gone_at=now))


def mark_back(ledger: Ledger, page: Sequence[Listing]) -> None:
    """These summaries are public: what was thought gone of them is not."""
    keys = [entry.key for entry in page]
    with ledger.read() as tx:
        if not tx.execute(_ANY_GONE, {"keys": keys}).scalar_one():
            return
    back = and_(summaries.c.key.in_(keys), summaries.c.gone_at.is_not(None))
    with ledger.write("gone") as tx:
        tx.execute(update(summaries).where(back).values(gone_at=None))
