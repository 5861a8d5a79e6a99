"""A whole bot through a year of virtual time, with what happens in a year.

Real are source, pull, publisher, reconciliation, cadence, ledger, adapters, and how settings are taken; the platforms
are the sandbox, over HTTP. All of them live by one clock, which leaps from one moment at which something is due to the
next. The script, in `tests.year_script`, is the same for any number of days: shorter years have shorter troubles.
"""

import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import event, insert

from bot import failpoints
from bot.config import load_config
from bot.ledger import by_hand, views
from bot.ledger.engine import LedgerError
from bot.ledger.models import State
from bot.ledger.sending import Sender
from bot.reload import Candidate, Refusal, judge
from bot.runtime import Parts, build_accounts, furnish, open_sender
from bot.sandbox import Sandbox
from bot.sandbox.credentials import secrets_for
from bot.settings import CadenceTable
from bot.source.base import SourceError
from tests.bots import ACCOUNTS, pull_once, records
from tests.clock import Clock
from tests.site import PAPERS, VIGNETTES, VOTES, Site
from tests.year_script import BAD_FILES, DEATHS, SETTINGS, TROUBLES, UNCLEAR, config_text

DAY = timedelta(days=1)
# The daemon pulls every five minutes and looks at each account every minute; here it finds out less often that nothing
# has changed, or that something still fails.
POLL, HEARTBEAT = timedelta(hours=2), timedelta(minutes=20)
RESTART = timedelta(seconds=30)


class Killed(BaseException):
    """The process is dead."""


@dataclass
class Summary:
    """A summary on the site. `hidden`: when it was private, from and to."""

    number: int
    added: datetime
    hidden: list[tuple[datetime, datetime | None]] = field(default_factory=list)

    @property
    def key(self) -> str:
        return f"paper{self.number}"

    def private_at(self, moment: datetime) -> bool:
        return any(begin <= moment and (end is None or moment < end) for begin, end in self.hidden)


@dataclass(frozen=True)
class Sent:
    """A post that is really on the platform, with the cadence that was in force when it went out."""

    account: str
    paper: str
    at: datetime
    cadence: CadenceTable


@dataclass(frozen=True)
class Snapshot:
    """How an account stood when a day had passed. spent_usd: by month, so far."""

    at: datetime
    queued: int
    spent_usd: dict[str, float]


def paper_of(record: views.Record) -> str:
    """The key of the paper that a delivery is about."""
    return "paper" + record.title.removeprefix("A paper with number ")


class Year:
    """Drive it with `run`; then `posts`, `snapshots`, `summaries` and the ledger tell what happened."""

    def __init__(self, folder: Path, days: int = 365, archive: int = 1_584, seed: int = 1) -> None:
        self.draw = random.Random(seed)
        self.begin = datetime(2027, 1, 4, 15, 0, tzinfo=UTC)
        self.end = self.begin + days * DAY
        self.days = days
        self.clock = Clock(self.begin)
        self.posts: list[Sent] = []
        self.snapshots: dict[str, list[Snapshot]] = {name: [] for name in ACCOUNTS}
        self.summaries: dict[str, Summary] = {}
        self.counts = {"pulls": 0, "turns": 0, "kills": 0, "failures": 0, "resumed": 0, "by hand": 0}
        self.counts |= {"settings taken": 0, "settings refused": 0}
        self._folder = folder
        self._site = Site(f"sqlite:///{folder / 'database.db'}")
        # How the bot gets to it.
        self._way = folder / "site.db"
        self._way.symlink_to(folder / "database.db")
        self._sandbox = Sandbox(now=self.clock)
        self._file = folder / "bot.toml"
        self._sender: Sender | None = None
        self._down: set[str] = set()
        self._site.user(1, "author")
        self._publish(archive, before=self.begin - DAY)

    def at(self, part: float) -> datetime:
        """The moment at which so much of the year is over."""
        return self.begin + part * self.days * DAY

    def run(self) -> "Year":
        """From the first start to the end; afterwards calm, until nothing is unclear any more."""
        events = sorted(self._script(), key=lambda entry: entry[0])
        with self._sandbox:
            self._write(SETTINGS[0][1])
            self._plan_faults()
            self._start()
            try:
                while events and events[0][0] < self.end:
                    moment, action = events.pop(0)
                    self._live_until(moment)
                    action()
                    self._wake()
                self._settle_down()
            finally:
                self._stop()
                failpoints.clear()
        self._site.engine.dispose()
        return self

    # --- what happens -------------------------------------------------------------------------------------------

    def _script(self) -> Iterator[tuple[datetime, Callable[[], None]]]:
        for part, settings in SETTINGS[1:]:
            yield self.at(part), lambda settings=settings: self._configure(settings)
        for part, line in BAD_FILES.items():
            yield self.at(part), lambda line=line: self._misconfigure(line)
        for trouble in TROUBLES:
            yield self.at(trouble.begin), lambda name=trouble.name: self._break(name)
            yield self.at(trouble.end), lambda name=trouble.name: self._mend(name)
        for day in range(self.days):
            yield self.begin + day * DAY + DAY / 2, self._note
            yield self.begin + (day + self.draw.random()) * DAY, self._operate
        for week in range(self.days // 7):
            for _ in range(3):
                yield self.begin + 7 * (week + self.draw.random()) * DAY, lambda: self._publish(1)
            yield self.begin + 7 * (week + self.draw.random()) * DAY, self._hide_or_show
        for twelfth in range(self.days // 12):
            yield self.begin + 12 * (twelfth + self.draw.random()) * DAY, self._plan_death

    def _publish(self, number: int, before: datetime | None = None) -> None:
        """New summaries, or as many older ones, an hour apart."""
        papers, texts, votes = [], [], []
        for count in range(number):
            added = (before - count * timedelta(hours=1)) if before else self.clock()
            summary = Summary(len(self.summaries), added)
            self.summaries[summary.key] = summary
            times = {"added": added.replace(tzinfo=None), "edited": added.replace(tzinfo=None)}
            text = f"The authors present method {summary.number}, and show that it works."
            papers.append({"bibtexKey": summary.key, "title": f"A paper with number {summary.number}", "year": 2027})
            texts.append({"paperid": summary.key, "userid": 1, "text": text, "priv": False, "anon": False, **times})
            key = {"paperid": summary.key, "userid": 1}
            votes += [
                {**key, "voteruserid": 1000 + voter, "vote": 1, **times} for voter in range(self.draw.randint(1, 5))
            ]
        with self._site.engine.begin() as tx:
            for table, rows in ((PAPERS, papers), (VIGNETTES, texts), (VOTES, votes)):
                tx.execute(insert(table), rows)

    def _hide_or_show(self) -> None:
        """Somebody makes a summary private; another one comes back."""
        now, hidden = self.clock(), [one for one in self.summaries.values() if one.private_at(self.clock())]
        if hidden and self.draw.random() < 0.5:
            back = self.draw.choice(hidden)
            back.hidden[-1] = (back.hidden[-1][0], now)
            self._set_private(back, False)
        gone = self.draw.choice([one for one in self.summaries.values() if not one.private_at(now)])
        gone.hidden.append((now, None))
        self._set_private(gone, True)

    def _set_private(self, summary: Summary, private: bool) -> None:
        statement = "UPDATE vignettes SET priv = :priv, edited = :now WHERE paperid = :key"
        self._site.execute(statement, priv=private, now=str(self.clock().replace(tzinfo=None)), key=summary.key)

    def _break(self, name: str) -> None:
        self._down.add(name)
        self._act_on(name)

    def _mend(self, name: str) -> None:
        self._down.discard(name)
        self._act_on(name)

    def _act_on(self, name: str) -> None:
        down = name in self._down
        if name == "source down":
            self._way.unlink() if down else self._way.symlink_to(self._folder / "database.db")
        elif name == "platforms out of reach":
            (self._sandbox.stop if down else self._sandbox.start)()
        elif name == "machine off":
            (self._stop if down else self._start)()
        elif name != "ledger cannot be written":
            self._plan_faults()

    def _plan_faults(self) -> None:
        self._sandbox.clear_faults()
        if "X refuses the token" in self._down:
            self._sandbox.plan(kind="unauthorized", platform="twitter", route="any", times=-1)
        if "Facebook refuses the token" in self._down:
            self._sandbox.plan(kind="unauthorized", platform="facebook", route="any", times=-1)
        if "X asks for patience" in self._down:
            self._sandbox.plan(kind="rate_limited", platform="twitter", times=-1, seconds=3600)
        for fault in UNCLEAR:
            self._sandbox.plan(**{"times": -1, **fault})

    def _plan_death(self) -> None:
        def die() -> None:
            raise Killed

        failpoints.clear()
        failpoints.plan(self.draw.choice(DEATHS), die)

    # --- the bot ------------------------------------------------------------------------------------------------

    def _configure(self, cadences: dict[str, str]) -> None:
        """A changed file, which the bot takes while it runs, as the daemon does."""
        self._write(cadences)
        if self._sender is None:
            return
        judged = judge(self._read, self._bot.config, self._sender)
        assert isinstance(judged, Candidate), judged
        self._opened.close()
        self._bot, self._opened = judged.bot, judged.opened
        self.counts["settings taken"] += 1

    def _misconfigure(self, line: str) -> None:
        """A file with a mistake: nothing of it is taken."""
        good = self._file.read_text(encoding="utf-8")
        self._file.write_text(good.replace("[accounts.facebook.cadence]", f"[accounts.facebook.cadence]\n{line}"))
        if self._sender is not None:
            assert isinstance(judge(self._read, self._bot.config, self._sender), Refusal)
            self.counts["settings refused"] += 1
        self._file.write_text(good, encoding="utf-8")

    def _write(self, cadences: dict[str, str]) -> None:
        self._file.write_text(config_text(self._sandbox.url, cadences), encoding="utf-8")

    def _read(self) -> Parts:
        config = load_config(self._file)
        secrets = {name: secrets_for(platform, name) for name, platform in ACCOUNTS.items()}
        return Parts(config, build_accounts(config), secrets)

    def _start(self) -> None:
        parts, self._held, self._opened = self._read(), ExitStack(), ExitStack()
        self._sender = open_sender(parts.config, self._held, self.clock)
        event.listen(self._sender.ledger.engine, "begin", self._maybe_read_only)
        self._bot = furnish(parts, self._sender, self._opened)
        self._wake()

    def _stop(self) -> None:
        if self._sender is not None:
            self._opened.close()
            self._held.close()
        self._sender = None

    def _maybe_read_only(self, connection: Any) -> None:
        connection.exec_driver_sql(f"PRAGMA query_only = {int('ledger cannot be written' in self._down)}")

    def _wake(self) -> None:
        """Everything is looked at now."""
        self._due = dict.fromkeys(("pull", *ACCOUNTS), self.clock())

    def _live_until(self, end: datetime) -> None:
        while self._sender is not None and (now := min(self._due.values())) < end:
            self.clock.moment = max(now, self.clock.moment)
            job = min(self._due, key=self._due.__getitem__)
            try:
                self._due[job] = self._pull() if job == "pull" else self._turn(job)
            except (SourceError, LedgerError):
                self.counts["failures"] += 1
                self._due[job] = self.clock() + HEARTBEAT
            except Killed:
                self.counts["kills"] += 1
                self.clock.moment += RESTART
                self._stop()
                self._start()
            self._collect()
        self.clock.moment = max(end, self.clock.moment)

    def _pull(self) -> datetime:
        self.counts["pulls"] += 1
        pull_once(self._bot)
        for name in ACCOUNTS:
            self._due[name] = min(self._due[name], self.clock())
        return self.clock() + POLL

    def _turn(self, name: str) -> datetime:
        self.counts["turns"] += 1
        steps = self._bot.publishers[name].work(lambda: False)
        until = steps[-1].until if steps[-1].kind == "waiting" else None
        return max(until or self.clock() + DAY, self.clock() + timedelta(seconds=1))

    def _collect(self) -> None:
        """What is on the platforms by now, with the settings in force."""
        for post in self._sandbox.world.posts()[len(self.posts) :]:
            paper = post.link.split("bibtexKey=")[1].split("&")[0]
            cadence = self._bot.config.accounts[post.platform].cadence
            self.posts.append(Sent(post.platform, paper, post.created, cadence))

    def _note(self) -> None:
        if self._sender is None:
            return
        for name, account in self._bot.accounts.items():
            ledger = self._bot.sender.ledger
            spent = ledger.turn(name, account.needed(self.clock())).history.spent
            dollars = {month: amount / 1_000_000 for month, amount in spent.items()}
            self.snapshots[name].append(Snapshot(self.clock(), sum(views.waiting(ledger, name).values()), dollars))

    def _operate(self) -> None:
        """Once a day somebody looks: resumes an account whose token is good again, decides what is held."""
        refused = {"twitter": "X refuses the token", "facebook": "Facebook refuses the token"}
        if self._sender is None or "ledger cannot be written" in self._down:
            return
        ledger = self._bot.sender.ledger
        for name in ACCOUNTS:
            if ledger.account(name).paused_at is not None and refused[name] not in self._down:
                self.counts["resumed"] += 1
                ledger.resume(name)
        for record in views.troubled(ledger, list(ACCOUNTS), 100):
            if record.state is not State.UNKNOWN:
                self._decide(record)

    def _decide(self, record: views.Record) -> None:
        self.counts["by hand"] += 1
        ledger, paper = self._bot.sender.ledger, paper_of(record)
        there = [post for post in self._sandbox.posts(record.account) if f"bibtexKey={paper}&" in post["link"]]
        if there:
            by_hand.resolve_posted(ledger, record.id, there[0]["url"])
        else:
            by_hand.retry(ledger, record.id)

    def _settle_down(self) -> None:
        """Two days on which nothing goes wrong any more, so that what is unclear is decided."""
        failpoints.clear()
        self._sandbox.clear_faults()
        for _ in range(2):
            self._live_until(self.clock() + DAY)
            self._operate()
            self._wake()
        self._live_until(self.clock() + DAY)
        self._note()
        self.records = {name: records(self._bot, name) for name in ACCOUNTS}
