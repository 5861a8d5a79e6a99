"""Reconcile: find out what became of an unclear attempt by reading the account's own posts back.

Nothing here is urgent, and the platforms do not say how long their own read-back lags, so the looks are patient: the
first after `settle`/15, the deciding one no sooner than `settle`. A hit at any look settles it. Two clean looks without
one prove, as well as it can be proved, that the post is not there.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from bot.accounts import Account
from bot.failpoints import reach
from bot.ledger import looks
from bot.ledger.looks import Doubt, Seen
from bot.ledger.store import Ledger
from bot.observe import durations
from bot.observe.durations import timed
from bot.observe.log import log
from bot.platforms.base import Look, Platform, find

# A hit was created no earlier than the attempt less this: their clock is not ours (DESIGN, ledger 5).
CLOCK_SLACK = timedelta(minutes=5)
# Without two clean looks by then, a person decides.
GIVE_UP_AFTER = timedelta(hours=24)
LONGEST_BETWEEN_LOOKS = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a look means for the delivery. `next_look_at` matters for "wait" alone."""

    action: Literal["adopt", "send again", "hold", "wait"]
    reason: str
    next_look_at: datetime


def reconcile(account: Account, platform: Platform, ledger: Ledger) -> int:
    """Look at every unknown delivery of `account` whose look is due. Returns how many were settled."""
    settled = 0
    for doubt in looks.in_doubt(ledger, account.name):
        look = _look(doubt, platform, ledger)
        now = ledger.now()
        verdict = judge(doubt, look, account, now)
        looks.record_look(ledger, doubt, look, account.month(now), verdict.next_look_at)
        settled += _act(doubt, look, verdict, ledger)
    return settled


def _look(doubt: Doubt, platform: Platform, ledger: Ledger) -> Look:
    reach("look")
    with timed(durations.LOOK, doubt.delivery.account):
        look = find(platform, doubt.post, doubt.armed_at - CLOCK_SLACK)
    reach("looked")
    ids = [own.receipt.post_id for own in look.hits + look.lookalikes]
    theirs = looks.known_post_ids(ledger, doubt.delivery.account, ids, doubt.delivery.id)
    return replace(
        look,
        hits=tuple(own for own in look.hits if own.receipt.post_id not in theirs),
        lookalikes=tuple(own for own in look.lookalikes if own.receipt.post_id not in theirs),
    )


def judge(doubt: Doubt, look: Look, account: Account, now: datetime) -> Verdict:
    """What `look`, after all those before it, means."""
    settle = account.settings.settle
    seen = [*doubt.looks, Seen(now, look.clean)]
    next_look = _next_look(seen, doubt.since, settle, account.first_look, now)
    if look.hits:
        return Verdict("adopt", "found on the account", next_look)
    if look.lookalikes:
        return Verdict("hold", "the account has a post with the same link but another text", next_look)
    if sum(past.clean for past in seen) >= 2 and look.clean and now >= doubt.since + settle:
        return _not_there(doubt, account, next_look)
    if now >= doubt.since + GIVE_UP_AFTER:
        return Verdict("hold", f"the account could not be read back within a day: {look.problem}", next_look)
    return Verdict("wait", look.problem or "not found yet", next_look)


def _not_there(doubt: Doubt, account: Account, next_look: datetime) -> Verdict:
    if doubt.resent:
        return Verdict("hold", "sent twice, and neither attempt can be found on the account", next_look)
    if account.settings.on_unknown == "hold":
        return Verdict("hold", 'not found on the account, and on_unknown = "hold"', next_look)
    return Verdict("send again", "not found on the account", next_look)


def _next_look(seen: list[Seen], since: datetime, settle: timedelta, first_look: timedelta, now: datetime) -> datetime:
    """A clean look is followed by the deciding one; failed ones by another, ever later."""
    failed = 0
    for past in reversed(seen):
        if past.clean:
            break
        failed += 1
    if failed:
        doubled = first_look * float(2 ** min(failed - 1, 10))
        return now + min(doubled, LONGEST_BETWEEN_LOOKS)
    return max(since + settle, now + first_look)


def _act(doubt: Doubt, look: Look, verdict: Verdict, ledger: Ledger) -> int:
    fields = {"account": doubt.delivery.account, "delivery": doubt.delivery.id, "attempt": doubt.delivery.attempt}
    if verdict.action == "adopt":
        own = look.hits[0]
        if len(look.hits) > 1:
            others = [other.receipt.url for other in look.hits[1:]]
            log.error("the account has this post more than once; the older counts", **fields, others=others)
        log.info("an unclear attempt was found on the account", **fields, url=own.receipt.url)
        return looks.adopt(ledger, doubt, own)
    if verdict.action == "send again":
        log.warning("an unclear attempt is not on the account; the same text goes once more", **fields)
        return looks.send_again(ledger, doubt)
    if verdict.action == "hold":
        todo = f"look at the account, then: run_bot.py resolve {doubt.delivery.id} --posted URL, or --not-posted"
        log.error("an unclear attempt cannot be decided: held", **fields, why=verdict.reason, todo=todo)
        return looks.give_up(ledger, doubt, verdict.reason)
    log.info("an unclear attempt waits for another look", **fields, why=verdict.reason, next=verdict.next_look_at)
    return 0
