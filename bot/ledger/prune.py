"""What the ledger forgets in time: tries and looks that led nowhere, of deliveries that are done with.

What was posted is never forgotten: no delivery and no summary is deleted, no attempt that may be live (it counts for
spacing, caps and budget, and holds the text that was posted), and no month's spending. Nor is anything of a delivery
that waits, wants a person, or could come back.
"""

from datetime import timedelta
from typing import Any

from sqlalchemy import ScalarSelect, Table, delete, select

from bot.ledger.models import State, accounts, attempts, deliveries, looks
from bot.ledger.store import Ledger

# There is no way back from these, and no question left.
DONE = (State.POSTED, State.SKIPPED)


def prune(ledger: Ledger, keep: timedelta) -> int:
    """Delete what ended longer ago than `keep`. Returns how many rows."""
    before = ledger.now() - keep
    with ledger.write("prune") as tx:
        # The first three are an index's; an attempt ends after it began. Nothing of what was posted is gone through.
        tries = delete(attempts).where(
            attempts.c.account.in_(select(accounts.c.name)),
            attempts.c.live.is_(False),
            attempts.c.armed_at < before,
            attempts.c.ended_at < before,
            attempts.c.post_id.is_(None),
            _state_of(attempts).in_(DONE),
        )
        glances = delete(looks).where(looks.c.at < before, _state_of(looks).in_(DONE))
        return tx.execute(tries).rowcount + tx.execute(glances).rowcount


def _state_of(table: Table) -> ScalarSelect[Any]:
    """The state of the delivery that a row is of: asked row by row, since a list of all that are done is long."""
    return select(deliveries.c.state).where(deliveries.c.id == table.c.delivery).correlate(table).scalar_subquery()
