"""The one typed table of settings: every section of the file, its keys, and what may stand there.

A value that may not is a ValueError that says what was expected; `config` says where. Values of keys that may hold a
password are never repeated.
"""

import re
from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from cronsim import CronSim, CronSimError
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    ValidationInfo,
    field_validator,
)

from bot.values import Clock, Duration, Quiet, Zone, parse_duration, parse_timezone

LOOPBACK = ("127.0.0.1", "localhost", "::1")
# Facebook refuses longer messages; announced 2011-11-30, confirmed by users since. FACTS: 2026-11-20.
FACEBOOK_LONGEST = 63_206
_LISTENING = re.compile(r"(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\]):(?P<port>\d{1,5})")


_SOURCES = ("mysql+pymysql://…", "postgresql+psycopg://…", "sqlite:///…")


def _sqlalchemy_url(value: Any, backends: tuple[str, ...]) -> str:
    # Imported here: `--help` must not pay for SQLAlchemy.
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    sample = '"sample", or ' if backends is _SOURCES else ""
    expected = f"{sample}an SQLAlchemy address: {', '.join(backends)}"
    try:
        url = make_url(value if isinstance(value, str) else "")
    except (ArgumentError, ValueError):
        raise ValueError(expected) from None
    if url.drivername not in {backend.split(":")[0] for backend in backends}:
        raise ValueError(f"{expected}; not {url.drivername!r}")
    if not url.database:
        raise ValueError(f"{expected}; the database's name is missing")
    return url.render_as_string(hide_password=False)


def _source_url(value: Any) -> str:
    if value == "sample":
        return "sample"
    return _sqlalchemy_url(value, _SOURCES)


def _ledger_url(value: Any) -> str:
    return _sqlalchemy_url(value, ("sqlite:///…", "postgresql+psycopg://…"))


def _web_address(value: Any) -> str:
    """An http(s) address without a trailing slash."""
    parts = urlsplit(value) if isinstance(value, str) else urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError('a web address such as "http://www.shortscience.org"')
    return str(value).rstrip("/")


def _api_address(value: Any) -> str:
    address = _web_address(value)
    parts = urlsplit(address)
    if parts.username or parts.password:
        raise ValueError("an address without user name and password")
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise ValueError("an https address (plain http is for loopback only)")
    return address


def _listening(value: Any) -> str:
    """ "127.0.0.1:9464", "[::1]:9464", or nothing."""
    if value == "":
        return ""
    match = _LISTENING.fullmatch(value) if isinstance(value, str) else None
    if match is None or int(match["port"]) > 65535:
        expected = 'address and port such as "127.0.0.1:9464" ("0.0.0.0:9464": for everybody who reaches this machine)'
        raise ValueError(f'{expected}, or "" for off')
    return match[0]


def _cron(value: Any) -> str:
    try:
        if not isinstance(value, str) or len(value.split()) != 5:
            raise CronSimError
        CronSim(value, datetime.now(UTC))
    except CronSimError:
        raise ValueError('five cron fields such as "0 9-21/3 * * *"') from None
    return value


def _amount(value: Any) -> float:
    # Not a text or a truth value, which would pass for numbers where whole ones are to be taken, too.
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("a number")
    return float(value)


def _backlog(value: Any) -> int | str:
    if value == "all" or (type(value) is int and value >= 0):
        return value  # type: ignore[no-any-return]
    raise ValueError('a whole number from 0, or "all"')


class Table(BaseModel):
    """A section of the file: unknown keys are mistakes, and messages never repeat the input."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, strict=True)


class SourceTable(Table):
    """Where summaries are pulled from, and which of them are wanted."""

    url: Annotated[str, BeforeValidator(_source_url)] = "sample"
    kind: Literal["shortscience", "query"] = "shortscience"
    query: Annotated[str | None, Field(validate_default=True)] = None
    text_encoding: Literal["utf8", "utf8-in-latin1"] = "utf8"
    timezone: Zone = parse_timezone("UTC")
    site_url: Annotated[str, BeforeValidator(_web_address)] = "http://www.shortscience.org"
    poll: Duration = parse_duration("5m")
    min_votes: int = 1
    backlog: Annotated[int | Literal["all"], PlainValidator(_backlog)] = 5
    archive: bool = False
    max_new_per_pull: Annotated[int, Field(ge=1)] = 50

    @field_validator("poll")
    @classmethod
    def _poll_is_a_pause(cls, value: Any) -> Any:
        if value.total_seconds() < 1:
            raise ValueError("a duration of at least one second")
        return value

    @field_validator("query")
    @classmethod
    def _query_goes_with_its_kind(cls, value: str | None, info: ValidationInfo) -> str | None:
        if info.data.get("kind") == "query" and not (value or "").strip():
            raise ValueError('one SELECT, since kind = "query"')
        if info.data.get("kind") == "shortscience" and value is not None:
            raise ValueError('nothing: it goes with kind = "query"')
        return value


class LedgerTable(Table):
    """Where what was posted is recorded."""

    url: Annotated[str, BeforeValidator(_ledger_url)] = "sqlite:///var/ledger.db"
    keep_attempts: Duration = parse_duration("730d")

    @field_validator("keep_attempts")
    @classmethod
    def _attempts_can_be_looked_at(cls, value: Any) -> Any:
        if value.days < 30:
            raise ValueError('a duration of at least "30d"')
        return value


# US dollars; more than this is a slip of the hand.
Price = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False), BeforeValidator(_amount)]


class TwitterPrices(Table):
    """What X charges, in US dollars, pay-per-use since 2026-04-20:
    https://docs.x.com/x-api/getting-started/pricing (2026-11-20).

    own_post_read is an "owned read": the account owns the app, too. Five times as much otherwise.
    """

    post_with_link: Price = 0.200
    post: Price = 0.015
    own_post_read: Price = 0.001
    user_read: Price = 0.010
    alt_text: Price = 0.005


class PricesTable(Table):
    """What the platforms charge. Facebook charges nothing."""

    twitter: TwitterPrices = TwitterPrices()


class ObserveTable(Table):
    """Where metrics and health are served; nowhere unless it says so."""

    listen: Annotated[str, BeforeValidator(_listening)] = ""


class CadenceTable(Table):
    """When an account may post. A key left out sets no limit; one of `every`, `cron`, `at` must be there."""

    every: Duration | None = None
    cron: Annotated[str, BeforeValidator(_cron)] | None = None
    at: Annotated[tuple[Clock, ...], Field(min_length=1, strict=False)] | None = None
    jitter: Duration = parse_duration("0s")
    min_gap: Duration = parse_duration("0s")
    max_per_day: Annotated[int, Field(ge=1)] | None = None
    max_per_month: Annotated[int, Field(ge=1)] | None = None
    quiet_hours: Quiet | None = None
    timezone: Zone = parse_timezone("UTC")
    order: Literal["newest", "oldest", "votes"] = "newest"
    max_age: Duration | None = None
    budget_usd_per_month: Annotated[float, Field(ge=0, allow_inf_nan=False), BeforeValidator(_amount)] | None = None

    @field_validator("jitter")
    @classmethod
    def _jitter_fits_its_slot(cls, value: Any) -> Any:
        if value.total_seconds() > 12 * 3600:
            raise ValueError('a duration of at most "12h"')
        return value


class AccountTable(Table):
    """What every account has, whatever its platform."""

    paused: bool = False
    template: str
    timeout: Duration = parse_duration("30s")
    settle: Duration = parse_duration("15m")
    on_unknown: Literal["retry", "hold"] = "retry"
    most_hashtags: Annotated[int, Field(ge=0, le=10)] = 2
    cadence: CadenceTable

    @field_validator("timeout")
    @classmethod
    def _timeout_is_bearable(cls, value: Any) -> Any:
        if not 1 <= value.total_seconds() <= 300:
            raise ValueError('a duration from "1s" to "5m"')
        return value

    @field_validator("settle")
    @classmethod
    def _settle_exceeds_timeout(cls, value: Any, info: ValidationInfo) -> Any:
        if "timeout" in info.data and value <= info.data["timeout"]:
            raise ValueError("a duration longer than `timeout`")
        return value


class TwitterAccount(AccountTable):
    """One identity on X."""

    platform: Literal["twitter"]
    template: str = "twitter.j2"
    api_url: Annotated[str, BeforeValidator(_api_address)] = "https://api.x.com"


class FacebookAccount(AccountTable):
    """One Facebook Page."""

    platform: Literal["facebook"]
    template: str = "facebook.j2"
    api_url: Annotated[str, BeforeValidator(_api_address)] = "https://graph.facebook.com"
    page_id: Annotated[str, Field(pattern=r"^[0-9]*$")] = ""
    max_length: Annotated[int, Field(ge=100, le=FACEBOOK_LONGEST)] = 600


Account = TwitterAccount | FacebookAccount
