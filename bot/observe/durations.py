"""How long the steps of a delivery's way take: measured where they are done, heard by metrics where those are on."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

PULL, COMPOSE, PUBLISH, LOOK = "pull", "compose", "publish", "look"
Listener = Callable[[str, str, float], None]
_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    """Have `listener` told of every step from now on: which, of which account (empty: of none), how many seconds."""
    _listeners.append(listener)


@contextmanager
def timed(step: str, account: str = "") -> Iterator[None]:
    """Measure one step, also one that fails."""
    began = time.perf_counter()
    try:
        yield
    finally:
        took = time.perf_counter() - began
        for listener in _listeners:
            listener(step, account, took)
