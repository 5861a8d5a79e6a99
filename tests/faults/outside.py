"""The world outside of the bot, for the simulation: a site whose summaries come and go, and accounts on a network.

Both are models of what is outside, at the seams `Source` and `Platform`; what the bot does about them is its real code.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.failpoints import reach
from bot.platforms.base import (
    AccountBlocked,
    Identity,
    Limits,
    NotSent,
    OutcomeUnknown,
    OwnPost,
    Post,
    Receipt,
    Rejected,
    Timeline,
)
from bot.source.base import Listing, Reference, SourceError, Summary, summary_key
from tests.faults.stage import Stage

TIMEOUT = timedelta(seconds=30)
SETTLE = timedelta(minutes=15)
# What is sent lands, and what has landed can be read back, well within `settle`: the promise rests on it.
LATEST_LANDING = timedelta(minutes=5)
LONGEST_LAG = timedelta(minutes=9)
COST = 0.2


@dataclass
class Chances:
    """How likely each trouble is, each time it could happen. A schedule has only some of them, some of them often."""

    crash: float = 0.0
    pause: float = 0.0
    give_way: float = 0.3
    ledger: float = 0.0
    session: float = 0.0
    source: float = 0.0
    connect: float = 0.0
    publish: float = 0.0
    read_back: float = 0.0
    lag: float = 0.0

    def calm_down(self) -> None:
        for name in self.__dataclass_fields__:
            if name != "give_way":
                setattr(self, name, 0.0)


@dataclass
class Entry:
    """A summary on the site."""

    key: str
    number: int
    published: datetime
    changed: datetime
    public: bool = True
    edits: int = 0

    @property
    def link(self) -> str:
        return f"https://site.example/{self.number}"


class Site:
    """The site: what a person sees of it, and does to it."""

    def __init__(self, stage: Stage) -> None:
        self.entries: dict[str, Entry] = {}
        self.version = 0
        self._stage = stage

    def publish(self) -> None:
        number, now = len(self.entries) + 1, self._stage.clock()
        key = summary_key(str(number))
        self.entries[key] = Entry(key, number, now, now)
        self._changed(f"summary {number} is published")

    def change(self) -> None:
        """Somebody hides, shows or edits a summary."""
        entry = self._stage.draw.choice(list(self.entries.values()))
        if self._stage.draw.random() < 0.3:
            entry.edits += 1
        else:
            entry.public = not entry.public
        entry.changed = self._stage.clock()
        self._changed(f"summary {entry.number} is {'public' if entry.public else 'private'}, edit {entry.edits}")

    def _changed(self, what: str) -> None:
        self.version += 1
        self._stage.say(what)
        self._stage.stir(within=600)


class ModelSource:
    """The site as one thread of a bot asks it. `permits`: what the last re-read of each summary answered."""

    def __init__(self, site: Site, stage: Stage, chances: Chances) -> None:
        self._site, self._stage, self._chances = site, stage, chances
        self.permits: dict[str, bool] = {}

    def check(self) -> None:
        return

    def close(self) -> None:
        return

    def listings(self, changed_since: datetime | None) -> Iterator[Sequence[Listing]]:
        self._maybe_down()
        yield [
            Listing(entry.key, str(entry.number), f"Paper {entry.number}", 1, entry.published, entry.link)
            for entry in self._site.entries.values()
            if entry.public and (changed_since is None or entry.changed >= changed_since)
        ]

    def reread(self, reference: Reference) -> Summary | None:
        self._maybe_down()
        entry = self._site.entries[reference.key]
        self.permits[entry.link] = entry.public
        self._stage.say(f"the re-read of {entry.number} answers {'public' if entry.public else 'private'}")
        if not entry.public:
            return None
        title, text, year = f"Paper {entry.number}", f"Edit {entry.edits}.", entry.published.year
        moments = (entry.published, entry.changed)
        return Summary(
            entry.key, title, (), year, "", (), None, "", text, None, 1, *moments, entry.link
        )  # fmt: skip

    def reread_all(self, references: Sequence[Reference]) -> Mapping[str, Summary]:
        return {reference.key: summary for reference in references if (summary := self.reread(reference))}

    def missing(self, references: Sequence[Reference]) -> set[str]:
        self._maybe_down()
        return {reference.key for reference in references if not self._site.entries[reference.key].public}

    def _maybe_down(self) -> None:
        if self._stage.draw.random() < self._chances.source:
            raise SourceError("the site's database is down")


@dataclass(frozen=True)
class Live:
    """A post on the network. `visible`: when reading back shows it."""

    post_id: str
    text: str
    link: str
    created: datetime
    visible: datetime


@dataclass
class Network:
    """One account as the platform has it: the truth."""

    name: str
    refuses_duplicates: bool
    posts: list[Live] = field(default_factory=list)
    sends: list[tuple[datetime, Post]] = field(default_factory=list)

    def copies(self, link: str) -> list[Live]:
        return [live for live in self.posts if live.link == link]


# What can become of a request: whether it lands, and what comes back.
ANSWERS = (
    "500 before", "reset before", "500 after", "answer lost", "lands late", "throttled", "not scraped", "blocked",
    "rejected", "adapter breaks before", "adapter breaks after", "not connected",
)  # fmt: skip


class ModelPlatform:
    """An account as one bot's adapter reaches it."""

    limits = Limits(280, len)

    def __init__(self, network: Network, source: ModelSource, stage: Stage, chances: Chances) -> None:
        self._network, self._source, self._stage, self._chances = network, source, stage, chances

    def verify(self) -> Identity:
        return Identity(self._network.name)

    def close(self) -> None:
        return

    def matches(self, post: Post, own: OwnPost) -> bool:
        return own.text == post.text and post.link in own.links

    def connect(self) -> None:
        if self._likely(self._chances.connect):
            raise NotSent("no connection")

    def publish(self, post: Post, until: datetime) -> Receipt:
        stage, begun = self._stage, self._stage.clock()
        answer = stage.draw.choice(ANSWERS) if self._likely(self._chances.publish) else "well"
        if answer == "not connected":
            raise NotSent("no connection")
        reach("first-byte")
        if self._is_too_late(until):
            raise NotSent("stood still before the first byte")
        self._leave(post)
        receipt = self._land(post, answer)
        reach("request-sent")
        stage.sleep(stage.draw.uniform(0.1, 2))
        if answer in ("answer lost", "lands late"):
            stage.sleep(TIMEOUT.total_seconds())
        reach("answer-read")
        if stage.clock() > begun + TIMEOUT or receipt is None or answer in ("500 after", "reset before"):
            self._fail(answer)
        return receipt  # type: ignore[return-value] - `_fail` always raises

    def _is_too_late(self, until: datetime) -> bool:
        """What a connection asks before it hands anything to the network."""
        return self._stage.clock() >= until

    def _leave(self, post: Post) -> None:
        """A byte of the request has left: all that must hold by now is judged here."""
        self._stage.say(f"sends {post.link} on {self._network.name}")
        self._network.sends.append((self._stage.clock(), post))
        if not self._source.permits.pop(post.link, False):
            self._stage.fail(f"{post.link} was sent although the re-read did not answer public")

    def _land(self, post: Post, answer: str) -> Receipt | None:
        stage, network, now = self._stage, self._network, self._stage.clock()
        if answer in ("500 before", "reset before", "adapter breaks before", "throttled", "not scraped", "blocked"):
            return None
        if answer == "rejected" or (
            network.refuses_duplicates and any(live.text == post.text for live in network.posts)
        ):
            return None
        late = stage.draw.uniform(30, LATEST_LANDING.total_seconds()) if answer == "lands late" else 0.0
        lag = stage.draw.uniform(0, LONGEST_LAG.total_seconds()) if self._likely(self._chances.lag) else 0.0
        created = now + timedelta(seconds=late)
        live = Live(str(len(network.posts) + 1), post.text, post.link, created, created + timedelta(seconds=lag))
        if network.copies(post.link):
            stage.fail(f"{post.link} is posted twice on {network.name}")
        network.posts.append(live)
        stage.say(f"{answer}: {post.link} is live as {live.post_id} after {late:.0f} s, visible after {lag:.0f} s more")
        return _receipt(live)

    def _fail(self, answer: str) -> None:
        self._stage.say(answer)
        if answer == "throttled":
            raise NotSent("too many", retry_at=self._stage.clock() + timedelta(minutes=15), throttled=True)
        if answer == "not scraped":
            raise NotSent("the link cannot be fetched", scrape_failed=True)
        if answer == "blocked":
            raise AccountBlocked("the token is no good", remedy="renew it")
        if answer == "rejected":
            raise Rejected("too long")
        if answer.startswith("adapter breaks"):
            raise KeyError(answer)
        raise OutcomeUnknown(answer)

    def timeline(self, *, since: datetime | None = None, newest: int | None = None) -> Timeline:
        now, visible = (
            self._stage.clock(),
            [live for live in self._network.posts if live.visible <= self._stage.clock()],
        )
        own = [
            OwnPost(_receipt(live), live.text, (live.link,), live.created) for live in visible if live.created <= now
        ]
        own.sort(key=lambda post: post.created, reverse=True)
        if self._likely(self._chances.read_back):
            short = tuple(own[self._stage.draw.randrange(len(own) + 1) :])
            return Timeline(short, False, 0.001, "the read-back failed")
        return Timeline(tuple(own[:newest]), True, 0.001 * len(own))

    def _likely(self, chance: float) -> bool:
        return self._stage.draw.random() < chance


def _receipt(live: Live) -> Receipt:
    return Receipt(live.post_id, f"https://network.example/{live.post_id}")
