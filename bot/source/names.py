"""Names, tags and titles as the source writes them, made uniform."""

import re

SUFFIX = re.compile(r"(?:Jr|Sr|II|III|IV)\.?", re.IGNORECASE)
# DBLP tells people of one name apart by a number: "Wei Wang 0001".
DBLP_NUMBER = re.compile(r"\s+\d{4}(?=,|\Z)")


def authors(joined: str | None) -> tuple[str, ...]:
    """`Last, First and Last, First` (BibTeX) or `First Last and First Last`, also joined by ";", as "First Last"."""
    names = re.split(r"\s+and\s+|\s*;\s*", squeeze(joined))
    return tuple(name for raw in names if raw.lower() not in ("", "others") and (name := _first_last(raw)))


def _first_last(name: str) -> str:
    last, *rest = [part.strip() for part in DBLP_NUMBER.sub("", name).split(",")]
    suffixes = [part for part in rest if SUFFIX.fullmatch(part)]
    firsts = [part for part in rest if part not in suffixes]
    return " ".join(part for part in (*firsts, last, *suffixes) if part)


def tags(joined: str | None) -> tuple[str, ...]:
    """Comma-separated tags, in order, each once."""
    return tuple(dict.fromkeys(tag for part in (joined or "").split(",") if (tag := squeeze(part))))


def squeeze(text: str | None) -> str:
    """On one line, single blanks."""
    return " ".join((text or "").split())
