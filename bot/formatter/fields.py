"""What a template may say of a summary."""

from functools import cached_property

from bot.formatter.characters import TIGHT
from bot.formatter.length import without_links
from bot.formatter.text import plain
from bot.formatter.titles import title_line, venue_line
from bot.source.base import Summary

FIELDS = (
    "title",
    "authors",
    "year",
    "venue",
    "tags",
    "paper_url",
    "abstract",
    "author",
    "votes",
    "published",
    "edited",
    "link",
)


class Fields:
    """What `summary.` offers: the fields in plain text. Each is made when a template asks for it, since most ask for
    few, and an abstract is long."""

    def __init__(self, summary: Summary) -> None:
        self._summary = summary
        self.year, self.votes, self.link = summary.year, summary.votes, summary.link
        self.tags, self.paper_url = summary.tags, summary.paper_url
        self.published, self.edited = summary.published, summary.edited

    @cached_property
    def title(self) -> str:
        return safe(title_line(self._summary.title))

    @cached_property
    def authors(self) -> tuple[str, ...]:
        return tuple(safe(plain(name)) for name in self._summary.authors)

    @cached_property
    def venue(self) -> str:
        return safe(venue_line(self._summary.venue, self._summary.year))

    @cached_property
    def abstract(self) -> str:
        return safe(plain(self._summary.abstract))

    @cached_property
    def author(self) -> str | None:
        return None if self._summary.author is None else safe(plain(self._summary.author))


def safe(text: str) -> str:
    """Words that stand in a post: plain spaces, and no name that the platform would take for a link."""
    return without_links(text.replace(TIGHT, " "))
