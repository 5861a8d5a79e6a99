"""How a file becomes the settings.

A file is judged section by section and every mistake is collected, so that one run names them all. A mistake is a
`Problem`: the key, and what was expected there.
"""

import copy
import functools
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import Field, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from bot.formatter.hashtags import is_hashtag
from bot.mistakes import ConfigMistakes, Problem, describe, unknown_key
from bot.resources import packaged
from bot.settings import (
    Account,
    AccountTable,
    FacebookAccount,
    LedgerTable,
    ObserveTable,
    PricesTable,
    SourceTable,
    Table,
    TwitterAccount,
)

DEFAULT_PATH = Path("config/bot.toml")
_ACCOUNT_TABLES: Mapping[Any, type[AccountTable]] = {"twitter": TwitterAccount, "facebook": FacebookAccount}
# Of an account whose platform is no platform, or that names none.
_NO_PLATFORM = ("union_tag_invalid", "union_tag_not_found")
T = TypeVar("T", bound=Table)
_ACCOUNT: TypeAdapter[Account] = TypeAdapter(Annotated[Account, Field(discriminator="platform")])


@dataclass(frozen=True, slots=True)
class Config:
    """A whole, valid configuration. `root` is what relative paths count from; `path` where it was read."""

    path: Path
    root: Path
    source: SourceTable
    ledger: LedgerTable
    prices: PricesTable
    observe: ObserveTable
    accounts: Mapping[str, Account]
    hashtags: Mapping[str, str]

    def template_folders(self) -> list[Path]:
        """Where templates are looked for: the operator's, then the packaged ones."""
        return [self.root / "templates", packaged("templates")]

    def resolve_url(self, url: str) -> str:
        """A database address whose relative SQLite path counts from `root`."""
        if not url.startswith("sqlite:///"):
            return url
        return "sqlite:///" + str(self.root / url.removeprefix("sqlite:///"))


def load_config(path: Path | None) -> Config:
    """Read and judge the settings. Raises ConfigMistakes with everything that is wrong.

    Without `path`, `config/bot.toml` under the working directory is read, else the packaged defaults serve.
    """
    file, root = _locate(path)
    raw = _read_toml(file)
    problems: list[Problem] = []
    source = _section(SourceTable, raw.pop("source", {}), "source", problems)
    ledger = _section(LedgerTable, raw.pop("ledger", {}), "ledger", problems)
    prices = _section(PricesTable, raw.pop("prices", {}), "prices", problems)
    observe = _section(ObserveTable, raw.pop("observe", {}), "observe", problems)
    accounts = _accounts(raw.pop("accounts", {}), problems)
    hashtags = _hashtags(raw.pop("hashtags", {}), problems)
    known = ("source", "ledger", "prices", "observe", "accounts", "hashtags")
    problems += [unknown_key(key, key, known) for key in raw]
    tables = (source or SourceTable(), ledger or LedgerTable(), prices or PricesTable(), observe or ObserveTable())
    config = Config(file, root, *tables, accounts, hashtags)
    if problems:
        raise ConfigMistakes(problems, config)
    return config


def _locate(path: Path | None) -> tuple[Path, Path]:
    if path is None and not DEFAULT_PATH.exists():
        return packaged("config/bot.toml"), Path.cwd()
    file = (path or DEFAULT_PATH).absolute()
    return file, file.parent.parent if file.parent.name == "config" else file.parent


def _read_toml(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigMistakes([Problem(str(file), "there is no such file; see --config")]) from None
    except OSError as error:
        raise ConfigMistakes([Problem(str(file), f"cannot be read: {error.strerror}")]) from None
    except UnicodeDecodeError:
        raise ConfigMistakes([Problem(str(file), "is not UTF-8 text")]) from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigMistakes([Problem(str(file), f"is not valid TOML: {error}")]) from None


def _section(model: type[T], raw: Any, where: str, problems: list[Problem]) -> T | None:
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        problems += [describe(detail, where, model) for detail in error.errors(include_url=False)]
        return None


def _hashtags(raw: Any, problems: list[Problem]) -> dict[str, str]:
    """Tag -> hashtag, or "" where the tag shall become none."""
    if not isinstance(raw, dict):
        problems.append(Problem("hashtags", "expected a table: [hashtags]"))
        return {}
    good = {}
    for tag, hashtag in raw.items():
        if isinstance(hashtag, dict):
            problems.append(Problem(f"hashtags.{tag}", f'expected quotes around a tag with a dot: "{tag}.…" = "#…"'))
        elif isinstance(hashtag, str) and (not hashtag or is_hashtag(hashtag)):
            good[tag] = hashtag
        else:
            problems.append(
                Problem(
                    f"hashtags.{tag}", 'expected "#" with letters, digits and "_" behind it, not only digits; or ""'
                )
            )
    return good


def _accounts(raw: Any, problems: list[Problem]) -> dict[str, Account]:
    if not isinstance(raw, dict) or not raw:
        problems.append(Problem("accounts", "expected at least one table such as [accounts.twitter]"))
        return {}
    accounts = {}
    for name, table in raw.items():
        account = _account(table, f"accounts.{name}", problems)
        if account is not None:
            accounts[name] = account
    problems += _coinciding(raw)
    return accounts


def _account(raw: Any, where: str, problems: list[Problem]) -> Account | None:
    if isinstance(raw, dict):
        problems += _cadence_kind(raw.get("cadence"), f"{where}.cadence")
    details = _mistakes_in(raw)
    if not details:
        return _ACCOUNT.validate_python(raw)
    if details[0]["type"] not in _NO_PLATFORM:
        problems += _described(details, raw, where)
        return _account_without(details, raw)
    # Its other mistakes are named as well: those of an account of the platform whose keys it has.
    guesses = [{**raw, "platform": platform} for platform in _ACCOUNT_TABLES]
    guess = min(guesses, key=lambda one: sum(detail["type"] == "extra_forbidden" for detail in _mistakes_in(one)))
    problems += _described(details, raw, where) + _described(_mistakes_in(guess), guess, where)
    return None


def _mistakes_in(raw: Any) -> list[ErrorDetails]:
    try:
        _ACCOUNT.validate_python(raw)
    except ValidationError as error:
        return error.errors(include_url=False)
    return []


def _described(details: list[ErrorDetails], raw: Any, where: str) -> list[Problem]:
    model = _ACCOUNT_TABLES[raw["platform"]] if details and details[0]["loc"] else AccountTable
    return [_of_another_platform(one, where) or describe(one, where, model, tagged=True) for one in details]


def _of_another_platform(detail: ErrorDetails, where: str) -> Problem | None:
    """A key that only accounts on another platform have, and so no slip of the pen."""
    if detail["type"] != "extra_forbidden" or len(detail["loc"]) != 2:
        return None
    name = str(detail["loc"][1])
    owner = next((platform for platform, model in _ACCOUNT_TABLES.items() if name in model.model_fields), None)
    if owner is None:
        return None
    return Problem(f"{where}.{name}", f'only an account with platform = "{owner}" has this key: remove it')


def _account_without(details: list[ErrorDetails], raw: Any) -> Account | None:
    """The account with defaults in place of its mistakes; None if they leave none."""
    rest = copy.deepcopy(raw)
    try:
        for _, *path, key in (detail["loc"] for detail in details):
            functools.reduce(dict.__getitem__, path, rest).pop(key, None)
        return _ACCOUNT.validate_python(rest)
    except (ValueError, KeyError, TypeError):
        return None


def _cadence_kind(raw: Any, where: str) -> list[Problem]:
    """Exactly one of every, cron, at. Asked of the raw table, so that it is named together with other mistakes."""
    if not isinstance(raw, dict):
        return []
    kinds = [key for key in ("every", "cron", "at") if key in raw]
    if len(kinds) == 1:
        return []
    found = f"; found {' and '.join(kinds)}" if kinds else ""
    return [Problem(where, f"expected exactly one of `every`, `cron`, `at`{found}")]


def variable(account: str, part: str) -> str:
    """The name of the environment variable that holds a secret of `account`."""
    return f"BOT_{re.sub('[^A-Z0-9]', '_', account.upper())}_{part}"


def _coinciding(names: Mapping[str, Any]) -> list[Problem]:
    by_prefix: dict[str, list[str]] = {}
    for name in names:
        by_prefix.setdefault(variable(name, "…"), []).append(name)
    return [
        Problem(f"accounts.{same[-1]}", f"would read the same variables {prefix} as accounts.{same[0]}; rename one")
        for prefix, same in by_prefix.items()
        if len(same) > 1
    ]
