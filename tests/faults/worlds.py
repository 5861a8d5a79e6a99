"""A world for bots that are killed, stopped and cut off: a site, a sandbox, a ledger, and real bot processes on them.

The sandbox is the truth: what was really posted. A `Verdict` compares it with the site and with the ledger.
"""

import signal
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

from sqlalchemy import Select, create_engine, inspect, select

from bot.ledger.models import State, accounts, deliveries, summaries
from bot.sandbox import Sandbox
from tests.bot_process import BotProcess, config_text, sandbox_environment
from tests.faults.lives import Life
from tests.site import Site

ACCOUNTS = {"twitter": "twitter", "facebook": "facebook"}
# The shortest that serve; the deadline of an attempt is its start + `timeout` + 5 s.
QUICK = 'timeout = "1s"\nsettle = "2s"'
UNDECIDED = (State.SENDING, State.UNKNOWN, State.QUEUED, State.HELD, State.REJECTED)
PATIENCE = 120.0


@dataclass(frozen=True)
class Verdict:
    """What came of it, judged by the sandbox.

    posts       that are really there
    duplicates  copies beyond the first of a summary on an account
    lost        expected on an account, and not there
    wrong       deliveries whose receipt is not the id of that summary's post
    undecided   deliveries that still wait for anything
    by_hand     deliveries that were held, and that a person looked up on the account and decided
    """

    posts: int = 0
    duplicates: int = 0
    lost: int = 0
    wrong: int = 0
    undecided: int = 0
    by_hand: int = 0

    @property
    def clean(self) -> bool:
        return not (self.duplicates or self.lost or self.wrong or self.undecided)

    def __add__(self, other: "Verdict") -> "Verdict":
        return Verdict(*(getattr(self, part.name) + getattr(other, part.name) for part in fields(self)))


@dataclass
class World:
    """`ledger`: the address of an empty ledger. `without`: the safeguard that the bots lack; `hurried`: whether they
    are in a hurry; see `launcher`.

    source, cadence, settings: lines of the config. expected: what is to be posted once, as account and paper.
    lives: what each process was started with.
    """

    folder: Path
    ledger: str
    source: str = 'backlog = "all"'
    cadence: str = 'every = "0s"'
    settings: str = QUICK
    without: str = ""
    hurried: bool = False
    expected: set[tuple[str, str]] = field(default_factory=set)
    lives: list[str] = field(default_factory=list)

    def __enter__(self) -> Self:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._open = ExitStack()
        self._papers = self._votes = self._by_hand = 0
        self._processes: list[Life] = []
        self.site = Site(f"sqlite:///{self.folder / 'site.db'}")
        self._open.callback(self.site.engine.dispose)
        self.site.user(1, "author")
        self.sandbox = self._open.enter_context(Sandbox(limits=False, refuse_duplicates=False))
        self._engine = create_engine(self.ledger, pool_pre_ping=True)
        self._open.callback(self._engine.dispose)
        self.bot = BotProcess(self.folder, sandbox_environment(ACCOUNTS))
        source = f'url = "sqlite:///site.db"\npoll = "1s"\n{self.source}'
        self.bot.configure(config_text(source, self.sandbox.url, self.ledger, self.cadence, self.settings))
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._processes:
            process.kill()
            process.wait()
        self._open.close()

    # --- the site -------------------------------------------------------------------------------------------------

    def add(self, count: int = 1, title: str = "Paper", added: datetime | None = None) -> list[str]:
        """So many new public summaries, expected on every account. Returns their papers' keys.

        `added`: when; what is new by less than an hour is asked for by every pull again.
        """
        keys = [f"paper-{self._papers + number}" for number in range(1, count + 1)]
        self._papers += count
        for key in keys:
            self.site.paper(key, f"{title} {key}")
            self.site.summary(
                key, 1, f"The authors propose method {key} and show that it converges.", added=added or now()
            )
            self.expected |= {(account, key) for account in ACCOUNTS}
        return keys

    def change(self, key: str, **columns: Any) -> None:
        """Edit a summary, as the site does it."""
        sets = ", ".join(f"{name} = :{name}" for name in (*columns, "edited"))
        self.site.execute(f"UPDATE vignettes SET {sets} WHERE paperid = :key", key=key, edited=str(now()), **columns)

    def vote(self, key: str) -> None:
        """One more vote for a summary."""
        self._votes += 1
        self.site.vote(key, 1, 2000 + self._votes, 1, edited=now())

    def retire(self, key: str) -> None:
        """This one is to be posted nowhere."""
        self.expected -= {(account, key) for account in ACCOUNTS}

    # --- the bots -------------------------------------------------------------------------------------------------

    def start(self, failpoints: str = "", *arguments: str) -> Life:
        """A bot as a process of its own: the daemon, unless `arguments` say otherwise."""
        chosen = {"BOT_FAILPOINTS": failpoints, "BOT_TEST_WITHOUT": self.without}
        chosen["BOT_TEST_HURRIED"] = "1" if self.hurried else ""
        self.lives.append(failpoints or " ".join(arguments) or "daemon")
        self._log().touch()
        given = self.bot.command(*arguments)[2:]
        process = Life(given, self.folder, self.bot.environment_with(chosen), self._log())
        self._processes.append(process)
        return process

    def run(self, *arguments: str) -> int:
        """One command to its end; its exit status."""
        return self.start("", *arguments).wait(PATIENCE)

    def killed_at(self, failpoint: str, at: int = 1, *arguments: str) -> None:
        """A bot's life from its start to the SIGKILL it gives itself at `failpoint`."""
        process = self.start(f"{failpoint}=kill@{at}", *arguments)
        status = process.wait(PATIENCE)
        assert status == -signal.SIGKILL, f"{self.lives}: exit status {status}: {self.said()[-3000:]}"

    def stopped_at(self, failpoint: str, at: int = 1) -> Life:
        """A bot that has stopped itself at `failpoint`; SIGCONT lets it go on."""
        process = self.start(f"{failpoint}=stop@{at}")
        self.wait_until(lambda: _is_stopped(process), f"the stop at {failpoint}")
        return process

    def work_until(self, condition: Callable[[], object], what: str) -> None:
        """A bot at work until `condition` is true; it must end in good order."""
        process = self.start()
        self.wait_until(lambda: "the bot is at work" in self.said(), "the bot to start")
        self.wait_until(condition, what)
        self.end(process)

    def settle(self) -> None:
        """A bot at work, and no fault any more, until nothing is left to do; what it holds a person decides."""
        self.sandbox.clear_faults()
        self.work_until(lambda: self.decide_by_hand() or self.settled(), "everything to be decided")

    def decide_by_hand(self) -> None:
        """What an operator does: look at the account, resolve what is held, resume what is paused."""
        for row in self.rows(State.HELD):
            self._by_hand += 1
            found = [post["url"] for post in self.sandbox.posts() if self._is(post, row)]
            decision = ("--posted", found[0]) if found else ("--not-posted",)
            self.bot.run("resolve", str(row.id), *decision)
        for name in self._paused():
            self.bot.run("resume", name)

    def end(self, process: Life) -> None:
        process.send_signal(signal.SIGTERM)
        assert process.wait(40) == 0, self.said()

    def said(self) -> str:
        """The last life's log."""
        return self._log().read_text(encoding="utf-8", errors="replace")

    def wait_until(self, condition: Callable[[], object], what: str, patience: float | None = None) -> None:
        patience = PATIENCE if patience is None else patience
        deadline = time.monotonic() + patience
        while not condition():
            assert time.monotonic() < deadline, f"{self.lives}: waited {patience} s for {what}: {self.said()[-3000:]}"
            time.sleep(0.1)

    def _log(self) -> Path:
        return self.folder / f"{len(self.lives):03}.log"

    # --- the truth ------------------------------------------------------------------------------------------------

    def settled(self) -> bool:
        """Whether the ledger says that all that is expected is posted, and nothing waits."""
        rows = self.rows()
        posted = {(row.account, paper_of(row.title)) for row in rows if row.state == State.POSTED}
        return posted >= self.expected and not any(row.state in UNDECIDED for row in rows)

    def rows(self, state: State | None = None) -> list[Any]:
        """The deliveries with their papers' titles."""
        query = select(deliveries, summaries.c.title).join(summaries, summaries.c.key == deliveries.c.summary)
        return self.query(query if state is None else query.where(deliveries.c.state == state))

    def query(self, query: Select[Any]) -> list[Any]:
        """What the ledger says; nothing as long as no bot has made its tables."""
        with self._engine.connect() as connection:
            return list(connection.execute(query)) if inspect(connection).has_table("deliveries") else []

    def copies(self) -> Counter[tuple[str, str]]:
        """How many copies of each summary are really on each account."""
        return Counter((post["account"], paper_of(post["link"])) for post in self.sandbox.posts())

    def duplicates(self) -> int:
        copies = self.copies()
        return sum(copies.values()) - len(copies)

    def judge(self) -> Verdict:
        """How things stand by the sandbox's account."""
        rows, copies = self.rows(), self.copies()
        real = {(post["account"], post["id"]): paper_of(post["link"]) for post in self.sandbox.posts()}
        posted = [row for row in rows if row.state == State.POSTED]
        return Verdict(
            posts=len(self.sandbox.posts()),
            duplicates=self.duplicates(),
            lost=len(self.expected - set(copies)),
            wrong=sum(real.get((row.account, row.post_id)) != paper_of(row.title) for row in posted),
            undecided=sum(row.state in UNDECIDED for row in rows),
            by_hand=self._by_hand,
        )

    def _is(self, post: Mapping[str, Any], row: Any) -> bool:
        return post["account"] == row.account and paper_of(post["link"]) == paper_of(row.title)

    def _paused(self) -> list[str]:
        return [row.name for row in self.query(select(accounts.c.name).where(accounts.c.paused_at.is_not(None)))]

    # --- time -----------------------------------------------------------------------------------------------------

    def make_the_sweep_due(self) -> None:
        """The next pull goes through the whole source, as it does once a day."""
        with self._engine.begin() as connection:
            connection.execute(accounts.update().values(swept_at=None))

    def make_the_daily_check_done(self) -> None:
        """The next requests are posts and looks, and no question who we are."""
        with self._engine.begin() as connection:
            connection.execute(accounts.update().values(checked_at=datetime.now(UTC)))

    def make_the_queue_old(self, age: timedelta) -> None:
        """What is queued has been so for `age`."""
        with self._engine.begin() as connection:
            mine = deliveries.update().where(deliveries.c.state == State.QUEUED)
            connection.execute(mine.values(queued_at=datetime.now(UTC) - age))


def paper_of(words: str) -> str:
    """The paper's key in a title or a link."""
    return words[words.index("paper-") :].partition("&")[0].split()[0]


def now() -> datetime:
    """As the site writes it: naive UTC."""
    return datetime.now(UTC).replace(tzinfo=None)


def _is_stopped(process: Life) -> bool:
    stat = Path(f"/proc/{process.pid}/stat").read_text(encoding="utf-8", errors="replace")
    return stat.rpartition(")")[2].split()[0] == "T"
