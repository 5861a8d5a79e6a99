"""What a database driver says, turned into what the operator can use."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from bot.source.base import SourceError, SourceMisconfigured

GRANT = "the user lacks a right: it needs SELECT on papers, users, vignettes, votes (or what the query reads)"
LOGIN = "check user and password in [source] url"
REACH = "is the server running, and are host and port in [source] url right?"
SLOW = "the server took too long or dropped the connection; the next pull tries again"
NO_RIGHT = "42501"
# By MySQL's error number (https://mariadb.com/kb/en/mariadb-error-code-reference/) or PostgreSQL's SQLSTATE
# (https://www.postgresql.org/docs/current/errcodes-appendix.html).
ADVICE: dict[object, str] = {
    **dict.fromkeys((1044, 1142, 1143, 1370, NO_RIGHT), GRANT),
    **dict.fromkeys((1045, 1698, "28000", "28P01"), LOGIN),
    **dict.fromkeys((1049, "3D000"), "there is no such database; check the name in [source] url"),
    **dict.fromkeys((2002, 2003, 2005), REACH),
    **dict.fromkeys((2006, 2013, 1205, 1969, 3024, "57014", "57P01", "57P03"), SLOW),
}
WORDS = {
    "password authentication failed": LOGIN,
    "connection refused": REACH,
    "could not translate host name": REACH,
    "failed to resolve host": REACH,
    "timeout expired": REACH,
    "cryptography": "log in over TLS or a socket, or install the Python package cryptography",
    "database is locked": "another program holds the file; the next pull tries again",
    "not a database": "[source] url names a file that is no SQLite database",
}
# Unknown column, no such table, syntax, column named twice, ambiguous column, unknown function.
NO_SUCH_THING = (1054, 1146, 1064, 1060, 1052, 1305)
NO_SUCH_THING_IN_SQLITE = ("no such table", "no such column", "no such function", "syntax error", "unrecognized token")
MAX_LENGTH = 300


@contextmanager
def reported(url: URL) -> Iterator[None]:
    """Let nothing out but `SourceError`: which database, what it said, what to do; never a password or a text."""
    try:
        yield
    except (SQLAlchemyError, RuntimeError, ValueError, ArithmeticError, OSError) as error:
        cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
        message = _message(url, cause)
        raise (SourceMisconfigured([message]) if _is_mistake(cause) else SourceError(message)) from None
    except TypeError as error:
        unknown = re.search(r"unexpected keyword argument '(\w+)'", str(error))
        if unknown is None:
            raise
        problem = f"{place(url)}: the driver knows no option `{unknown[1]}` in [source] url"
        raise SourceMisconfigured([problem]) from None


def _is_mistake(cause: BaseException) -> bool:
    """Whether the server has understood what we ask and has no such thing: asking again would not help."""
    code = _code(cause)
    of_postgres = isinstance(code, str) and code.startswith("42") and code != NO_RIGHT
    return code in NO_SUCH_THING or of_postgres or _says(cause, NO_SUCH_THING_IN_SQLITE)


def _code(cause: BaseException) -> object:
    """MySQL's own number, which tells more than the SQLSTATE that newer drivers give beside it; else the SQLSTATE."""
    first = cause.args[0] if cause.args else None
    return first if isinstance(first, int) else getattr(cause, "sqlstate", None)


def _says(cause: BaseException, words: Iterable[str]) -> bool:
    return any(some in str(cause).lower() for some in words)


def _message(url: URL, cause: BaseException) -> str:
    said = " ".join(_words(cause).split())
    if url.password and str(url.password) in said:
        said = said.replace(str(url.password), "***")
    advice = _advice(cause)
    return f"{place(url)}: {said[:MAX_LENGTH]}" + (f" - {advice}" if advice else "")


def _words(cause: BaseException) -> str:
    """The driver's words; without the number PyMySQL puts first, and without PostgreSQL's details, which quote rows."""
    if cause.args and isinstance(cause.args[0], int) and len(cause.args) > 1:
        return str(cause.args[1])
    return str(cause).partition("\nDETAIL:")[0] or type(cause).__name__


def _advice(cause: BaseException) -> str:
    code = _code(cause)
    if code in ADVICE:
        return ADVICE[code]
    return next((advice for words, advice in WORDS.items() if _says(cause, [words])), "")


def place(url: URL) -> str:
    """Which database, without user, password or options."""
    kind = {"mysql": "MySQL", "postgresql": "PostgreSQL", "sqlite": "SQLite"}
    name = kind.get(url.get_backend_name(), url.get_backend_name())
    host = f" at {url.host}{f':{url.port}' if url.port else ''}" if url.host else ""
    return f"{name} source {url.database or ''}{host}"
