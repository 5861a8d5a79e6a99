"""What brings a bot to each of its failpoints, so that it can be killed there.

Every scenario is a world of its own kind: what `prepare` does before a life makes that life come by the scenario's
failpoints, each at least so many times; what `finish` does leaves nothing that needs a person.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

from bot.ledger.models import State
from tests.bot_process import ROOT
from tests.faults.worlds import QUICK, World


def _nothing(_world: World) -> None:
    """Nothing is needed."""


def _daemon(_world: World) -> tuple[str, ...]:
    return ()


@dataclass(frozen=True)
class Scenario:
    """`failpoints`: each with how often a life surely comes by. `opening`: once, before the first life. `command`: what
    is killed."""

    failpoints: dict[str, int]
    prepare: Callable[[World], None]
    opening: Callable[[World], None] = _nothing
    finish: Callable[[World], None] = _nothing
    command: Callable[[World], tuple[str, ...]] = _daemon
    config: dict[str, str] = field(default_factory=dict)
    lives: int = 10


def _both(name: str, passes: int = 1) -> dict[str, int]:
    """The two failpoints of a transaction."""
    return {f"{name}.commit": passes, f"{name}.committed": passes}


def _opened(world: World, summaries: int = 3) -> None:
    """The first start is over and a few summaries are out."""
    world.add(summaries)
    assert world.run("--once") == 0, world.said()


def _three_new(world: World) -> None:
    world.add(3)


def _one_waits(world: World) -> str:
    """A summary that is recorded and not yet sent."""
    key = world.add(1)[0]
    world.run("--once", "--limit", "0")
    return key


# --- on the way ---------------------------------------------------------------------------------------------------


def _unclear(world: World) -> None:
    """One call on each platform is lost: on X after the post, on Facebook before it.

    Never the first, which may be a text that goes once more: lost again, it would be held for a person.
    """
    world.sandbox.clear_faults()
    world.sandbox.plan(kind="reset_after", platform="twitter", after=1)
    world.sandbox.plan(kind="error_before", platform="facebook", after=1)
    world.add(2)


def _died_while_sending(world: World) -> None:
    world.add(2)
    world.killed_at("arm.committed")


# --- beside the way -----------------------------------------------------------------------------------------------


def _voted(world: World) -> None:
    world.vote("paper-1")


def _deleted(world: World) -> None:
    """One that is posted is deleted, and the daily sweep is due."""
    world.site.execute("DELETE FROM vignettes WHERE paperid = (SELECT min(paperid) FROM vignettes)")
    world.make_the_sweep_due()


def _private_since(world: World) -> None:
    world.change(_one_waits(world), priv=True)


def _all_public(world: World) -> None:
    world.site.execute("UPDATE vignettes SET priv = 0")
    for key in {key for _, key in world.expected}:
        world.vote(key)


def _waited_too_long(world: World) -> None:
    world.retire(_one_waits(world))
    world.make_the_queue_old(timedelta(days=2))


# --- with a person ------------------------------------------------------------------------------------------------


def _held(world: World) -> None:
    """One delivery on X that cannot be decided without a person; a post before it keeps the account from pausing."""
    world.sandbox.clear_faults()
    world.sandbox.plan(kind="error_before", platform="twitter", after=1)
    world.add(2)


def _held_by_now(world: World) -> None:
    _held(world)
    world.work_until(lambda: world.rows(State.HELD), "a delivery to be held")


def _resolve_one(world: World) -> tuple[str, ...]:
    return ("resolve", str(world.rows(State.HELD)[0].id), "--not-posted")


def _opened_with_a_template_that_refuses(world: World) -> None:
    folder = world.folder / "templates"
    folder.mkdir()
    for name in ("twitter.j2", "facebook.j2"):
        text = (ROOT / "templates" / name).read_text(encoding="utf-8")
        (folder / name).write_text('{% if "unwritable" not in title %}' + text + "{% endif %}", encoding="utf-8")
    _opened(world)


def _cannot_be_composed(world: World) -> None:
    world.add(1, "unwritable")
    # Newer, so it goes first; a post between two refusals keeps the account from pausing.
    world.add(1)


def _mend_the_titles(world: World) -> None:
    world.site.execute("UPDATE papers SET title = 'Paper ' || bibtexKey")


SCENARIOS = {
    "sending": Scenario(
        {
            "pick": 5,
            "connected": 5,
            "composed": 5,
            "first-byte": 5,
            "request-sent": 5,
            "answer-read": 5,
            **_both("arm", 5),
            **_both("settle", 5),
            **_both("enqueue"),
            **_both("mark", 2),
            **_both("account"),
            **_both("prune"),
            **_both("daemon"),
        },
        _three_new,
        opening=_opened,
    ),
    "first start": Scenario(_both("open", 2), _three_new, lives=1),
    "doubt": Scenario(
        {"look": 3, "looked": 3, **_both("record-look", 3), **_both("adopt"), **_both("send-again")},
        _unclear,
        opening=_opened,
    ),
    # On PostgreSQL each life waits for the deadline of the one before it.
    "recovery": Scenario(_both("recover"), _died_while_sending, opening=_opened, lives=4),
    "a vote": Scenario(_both("refresh"), _voted, opening=_opened),
    "deletion": Scenario(_both("gone"), _deleted, opening=partial(_opened, summaries=12)),
    "withdrawal": Scenario(_both("withdraw", 2), _private_since, opening=_opened, finish=_all_public),
    "expiry": Scenario(
        _both("expire"), _waited_too_long, opening=_opened, config={"cadence": 'every = "0s"\nmax_age = "1d"'}
    ),
    "giving up": Scenario(
        _both("give-up"),
        _held,
        opening=_opened,
        config={"settings": f'{QUICK}\non_unknown = "hold"'},
    ),
    "a person": Scenario(
        _both("by-hand"),
        _held_by_now,
        opening=_opened,
        command=_resolve_one,
        config={"settings": f'{QUICK}\non_unknown = "hold"'},
    ),
    "uncomposable": Scenario(
        _both("hold"),
        _cannot_be_composed,
        opening=_opened_with_a_template_that_refuses,
        finish=_mend_the_titles,
    ),
}
