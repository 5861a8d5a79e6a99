"""What a platform is, and the only ways in which a call to one can end.

The decision is on the exception. An attempt to publish ends in a `Receipt` or in exactly one of `NotSent`,
`AccountBlocked`, `Rejected`, `OutcomeUnknown`; nothing else ever leaves an adapter. Which is which decides whether a
post can be doubled or lost, so a case goes on a list only where it is proved, and all else is unknown.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.platforms.texts import comparable_link


@dataclass(frozen=True, slots=True)
class Post:
    """What is sent. `text` is what readers see, in full; `link` the one link of the post.

    On X the link stands in the text; on Facebook it goes into a field of its own, so that it unfurls.
    """

    text: str
    link: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """The platform's answer: id and public address of the post."""

    post_id: str
    url: str


@dataclass(frozen=True, slots=True)
class OwnPost:
    """A post read back from the account itself, as it can be compared: t.co and `&amp;` undone.

    links: expanded addresses, whether in the text or attached.
    """

    receipt: Receipt
    text: str
    links: tuple[str, ...]
    created: datetime


@dataclass(frozen=True, slots=True)
class Look:
    """What reading the account's own posts back for one attempt has shown.

    hits        posts that are the attempt's, oldest first
    lookalikes  same link, other text: never adopted, never re-sent
    clean       the read succeeded and reached back past `since`; only then does "no hit" mean anything
    cost_usd    what the reads cost
    problem     why the look is not clean, for the operator
    """

    hits: tuple[OwnPost, ...]
    lookalikes: tuple[OwnPost, ...]
    clean: bool
    cost_usd: float
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Timeline:
    """The account's own posts, newest first.

    complete: every page asked for came, and the posts reach back to the moment or the number asked for (or to the
    account's very first post). problem: why not.
    """

    posts: tuple[OwnPost, ...]
    complete: bool
    cost_usd: float
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the credentials speak for, and what the operator should know of them.

    notes                what is amiss but keeps nothing from being posted
    may_post             None: the platform does not say
    version              of the API that answered; empty if it does not say
    expires, data_until  when the token, and its access to data, end; None for never
    room                 what is left of the platform's limits, a phrase each
    cost_usd             what asking cost
    """

    name: str
    notes: tuple[str, ...] = ()
    may_post: bool | None = None
    version: str = ""
    expires: datetime | None = None
    data_until: datetime | None = None
    room: tuple[str, ...] = ()
    cost_usd: float = 0.0


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a post may be, counted as the platform counts. `measure` takes the text alone."""

    length: int
    measure: Callable[[str], int]


class Outcome(Exception):
    """An end of an attempt other than a receipt. The message is for the operator and holds no secret."""

    def __init__(self, why: str = "") -> None:
        super().__init__(why or (self.__doc__ or "").splitlines()[0])

    @property
    def why(self) -> str:
        return str(self.args[0])


class NotSent(Outcome):
    """Nothing reached the platform, or it told us to come back later: proved, so the post may be sent again.

    retry_at: not before this moment (aware UTC); None leaves it to the caller.
    throttled: the platform itself asked for patience, so the whole account waits.
    scrape_failed: Facebook's 1609005; up to three times, an hour apart.
    stood_still: it was the bot that was too late, so there is no reason to wait.
    """

    def __init__(
        self,
        why: str = "",
        *,
        retry_at: datetime | None = None,
        throttled: bool = False,
        scrape_failed: bool = False,
        stood_still: bool = False,
    ) -> None:
        super().__init__(why)
        self.stood_still = stood_still
        self.retry_at = retry_at
        self.throttled = throttled
        self.scrape_failed = scrape_failed


class AccountBlocked(Outcome):
    """The account is refused, not the post: it pauses until the operator has acted.

    remedy: what to do, in plain words.
    """

    def __init__(self, why: str = "", *, remedy: str) -> None:
        super().__init__(why)
        self.remedy = remedy


class Rejected(Outcome):
    """A refusal of this very post that stands on the adapter's list."""


class OutcomeUnknown(Outcome):
    """The post may be live or not; only reading the account's own posts back can tell."""


class Platform(Protocol):
    """One account on one platform. Used by one thread at a time."""

    limits: Limits

    def connect(self) -> None:
        """Have a live connection ready for the next `publish`, as a step of its own: the last thing whose failure
        proves "not sent". Raises `NotSent`."""

    def publish(self, post: Post, until: datetime | None = None) -> Receipt:
        """Send once, within the account's time-out for the whole call. Raises an `Outcome`.

        until: from then on nothing is handed to the network any more, not even the rest of a request.
        """

    def timeline(self, *, since: datetime | None = None, newest: int | None = None) -> Timeline:
        """The account's own posts back to `since`, or the `newest` ones, or without either as far as the platform gives
        them. Never raises: what failed is in `problem`."""

    def matches(self, post: Post, own: OwnPost) -> bool:
        """Whether `own` is `post` itself: on X same expanded link and text, on Facebook same message."""

    def verify(self) -> Identity:
        """Ask who we are and whether we may post. Raises `NotSent` (could not ask) or `AccountBlocked`."""

    def close(self) -> None:
        """Give connections back."""


def find(platform: Platform, post: Post, since: datetime, known: Sequence[str] = ()) -> Look:
    """Look for `post` among the account's own posts created at or after `since`.

    `known` holds the post ids that are other deliveries' receipts: they are nobody's hit. A lookalike has the same
    link but another text.
    """
    timeline = platform.timeline(since=since)
    fresh = sorted(
        (own for own in timeline.posts if own.created >= since and own.receipt.post_id not in known),
        key=lambda own: own.created,
    )
    hits = tuple(own for own in fresh if platform.matches(post, own))
    link = comparable_link(post.link)
    lookalikes = tuple(own for own in fresh if own not in hits and link in map(comparable_link, own.links))
    return Look(hits, lookalikes, timeline.complete, timeline.cost_usd, timeline.problem)
