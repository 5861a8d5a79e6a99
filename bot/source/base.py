"""What a source is: the one place that knows where summaries live, and the gate that keeps private ones in.

`priv` and `anon` are enforced behind this seam: nothing that comes through it is private, and an anonymous author is
nowhere in it. Every later stage may therefore show whatever it holds.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Listing:
    """What the ledger needs to know of a public summary: enough to queue it, order it and find it again.

    key        16 hex digits, see `summary_key`; names neither user nor author
    locator    what the source finds the summary by, together with the key: the paper's id, or the query's `id`
    title      of the paper, plain as the source holds it
    votes      sum of its votes
    published  aware UTC
    link       percent-encoded address of the summary
    """

    key: str
    locator: str
    title: str
    votes: int
    published: datetime
    link: str


@dataclass(frozen=True, slots=True)
class Summary:
    """One public text on one paper, whole.

    authors    the paper's, as "First Last"
    tags       as the source holds them: `cs.LG`, `dblp`, `thema:deepwalk`
    paper_url  the paper's own address (arXiv, DOI), if one is known
    text       Markdown with LaTeX
    author     who wrote the summary, as readers know them; None if anonymous
    published, edited  aware UTC
    link       percent-encoded address of the summary, one link for X and Facebook
    """

    key: str
    title: str
    authors: tuple[str, ...]
    year: int | None
    venue: str
    tags: tuple[str, ...]
    paper_url: str | None
    abstract: str
    text: str
    author: str | None
    votes: int
    published: datetime
    edited: datetime
    link: str


@dataclass(frozen=True, slots=True)
class Reference:
    """How a recorded summary is asked for again."""

    key: str
    locator: str


class SourceError(Exception):
    """The source cannot be read just now: down, slow, or refusing us. Nothing is lost; the next pull goes on.

    The message is written for the operator: what was asked, what came back, what to do. It never holds a password.
    """


class SourceMisconfigured(SourceError):
    """The source answers but is not what the settings say: tables or columns are missing. Needs the operator.

    `problems` holds every mistake found, one sentence each.
    """

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = tuple(problems)


class Source(Protocol):
    """Where summaries are pulled from. Every method raises `SourceError`, and nothing else, when it cannot."""

    def check(self) -> None:
        """Look whether tables and columns are there. Raises `SourceMisconfigured` with all that is missing."""

    def listings(self, changed_since: datetime | None) -> Iterator[Sequence[Listing]]:
        """Public summaries with at least `min_votes`, in pages of bounded size; those changed at or after
        `changed_since` (aware UTC; text, privacy or votes), or all of them for None."""

    def reread(self, reference: Reference) -> Summary | None:
        """The newest text of one summary; None if it is private or gone by now."""

    def reread_all(self, references: Sequence[Reference]) -> Mapping[str, Summary]:
        """The same of several by their keys, without those that are private or gone by now; one bounded question."""

    def missing(self, references: Sequence[Reference]) -> set[str]:
        """The keys among `references` that are private or gone by now; one bounded question."""

    def close(self) -> None:
        """Give connections back."""


def summary_key(*parts: str) -> str:
    """The key of a summary: sha256 over its identifying parts joined by NUL, the first 16 hex digits.

    One-way, so that the userid of an anonymous author stands in no ledger, log or output.
    """
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]
