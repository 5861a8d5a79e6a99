"""Where an account's secrets come from: the environment, files it names, or `.env`; never the config.

The order, for each variable: the variable itself, the file named by the variable with `_FILE`, then both again as
`.env` in the working directory has them.
"""

import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.config import Config, variable
from bot.mistakes import ConfigMistakes, Problem
from bot.platforms import SECRETS


def surroundings() -> dict[str, str]:
    """The environment, over what `.env` in the working directory says."""
    # Imported here: looking commands need no secrets.
    from dotenv import dotenv_values

    # Its warnings name no file; `_torn_lines` does, where it matters.
    logging.getLogger("dotenv").setLevel(logging.CRITICAL)
    try:
        from_file = {name: value for name, value in dotenv_values(".env").items() if value}
    except (OSError, UnicodeDecodeError):
        raise ConfigMistakes([Problem(str(Path(".env").absolute()), "cannot be read; expected UTF-8 text")]) from None
    for name in os.environ:
        # A variable in the environment also beats the other form of the same name in .env.
        from_file.pop(f"{name}_FILE", None)
        from_file.pop(name.removesuffix("_FILE"), None)
    return {**from_file, **os.environ}


def _torn_lines() -> list[Problem]:
    """What stands in `.env` and is no NAME=value."""
    from dotenv.parser import parse_stream

    file = Path(".env").absolute()
    if not file.is_file():
        return []
    with file.open(encoding="utf-8") as lines:
        torn = [binding.original.line for binding in parse_stream(lines) if binding.error]
    return [Problem(f"{file}, line {line}", "expected NAME=value, with quotes in pairs") for line in torn]


def read_secrets(account: str, platform: str, environment: Mapping[str, str]) -> tuple[dict[str, str], list[Problem]]:
    """The secrets of one account by their last parts (`CONSUMER_KEY`, …), and what is missing."""
    found: dict[str, str] = {}
    problems: list[Problem] = []
    for part in SECRETS[platform]:
        name = variable(account, part)
        try:
            value = read_value(name, environment)
        except OSError as error:
            problems.append(Problem(f"{name}_FILE", f"the file it names cannot be read: {error.strerror}"))
            continue
        if value:
            found[part] = value
        else:
            problems.append(Problem(name, f"is not set; accounts.{account} needs it (or {name}_FILE)"))
    return found, problems


def read_value(name: str, environment: Mapping[str, str]) -> str:
    """The value of a variable, or of the file that it names with `_FILE`; empty if it is not set. Raises OSError."""
    if environment.get(name):
        return environment[name].strip()
    file = environment.get(f"{name}_FILE")
    try:
        return Path(file).read_text(encoding="utf-8").strip() if file else ""
    except UnicodeDecodeError:
        raise OSError(0, "it is not text") from None


# Where a secret comes from that nobody has set.
NOWHERE = "nowhere"


@dataclass(frozen=True, slots=True)
class Origin:
    """Whether a secret is set, and what may be said of where: "environment", "file /run/… (named in .env)"."""

    is_set: bool
    said: str


def origin(name: str, environment: Mapping[str, str]) -> Origin:
    """Where the secret in variable `name` comes from; `environment` as `surroundings` tells it."""
    if environment.get(name):
        return Origin(True, _place(name))
    file = environment.get(f"{name}_FILE")
    if not file:
        return Origin(False, NOWHERE)
    said = f"file {file} (named in {_place(f'{name}_FILE')})"
    try:
        content = read_value(name, environment)
    except OSError as error:
        return Origin(False, f"{said} cannot be read: {error.strerror}")
    return Origin(True, said) if content else Origin(False, f"{said} is empty")


def _place(name: str) -> str:
    return "environment" if os.environ.get(name) else ".env"


def credentials(config: Config, accounts: list[str]) -> tuple[dict[str, dict[str, str]], list[Problem]]:
    """The secrets of all `accounts`, and everything that keeps them from posting."""
    environment = surroundings()
    secrets: dict[str, dict[str, str]] = {}
    problems: list[Problem] = []
    for name in accounts:
        account = config.accounts[name]
        secrets[name], missing = read_secrets(name, account.platform, environment)
        problems += missing
        if account.platform == "facebook" and not account.page_id:
            problems.append(Problem(f"accounts.{name}.page_id", "is empty; expected your Page's id, digits"))
    # What is missing may stand there, only badly.
    return secrets, problems + _torn_lines() if problems else problems
