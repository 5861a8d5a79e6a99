"""From a summary to a post that fits.

What is elastic gives way in this order: the excerpt's further sentences; the hashtags, the least important first, if
that lets a better sentence stand, or stand whole; the excerpt (shortened at a clause, then none); the title (at a
word). The link never does.
"""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from bot.formatter import shorten
from bot.formatter.analysis import Analysis, Sentence
from bot.formatter.condense import NOTHING, Chooser, Excerpt
from bot.formatter.fields import FIELDS, Fields, safe
from bot.formatter.hashtags import hashtags_for, table_with
from bot.formatter.judge import analyse
from bot.formatter.layout import tidy
from bot.formatter.templating import Template, TemplateMistake
from bot.formatter.text import Image
from bot.formatter.titles import authors_line
from bot.platforms.base import Limits, Post
from bot.source.base import Summary

__all__ = ["CannotCompose", "Composed", "Composer", "TemplateMistake"]

NAMES = ("summary", "title", "excerpt", "authors", "hashtags", "link")
_TRIES = 6
# What a better opening must gain over that of the same post with one hashtag more.
_HASHTAG_IS_WORTH = 0.2
# A post of this length or less is one paragraph of up to three sentences, a longer one has paragraphs.
_LONGEST_IN_ONE_PARAGRAPH = 300


class CannotCompose(Exception):
    """Even the barest form of the post does not fit, or the template wrote no link for this summary."""


@dataclass(frozen=True, slots=True)
class Composed:
    """A post and why it is as it is.

    length, limit  as the platform counts
    warnings       what the operator should know, in words: "title shortened"
    gave_way       what was left out or shortened for length, in order
    considered     every sentence of the text with its score and what raised or lowered it
    used           the places of those that stand in the post
    images         pictures of the text, in order; not in the post
    """

    post: Post
    length: int
    limit: int
    warnings: tuple[str, ...]
    gave_way: tuple[str, ...]
    considered: tuple[Sentence, ...]
    used: tuple[int, ...]
    images: tuple[Image, ...]


@dataclass(frozen=True, slots=True)
class _Parts:
    """The elastic parts of a post as they stand."""

    title: str
    authors: str
    excerpt: str
    hashtags: tuple[str, ...]


class Composer:
    """Makes an account's posts. Compiles its template at once and raises `TemplateMistake` if it is wrong.

    template      the file's name, looked for in `folders` in their order
    limits        the platform's; `max_length` the operator's own, if smaller
    link_in_text  whether the link stands in the text (X), exactly once, or in a field of its own (Facebook)
    hashtags      tag -> hashtag, beside and before the table in `bot.formatter.hashtags`
    most_hashtags how many at most
    """

    def __init__(
        self,
        template: str,
        folders: Sequence[Path],
        limits: Limits,
        *,
        link_in_text: bool,
        max_length: int | None = None,
        hashtags: Mapping[str, str] | None = None,
        most_hashtags: int = 2,
    ) -> None:
        self._template = Template(template, folders, NAMES, FIELDS)
        self._measure = limits.measure
        self._limit = min(limits.length, max_length or limits.length)
        self._link_in_text = link_in_text
        self._hashtags = table_with(hashtags or {})
        self._most_hashtags = most_hashtags
        self._most_sentences = 3 if self._limit <= _LONGEST_IN_ONE_PARAGRAPH else 5
        self._rehearse()

    @property
    def limit(self) -> int:
        """How long a post may be, as the platform counts: the platform's limit, or the operator's own if smaller."""
        return self._limit

    def compose(self, summary: Summary) -> Composed:
        """The post for `summary`. Raises `CannotCompose`, also for a mistake in the template that only now shows."""
        draft = _Draft(summary, self)
        try:
            parts, excerpt = draft.fitted()
            post = self._post(summary, draft.render(parts))
        except TemplateMistake as mistake:
            raise CannotCompose(str(mistake)) from None
        analysis = draft.analysis
        return Composed(
            post=post,
            length=draft.length(parts),
            limit=self._limit,
            warnings=_warnings(analysis, excerpt, draft.gave_way),
            gave_way=tuple(draft.gave_way),
            considered=analysis.sentences,
            used=excerpt.places,
            images=analysis.images,
        )

    def _post(self, summary: Summary, text: str) -> Post:
        if not text.strip():
            raise CannotCompose("the template writes nothing for this summary")
        if self._link_in_text and text.count(summary.link) != 1:
            raise CannotCompose("the template does not write the link exactly once for this summary")
        return Post(text, summary.link)

    def _rehearse(self) -> None:
        """Render a full and a bare summary, so that a mistake shows at the start and not on the first post."""
        for summary in (_FULL, _BARE):
            text = _Draft(summary, self).rehearsal()
            count = text.count(summary.link)
            if self._link_in_text and count != 1:
                raise self._template.mistake(
                    f"must write {{{{ link }}}} once, not {count} times: the link is the post's own"
                )
            if not self._link_in_text and count:
                raise self._template.mistake("must not write {{ link }}: it is sent in a field of its own here")


class _Draft:
    """One post in the making."""

    def __init__(self, summary: Summary, composer: Composer) -> None:
        self._composer = composer
        self._summary = summary
        self._fields = Fields(summary)
        self.analysis: Analysis = analyse(summary)
        self.gave_way: list[str] = []
        tags = hashtags_for(summary.tags, composer._hashtags, most=composer._most_hashtags)
        self._whole = _Parts(self._fields.title, safe(authors_line(summary.authors)), "", tags)
        self._rendered: dict[_Parts, str] = {}
        # Of posts by their parts, of excerpts by their text.
        self._lengths: dict[_Parts | str, int] = {}
        self._excerpts: list[tuple[range, Excerpt]] = []

    def fitted(self) -> tuple[_Parts, Excerpt]:
        """The parts that fit together, and the excerpt among them."""
        for parts in (self._whole, replace(self._whole, authors="")):
            if self._fits(parts):
                return self._with_the_best_excerpt(parts)
        self.gave_way.append("excerpt")
        return self._smaller(replace(self._whole, authors="")), NOTHING

    def rehearsal(self) -> str:
        return self.render(replace(self._whole, excerpt="An excerpt."))

    def render(self, parts: _Parts) -> str:
        """The post with these parts. Kept, since those that fit are asked for again."""
        if parts not in self._rendered:
            self._rendered[parts] = self._render(parts)
        return self._rendered[parts]

    def _render(self, parts: _Parts) -> str:
        values = {
            "summary": self._fields,
            "title": parts.title,
            "excerpt": parts.excerpt,
            "authors": parts.authors,
            "hashtags": " ".join(parts.hashtags),
            "link": self._summary.link,
        }
        return tidy(self._composer._template.render(values))

    def length(self, parts: _Parts) -> int:
        """How long the post with these parts is."""
        if parts not in self._lengths:
            self._lengths[parts] = self._composer._measure(self.render(parts))
        return self._lengths[parts]

    def _fits(self, parts: _Parts) -> bool:
        return self.length(parts) <= self._composer._limit

    def _with_the_best_excerpt(self, parts: _Parts) -> tuple[_Parts, Excerpt]:
        """With as many hashtags as there are, unless fewer let a better sentence stand, or stand whole."""
        options = []
        for count in range(len(parts.hashtags), -1, -1):
            whole, excerpt = self._with_excerpt(replace(parts, hashtags=parts.hashtags[:count]))
            options.append((whole, excerpt))
            if self._wants_no_more_room(excerpt):
                break
        best, excerpt = max(options, key=lambda one: one[1].value + _HASHTAG_IS_WORTH * len(one[0].hashtags))
        self.gave_way += [f"hashtag {tag}" for tag in reversed(parts.hashtags[len(best.hashtags) :])]
        self._note(excerpt)
        return best, excerpt

    def _with_excerpt(self, parts: _Parts) -> tuple[_Parts, Excerpt]:
        """The best excerpt for the room that is left; a template may write it twice or in capitals, so the text
        decides."""
        measure, limit = self._composer._measure, self._composer._limit
        room = limit - self.length(replace(parts, excerpt="x")) + measure("x")
        for _ in range(_TRIES):
            excerpt = self._chosen(room)
            whole = replace(parts, excerpt=excerpt.text)
            over = self.length(whole) - limit
            if over <= 0:
                return whole, excerpt
            room -= max(over, 1)
        return parts, NOTHING

    def _chosen(self, room: int) -> Excerpt:
        """The best excerpt of at most this length. What is chosen hangs on nothing but the answers of `fits`: all rooms
        between the longest text that fitted and the shortest that did not get the same."""
        known = next((excerpt for rooms, excerpt in self._excerpts if room in rooms), None)
        if known is not None:
            return known
        lengths: set[int] = set()

        def fits(text: str) -> bool:
            length = self._length_of_excerpt(text)
            lengths.add(length)
            return length <= room

        most = self._composer._most_sentences
        excerpt = Chooser(self.analysis, fits, most=most, paragraphs=most > 3).excerpt()
        excerpt = replace(excerpt, text=safe(excerpt.text))
        fitted, too_long = (
            max((one for one in lengths if one <= room), default=min(room, 0)),
            min((one for one in lengths if one > room), default=sys.maxsize),
        )
        self._excerpts.append((range(fitted, too_long), excerpt))
        return excerpt

    def _wants_no_more_room(self, excerpt: Excerpt) -> bool:
        """Whether all that was asked for when it was chosen did fit."""
        return any(rooms.stop == sys.maxsize and one is excerpt for rooms, one in self._excerpts)

    def _length_of_excerpt(self, text: str) -> int:
        """How long an excerpt would be in the post. Each room asks for much the same texts."""
        if text not in self._lengths:
            self._lengths[text] = self._composer._measure(safe(text))
        return self._lengths[text]

    def _note(self, excerpt: Excerpt) -> None:
        if excerpt.how:
            self.gave_way.append(f"excerpt: {excerpt.how}")
        elif not excerpt.text and any(sentence.usable for sentence in self.analysis.sentences):
            self.gave_way.append("excerpt: no sentence fits")

    def _smaller(self, parts: _Parts) -> _Parts:
        """Without hashtags, one after the other, then with a shorter title."""
        while parts.hashtags:
            self.gave_way.append(f"hashtag {parts.hashtags[-1]}")
            parts = replace(parts, hashtags=parts.hashtags[:-1])
            if self._fits(parts):
                return parts
        title = shorten.at_a_word(parts.title, lambda title: self._fits(replace(parts, title=title)))
        if title is None:
            raise CannotCompose(f"even without excerpt and hashtags the post is over {self._composer._limit}")
        self.gave_way.append("title")
        return replace(parts, title=title)


def _warnings(analysis: Analysis, excerpt: Excerpt, gave_way: Sequence[str]) -> tuple[str, ...]:
    """What the operator should know of the post."""
    found = []
    if analysis.origin == "abstract" and excerpt.text:
        found.append("no prose: abstract used")
    if not excerpt.text:
        found.append("no excerpt: nothing in the text could stand there")
    if excerpt.how:
        found.append(f"excerpt {excerpt.how}")
    if any(part.startswith("hashtag") for part in gave_way):
        found.append("hashtags left out")
    if "title" in gave_way:
        found.append("title shortened")
    return tuple(found)


_FULL = Summary(
    key="0" * 16,
    title="A Title",
    authors=("First Author", "Second Author", "Third Author"),
    year=2016,
    venue="A Venue",
    tags=("cs.LG", "cs.CV"),
    paper_url="https://arxiv.org/abs/1611.03530",
    abstract="An abstract.",
    text="This paper proposes a new way to rehearse a template before the first post is due.",
    author="reader",
    votes=1,
    published=datetime(2017, 1, 21, tzinfo=UTC),
    edited=datetime(2017, 1, 21, tzinfo=UTC),
    link="https://example.org/paper?bibtexKey=rehearsal&a=reader",
)
_BARE = replace(_FULL, authors=(), year=None, venue="", tags=(), paper_url=None, abstract="", text="", author=None)
