"""Named places where a test can end, stop or trip the process. Free when off.

A place is `reach("pick")` in the code. Off, as always in production, it is one comparison. A test switches it on with
BOT_FAILPOINTS="settle.commit=kill@3" (the third time it is reached), or in process with `plan`.

`first-byte`, `request-sent` and `answer-read` are those of any request, reads included. Every transaction has two:
`NAME.commit` just before it is committed, `NAME.committed` just after.
"""

import os
import signal
import threading
from collections.abc import Callable

PLACES = ("pick", "connected", "composed", "first-byte", "request-sent", "answer-read", "look", "looked")
TRANSACTIONS = (
    "arm",
    "settle",
    "recover",
    "enqueue",
    "refresh",
    "open",
    "mark",
    "gone",
    "record-look",
    "adopt",
    "send-again",
    "give-up",
    "withdraw",
    "hold",
    "expire",
    "prune",
    "account",
    "daemon",
    "by-hand",
)
NAMES = PLACES + tuple(f"{name}.{moment}" for name in TRANSACTIONS for moment in ("commit", "committed"))

ACTIONS: dict[str, Callable[[], None]] = {
    "kill": lambda: os.kill(os.getpid(), signal.SIGKILL),
    # To this very thread: one sent to the process may reach another thread first, and this one goes on a while.
    "stop": lambda: signal.pthread_kill(threading.get_ident(), signal.SIGSTOP),
}

_planned: dict[str, tuple[int, Callable[[], None]]] = {}


def reach(name: str) -> None:
    """The code has come to this place."""
    if _planned:
        _act(name)


def _act(name: str) -> None:
    if name not in _planned:
        return
    left, action = _planned[name]
    if left > 1:
        _planned[name] = (left - 1, action)
        return
    del _planned[name]
    action()


def plan(name: str, action: Callable[[], None], at: int = 1) -> None:
    """Run `action` when `name` is reached for the `at`-th time from now on; once."""
    if name not in NAMES:
        raise ValueError(f"no failpoint {name!r}; there are {', '.join(NAMES)}")
    _planned[name] = (at, action)


def clear() -> None:
    """Forget what was planned."""
    _planned.clear()


def read_environment() -> None:
    """Plan what BOT_FAILPOINTS says."""
    for entry in filter(None, os.environ.get("BOT_FAILPOINTS", "").split(",")):
        name, _, action = entry.partition("=")
        verb, _, at = action.partition("@")
        plan(name.strip(), ACTIONS[verb], int(at or 1))


read_environment()
