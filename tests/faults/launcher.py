"""Starts the bot without one of its safeguards, or in a hurry: for the controls, and for chaos.

BOT_TEST_WITHOUT names the safeguard, or several joined by "and". They are taken out here, in the test's own process,
so that no switch for them stands in the bot.
"""

import os
import sys
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from bot import cli, failpoints, publisher, reconcile
from bot.ledger import lock, looks, sending
from bot.ledger.models import Armed, Delivery
from bot.ledger.sending import DEADLINE_SLACK, Sender
from bot.platforms import http
from bot.platforms.base import Outcome, Post, Receipt


def without_reconciliation() -> None:
    """What is unclear is sent again without looking, as whoever takes every failure for "not sent" does."""

    def send_all_again(account: Any, _platform: Any, ledger: Any) -> int:
        return sum(looks.send_again(ledger, doubt) for doubt in looks.in_doubt(ledger, account.name))

    publisher.reconcile = send_all_again


def without_owner_lock() -> None:
    """A lease that runs out stands in for the lock: past the deadline every other bot is taken for dead."""
    lock.fcntl.flock = lambda *_: None  # type: ignore[assignment]
    lock.PostgresOwner.alive = lambda self, owner: owner == self.id  # type: ignore[method-assign]


def without_watchdog() -> None:
    """A call may take as long as it likes, and sends whenever it likes."""

    class Asleep:
        barked = False

        def __init__(self, *_: Any) -> None: ...

        def __enter__(self) -> None: ...

        def __exit__(self, *_: object) -> None: ...

    http.Watchdog = Asleep  # type: ignore[assignment, misc]
    http.ApiSession._is_too_late = lambda self: False  # type: ignore[method-assign]


def without_intent() -> None:
    """The ledger hears of an attempt only when it has ended."""
    write_intent, write_end = Sender.arm, Sender.settle
    kept: dict[int, dict[str, Any]] = {}

    def arm(self: Sender, delivery: Delivery, post: Post, **rest: Any) -> Armed:
        kept[delivery.id] = rest
        now = self.ledger.now()
        deadline, month = now + rest["timeout"] + DEADLINE_SLACK, rest["needed"](now).month
        return Armed(delivery, 0, delivery.attempt + 1, post.text, post.link, now, deadline, rest["cost_usd"], month)

    def settle(self: Sender, armed: Armed, end: Receipt | Outcome, **rest: Any) -> bool:
        late = write_intent(self, armed.delivery, Post(armed.text, armed.link), **kept.pop(armed.delivery.id))
        return write_end(self, late, end, **rest)

    Sender.arm, Sender.settle = arm, settle  # type: ignore[method-assign, assignment]


def hurry() -> None:
    """The two times that no setting shortens, scaled like `timeout` and `settle` in these suites.

    Else a look in chaos, with some posts a second, reads hundreds of posts back, as on no real account.
    """
    sending.DEADLINE_SLACK = timedelta(seconds=1)
    reconcile.CLOCK_SLACK = timedelta(seconds=5)


SAFEGUARDS = {
    "reconciliation": without_reconciliation,
    "owner lock": without_owner_lock,
    "watchdog": without_watchdog,
    "intent": without_intent,
}


def live(arguments: Sequence[str], folder: str, environment: Mapping[str, str], log: str) -> None:
    """In a process that was forked for it: what `run_bot.py` with these arguments does in that folder."""
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    for stream in (1, 2):
        os.dup2(output, stream)
    os.close(output)
    failpoints.read_environment()
    if os.environ["BOT_TEST_HURRIED"]:
        hurry()
    for safeguard in filter(None, os.environ["BOT_TEST_WITHOUT"].split(" and ")):
        SAFEGUARDS[safeguard]()
    sys.argv = ["run_bot.py", *arguments]
    cli.main()
