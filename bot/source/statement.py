"""Whether the operator's text is one SELECT, and that text as it can stand in brackets."""

import re

from bot.source.base import SourceMisconfigured

STRINGS_AND_COMMENTS = r"""
      '(?:[^']|'')*' | "(?:[^"]|"")*" | `[^`]*`          # a string or a quoted name
    | \$(?P<tag>\w*)\$.*?\$(?P=tag)\$                    # PostgreSQL's dollar quotes
    | --[^\n]* | /\*.*?\*/                               # comments
"""
# MySQL alone: a backslash escapes within strings, and # begins a comment.
MYSQL = r"""'(?:[^'\\]|\\.|'')*' | "(?:[^"\\]|\\.|"")*" | \#[^\n]* |"""


def one_select(sql: str, backend: str) -> str:
    """The statement without what follows it. Raises `SourceMisconfigured` unless it is one SELECT."""
    bare = _blank_out(sql, backend)
    statement, _, rest = bare.partition(";")
    problem = ""
    if not statement.strip():
        problem = "is empty"
    elif rest.strip(" \t\r\n;"):
        problem = "holds more than one statement"
    elif not re.match(r"[\s(]*(SELECT|WITH)\b", statement, re.IGNORECASE):
        problem = f"begins with {statement.split()[0]}"
    if problem:
        raise SourceMisconfigured([f"[source] query {problem}; it must be one SELECT"])
    return sql[: len(statement)].strip()


def _blank_out(sql: str, backend: str) -> str:
    """The text, as long as it is, with blanks for comments and `x` for strings and quoted names."""
    pattern = (MYSQL if backend == "mysql" else "") + STRINGS_AND_COMMENTS

    def blank(match: re.Match[str]) -> str:
        is_comment = match[0][:2] in ("--", "/*") or match[0][0] == "#"
        return (" " if is_comment else "x") * len(match[0])

    return re.sub(pattern, blank, sql, flags=re.VERBOSE | re.DOTALL)
