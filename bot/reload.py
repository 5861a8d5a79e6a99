"""Settings that change while the bot runs: noticed, judged whole, and taken or refused.

A change is judged by the very code that judges at a start: settings, templates, credentials, and whether the source has
what the query asks for. What is good is taken as a whole; what is not leaves everything as it was. `daemon` does the
taking.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from bot.config import Config
from bot.ledger.engine import LedgerError
from bot.ledger.sending import Sender
from bot.mistakes import ConfigMistakes, Problem
from bot.observe.log import log
from bot.runtime import Bot, Parts, furnish
from bot.secrets import surroundings

# Keys that are read at the start only, as SECTION.NAME: the ledger holds the lock, and the truth about what was sent.
NEEDS_RESTART = ("ledger.url", "observe.listen")


@dataclass(frozen=True, slots=True)
class Candidate:
    """Good settings, and the bot that they make; nothing of it is at work yet. `opened` closes it."""

    bot: Bot
    opened: ExitStack
    restart: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Refusal:
    """What is wrong. `passing`: it may be over by itself, so that the same files are to be judged again."""

    problems: tuple[Problem, ...]
    passing: bool = False


def judge(read: Callable[[], Parts], in_force: Config, sender: Sender) -> Candidate | Refusal:
    """Read everything anew and judge it whole; whatever happens, what is in force is not touched."""
    with ExitStack() as opened:
        try:
            config, restart = until_restart(read_parts := read(), in_force)
            bot = furnish(replace(read_parts, config=config), sender, opened)
        except ConfigMistakes as mistakes:
            return Refusal(tuple(mistakes.problems))
        except LedgerError as error:
            return Refusal((Problem("ledger", str(error)),), passing=True)
        except Exception as error:
            log.exception("the settings could not be judged")
            return Refusal((Problem("settings", f"could not be judged: {type(error).__name__}; see the log"),))
        return Candidate(bot, opened.pop_all(), restart)


def until_restart(parts: Parts, in_force: Config) -> tuple[Config, tuple[str, ...]]:
    """The new settings with the old values of what needs a restart, and the keys concerned."""
    config, kept = parts.config, []
    for key in NEEDS_RESTART:
        section, _, name = key.partition(".")
        old, new = getattr(in_force, section), getattr(config, section)
        if getattr(old, name) != getattr(new, name):
            config = replace(config, **{section: new.model_copy(update={name: getattr(old, name)})})
            kept.append(key)
    return config, tuple(kept)


# What tells one state of a file from another: modified (ns), size, inode. None: it is not there, or not readable.
_Print = tuple[int, int, int] | None


class Watch:
    """Notices that a file has changed from which settings, templates or secrets come. Costs a `stat` for each."""

    def __init__(self, config: Config) -> None:
        self._settings = config.path
        self._templates = config.root / "templates"
        self._secrets: tuple[Path, ...] = ()
        self.reading()

    def reading(self) -> None:
        """All of it is being read now: what changes from here on is news."""
        self._secrets = tuple(_secret_files())
        self._read = self._before = self._prints()

    def changed(self) -> bool:
        """Whether something differs from what was read, and holds still: the same at two looks in a row.

        A file that is just being written may be cut off at a place where it still reads well: without its budget, say.
        """
        now = self._prints()
        still, self._before = now == self._before, now
        return still and now != self._read

    def _prints(self) -> dict[Path, _Print]:
        files = (self._settings, *self._secrets, *_files_in(self._templates))
        return {file: _print(file) for file in files}


def _secret_files() -> Iterator[Path]:
    """`.env`, and every file that a variable of the bot's names."""
    yield Path(".env").absolute()
    try:
        named = surroundings()
    except ConfigMistakes:
        # Found to be a mistake when it is judged; until it is mended, it names nothing.
        named = dict(os.environ)
    for name, value in named.items():
        if name.startswith("BOT_") and name.endswith("_FILE") and value:
            yield Path(value).absolute()


def _files_in(folder: Path) -> Iterator[Path]:
    for here, _, names in os.walk(folder):
        yield from (Path(here, name) for name in names)


def _print(file: Path) -> _Print:
    try:
        found = file.stat()
    except (OSError, ValueError):
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
