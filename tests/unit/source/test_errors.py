import pymysql
import pytest
from sqlalchemy import make_url
from sqlalchemy.exc import OperationalError

from bot.source.base import SourceError, SourceMisconfigured
from bot.source.errors import reported

URL = make_url("mysql+pymysql://bot:s3cret-pass@db.example:3307/papers?ssl_key=/private")


def wrapped(number: int, words: str) -> OperationalError:
    """A server's answer as SQLAlchemy hands it on."""
    return OperationalError("SELECT text", {"id": "x"}, pymysql.err.OperationalError(number, words))


def said_of(error: Exception) -> str:
    with pytest.raises(SourceError) as raised, reported(URL):
        raise error
    assert raised.value.__suppress_context__
    return str(raised.value)


def test_it_says_which_database_and_never_the_password() -> None:
    message = said_of(OSError("cannot log in with s3cret-pass"))
    assert message == "MySQL source papers at db.example:3307: cannot log in with ***"


def test_it_gives_the_drivers_words_without_the_statement() -> None:
    message = said_of(wrapped(2003, "Can't connect"))
    assert message.startswith("MySQL source papers at db.example:3307: Can't connect - is the server running")


@pytest.mark.parametrize(
    ("number", "advice"),
    [(1045, "user and password"), (1142, "SELECT"), (1969, "too long"), (1049, "no such database")],
)
def test_it_says_what_to_do(number: int, advice: str) -> None:
    assert advice in said_of(wrapped(number, "Refused"))


def test_it_tells_a_mistake_from_a_failure() -> None:
    with pytest.raises(SourceMisconfigured), reported(URL):
        raise wrapped(1146, "Table doesn't exist")


def test_it_shortens_and_joins_long_words() -> None:
    message = said_of(RuntimeError("one\n  two " + "x" * 9999))
    assert "one two x" in message
    assert len(message) < 400


def test_it_lets_an_error_of_its_own_through() -> None:
    own = SourceError("as it is")
    with pytest.raises(SourceError) as raised, reported(URL):
        raise own
    assert raised.value is own
