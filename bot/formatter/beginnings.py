"""Which words an expression can begin with, so that it is tried only where one of them stands.

Only what is written out is understood: letters, sets of a few, groups of alternatives, optional parts. Of all else it
is said that it may begin with anything, which costs time and nothing more.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

# Of a longer word this much is looked at; a shorter one is looked at whole, of a number nothing.
_LETTERS = 4
_NUMBER = "0"
_FIRST = re.compile(rf"\b(?:(\d)|\w{{1,{_LETTERS}}})")

_ATOM = re.compile(
    r"(?P<around>\(\?<?[=!])|(?P<group>\((?:\?:)?)|(?P<digit>\d|\\d)|(?P<letters>\w|\[[^\W\d]+\])"
    r"|(?P<gap>\$|\\[bW]|\\[^\w\s]|\[(?!\^)[^\\\w\]]+\]|[ ,;:’'\"-])"
)
_QUANTIFIER = re.compile(r"(?P<optional>[?*]|\{0?,\d*\})|\+|\{\d[\d,]*\}")
_SIGN = re.compile(r"\\.|\[[^\]]*\]|.", re.DOTALL)
_DEEPER = {"(": 1, ")": -1}


class _Unknown(Exception):
    """What an expression begins with cannot be told."""


@lru_cache(maxsize=16)
def words_of(text: str) -> Mapping[str, Sequence[int]]:
    """The words of a text in their order, as `first_words` gives them, each with its places. Several ask for the same
    text in turn."""
    places: dict[str, list[int]] = {}
    for found in _FIRST.finditer(text):
        first = found[0] if found[1] is None else _NUMBER
        if first in places:
            places[first].append(found.start())
        else:
            places[first] = [found.start()]
    return places


def first_words(expression: str) -> frozenset[str] | None:
    """The first words of all matches, each cut after four letters; None if that cannot be told.

    The expression is of those that begin where a word does.
    """
    try:
        return frozenset(first for one in alternatives(expression) for first in _beginnings(one, ""))
    except _Unknown:
        return None


def _beginnings(expression: str, begun: str) -> Iterator[str]:
    """The same for what is left of an expression behind the letters `begun`."""
    if len(begun) == _LETTERS:
        yield begun
        return
    atom = _ATOM.match(expression)
    if atom is None:
        raise _Unknown
    stop = _closing(expression, atom.end()) if atom["around"] or atom["group"] else atom.end()
    quantifier = _QUANTIFIER.match(expression, stop)
    rest = expression[quantifier.end() if quantifier else stop :]
    if atom["around"] or (quantifier and quantifier["optional"]):
        yield from _beginnings(rest, begun)
    # Behind what may come several times stands something unknown: a "." is no atom.
    behind = rest if quantifier is None or quantifier.group() == "?" else f".{rest}"
    if atom["group"]:
        for one in alternatives(expression[atom.end() : stop - 1]):
            yield from _beginnings(one + behind, begun)
    elif atom["digit"] and not begun:
        yield _NUMBER
    elif atom["letters"]:
        for letter in atom["letters"].strip("[]"):
            yield from _beginnings(behind, begun + letter)
    elif atom["gap"] and begun:
        yield begun
    elif not atom["around"]:
        raise _Unknown


def alternatives(expression: str) -> Iterator[str]:
    """The parts of an expression between its outermost "|"."""
    depth = start = 0
    for sign in _SIGN.finditer(expression):
        depth += _DEEPER.get(sign.group(), 0)
        if sign.group() == "|" and not depth:
            yield expression[start : sign.start()]
            start = sign.end()
    yield expression[start:]


def _closing(expression: str, start: int) -> int:
    """The end of the group that is open at `start`."""
    depth = 1
    for sign in _SIGN.finditer(expression, start):
        depth += _DEEPER.get(sign.group(), 0)
        if not depth:
            return sign.end()
    raise _Unknown
