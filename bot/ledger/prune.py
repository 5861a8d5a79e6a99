"""What the ledger forgets in time: tries and looks that led nowhere, of deliveries that are done with.

What was posted is never forgotten: no delivery and no summary is deleted, no attempt that may be live (it counts for
spacing, caps and budget, and holds the text that was posted), and no month's spending. Nor is anything of a delivery
that waits, wants a person, or could come back.
"""

from datetime import timedelta

from sqlalchemy import delete, select

from bot.ledger.models import State, attempts, deliveries, looks
from bot.ledger.store import Ledger

# There is no way back from these, and no question left.
DONE = (State.POSTED, State.SKIPPED)


def prune(ledger: Ledger, keep: timedelta) -> int:
    """Delete what ended longer ago than `keep`. Returns how many rows."""
    before = ledger.now() - keep
    done = select(deliveries.c.id).where(deliveries.c.state.in_(DONE))
    with ledger.write("prune") as tx:
        tries = delete(attempts).where(
            attempts.c.live.is_(False),
            attempts.c.post_id.is_(None),
            attempts.c.ended_at < before,
            attempts.c.delivery.in_(done),
        )
        glances = delete(looks).where(looks.c.at < before, looks.c.delivery.in_(done))
        return tx.execute(tries).rowcount + tx.execute(glances).rowcount
