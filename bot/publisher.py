"""The way of a delivery: pick · connect · re-read · compose · arm · publish · settle."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.accounts import Account
from bot.cadence import Decision
from bot.failpoints import reach
from bot.formatter.compose import CannotCompose
from bot.ledger import looks
from bot.ledger.models import Armed, Delivery
from bot.ledger.sending import LostRace, NotNow, Sender
from bot.ledger.store import Ledger
from bot.observe import durations
from bot.observe.durations import timed
from bot.observe.log import log
from bot.platforms.base import NotSent, Outcome, OutcomeUnknown, Platform, Post, Receipt
from bot.reconcile import reconcile
from bot.source.base import Reference, Source, Summary

# A re-read older than this is not believed: the process was stopped, or the machine slept, and all may have changed.
FRESH = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Step:
    """What one turn of an account came to.

    posted     `receipt` is there
    ended      the attempt ended otherwise, as `why` says
    passed     this delivery needs nothing sent (withdrawn, held, or moved by another bot): take the next
    waiting    not before `until` (None: not as configured, or not until a person acts), for the reason `why`
    idle       nothing is queued
    """

    kind: Literal["posted", "ended", "passed", "waiting", "idle"]
    why: str = ""
    until: datetime | None = None
    delivery: Delivery | None = None
    receipt: Receipt | None = None


class Publisher:
    """Publishes one account's deliveries, one at a time."""

    def __init__(self, account: Account, platform: Platform, source: Source, sender: Sender) -> None:
        self.account = account
        self._platform = platform
        self._source = source
        self._sender = sender
        self._ledger = sender.ledger

    def publish_one(self) -> Step:
        """One delivery, from the queue to its receipt.

        1. Is it the account's turn? Only reading.
        2. Pick the next delivery that is due and allowed. Only reading.
        3. Connect: the last thing whose failure proves that nothing was sent.
        4. Read the summary again: private or gone by now, it is withdrawn.
        5. Compose the post. A delivery that cannot be composed is put aside and blocks nothing.
        6. Arm: the intent is committed, with turn, caps and budget asked again. From here on it may be live.
        7. Publish, once.
        8. Settle: a receipt, or one of the four other ends.

        A crash before 6 leaves nothing behind. Raises SourceError, LedgerError.
        """
        self._sender.flush()
        delivery = self._next_up()
        if delivery is None:
            return Step("idle")
        if isinstance(delivery, Decision):
            return Step("waiting", delivery.reason, delivery.at)
        reach("pick")
        try:
            self._platform.connect()
        except NotSent as outcome:
            return self._out_of_reach(outcome)
        reach("connected")
        summary = self._source.reread(Reference(delivery.summary, delivery.locator))
        read_at = self._ledger.now()
        if summary is None:
            return self._withdraw(delivery)
        post = self._compose(delivery, summary)
        if post is None:
            return Step("passed", "held", delivery=delivery)
        reach("composed")
        if self._ledger.now() > read_at + FRESH:
            return Step("waiting", "the bot stood still after the re-read", read_at)
        return self._send(delivery, post)

    def work(self, stopped: Callable[[], bool], limit: int | None = None) -> list[Step]:
        """Settle what is unclear, then publish all that is due. The last step says why it ended."""
        return list(self.steps(stopped, limit))

    def steps(self, stopped: Callable[[], bool], limit: int | None = None) -> Iterator[Step]:
        """The same, one at a time: thousands in a row need not be kept."""
        self.recover()
        self.expire()
        reconcile(self.account, self._platform, self._ledger)
        sent = 0
        while not stopped() and (limit is None or sent < limit):
            step = self.publish_one()
            yield step
            sent += step.kind in ("posted", "ended")
            if step.kind in ("waiting", "idle"):
                break

    def recover(self) -> None:
        """Write ends that could not be written, and find what a dead bot, or a lost session, left half done."""
        self._sender.flush()
        for delivery in self._sender.recover({self.account.name: self.account.first_look}):
            log.warning("a delivery was left in sending: now unknown", account=self.account.name, delivery=delivery)

    def expire(self) -> None:
        """Skip what has waited too long."""
        max_age = self.account.settings.cadence.max_age
        if max_age is not None and (count := self._ledger.expire(self.account.name, max_age)):
            log.warning("deliveries waited longer than max_age: skipped", account=self.account.name, deliveries=count)

    def _next_up(self) -> Decision | Delivery | None:
        account, order = self.account, self.account.settings.cadence.order
        needed = account.needed(self._ledger.now())
        return self._ledger.next_up(account.name, needed, account.decide, order, account.archive)

    def _out_of_reach(self, outcome: NotSent) -> Step:
        until = self._ledger.back_off(self.account.name, outcome.retry_at)
        log.warning("the platform is out of reach", account=self.account.name, why=outcome.why, until=until)
        return Step("waiting", outcome.why, until)

    def _withdraw(self, delivery: Delivery) -> Step:
        self._ledger.withdraw(delivery)
        log.info("a queued summary is private or deleted by now: withdrawn", **_fields(delivery))
        return Step("passed", "withdrawn", delivery=delivery)

    def _compose(self, delivery: Delivery, summary: Summary) -> Post | None:
        """The post; of one that goes once more, the very same text - or nothing, if it is to be held."""
        try:
            with timed(durations.COMPOSE, self.account.name):
                post = self.account.composer.compose(summary).post
            return once_more(self._ledger, delivery, summary, post) if delivery.resend else post
        except CannotCompose as error:
            why = str(error)
        except Exception as error:
            # A text that breaks the code must not block the others.
            log.exception("a summary breaks the formatter", **_fields(delivery))
            why = f"the summary breaks the formatter: {type(error).__name__}"
        self._ledger.hold(delivery, why)
        log.error("a delivery is held", **_fields(delivery), why=why, todo=f"run_bot.py show {delivery.id}")
        return None

    def _send(self, delivery: Delivery, post: Post) -> Step:
        try:
            armed = self._sender.arm(
                delivery,
                post,
                cost_usd=self.account.cost_usd,
                timeout=self.account.settings.timeout,
                needed=self.account.needed,
                decide=self.account.decide,
            )
        except NotNow as late:
            return Step("waiting", late.decision.reason, late.decision.at)
        except LostRace:
            return Step("passed", "another bot took it", delivery=delivery)
        end = self._publish(armed, post)
        self._sender.settle(armed, end, first_look=self.account.first_look)
        return _report(armed, end)

    def _publish(self, armed: Armed, post: Post) -> Receipt | Outcome:
        if (now := self._ledger.now()) + self.account.settings.timeout > armed.deadline:
            # A bot that lost its session while it was stopped is taken for dead by then, and another may send.
            return NotSent("the bot stood still between the intent and the send", retry_at=now)
        try:
            with timed(durations.PUBLISH, self.account.name):
                return self._platform.publish(post, until=armed.deadline)
        except NotSent as outcome:
            if outcome.stood_still:
                outcome.retry_at = self._ledger.now()
            return outcome
        except Outcome as outcome:
            return outcome
        except Exception as error:
            # Whatever broke: the post may be live.
            log.exception("an adapter failed", **_fields(armed.delivery), attempt=armed.number)
            return OutcomeUnknown(f"the adapter failed: {type(error).__name__}")


def once_more(ledger: Ledger, delivery: Delivery, summary: Summary, now: Post) -> Post:
    """The text of an unclear attempt, that goes once more. Raises CannotCompose if it could name an author who is
    anonymous by now; `now` is what would be composed today."""
    before = looks.resend_post(ledger, delivery)
    if before != now and (before.link != now.link or summary.author is None):
        raise CannotCompose("the author or the address changed after an unclear attempt; the old text must not go")
    return before


def _report(armed: Armed, end: Receipt | Outcome) -> Step:
    fields = {**_fields(armed.delivery), "attempt": armed.number}
    if isinstance(end, Receipt):
        log.info("posted", **fields, url=end.url)
        return Step("posted", delivery=armed.delivery, receipt=end)
    log.warning("a post did not go through", **fields, outcome=type(end).__name__, why=end.why)
    return Step("ended", end.why, delivery=armed.delivery)


def _fields(delivery: Delivery) -> dict[str, object]:
    return {"account": delivery.account, "delivery": delivery.id, "summary": delivery.summary}
