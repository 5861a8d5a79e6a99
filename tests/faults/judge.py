"""What must hold at the end of a simulated schedule."""

from collections import Counter
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from sqlalchemy import select

from bot.ledger.models import State, attempts, deliveries, looks, micro, spending

if TYPE_CHECKING:
    from tests.faults.simulation import Schedule

DAY = timedelta(days=1)
WAITING = (State.QUEUED, State.SENDING, State.UNKNOWN)
# Asked at the end of every schedule; each is built once.
_DELIVERIES, _LOOKS = select(deliveries), select(looks)
_ATTEMPTS = select(attempts).order_by(attempts.c.armed_at)
_SPENT = select(spending.c.account, spending.c.micro_usd)


class Judge:
    """Compares the ledger with what is outside, when all is over."""

    def __init__(self, schedule: "Schedule") -> None:
        self._schedule = schedule
        self._links = {entry.key: entry.link for entry in schedule.site.entries.values()}
        with schedule.ledger.read() as tx:
            self._deliveries = list(tx.execute(_DELIVERIES))
            self._attempts = list(tx.execute(_ATTEMPTS))
            self._looks = list(tx.execute(_LOOKS))
            self._spent = dict(tx.execute(_SPENT).tuples().all())

    def wrongs(self) -> list[str]:
        """Everything that must hold and does not."""
        if self._schedule.stage.wrongs:
            return list(dict.fromkeys(self._schedule.stage.wrongs))
        checks = (self._decided, self._recorded, self._true, self._tried, self._paced, self._paid)
        return [wrong for check in checks for wrong in check()]

    def _decided(self) -> list[str]:
        return [f"delivery {row.id} is still {row.state}" for row in self._deliveries if row.state in WAITING]

    def _recorded(self) -> list[str]:
        """Every public summary has its delivery, and none waits without a reason."""
        by_pair = {(row.summary, row.account): row.state for row in self._deliveries}
        return [
            f"{entry.link} is public and lost for {name}: {by_pair.get((entry.key, name))}"
            for entry in self._schedule.site.entries.values()
            for name in self._schedule.accounts
            if entry.public and by_pair.get((entry.key, name)) in (None, State.WITHDRAWN, State.SKIPPED)
        ]

    def _true(self) -> list[str]:
        """What is posted is there, under the right id; what is there is posted."""
        found = []
        for row in self._deliveries:
            copies = self._schedule.networks[row.account].copies(self._links[row.summary])
            ids = [live.post_id for live in copies]
            excused = row.state == State.HELD and "could not be read back" in (row.reason or "")
            if row.state == State.POSTED and row.post_id not in ids:
                found.append(f"delivery {row.id} is posted as {row.post_id}, but there is {ids}")
            if row.state != State.POSTED and ids and not excused:
                found.append(f"delivery {row.id} is {row.state} ({row.reason}), but live as {ids}")
        return found

    def _tried(self) -> list[str]:
        """No byte left without an attempt, and every attempt has its end."""
        found = [f"attempt {row.number} of {row.delivery} has no end" for row in self._attempts if not row.ended_as]
        tries = Counter((row.account, row.link, row.text) for row in self._attempts)
        for name, network in self._schedule.networks.items():
            for (link, text), count in Counter((post.link, post.text) for _, post in network.sends).items():
                if count > tries[name, link, text]:
                    found.append(f"{link} was sent {count} times on {name}, with {tries[name, link, text]} attempts")
        return found

    def _paced(self) -> list[str]:
        """Gap and daily cap, by what left when: the moment of an attempt is the first that its bytes could leave."""
        found = []
        for name, account in self._schedule.accounts.items():
            cadence = account.settings.cadence
            moments = [row.armed_at for row in self._attempts if row.account == name and row.live]
            gap, cap = max(cadence.min_gap, cadence.every or timedelta(0)), cadence.max_per_day
            if any(later - earlier < gap for earlier, later in pairwise(moments)):
                found.append(f"a gap on {name} is too small")
            if cap is not None and any(later - earlier < DAY for earlier, later in zip(moments, moments[cap:])):  # noqa: B905
                found.append(f"more than {cap} posts a day on {name}")
        return found

    def _paid(self) -> list[str]:
        """What is counted as spent is what attempts that may be live and looks have cost."""
        found = []
        for name in self._schedule.accounts:
            mine = {row.id for row in self._deliveries if row.account == name}
            cost = sum(row.cost_micro_usd for row in self._attempts if row.account == name and row.live)
            cost += sum(look.cost_micro_usd for look in self._looks if look.delivery in mine)
            counted = self._spent.get(name, 0)
            if not 0 <= counted - cost <= micro(0.05):
                found.append(f"{counted} micro-dollars are counted on {name}, but {cost} were spent")
        return found
