"""What must hold of a year, asked of what is really on the platforms."""

from collections import Counter
from collections.abc import Iterator

from bot.ledger.models import State
from tests.rules import broken
from tests.year import ACCOUNTS, Year, paper_of

COST = {"twitter": 0.2, "facebook": 0.0}
# What is queued, withdrawn because it is private, or skipped by hand is not lost; all else is posted, or is undecided.
AT_REST = {State.POSTED, State.QUEUED, State.WITHDRAWN}


def wrongs(year: Year) -> Iterator[str]:
    """Everything that must not be; nothing, if all is well."""
    for name in ACCOUNTS:
        yield from _twice_or_private(year, name)
        yield from _lost(year, name)
        yield from _rules(year, name)
        yield from _spending(year, name)


def _twice_or_private(year: Year, name: str) -> Iterator[str]:
    mine = [post for post in year.posts if post.account == name]
    yield from (f"{paper} is twice on {name}" for paper, n in Counter(post.paper for post in mine).items() if n > 1)
    for post in mine:
        if year.summaries[post.paper].private_at(post.at):
            yield f"{post.paper} was private when it was posted on {name} at {post.at}"


def _lost(year: Year, name: str) -> Iterator[str]:
    states = {paper_of(record): record.state for record in year.records[name]}
    there = {post.paper for post in year.posts if post.account == name}
    for key, summary in year.summaries.items():
        state, private = states.get(key), summary.private_at(year.clock())
        if (state is State.POSTED) is not (key in there):
            yield f"{key} is {state} in the ledger, and {'' if key in there else 'not '}on {name}"
        if state not in AT_REST and not (state is None and private):
            yield f"{key} is {state} on {name} at the end"
        if state is State.WITHDRAWN and not private:
            yield f"{key} is public and withdrawn on {name}"


def _rules(year: Year, name: str) -> Iterator[str]:
    before = []
    for post in (post for post in year.posts if post.account == name):
        yield from (f"{name}: {wrong}" for wrong in broken(post.cadence, before, post.at, COST[name]))
        before.append(post.at)


def _spending(year: Year, name: str) -> Iterator[str]:
    """The ledger's months hold at least what the posts cost, and readings of some cents."""
    spent = year.snapshots[name][-1].spent_usd
    zone = year.posts[0].cadence.timezone
    months = Counter(
        f"{post.at.astimezone(post.cadence.timezone):%Y-%m}" for post in year.posts if post.account == name
    )
    for month, number in months.items():
        if not -1e-6 <= spent.get(month, 0.0) - number * COST[name] <= 1.0:
            yield f"{name}: {number} posts in {month}, and ${spent.get(month, 0.0):.3f} in the ledger, zone {zone}"
