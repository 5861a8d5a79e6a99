"""What the daemons at work say of their settings, so that `status`, another process, can tell."""

import json
import os
import socket
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Row, delete, select, update

from bot.ledger.models import daemons
from bot.ledger.rows import insert_ignoring
from bot.ledger.store import Ledger
from bot.mistakes import Problem

if TYPE_CHECKING:
    # `status` must not pay for what sends.
    from bot.ledger.sending import Sender


@dataclass(frozen=True, slots=True)
class InForce:
    """Which settings a daemon works by.

    generation  1 at the start, one more with each that is taken
    since       when they were taken
    restart     keys whose new value takes effect at the next start
    refused     what is wrong with newer ones; empty if nothing is
    refused_at  since when
    """

    generation: int
    since: datetime
    restart: tuple[str, ...] = ()
    refused: tuple[Problem, ...] = ()
    refused_at: datetime | None = None

    def taken(self, now: datetime, restart: tuple[str, ...]) -> "InForce":
        """The next generation."""
        return InForce(self.generation + 1, now, restart)

    def refusing(self, problems: tuple[Problem, ...], now: datetime) -> "InForce":
        """The same generation, with newer settings refused."""
        return replace(self, refused=problems, refused_at=now)


class Entry:
    """A daemon's own row, from its start to its end; one that was killed leaves it to the next that starts."""

    def __init__(self, sender: "Sender") -> None:
        self._ledger = sender.ledger
        self._owner = sender.owner
        self._id = sender.owner.id

    def write(self, in_force: InForce) -> None:
        """Say which settings are in force. Raises LedgerUnavailable."""
        values = {"generation": in_force.generation, "since": in_force.since, "refused_at": in_force.refused_at}
        values |= {"host": socket.gethostname(), "pid": os.getpid(), "restart": json.dumps(in_force.restart)}
        values |= {"refused": json.dumps([[problem.where, problem.what] for problem in in_force.refused])}
        dead = [number for number in self._others() if not self._owner.alive(number)]
        with self._ledger.write("daemon") as tx:
            tx.execute(delete(daemons).where(daemons.c.id.in_(dead)))
            tx.execute(insert_ignoring(tx, daemons, "id").values(id=self._id, **values))
            tx.execute(update(daemons).where(daemons.c.id == self._id).values(**values))

    def remove(self) -> None:
        """The daemon ends. Raises LedgerUnavailable."""
        with self._ledger.write("daemon") as tx:
            tx.execute(delete(daemons).where(daemons.c.id == self._id))

    def _others(self) -> Iterable[int]:
        with self._ledger.read() as tx:
            return list(tx.scalars(select(daemons.c.id).where(daemons.c.id != self._id)))


def at_work(ledger: Ledger) -> list[InForce]:
    """What each daemon on this ledger works by; one of this machine that was killed is left out."""
    with ledger.read() as tx:
        rows = tx.execute(select(daemons).order_by(daemons.c.since, daemons.c.id)).all()
    return [_in_force(row) for row in rows if row.host != socket.gethostname() or _alive(row.pid)]


def _in_force(row: Row[tuple[object, ...]]) -> InForce:
    refused = tuple(Problem(where, what) for where, what in json.loads(row.refused))
    return InForce(row.generation, row.since, tuple(json.loads(row.restart)), refused, row.refused_at)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
