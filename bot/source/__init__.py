"""Where summaries come from: the site's own tables, any database through one SELECT, or the sample."""

from bot.source.base import Source
from bot.source.settings import SourceSettings

__all__ = ["SourceSettings", "open_source"]


def open_source(settings: SourceSettings) -> Source:
    """The source as configured; connects when first asked. Raises `SourceError`.

    Imports late, so that a command that needs no database does not load SQLAlchemy.
    """
    from bot.source.connect import open_engine
    from bot.source.query import Query
    from bot.source.sample import SAMPLE, open_sample
    from bot.source.shortscience import ShortScience

    engine = open_sample() if settings.url == SAMPLE else open_engine(settings.url, settings.timezone)
    return ShortScience(settings, engine) if settings.kind == "shortscience" else Query(settings, engine)
