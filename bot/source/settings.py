"""What the operator says about the source, checked and typed by the configuration."""

from dataclasses import dataclass
from typing import Literal
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class SourceSettings:
    """`[source]` of the configuration, as far as reading goes.

    url        `sample`, or a SQLAlchemy URL with an absolute path where it names a file; holds a password
    query      the operator's SELECT for kind `query`, else None
    timezone   of the source's naive times
    page_size  rows per question, and so in memory at a time
    """

    url: str
    kind: Literal["shortscience", "query"]
    query: str | None
    text_encoding: Literal["utf8", "utf8-in-latin1"]
    timezone: ZoneInfo
    site_url: str
    min_votes: int
    page_size: int = 500
