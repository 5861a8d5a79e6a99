"""What is to be known of one account without posting: who it is, what it may, what ends soon, what is left.

The findings are data: `check` prints them, the daemon's daily check logs them, and whoever alerts may read them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.accounts import Turns
from bot.platforms.base import AccountBlocked, Identity, Outcome, Platform

WORDS = {0: "ok", 1: "trouble", 2: "mistake"}
# How early an end is worth a note, and how late it is trouble: Facebook's access to data ends every 90 days.
SOON, URGENT = timedelta(days=30), timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was tried or asked.

    status  as in the exit status: 0, 1 or 2
    what    was tried: a part of the bot, or an account
    said    the result, a sentence for people
    todo    the remedy; with status 0 it is something to do in good time
    topic   of an account's finding: identity, permission, token, data access, version, limits, development mode, budget
            or cost; empty for the rest
    """

    status: int
    what: str
    said: str
    todo: str = ""
    topic: str = ""

    def line(self) -> str:
        word = "note" if self.status == 0 and self.todo else WORDS[self.status]
        return (
            f"{word:8} {self.what}: {self.said.rstrip('.')}. To do: {self.todo}"
            if self.todo
            else (f"{word:8} {self.what}: {self.said}")
        )


@dataclass(frozen=True, slots=True)
class Report:
    """All findings on one account.

    identity  what the platform told; None if it did not
    blocked   why the account is refused, if it is
    """

    account: str
    findings: tuple[Finding, ...]
    identity: Identity | None = None
    blocked: AccountBlocked | None = None

    @property
    def troubles(self) -> tuple[Finding, ...]:
        """What wants a person, now or in good time."""
        return tuple(finding for finding in self.findings if finding.status or finding.todo)


def examine(turns: Turns, platform: Platform, now: datetime) -> Report:
    """Ask the platform, once. Costs what `identity.cost_usd` says."""
    name = turns.name
    try:
        identity = platform.verify()
    except AccountBlocked as blocked:
        return Report(name, (Finding(1, name, blocked.why, blocked.remedy, "identity"),), blocked=blocked)
    except Outcome as outcome:
        return Report(name, (Finding(1, name, outcome.why, topic="identity"),))
    return Report(name, tuple(_told(turns, identity, now)), identity)


def _told(turns: Turns, identity: Identity, now: datetime) -> Iterator[Finding]:
    name = turns.name
    yield Finding(0, name, f"posts as {identity.name}", topic="identity")
    yield Finding(0, name, _permission(turns, identity), topic="permission")
    again = f"run_bot.py connect {turns.platform} --account {name}, and resume the account if it is paused"
    yield _ending(name, "token", "its token", identity.expires, f"make a new one: {again}", now)
    if turns.platform == "facebook":
        # Once more means 90 days more, whether or not the token is a new one.
        todo = f"log in to the app again; the surest way: {again}"
        yield _ending(name, "data access", "its token's access to data", identity.data_until, todo, now)
        said = "Facebook does not tell whether the app is in development mode, where only its own team sees the posts"
        yield Finding(0, name, f"{said}; https://developers.facebook.com/apps does", topic="development mode")
    for note in identity.notes:
        yield Finding(0, name, note, "see docs/connect-facebook.md" if turns.platform == "facebook" else "", "version")
    yield Finding(0, name, f"API version {identity.version or 'not told'}", topic="version")
    if identity.room:
        yield Finding(0, name, "; ".join(identity.room), topic="limits")
    if identity.cost_usd:
        yield Finding(0, name, f"asking this cost ${identity.cost_usd:.3f}", topic="cost")


def _permission(turns: Turns, identity: Identity) -> str:
    if identity.may_post:
        return "may post"
    # A read-only token is refused by `verify`; where nothing is said, the first post will tell.
    return f"{'X' if turns.platform == 'twitter' else 'Facebook'} does not tell whether it may post"


def _ending(name: str, topic: str, what: str, end: datetime | None, todo: str, now: datetime) -> Finding:
    if end is None:
        return Finding(0, name, f"{what} has no end of its own", topic=topic)
    days = (end - now).days
    said = f"{what} ends on {end:%Y-%m-%d}, in {days} days" if end > now else f"{what} ended on {end:%Y-%m-%d}"
    if end > now + SOON:
        return Finding(0, name, said, topic=topic)
    return Finding(1 if end <= now + URGENT else 0, name, said, todo, topic)


def budget(turns: Turns, spent_usd: float, now: datetime) -> Finding:
    """What is left of the month's budget, and how many posts that is."""
    limit, month = turns.settings.cadence.budget_usd_per_month, turns.month(now)
    if limit is None:
        return Finding(0, turns.name, f"${spent_usd:.2f} spent in {month}; no budget is set", topic="budget")
    left = max(limit - spent_usd, 0.0)
    # A hair more than nothing, so that 0.6 holds three times 0.2.
    posts = f", {int(left / turns.cost_usd + 1e-9)} posts with a link" if turns.cost_usd else ""
    said = f"${left:.2f} of ${limit:.2f} left for {month}{posts}"
    return Finding(0, turns.name, said, topic="budget")
