"""The ledger's tables, and what is read from them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum, StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

# The newest migration; a test compares it with Alembic's head, so that looking commands need not load Alembic.
SCHEMA = "0004"


class State(StrEnum):
    """Where a delivery is; the diagram stands in the package's docstring."""

    QUEUED = "queued"
    SENDING = "sending"
    POSTED = "posted"
    REJECTED = "rejected"
    UNKNOWN = "unknown"
    HELD = "held"
    WITHDRAWN = "withdrawn"
    SKIPPED = "skipped"


class Lane(IntEnum):
    """Why a delivery waits; lower goes first."""

    FRESH = 0
    BACKLOG = 1
    ARCHIVE = 2


class End(StrEnum):
    """How an attempt ended."""

    POSTED = "posted"
    FOUND = "found"  # not sent by us now, but read back from the account: before the first start, or by hand
    NOT_SENT = "not sent"
    NOT_SCRAPED = "not scraped"  # Facebook could not fetch the link; not sent either
    BLOCKED = "blocked"
    REJECTED = "rejected"
    UNKNOWN = "unknown"


# An attempt that ended so proves that no post exists. Any other, and one that has not ended, may be live.
NOT_LIVE = (End.NOT_SENT, End.NOT_SCRAPED, End.BLOCKED, End.REJECTED)


class UtcDateTime(TypeDecorator[datetime]):
    """Aware UTC in Python; TIMESTAMPTZ in PostgreSQL, naive UTC text in SQLite."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


metadata = MetaData()
# SQLite numbers rows by itself only in a column of type INTEGER.
_Id = BigInteger().with_variant(Integer, "sqlite")

accounts = Table(
    "accounts",
    metadata,
    Column("name", Text, primary_key=True),
    Column("platform", Text, nullable=False),
    Column("opened_at", UtcDateTime),  # the first start is over
    Column("pulled_to", UtcDateTime),  # all that changed before this moment has been seen
    Column("swept_at", UtcDateTime),  # when the whole source was last gone through
    Column("paused_at", UtcDateTime),
    Column("pause_reason", Text),
    Column("pause_remedy", Text),
    Column("retry_at", UtcDateTime),  # the platform is out of reach, or asked for patience until then
    Column("failures", Integer, nullable=False, default=0),  # in a row, for the growing wait
    Column("refusals", Integer, nullable=False, default=0),  # rejected or held in a row
    Column("checked_at", UtcDateTime),  # the last daily check
)

summaries = Table(
    "summaries",
    metadata,
    Column("key", Text, primary_key=True),
    Column("locator", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("found_at", UtcDateTime, nullable=False),
    Column("gone_at", UtcDateTime),  # posted, and found private or deleted since
    # In the database it holds only rows that have a moment here. To say so in the model would cost every command the
    # import of PostgreSQL's dialect; the migrations make the tables.
    Index("summaries_gone", "gone_at"),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("summary", Text, ForeignKey("summaries.key"), nullable=False),
    Column("account", Text, ForeignKey("accounts.name"), nullable=False),
    Column("lane", SmallInteger, nullable=False),
    Column("published_at", UtcDateTime, nullable=False),
    Column("votes", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text),  # why it is where it is, for people
    Column("queued_at", UtcDateTime, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    Column("not_before", UtcDateTime),
    Column("attempt", Integer, nullable=False, default=0),  # number of the latest
    Column("owner", BigInteger),  # who armed it
    Column("deadline", UtcDateTime),
    Column("unknown_at", UtcDateTime),  # the end of the attempt: when we gave up, or recovery found it
    Column("next_look_at", UtcDateTime),
    Column("resend", Boolean, nullable=False, default=False),  # the very same text once more
    Column("post_id", Text),
    Column("post_url", Text),
    Column("posted_at", UtcDateTime),
    UniqueConstraint("summary", "account"),
    # No two deliveries share a receipt. NULLs are distinct in both databases.
    UniqueConstraint("account", "post_id"),
    Index("deliveries_by_published", "account", "state", "lane", "published_at", "id"),
    Index("deliveries_by_votes", "account", "state", "lane", "votes", "published_at", "id"),
    Index("deliveries_by_posted", "posted_at"),
    Index("deliveries_by_queued", "account", "state", "lane", "queued_at"),
)

attempts = Table(
    "attempts",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("delivery", _Id, ForeignKey("deliveries.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("account", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("link", Text, nullable=False),
    Column("cost_micro_usd", BigInteger, nullable=False),
    Column("armed_at", UtcDateTime, nullable=False),
    Column("deadline", UtcDateTime),
    Column("owner", BigInteger),
    Column("ended_at", UtcDateTime),
    Column("ended_as", Text),
    Column("detail", Text),
    Column("post_id", Text),
    Column("post_url", Text),
    Column("live", Boolean, nullable=False),  # may be live: counts for gap, caps and budget
    UniqueConstraint("delivery", "number"),
    Index("attempts_by_account", "account", "live", "armed_at"),
)

looks = Table(
    "looks",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("delivery", _Id, ForeignKey("deliveries.id"), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("clean", Boolean, nullable=False),
    Column("hits", Integer, nullable=False),
    Column("cost_micro_usd", BigInteger, nullable=False),
    Column("detail", Text),
    Index("looks_by_delivery", "delivery", "attempt", "at"),
)

# What each account has spent in each month of its own calendar. A counter, so that arming stays cheap as history grows.
spending = Table(
    "spending",
    metadata,
    Column("account", Text, primary_key=True),
    Column("month", Text, primary_key=True),  # "2026-11"
    Column("micro_usd", BigInteger, nullable=False),
)

# How many attempts ended in which way, ever: what is counted here stays when attempts are pruned, and never goes down.
# Outcomes: those of `End`, with "found" for one that was unclear ("unknown", counted, too) and turned out to be live.
tallies = Table(
    "tallies",
    metadata,
    Column("account", Text, primary_key=True),
    Column("outcome", Text, primary_key=True),
    Column("count", BigInteger, nullable=False),
)

# What a person should hear of. A row goes once everybody has heard that it is over.
alerts = Table(
    "alerts",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("place", Text, nullable=False),  # whose: empty for the ledger's own, else one bot's host and settings
    Column("key", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("account", Text),
    Column("title", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("todo", Text, nullable=False),
    Column("began_at", UtcDateTime, nullable=False),
    Column("over_at", UtcDateTime),
    UniqueConstraint("place", "key"),
)

# Who has heard of it. An address is its number in BOT_ALERTS, from 1: the addresses themselves are secrets.
tellings = Table(
    "tellings",
    metadata,
    Column("alert", _Id, ForeignKey("alerts.id"), primary_key=True),
    Column("address", Integer, primary_key=True, autoincrement=False),
    Column("over", Boolean, primary_key=True),  # that it has begun, or that it is over
    Column("not_before", UtcDateTime),  # somebody is telling it until then, or waits that long after a failure
    Column("told_at", UtcDateTime),  # the address took it
)

# The daemons at work, and the settings that each works by. For people only: no bot reads another's row.
daemons = Table(
    "daemons",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),  # its first number as an owner
    Column("host", Text, nullable=False),
    Column("pid", Integer, nullable=False),
    Column("generation", Integer, nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Column("restart", Text, nullable=False),  # keys whose new value takes effect at the next start, as JSON
    Column("refused", Text, nullable=False),  # what is wrong with newer settings, as JSON: [[where, what], …]
    Column("refused_at", UtcDateTime),
)


@dataclass(frozen=True, slots=True)
class Delivery:
    """A row of the ledger as the publisher needs it."""

    id: int
    summary: str
    locator: str
    title: str
    account: str
    lane: Lane
    published_at: datetime
    votes: int
    queued_at: datetime
    attempt: int = 0
    resend: bool = False
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Armed:
    """A delivery whose intent is committed: from here on it may be live."""

    delivery: Delivery
    attempt_id: int
    number: int
    text: str
    link: str
    armed_at: datetime
    deadline: datetime
    cost_usd: float
    month: str


@dataclass(frozen=True, slots=True)
class AccountState:
    """What the ledger knows of an account."""

    name: str
    opened_at: datetime | None = None
    pulled_to: datetime | None = None
    swept_at: datetime | None = None
    paused_at: datetime | None = None
    pause_reason: str | None = None
    pause_remedy: str | None = None
    retry_at: datetime | None = None
    failures: int = 0


def order_key(delivery: Delivery, order: str) -> Sequence[Any]:
    """Sorts deliveries of one account as `Ledger.pick` takes them; `order` as in the config."""
    lane = delivery.lane
    if lane is Lane.ARCHIVE or order == "votes":
        return (lane, -delivery.votes, -delivery.published_at.timestamp(), -delivery.id)
    if order == "oldest":
        return (lane, delivery.published_at.timestamp(), delivery.id)
    return (lane, -delivery.published_at.timestamp(), -delivery.id)


def micro(usd: float) -> int:
    """Dollars as the ledger counts them: millionths, whole."""
    return round(usd * 1_000_000)
