"""Plain text from the site's Markdown: GitHub style, with MathJax.

What comes out is a `Document`: blocks of prose in their order, each with the heading it stands under. Tables,
quotations and code blocks hold no sentence of the author's and are gone; images are gone, and remembered. Where
something could not be written, `LOST` stands in the text.
"""

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from markdown_it.token import Token

from bot.formatter import latex, lines, pointers
from bot.formatter.addresses import addresses, is_image, with_lost_spaces, without_addresses
from bot.formatter.characters import BREAK, FORMULA, FORMULA_END, LOST, TIGHT, clean, neutral, one_line
from bot.formatter.formulas import Formula, take_out
from bot.formatter.leads import is_label, leads_into_a_list, split_heading, split_leads
from bot.formatter.markdown import parsed

# A post is made of what comes first: of a longer text only the pictures are looked at. Most summaries are shorter.
_LONGEST_PARSED = 6_000
# Of each block at least one sentence is judged, and no more than this are; of what follows, only images count.
MOST_BLOCKS = 40
# The longest summaries have some 20,000 characters; a longer text is read up to here, so that time stays bounded.
LONGEST_READ = 40_000
_LONGEST_LINE = 10_000

STRONG, STRONG_END = "\ue004", "\ue005"

_REFERENCE = re.compile(f"{FORMULA}(\\d+){FORMULA_END}")
_MARKS = re.compile("[\ue000-\ue00f]")
_CITE = re.compile(
    r"(?P<lean>\b(?:in|by|of|from|to|with|see|as|like|than|and|on|per)\s+)?~?\\cite[a-z]*\*?(?:\[[^\]]*\])*\{[^{}]*\}"
)
_REF = re.compile(r"\\(?:eq|auto|c)?ref\{[^{}]*\}")
_MACRO = re.compile(r"\\[A-Za-z]{2,}(?:\{[^{}\n]{0,200}\})*|\\[%&#_$]")
_ACCENTED = re.compile(r"\\(?:(['`^\"~=.])\s*\{?\\?([A-Za-z])\}?|([uvHcrk])\{\\?([A-Za-z])\})")
# DBLP's way to write "MCA²".
_RAISED = re.compile(r"<(sub|sup)>([^<>]{1,40})</\1>", re.IGNORECASE)
_COMBINING = dict(
    zip("'`^\"~=.uvHcrk", "\u0301\u0300\u0302\u0308\u0303\u0304\u0307\u0306\u030c\u030b\u0327\u030a\u0328", strict=True)
)
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)\b[^<>]*>|<!--.*?-->", re.DOTALL)
# What a generator of web sites does there, on lines of its own or as an address: "{% include image.html %}".
_COMMAND = re.compile(r"^[ \t]*\{%[^{}%]{1,300}%\}[ \t]*$|(?<=\]\()\{%[^{}%]{1,300}%\}(?=\))", re.MULTILINE)
_SOURCE = re.compile(r"""\bsrc\s*=\s*["']?([^"'\s>]+)""", re.IGNORECASE)
_PICTURE = re.compile(
    r"!\[(?P<alt>[^\]\n]{0,300})\]\((?P<linked>[^\s()]{1,2000})|<img\b[^<>]{0,300}?\bsrc\s*=\s*[\"']?(?P<tagged>[^\"'\s>]{1,2000})",
    re.IGNORECASE,
)
_SILENT_ELEMENTS = re.compile(
    r"<(script|style|pre|table|svg|iframe|math)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE
)
_MARK = re.compile(r"\[?(?:\d{1,3}|ref)\]?", re.IGNORECASE)
_TIGHT_HEADING = re.compile(r"^( {0,3}#{2,6})(?=[^#\s])", re.MULTILINE)
_OTHER_SPACES = (TIGHT, "\u2002", "\u2003", "\u2009", "\u200a", "\u202f", "\u3000")
# Marks that Markdown could not pair, and the star of a footnote: "****gulls ****", "gulls*"; not "A*" and "theta*".
_STARS = re.compile(
    r"\*{4}|(?<=\w)\*\*(?=[\s.,;:)]|$)|(?:^|(?<=[\s(]))\*\*(?=\w)"
    r"|(?<=[a-z]{3})(?<!eta)(?<!lpha)(?<!amma)(?<!mbda)(?<!igma)(?<!mega)\*(?=[\s.,;:)]|$)"
)
# What must be in a text for the rule to be tried on it, the rule, and what it puts there.
_TIDY = (
    *((("(",), brackets, "") for brackets in pointers.BRACKETS),
    (("al..", "etc.."), re.compile(r"(?<=\b(?:al|tc))\.\.(?!\.)"), "."),
    ((f"±{TIGHT}", "± "), re.compile(rf"(?:^|(?<=[a-z]{{2}} )|(?<=\())±[ {TIGHT}](?=\d)"), "±"),
    ((LOST,), re.compile(f" ?\\([^()]{{0,80}}{LOST}[^()]{{0,80}}\\)"), ""),
    (("(", "["), re.compile(r"\((?<!\w\()\s*(?:(?:see|e\.g\.|cf\.|i\.e\.)?[\s,;]*)?\)|\[\s*\]"), ""),
    (
        (" ,", " ;", " :", " !", " ?", " )", " ]", " .", "\n", "\t", *_OTHER_SPACES),
        re.compile(r"\s+([,;:!?)\]](?!\w)|\.(?!\w|\.))"),
        r"\1",
    ),
    (("(", "["), re.compile(r"([(\[])\s+"), r"\1"),
    ((",",), re.compile(r",\s*([.;:])"), r"\1"),
    (("->",), re.compile(r"(?<=\s)-{1,2}>(?=\s)"), "→"),
    (("--",), re.compile(r"(?<=\w)--(?=\w)|(?<=\s)--(?=\s)"), "–"),
    (("---",), re.compile(r"---"), "—"),
    ((" IMO", " IMHO"), re.compile(r", IMH?O(?=[.,;!?]|$)|(?<! the)(?<! of)(?<! at)(?<! in) IMH?O(?=[.!?]?$)"), ""),
    (("``",), re.compile(r"``([^`']{1,200})''"), "“\\1”"),
)

# "TLDR; The authors …": the writer's own short version of the text.
_DIGEST = re.compile(
    r"(?:tl\s?[;:,]?\s?dr|in short(?=:)|in a nutshell(?=:)|(?:summary )?in one sentence(?=:)"
    r"|one[- ]sentence summary(?=:))"
    r"(?!\w)[\s;:,.–—-]*",
    re.IGNORECASE,
)
_ABSTRACT = re.compile(r"abstract\s*[:—–](?=\s*[A-Z])\s*", re.IGNORECASE)
_DIGEST_HEADING = re.compile(
    r"tl\s?[;:,]?\s?dr\b|in short$|in a nutshell|in one sentence|one[- ]sentence|^(?:the |proposed )?solution$",
    re.IGNORECASE,
)
# A line of its own above the first heading says what all below is about.
_LONGEST_TAGLINE, _SENTENCE_ENDS = 260, re.compile(r"[.!?]\s")
_NOTE_BEHIND = re.compile(r"\s*\[[^\[\]]{1,40}\]\.?$")

Kind = Literal["paragraph", "item"]


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph or list item of prose on one line. section: the headings and labels it stands under, outermost
    first. depth: in how many lists it stands."""

    kind: Kind
    text: str
    section: tuple[str, ...] = ()
    depth: int = 0

    @property
    def digest(self) -> bool:
        """Whether it is of the writer's own short version of the text."""
        return any(map(_DIGEST_HEADING.search, self.section))


@dataclass(frozen=True, slots=True)
class Image:
    """A picture in the text: its address and what the author says it shows."""

    address: str
    alt: str


@dataclass(frozen=True, slots=True)
class Document:
    """A text taken apart: the prose, and the pictures left out of it."""

    blocks: tuple[Block, ...]
    images: tuple[Image, ...]


def read(markdown: str) -> Document:
    """Take a summary's text apart. Never fails, whatever the text; time is linear in its length."""
    if not markdown or markdown.isspace():
        return Document((), ())
    markdown = markdown[:LONGEST_READ]
    head = _beginning(markdown)
    source, formulas = take_out(_bounded(clean(_MARKS.sub("", _COMMAND.sub("", head) if "{%" in head else head))))
    if "\\cite" in source:
        source = _CITE.sub(_cited, source)
    if "\\" in source:
        source = _REF.sub(LOST, source)
    if "[^" in source:
        source = pointers.FOOTNOTE_ITSELF.sub("", source)
    if "##" in source:
        source = _TIGHT_HEADING.sub(r"\1 ", source)
    reader = _Reader(formulas, pointers.citations(source))
    reader.read(parsed(source))
    return Document(tuple(_tagged(reader.blocks)), (*reader.images, *_pictures(markdown[len(head) :])))


def _tagged(blocks: list[Block]) -> list[Block]:
    """The blocks, with a first line above all headings as the short version that it is."""
    if len(blocks) > 1 and blocks[0].kind == "paragraph" and not blocks[0].section and blocks[1].section:
        line = _NOTE_BEHIND.sub("", blocks[0].text)
        if len(line) <= _LONGEST_TAGLINE and not _SENTENCE_ENDS.search(line):
            return [replace(blocks[0], text=line, section=("In short",)), *blocks[1:]]
    return blocks


def _beginning(markdown: str) -> str:
    """What is parsed of a text: up to the end of a line, if there is one."""
    if len(markdown) <= _LONGEST_PARSED:
        return markdown
    end = markdown.rfind("\n", 0, _LONGEST_PARSED)
    return markdown[: end if end > 0 else _LONGEST_PARSED]


def _pictures(markdown: str) -> Iterator[Image]:
    """The pictures of a text that is not parsed."""
    for found in _PICTURE.finditer(markdown):
        yield Image(found["linked"] or found["tagged"], found["alt"] or "")


def plain(line: str) -> str:
    """One line of text with LaTeX in it - a title, a name - as plain text; Markdown is not read. Marks nothing."""
    source, formulas = take_out(clean(_MARKS.sub("", line[:LONGEST_READ])))
    written = _REFERENCE.sub(lambda found: _bare(formulas[int(found[1])].latex), html.unescape(source))
    if "</" in written:
        written = _RAISED.sub(lambda found: latex.script("_" if found[1] == "sub" else "^", found[2]), written)
    if "\\" in written:
        written = _ACCENTED.sub(_accented, written)
        written = _MACRO.sub(lambda found: latex.to_unicode(found.group()) or "", written)
    return neutral(one_line(_tidy(clean(written).replace("{", "").replace("}", ""))))


def _accented(found: re.Match[str]) -> str:
    """BibTeX's accents: `{\\'E}tude`."""
    return (found[2] or found[4]) + _COMBINING[found[1] or found[3]]


def _bare(formula: str) -> str:
    """A formula for a place where nothing may be left out: its words, if it cannot be written."""
    written = latex.to_unicode(formula)
    return re.sub(r"[\\{}$]", " ", formula) if written is None else written


def _bounded(text: str) -> str:
    """`text` without lines too long to be prose by a person."""
    return "\n".join(line[:_LONGEST_LINE] for line in text.split("\n"))


def _cited(found: re.Match[str]) -> str:
    return f"{found['lean']}{LOST}" if found["lean"] else ""


@dataclass
class _Reader:
    """Walks the tokens and keeps track of where it is."""

    formulas: Sequence[Formula]
    cites: pointers.Citations
    blocks: list[Block] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    heading: tuple[str, ...] = ()
    labels: dict[int, str] = field(default_factory=dict)
    depth: int = 0
    skipped: int = 0
    in_heading: bool = False

    def read(self, tokens: Sequence[Token]) -> None:
        for token in tokens:
            if token.type == "inline":
                self._inline(token)
            elif token.type == "html_block":
                self.images.extend(Image(source, "") for source in _SOURCE.findall(token.content))
                self._emit(self._written(_strip_tags(token.content)))
            elif token.type in ("blockquote_open", "table_open", "blockquote_close", "table_close"):
                self.skipped += token.nesting
            elif token.type in ("bullet_list_open", "ordered_list_open", "bullet_list_close", "ordered_list_close"):
                self._list(token.nesting)
            elif token.type == "heading_open":
                self.in_heading = True

    def _list(self, nesting: int) -> None:
        self.depth += nesting
        if nesting < 0:
            self.labels.pop(self.depth + 1, None)

    def _inline(self, token: Token) -> None:
        raw = "".join(self._pieces(token.children or []))
        if len(self.blocks) >= MOST_BLOCKS:
            self._remember_images(raw)
            return
        text = self._written(raw)
        if self.in_heading:
            self.in_heading = False
            heading, rest = split_heading(text, STRONG)
            self.heading, self.labels = (_MARKS.sub("", heading),) if heading else (), {}
            self._emit(rest)
        else:
            self._emit(text)

    def _emit(self, text: str) -> None:
        if self.skipped:
            return
        for label, words in split_leads(text, STRONG, STRONG_END):
            self._block(label, one_line(words.replace(STRONG, "").replace(STRONG_END, "")).strip(f" {TIGHT}"))

    def _block(self, label: str, text: str) -> None:
        if self.depth and not label and is_label(text):
            self.labels[self.depth] = text.rstrip(": ")
            if not (self._led_into and text):
                return
        if marked := _DIGEST.match(text):
            label, text = label or "TL;DR", text[marked.end() :][:1].upper() + text[marked.end() :][1:]
        elif marked := _ABSTRACT.match(text):
            label, text = label or "Abstract", text[marked.end() :]
        if text:
            above = tuple(self.labels[depth] for depth in sorted(self.labels) if depth < self.depth)
            section = (*self.heading, *above, *([label] if label else []))
            self.blocks.append(Block("item" if self.depth else "paragraph", text, section, self.depth))

    @property
    def _led_into(self) -> bool:
        """Whether the list was led into: its short items finish a sentence, and are no labels alone."""
        before = next(
            (block for block in reversed(self.blocks) if leads_into_a_list(block.text) or block.kind != "item"), None
        )
        return before is not None and leads_into_a_list(before.text)

    def _pieces(self, children: Sequence[Token]) -> Iterator[str]:
        """The words of inline tokens, with marks."""
        raised: list[str] = []
        ends = lines.breaks(children)
        for place, child in enumerate(children):
            match child.type:
                case "text" if _is_a_mark(children, place):
                    pass
                case "text" | "text_special":
                    words = pointers.without(child.content, self.cites) if "[" in child.content else child.content
                    words = lines.without_bullet(words) if place - 1 in ends else words
                    yield latex.script(raised[-1], words) if raised else words
                case "code_inline":
                    yield child.content if len(child.content) <= 40 else LOST
                case "softbreak":
                    yield BREAK if place in ends else "" if _is_hyphenated(children, place) else " "
                case "hardbreak":
                    yield BREAK
                case "strong_open":
                    yield STRONG
                case "strong_close":
                    yield STRONG_END
                case "image":
                    self.images.append(Image(str(child.attrs.get("src", "")), child.content))
                case "html_inline":
                    yield self._html(child.content, raised)

    def _html(self, tag: str, raised: list[str]) -> str:
        found = _TAG.match(tag)
        if found is None or not found[2]:
            return ""
        name, closing = found[2].lower(), bool(found[1])
        if name == "img" and (source := _SOURCE.search(tag)):
            self.images.append(Image(source[1], ""))
        if name in ("sub", "sup"):
            if not closing:
                raised.append("_" if name == "sub" else "^")
            elif raised:
                raised.pop()
        return BREAK if name in ("br", "p", "div", "li") else ""

    def _written(self, text: str) -> str:
        """`text` with formulas, macros, addresses and stray characters as a reader shall see them."""
        self._remember_images(text)
        text = without_addresses(text)
        if "\\" in text:
            text = _MACRO.sub(lambda found: latex.to_unicode(found.group()) or LOST, text)
        text = clean_marks(text)
        if "*" in text:
            text = _STARS.sub("", text)
        if FORMULA in text:
            text = _REFERENCE.sub(self._formula, text)
        return _tidy(neutral(with_lost_spaces(text)))

    def _remember_images(self, text: str) -> None:
        self.images.extend(Image(address, "") for address in addresses(text) if is_image(address))

    def _formula(self, found: re.Match[str]) -> str:
        formula = self.formulas[int(found[1])] if int(found[1]) < len(self.formulas) else None
        if formula is None or formula.display:
            return LOST
        written = latex.to_unicode(formula.latex)
        return LOST if written is None else _spaced(found, written)


def _is_hyphenated(children: Sequence[Token], place: int) -> bool:
    """Whether a word goes on behind a line break: "state-" and "of-the-art"."""
    before, after = (children[at].content if 0 <= at < len(children) else "" for at in (place - 1, place + 1))
    return re.search(r"[a-z]-$", before) is not None and re.match(r"(?!and\b|or\b|to\b)[a-z]", after) is not None


def _is_a_mark(children: Sequence[Token], place: int) -> bool:
    """Whether the text is a link's only words and just a number: "(1, 2)" says nothing without its links."""
    return (
        0 < place < len(children) - 1
        and children[place - 1].type == "link_open"
        and children[place + 1].type == "link_close"
        and _MARK.fullmatch(children[place].content) is not None
    )


def clean_marks(text: str) -> str:
    """`text` with entities' invisible characters gone; the marks of this package stay."""
    if text.isascii():
        return text
    return "".join(part if _MARKS.fullmatch(part) else clean(part) for part in re.split("([\ue000-\ue00f])", text))


def _spaced(found: re.Match[str], written: str) -> str:
    """A formula keeps the distance to its neighbours that arrows and letters need: "labels). ⇒ Those"."""
    text, start, end = found.string, found.start(), found.end()
    before = " " if start and text[start - 1] in ".,;:)" else ""
    after = " " if end < len(text) and text[end].isalpha() and not written[-1:].isdigit() and written in "⇒→←⇔" else ""
    return f"{before}{written}{after}"


def _strip_tags(source: str) -> str:
    source = _SILENT_ELEMENTS.sub(f" {LOST} ", source)
    return html.unescape(_TAG.sub(" ", source))


def _tidy(text: str) -> str:
    """`text` without the gaps that left-out words leave behind."""
    if "(" in text:
        text = pointers.without_names(text)
    for signs, pattern, replacement in _TIDY:
        for sign in signs:
            if sign in text:
                text = pattern.sub(replacement, text)
                break
    return text
