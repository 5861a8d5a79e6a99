"""What daemons say in the ledger of the settings they work by."""

import os
import socket
from collections.abc import Callable

import pytest
from sqlalchemy import update

from bot.ledger import daemons
from bot.ledger.daemons import Entry, InForce
from bot.ledger.models import daemons as table
from bot.ledger.sending import Sender
from bot.mistakes import Problem
from tests.clock import Clock


def test_it_tells_what_was_said_last(sender: Sender, clock: Clock) -> None:
    entry, first = Entry(sender), InForce(1, clock())
    entry.write(first)
    assert daemons.at_work(sender.ledger) == [first]
    clock.advance(minutes=5)
    refused = first.refusing(
        (Problem("source.poll", 'expected a duration such as "5m"'), Problem("a", "b\nc")), clock()
    )
    entry.write(refused)
    assert daemons.at_work(sender.ledger) == [refused]
    taken = refused.taken(clock(), ("ledger.url",))
    entry.write(taken)
    assert daemons.at_work(sender.ledger) == [taken]
    assert (taken.generation, taken.refused, taken.restart) == (2, (), ("ledger.url",))
    entry.remove()
    assert daemons.at_work(sender.ledger) == []


def test_a_dead_ones_row_goes_when_the_next_starts(open_sender: Callable[[], Sender], clock: Clock) -> None:
    dead = open_sender()
    Entry(dead).write(InForce(7, clock()))
    dead.close()
    alive = open_sender()
    assert [one.generation for one in daemons.at_work(alive.ledger)] == [7]
    Entry(alive).write(InForce(1, clock()))
    assert [one.generation for one in daemons.at_work(alive.ledger)] == [1]


@pytest.mark.postgres
@pytest.mark.parametrize("ledger_url", ["postgres"], indirect=True)
def test_several_bots_on_one_ledger_each_say_theirs(open_sender: Callable[[], Sender], clock: Clock) -> None:
    one, other = open_sender(), open_sender()
    Entry(one).write(InForce(1, clock()))
    Entry(other).write(InForce(2, clock()))
    Entry(one).write(InForce(3, clock()))
    assert sorted(row.generation for row in daemons.at_work(other.ledger)) == [2, 3]


def test_one_that_is_gone_from_this_machine_is_left_out(sender: Sender, clock: Clock) -> None:
    Entry(sender).write(InForce(1, clock()))
    assert daemons.at_work(sender.ledger) != []
    # No process has the highest number that the column holds.
    for host, seen in ((socket.gethostname(), 0), ("elsewhere", 1)):
        with sender.ledger.write("daemon") as tx:
            tx.execute(update(table).values(host=host, pid=2**31 - 1))
        assert len(daemons.at_work(sender.ledger)) == seen
    assert os.getpid() < 2**31 - 1
