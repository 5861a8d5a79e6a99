"""Where math stands in a Markdown text. Found before Markdown is parsed, so that `$a*b*c$` is never emphasis.

MathJax on the site takes `$…$`, `$$…$$`, `\\(…\\)`, `\\[…\\]` and bare environments. A dollar is money where it stands
before a number and no formula closes it: "costs $5 and $10". A script is math without any sign: "2^{i-1} paths".
"""

import re
from dataclasses import dataclass

from bot.formatter.characters import FORMULA, FORMULA_END

_LONGEST_INLINE = 400
_LONGEST_DISPLAY = 4000

# All that a formula, a code span or a fence begins with; a text has few of these.
_SIGN = re.compile(r"[`~\\$^_](?:(?<=[`~\\$])|(?<=\w.)\{)")
_START = re.compile(
    r"(?P<fence>(?:^|(?<=^ )|(?<=^  )|(?<=^   ))(?P<ticks>`{3,}|~{3,}))"
    r"|(?P<code>(?<![`\\])`+(?!`))"
    r"|(?P<environment>\\begin\{(?P<name>[A-Za-z]+\*?)\})"
    r"|(?P<paren>\\{1,2}\()"
    r"|(?P<bracket>(?<!\\)\\{1,2}\[(?!\d+(?:em|pt|ex)?\])(?!\[[^\[\]\n]*\]\())"
    r"|(?P<display>(?<!\\)\$\$)"
    r"|(?P<inline>(?<![\\$])\$(?!\$))"
    r"|(?P<script>[\^_]\{[\w+-]{1,12}\})",
    re.MULTILINE,
)
_INLINE_END = re.compile(r"(?<!\\)\$")
_BLANK_LINE = re.compile(r"\n[ \t]*\n")
_AMOUNT = re.compile(r"\d[\d,.]*(?:\s?(?:k|K|M|B|bn|million|billion|thousand))?(?=$|[\s,.;:!?)/-])")
_PROSE = re.compile(r"[a-z]{2,} [a-z]{2,} [a-z]{2,}")


@dataclass(frozen=True, slots=True)
class Formula:
    """One formula: its LaTeX, as written, and whether it is displayed on lines of its own."""

    latex: str
    display: bool


def take_out(text: str) -> tuple[str, tuple[Formula, ...]]:
    """`text` with each formula replaced by a reference, and the formulas. Linear in the length of the text."""
    formulas: list[Formula] = []
    parts: list[str] = []
    position = start = 0
    while sign := _SIGN.search(text, start):
        found = _START.match(text, sign.start())
        if found is None:
            start = sign.end()
            continue
        end, formula = _read(text, found)
        parts.append(text[position : found.start()])
        if formula is None:
            parts.append(text[found.start() : end])
        else:
            parts.append(_reference(len(formulas), formula.display))
            formulas.append(formula)
        position = start = end
    parts.append(text[position:])
    return "".join(parts), tuple(formulas)


def _reference(number: int, display: bool) -> str:
    reference = f"{FORMULA}{number}{FORMULA_END}"
    return f" {reference} " if display else reference


def _read(text: str, start: re.Match[str]) -> tuple[int, Formula | None]:
    """Where what begins at `start` ends, and the formula, if it is one."""
    after = start.end()
    match start.lastgroup:
        case "ticks" | "fence":
            return _skip_to(text, f"\n{start['ticks']}", after), None
        case "code":
            return _skip_code(text, start["code"], after), None
        case "name" | "environment":
            return _display(text, after, f"\\end{{{start['name']}}}", keep=start.start())
        case "paren":
            return _display(text, after, start["paren"][:-1] + ")", limit=_LONGEST_INLINE, display=False)
        case "bracket":
            return _display(text, after, start["bracket"][:-1] + "]")
        case "display":
            return _display(text, after, "$$")
        case "script":
            return after, Formula(start["script"], display=False)
        case _:
            return _inline(text, after)


def _skip_to(text: str, mark: str, after: int) -> int:
    end = text.find(mark, after)
    return len(text) if end < 0 else end + len(mark)


def _skip_code(text: str, ticks: str, after: int) -> int:
    """The end of a code span, or of its lone ticks. Spans are bounded, so that ticks without end cost nothing."""
    end = text.find(ticks, after, after + _LONGEST_INLINE)
    return after if end < 0 or "\n\n" in text[after:end] else end + len(ticks)


def _display(
    text: str, after: int, mark: str, *, limit: int = _LONGEST_DISPLAY, display: bool = True, keep: int | None = None
) -> tuple[int, Formula | None]:
    end = text.find(mark, after, after + limit)
    if end < 0:
        return after, None
    begin = after if keep is None else keep
    stop = end if keep is None else end + len(mark)
    latex = text[begin:stop]
    on_its_own = display and (len(latex) > 60 or _alone(text, begin, end + len(mark)))
    return end + len(mark), Formula(latex, on_its_own) if latex.strip() else None


def _alone(text: str, begin: int, end: int) -> bool:
    """Whether nothing else stands on the formula's lines."""
    line = text[text.rfind("\n", 0, begin) + 1 : begin].strip(" \t$\\[>")
    following = text.find("\n", end)
    rest = text[end : len(text) if following < 0 else following].strip(" \t.,;")
    return not line and not rest


def _inline(text: str, after: int) -> tuple[int, Formula | None]:
    close = _INLINE_END.search(text, after, after + _LONGEST_INLINE)
    if close is None:
        return after, None
    latex = text[after : close.start()]
    if not latex.strip() or _BLANK_LINE.search(latex) or _is_money(latex, text[close.end() : close.end() + 1]):
        return after, None
    return close.end(), Formula(latex, display=False)


def _is_money(latex: str, following: str) -> bool:
    """`$5 and $10`: an amount comes first, and what closes it is prose or opens the next amount."""
    if not _AMOUNT.match(latex):
        return _PROSE.search(latex) is not None and "\\" not in latex and "_" not in latex
    return following.isdigit() or (bool(re.search(r"[A-Za-z]{3,}", latex)) and "\\" not in latex)
