"""What a person may do to a delivery; the diagram in the package's docstring says from where to where."""

import re
from typing import Any

from sqlalchemy import Connection, select, update

from bot.ledger.intake import FLOOD
from bot.ledger.models import End, State, accounts, attempts, deliveries
from bot.ledger.store import Ledger

# Where an address names its post as the platform's own ids do: x.com/…/status/1849…, facebook.com/PAGE_POST. Other
# addresses are kept as they are, without an id: a wrong one would pass for another delivery's receipt.
_POST_ID = re.compile(r"/status/(\d+)(?=[/?#]|$)|/(\d+_\d+)/?(?=[?#]|$)")


class NotPossible(Exception):
    """The delivery is not there, or not in a state that allows it. Nothing was changed."""


def retry(ledger: Ledger, delivery_id: int) -> None:
    """Queue a held or rejected delivery again."""
    _change(ledger, delivery_id, (State.HELD, State.REJECTED), "retry", _queued_again(ledger))


def skip(ledger: Ledger, delivery_id: int) -> None:
    """Never post a queued or held delivery."""
    values = {"state": State.SKIPPED, "reason": "skipped by hand"}
    _change(ledger, delivery_id, (State.QUEUED, State.HELD), "skip", values)


def resolve_not_posted(ledger: Ledger, delivery_id: int) -> None:
    """A person has looked: the post is not there. It is queued again."""
    _change(ledger, delivery_id, (State.HELD,), "resolve", _queued_again(ledger))


def resolve_posted(ledger: Ledger, delivery_id: int, url: str) -> None:
    """A person has looked: the post is there, at `url`."""
    match = _POST_ID.search(url)
    if not re.match(r"https?://\S+$", url):
        raise NotPossible("--posted expects the post's web address")
    receipt = {"post_id": match[1] or match[2] if match else None, "post_url": url}
    values = {**receipt, "state": State.POSTED, "posted_at": ledger.now(), "reason": "found by hand", "resend": False}
    with ledger.write("by-hand") as tx:
        _refuse_foreign_receipt(tx, delivery_id, receipt["post_id"])
        _change_in(tx, ledger, delivery_id, (State.HELD,), "resolve", values)
        latest = select(deliveries.c.attempt).where(deliveries.c.id == delivery_id).scalar_subquery()
        tx.execute(
            update(attempts)
            .where(attempts.c.delivery == delivery_id, attempts.c.number == latest)
            .values(ended_as=End.FOUND, live=True, **receipt)
        )
        owner = select(deliveries.c.account).where(deliveries.c.id == delivery_id).scalar_subquery()
        tx.execute(update(accounts).where(accounts.c.name == owner).values(refusals=0))


def retry_flood(ledger: Ledger) -> int:
    """Let everything go that `max_new_per_pull` holds. Returns how many."""
    return _change_flood(ledger, _queued_again(ledger))


def skip_flood(ledger: Ledger) -> int:
    """Never post what `max_new_per_pull` holds. Returns how many."""
    return _change_flood(ledger, {"state": State.SKIPPED, "reason": "skipped by hand"})


def _queued_again(ledger: Ledger) -> dict[str, Any]:
    # It waits from now on: `max_age` must not skip at once what a person has just let go.
    waiting = {"queued_at": ledger.now(), "not_before": None}
    return {"state": State.QUEUED, "reason": None, "resend": False, **waiting}


def _change_flood(ledger: Ledger, values: dict[str, Any]) -> int:
    flood = (deliveries.c.state == State.HELD, deliveries.c.reason == FLOOD)
    with ledger.write("by-hand") as tx:
        return tx.execute(update(deliveries).where(*flood).values(changed_at=ledger.now(), **values)).rowcount


def _change(ledger: Ledger, delivery_id: int, states: tuple[State, ...], command: str, values: dict[str, Any]) -> None:
    with ledger.write("by-hand") as tx:
        _change_in(tx, ledger, delivery_id, states, command, values)


def _change_in(
    tx: Connection, ledger: Ledger, delivery_id: int, states: tuple[State, ...], command: str, values: dict[str, Any]
) -> None:
    here = (deliveries.c.id == delivery_id, deliveries.c.state.in_(states))
    if tx.execute(update(deliveries).where(*here).values(changed_at=ledger.now(), **values)).rowcount == 1:
        return
    state = tx.execute(select(deliveries.c.state).where(deliveries.c.id == delivery_id)).scalar_one_or_none()
    if state is None:
        raise NotPossible(f"there is no delivery {delivery_id}; `run_bot.py show KEY` and `status` show their numbers")
    hint = "; the bot reads the account back and decides by itself" if state == State.UNKNOWN else ""
    raise NotPossible(f"delivery {delivery_id} is {state}; {command} takes {' or '.join(states)} ones{hint}")


def _refuse_foreign_receipt(tx: Connection, delivery_id: int, post_id: str | None) -> None:
    account = select(deliveries.c.account).where(deliveries.c.id == delivery_id).scalar_subquery()
    theirs = (deliveries.c.account == account, deliveries.c.post_id == post_id, deliveries.c.id != delivery_id)
    other = tx.execute(select(deliveries.c.id).where(*theirs)).scalar_one_or_none() if post_id else None
    if other is not None:
        raise NotPossible(f"that post is delivery {other}'s already")
