"""What ships with the bot: the default config, the templates, and the version."""

import tomllib
from importlib import metadata
from pathlib import Path

_HERE = Path(__file__).parent


def packaged(name: str) -> Path:
    """Where `name` ("templates", "config/bot.toml") lies: inside the installed wheel, else in the checkout."""
    inside = _HERE / "_packaged" / name
    return inside if inside.exists() else _HERE.parent / name


def version() -> str:
    """The version of what is installed; of a checkout, that of its pyproject.toml."""
    try:
        return metadata.version("shortscience-bot")
    except metadata.PackageNotFoundError:
        project = _HERE.parent / "pyproject.toml"
        return str(tomllib.loads(project.read_text(encoding="utf-8"))["project"]["version"])
