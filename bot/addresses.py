"""Where the databases are, by the settings. Their passwords are masked from the moment they are asked for.

Apart from `runtime`, since a command that only looks at the ledger must not pay for what makes posts.
"""

from dataclasses import replace
from pathlib import Path

from bot.config import Config
from bot.observe.redact import redactor

# Where `--sandbox` keeps its own ledger and its own posts, under the project root.
SANDBOX_FOLDER = Path("var/sandbox")


def ledger_url(config: Config) -> str:
    """The ledger's address."""
    return _learn_password(config.resolve_url(config.ledger.url))


def source_url(config: Config) -> str:
    """The source's address, or "sample"."""
    url = config.resolve_url(config.source.url)
    return url if url == "sample" else _learn_password(url)


def with_sandbox_ledger(config: Config) -> Config:
    """The same settings with the sandbox's own ledger."""
    ledger = config.ledger.model_copy(update={"url": f"sqlite:///{SANDBOX_FOLDER / 'ledger.db'}"})
    return replace(config, ledger=ledger)


def _learn_password(url: str) -> str:
    from sqlalchemy.engine import make_url  # late: `--help` must not pay for SQLAlchemy

    address = make_url(url)
    options = [value for key, value in address.query.items() if "pass" in key and isinstance(value, str)]
    redactor.add([*options, address.password or ""])
    return url
