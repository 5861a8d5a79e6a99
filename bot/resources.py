"""Files that ship with the bot: the default config and the templates."""

from pathlib import Path

_HERE = Path(__file__).parent


def packaged(name: str) -> Path:
    """Where `name` ("templates", "config/bot.toml") lies: inside the installed wheel, else in the checkout."""
    inside = _HERE / "_packaged" / name
    return inside if inside.exists() else _HERE.parent / name
