"""Where each setting comes from: a line of the file, or the default. For `config`."""

import dataclasses
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from bot.config import Config
from bot.observe.addresses import VARIABLE
from bot.platforms import SECRETS
from bot.secrets import NOWHERE, origin, surroundings

# Keys that hold an address with, perhaps, a password in it.
ADDRESSES = ("source.url", "ledger.url")
MASKED = "masked"

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting in force.

    value   as the file would hold it; of a secret "set" or "missing", never more
    origin  "line 12", "default", or where the secret comes from
    """

    key: str
    value: Any
    origin: str
    secret: bool = False


def settings(config: Config) -> list[Setting]:
    """Every setting, in the order of the tables, then each account's secrets and the alerts', none of them shown."""
    lines = key_lines(config.path.read_text(encoding="utf-8"))
    found = [
        Setting(".".join(key), _shown(key, value), f"line {line}" if (line := _line(key, lines)) else "default")
        for field in dataclasses.fields(config)
        if isinstance(section := getattr(config, field.name), BaseModel | Mapping)
        for key, value in _leaves((field.name,), section)
    ]
    return [*found, *_secrets(config)]


def _leaves(path: Key, value: Any) -> Iterator[tuple[Key, Any]]:
    if isinstance(value, BaseModel):
        plain = value.model_dump(mode="json")
        for name in type(value).model_fields:
            inner = getattr(value, name)
            yield from _leaves((*path, name), inner if isinstance(inner, BaseModel | Mapping) else plain[name])
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _leaves((*path, name), inner)
    else:
        yield path, value


def _shown(key: Key, value: Any) -> Any:
    if ".".join(key) not in ADDRESSES or value == "sample":
        return value
    from sqlalchemy.engine import make_url

    url = make_url(value)
    hidden = {name: MASKED if "pass" in name else said for name, said in url.query.items()}
    return url.set(query=hidden).render_as_string(hide_password=True)


def _line(key: Key, lines: Mapping[Key, int]) -> int | None:
    """Of the key, or of the list or inline table that holds it."""
    return next((lines[key[:length]] for length in range(len(key), 0, -1) if key[:length] in lines), None)


def _secrets(config: Config) -> Iterator[Setting]:
    from bot.config import variable

    environment = surroundings()
    for name, account in config.accounts.items():
        for part in SECRETS[account.platform]:
            key = variable(name, part)
            where = origin(key, environment)
            yield Setting(key, "set" if where.is_set else "missing", where.said, secret=True)
    if (where := origin(VARIABLE, environment)).said != NOWHERE:
        yield Setting(VARIABLE, "set" if where.is_set else "missing", where.said, secret=True)


def key_lines(text: str) -> dict[Key, int]:
    """The line, from 1, on which each key of a TOML text begins. The text must be valid as a whole.

    A statement is taken to go on as long as it does not parse, so that texts of several lines and quoted names are
    read by TOML's own rules.
    """
    lines: dict[Key, int] = {}
    header, statement, begin = "", "", 1
    for number, line in enumerate(text.split("\n"), 1):
        begin = begin if statement else number
        statement += line + "\n"
        is_header = statement.lstrip().startswith("[")
        try:
            parsed = tomllib.loads(statement if is_header else header + statement)
        except tomllib.TOMLDecodeError:
            continue
        if is_header:
            header = statement
        else:
            lines |= {key: begin for key, _ in _leaves((), parsed) if key not in lines}
        statement = ""
    return lines
