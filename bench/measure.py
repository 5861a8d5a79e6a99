"""How everything here is measured: in real processes, and beside something, as the median of five pairs."""

import importlib
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
PAIRS = 5


@dataclass(frozen=True, slots=True)
class Pairs:
    """Two figures measured in turn, `PAIRS` times.

    ratio       the median of the pairs' ratios, ours to theirs
    ours, theirs  the medians
    each        the pairs
    """

    ratio: float
    ours: float
    theirs: float
    each: tuple[tuple[float, float], ...]


def pairs(ours: Callable[[], float], theirs: Callable[[], float], count: int = PAIRS) -> Pairs:
    """Measure both in turn; who goes first changes, since whoever does may warm something up for the other."""
    each = []
    for number in range(count):
        if number % 2:
            second = theirs()
            each.append((ours(), second))
        else:
            first = ours()
            each.append((first, theirs()))
    return paired(each)


def paired(each: Sequence[tuple[float, float]]) -> Pairs:
    """What pairs of figures come to."""
    return Pairs(
        statistics.median(one / other for one, other in each),
        statistics.median(one for one, _ in each),
        statistics.median(other for _, other in each),
        tuple(each),
    )


def seconds_of(command: Sequence[str], **options: Any) -> float:
    """How long a process takes from its start to its end. Raises `Failed` if it does not end well."""
    begun = time.perf_counter()
    done = subprocess.run(list(command), capture_output=True, text=True, cwd=ROOT, timeout=900, **options)
    taken = time.perf_counter() - begun
    if done.returncode != 0:
        raise Failed(command, done.returncode, done.stdout + done.stderr)
    return taken


class Failed(Exception):
    """A process did not end well."""

    def __init__(self, command: Sequence[str], status: int, said: str) -> None:
        super().__init__(f"{' '.join(command)} ended with status {status}:\n{said[-2000:]}")


def python(*arguments: str) -> list[str]:
    """The command line of the Python that the bot runs on."""
    return [sys.executable, *arguments]


def environment(extra: Mapping[str, str] = {}) -> dict[str, str]:
    """This process's own, without any of the bot's variables, and `extra`.

    The bot's modules are kept compiled, as they are in the image, after a first run, and of every library.
    """
    left_out = ("BOT_", "PYTHONDONTWRITEBYTECODE")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
    return {**clean, "PYTHONPATH": str(ROOT), **extra}


def elsewhere(function: Callable[..., Any], *arguments: Any, env: Mapping[str, str] = {}) -> Any:
    """The answer of `function` in a process of its own; arguments and answer are JSON."""
    command = python("-m", "bench.measure", f"{function.__module__}:{function.__name__}")
    done = subprocess.run(
        command,
        input=json.dumps(arguments),
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=environment(env),
        timeout=900,
        check=False,
    )
    if done.returncode != 0:
        raise Failed(command, done.returncode, done.stdout + done.stderr)
    return json.loads(done.stdout.splitlines()[-1])


def _main(target: str) -> None:
    module, name = target.split(":")
    answer = getattr(importlib.import_module(module), name)(*json.load(sys.stdin))
    print(json.dumps(answer))


if __name__ == "__main__":
    _main(*sys.argv[1:])
