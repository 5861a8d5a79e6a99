"""LaTeX to the Unicode that a reader of the field would write.

A small recursive reader; the symbols come from pylatexenc's table. Formulas use `TIGHT` for their inner spaces, so that
no later stage breaks inside one. What has no readable form in one line - matrices, cases, stacked things - is `None`:
the caller leaves it out together with its sentence.
"""

import re
import unicodedata
from collections.abc import Callable
from functools import cache, lru_cache

from bot.formatter.characters import TIGHT
from bot.formatter.symbols import (
    ACCENTS,
    BINARY,
    FONTS,
    NEGATED,
    OPERATORS,
    RELATIONS,
    SILENT,
    SUBSCRIPTS,
    SUPERSCRIPTS,
    SYMBOLS,
    TEXT_FONTS,
    UNWRITABLE,
)

_TOKEN = re.compile(r"\\([A-Za-z]+\*?|.)|([{}^_&~'])|(\s+)|(.)", re.DOTALL)
# Math stored by the site may hold Markdown's escapes: `y\\_i`, `\\\\{`.
_MARKDOWN_ESCAPE = re.compile(r"\\\\(?=[{}|,;!])|\\(?=[_*])")
_DEEPEST = 20
_LONGEST = 160
_ROOTS = {"3": "∛", "4": "∜"}
_ATOM = re.compile(r"[^\W_]+[′'!]?|[∞∅ℓ∂∇]?\w")


def _unescaped(found: re.Match[str]) -> str:
    return found.group()[1:]


class _Unwritable(Exception):
    """There is no readable form in one line."""


@lru_cache(maxsize=4096)
def to_unicode(latex: str) -> str | None:
    """`latex` (without its dollars) as one line of Unicode, or None if it cannot be written so."""
    try:
        written = _Reader(latex).formula()
    except _Unwritable:
        return None
    written = unicodedata.normalize("NFC", _tidy(written))
    return written if len(written) <= _LONGEST else None


def _tidy(written: str) -> str:
    written = re.sub(r"[ \u00a0]+", " ", written).strip()
    written = re.sub(r" ([,;)\]}!])", r"\1", written)
    written = re.sub(r"([(\[]) ", r"\1", written)
    return written.replace(" ", TIGHT)


@cache
def _symbol(name: str) -> str | None:
    """What pylatexenc's table writes for a macro without arguments."""
    from pylatexenc.latex2text import get_default_latex_context_db

    global _TABLE
    if _TABLE is None:
        _TABLE = get_default_latex_context_db()
    spec = _TABLE.get_macro_spec(name)
    written = getattr(spec, "simplify_repl", None)
    return written if isinstance(written, str) and "%" not in written else None


_TABLE = None


class _Reader:
    """Reads one formula from left to right; every method consumes what it returns."""

    def __init__(self, latex: str, deep: int = 0) -> None:
        self._tokens = [match.group() for match in _TOKEN.finditer(_MARKDOWN_ESCAPE.sub(_unescaped, latex))]
        self._at = 0
        self._deep = deep

    def formula(self) -> str:
        return self._until(None)

    def _peek(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _next(self) -> str:
        token = self._peek()
        self._at += 1
        return token

    def _until(self, closing: str | None) -> str:
        if self._deep > _DEEPEST:
            raise _Unwritable
        self._deep += 1
        written: list[str] = []
        while (token := self._peek()) and token != closing:
            written.append(self._atom())
        self._next()
        self._deep -= 1
        return "".join(written)

    def _atom(self) -> str:
        token = self._next()
        if token.isspace() or token == "~":
            return " "
        if token == "{":
            return self._until("}")
        if token in "^_":
            return self._script(token)
        if token == "'":
            return "′"
        if token == "}":
            return ""
        if token == "&":
            raise _Unwritable
        if token.startswith("\\"):
            return self._macro(token[1:])
        return f" {token} " if token in "=<>" else {"*": "*", "-": "−", "|": "|"}.get(token, token)

    def _argument(self) -> str:
        while self._peek().isspace():
            self._next()
        return self._atom() if self._peek() not in ("", "}", "&") else ""

    def _optional(self) -> str:
        """What stands in `[…]` right behind, else nothing."""
        if self._peek() != "[":
            return ""
        self._next()
        return self._until("]")

    def _script(self, sign: str) -> str:
        if not self._peek():
            return sign
        content = self._argument().strip()
        return script(sign, content)

    def _macro(self, name: str) -> str:
        name = name.rstrip("*") or name
        if name in _HANDLERS:
            return _HANDLERS[name](self)
        if name in SILENT:
            self._skip_space(name)
            return SILENT[name]
        if name in UNWRITABLE:
            raise _Unwritable
        if name in OPERATORS:
            return self._operator(OPERATORS[name])
        if name in ACCENTS:
            return accented(self._argument(), ACCENTS[name])
        if name in FONTS:
            return "".join(FONTS[name].get(letter, letter) for letter in self._argument())
        if name in TEXT_FONTS:
            return self._text_argument()
        return self._plain(name)

    def _plain(self, name: str) -> str:
        written = SYMBOLS.get(name) or _symbol(name)
        if written is None:
            return self._unknown(name)
        if written.isalpha() or written in "∂∇√":
            self._skip_space(name)
        return f" {written} " if name in RELATIONS or name in BINARY else written

    def _skip_space(self, name: str) -> None:
        """A space behind a macro's name only ends the name: `\\Delta W` is "ΔW"."""
        if name.isalpha() and self._peek().isspace():
            self._next()

    def _operator(self, word: str) -> str:
        """`\\log x` is "log x", `\\log(x)` "log(x)"; scripts stay at the word."""
        scripts = ""
        while self._peek() in ("^", "_"):
            scripts += self._script(self._next())
        return f" {word}{scripts} " if self._peek() not in ("(", "[", "{(") else f" {word}{scripts}"

    def _unknown(self, name: str) -> str:
        """A macro that nobody knows leaves its name: `\\KL{p}{q}` is "KL(p, q)"."""
        arguments: list[str] = []
        while self._peek() == "{":
            self._next()
            arguments.append(self._until("}").strip())
        if any(arguments):
            return f"{name}({', '.join(arguments)})"
        return f"{name} " if len(name) > 1 and self._peek()[:1].isalnum() else name

    def _text_argument(self) -> str:
        """The words of `\\text{…}`, whose spaces count."""
        if self._peek() != "{":
            return self._argument()
        self._next()
        depth, words = 1, []
        while (token := self._next()) and (depth := depth + (token == "{") - (token == "}")):
            words.append(token if token not in "{}$" else "")
        return "".join(words).replace("\\ ", " ").replace("\\", "")

    def fraction(self) -> str:
        over, under = self._argument().strip(), self._argument().strip()
        if not over or not under or "/" in over + under:
            raise _Unwritable
        return f"{_enclosed(over, product=True)}/{_enclosed(under)}"

    def root(self) -> str:
        degree = self._optional().strip()
        content = self._argument().strip()
        if degree and degree not in _ROOTS:
            return f"{_enclosed(content)}^{{1/{degree}}}"
        return _ROOTS.get(degree, "√") + _enclosed(content)

    def delimiter(self) -> str:
        """`\\left(` is "(", `\\left.` nothing."""
        token = self._next()
        if token.startswith("\\"):
            return self._macro(token[1:])
        return "" if token == "." else token

    def negation(self) -> str:
        follower = self._argument().strip()
        return f" {NEGATED.get(follower, follower + chr(0x338))} "

    def over_or_under(self) -> str:
        self._argument()
        return self._argument()

    def decorated(self) -> str:
        """`\\underbrace{a}_{b}`: what it is, without the note below it."""
        content = self._argument()
        while self._peek() in ("^", "_"):
            self._next()
            self._argument()
        return content

    def binomial(self) -> str:
        return f"C({self._argument().strip()}, {self._argument().strip()})"

    def forget(self) -> str:
        self._argument()
        return ""

    def modulo(self) -> str:
        return f" (mod {self._argument().strip()})"

    def colored(self) -> str:
        self._argument()
        return self._argument()


_HANDLERS: dict[str, Callable[[_Reader], str]] = {
    "frac": _Reader.fraction,
    "dfrac": _Reader.fraction,
    "tfrac": _Reader.fraction,
    "sqrt": _Reader.root,
    "left": _Reader.delimiter,
    "right": _Reader.delimiter,
    "middle": _Reader.delimiter,
    "not": _Reader.negation,
    "overset": _Reader.over_or_under,
    "underset": _Reader.over_or_under,
    "stackrel": _Reader.over_or_under,
    "underbrace": _Reader.decorated,
    "overbrace": _Reader.decorated,
    "binom": _Reader.binomial,
    "label": _Reader.forget,
    "tag": _Reader.forget,
    "hspace": _Reader.forget,
    "vspace": _Reader.forget,
    "phantom": _Reader.forget,
    "pmod": _Reader.modulo,
    "color": _Reader.forget,
    "textcolor": _Reader.colored,
}


def script(sign: str, content: str) -> str:
    """A sub- or superscript: small characters where Unicode has all of them, else `_` or `^` with its scope clear."""
    if not content:
        return ""
    compact = re.sub(r"\s+", "", content) if len(content) < 12 else content
    small = SUPERSCRIPTS if sign == "^" else SUBSCRIPTS
    if all(character in small for character in compact):
        return "".join(small[character] for character in compact)
    if re.fullmatch(r"[^\W_]+", content) or content in ("*", "∗", "+", "−"):
        return f"{'' if content in '*∗' else sign}{content}"
    return f"{sign}{{{compact}}}"


def accented(content: str, mark: str) -> str:
    """`content` under an accent: each of at most three characters gets the combining mark."""
    content = content.strip()
    base = [character for character in content if not unicodedata.combining(character)]
    if not content or len(base) > 3:
        raise _Unwritable
    return "".join(character + mark if character.isalnum() else character for character in content)


def _enclosed(content: str, *, product: bool = False) -> str:
    """`content` in brackets unless it is one thing; for a numerator a plain product is one thing as well."""
    bare = content.replace(" ", "")
    if _is_whole(bare) or (product and not re.search(r"[-−+=<>≤≥±,·×]", _outside_brackets(bare))):
        return content
    return f"({content})"


def _is_whole(bare: str) -> bool:
    atom = "".join(
        character for character in unicodedata.normalize("NFC", bare) if not unicodedata.combining(character)
    )
    if re.fullmatch(r"\d+(?:\.\d+)?|[∂∇Δ]?[^\W\d_]", atom):
        return True
    if re.fullmatch(r"[^\W\d_](?:_\{[^{}]*\}|_[^\W_]+|\^\{[^{}]*\}|[\u2070-\u209c²³¹ᵃ-ᵿⱼʰʲʳʷʸˡˢˣ′*])+", atom):
        return True
    return bool(re.fullmatch(r"\([^()]*\)|[‖|][^‖|]+[‖|]", atom))


def _outside_brackets(bare: str) -> str:
    return re.sub(r"\([^()]*\)|\{[^{}]*\}", "", bare)
