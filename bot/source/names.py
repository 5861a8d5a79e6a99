"""Names, tags and titles as the source writes them, made uniform."""

import re
from decimal import Decimal
from unicodedata import category

# What the smallest of the ledger's columns for it holds.
LARGEST = 2**31 - 1
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
    """On one line, single blanks, nothing that could steer a terminal or turn the direction of writing."""
    return " ".join("".join(map(_harmless, text or "")).split())


def _harmless(character: str) -> str:
    kind = category(character)
    return " " if kind == "Cc" else "" if kind in ("Cf", "Cs") else character


def whole_number(value: object) -> int:
    """A whole number, whatever type the database has for it, within what a ledger can hold; 0 if it is none."""
    return read_number(value) or 0


def read_number(value: object) -> int | None:
    """The same, and None if it is none."""
    try:
        number = int(Decimal(str(int(value) if isinstance(value, bool) else value)))
    except (ArithmeticError, ValueError):
        return None
    return max(-LARGEST, min(LARGEST, number))
