"""Puts secrets into `.env`: all at once or not at all, readable to its owner alone, the rest of the file as it was."""

import contextlib
import os
import stat
import tempfile
from collections.abc import Mapping
from pathlib import Path

from dotenv.parser import parse_stream

OWNER_ONLY = 0o600


class NotStored(Exception):
    """The file is as it was. The message says why, for the operator, and holds no secret."""


def store(path: Path, values: Mapping[str, str]) -> list[str]:
    """Set these variables in the file. Returns what is to be said of it. Raises `NotStored`.

    The new content replaces the old in one rename, so that a reader, or a process cut off here, meets either.
    """
    # Of the file itself: a rename would replace the link.
    path = path.resolve()
    try:
        before = path.stat() if path.exists() else None
        content = _with(path, values)
        _replace(path, content, before)
    except UnicodeDecodeError:
        raise NotStored(f"{path} is not UTF-8 text; mend it, or use --print") from None
    except OSError as error:
        raise NotStored(f"{path} cannot be written: {error.strerror}; mend that, or use --print") from None
    if before is not None and stat.S_IMODE(before.st_mode) & 0o077:
        return [f"{path} could be read by others (mode {stat.S_IMODE(before.st_mode):03o}); now by its owner alone"]
    return []


def line(name: str, value: str) -> str:
    """`NAME=value` as `.env` files, shells and secret stores read it."""
    plain = value.isascii() and all(character.isalnum() or character in "_-./+=:|%@" for character in value)
    if plain and "|" not in value:
        return f"{name}={value}"
    return "{}='{}'".format(name, value.replace("\\", "\\\\").replace("'", "\\'"))


def _with(path: Path, values: Mapping[str, str]) -> str:
    """The file's content with these variables set: where they stood, else at the end."""
    left = dict(values)
    parts: list[str] = []
    if path.exists():
        with path.open(encoding="utf-8", newline="") as file:
            for binding in parse_stream(file):
                text = binding.original.string
                if binding.key not in values:
                    parts.append(text)
                elif binding.key in left:
                    # A variable set twice is set once from now on: the later one would win.
                    parts.append(f"{_leading(text)}{line(binding.key, left.pop(binding.key))}\n")
    if parts and left and not parts[-1].endswith("\n"):
        parts.append("\n")
    return "".join(parts + [f"{line(name, value)}\n" for name, value in left.items()])


def _leading(text: str) -> str:
    """What stands before the variable in its own piece of the file: empty lines."""
    return text[: len(text) - len(text.lstrip("\r\n"))]


def _replace(path: Path, content: str, before: os.stat_result | None) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # Made with mode 0600.
    descriptor, name = tempfile.mkstemp(prefix=f"{path.name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            if before is not None:
                # Run with more rights than the bot has, it must not take the file away from it.
                with contextlib.suppress(PermissionError):
                    os.fchown(file.fileno(), before.st_uid, before.st_gid)
            os.fchmod(file.fileno(), OWNER_ONLY)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
