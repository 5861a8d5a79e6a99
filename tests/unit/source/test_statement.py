import pytest

from bot.source.base import SourceMisconfigured
from bot.source.statement import one_select


@pytest.mark.parametrize("backend", ["sqlite", "mysql", "postgresql"])
@pytest.mark.parametrize(
    "sql",
    [
        "SELECT 1",
        "  select a from b where c = ';' ",
        "WITH x AS (SELECT 1) SELECT * FROM x",
        "-- a comment; really\nSELECT 1 -- and; another",
        "/* a; b */ (SELECT 1) UNION (SELECT 2)",
        "SELECT 'it''s; fine', \"a;b\" FROM `c;d`",
    ],
)
def test_it_takes_one_select_as_it_is(sql: str, backend: str) -> None:
    assert one_select(sql, backend) == sql.strip()


@pytest.mark.parametrize("end", [";", " ; ", ";;\n", "; -- the end"])
def test_it_takes_the_semicolon_off(end: str) -> None:
    assert one_select(f"SELECT 1{end}", "sqlite") == "SELECT 1"


def test_it_reads_strings_as_the_server_does() -> None:
    assert one_select(r"SELECT '\';' AS x", "mysql") == r"SELECT '\';' AS x"
    assert one_select("SELECT 1 # a; b", "mysql") == "SELECT 1 # a; b"
    assert one_select("SELECT '\\' AS x;", "postgresql") == "SELECT '\\' AS x"
    assert one_select("SELECT $a$ ; $b$ ; $a$", "postgresql") == "SELECT $a$ ; $b$ ; $a$"
    assert one_select("SELECT data #> '{a}' FROM t", "postgresql") == "SELECT data #> '{a}' FROM t"


@pytest.mark.parametrize(
    ("sql", "problem"),
    [
        ("", "is empty"),
        (" -- nothing\n;", "is empty"),
        ("DELETE FROM vignettes", "begins with DELETE"),
        ("EXPLAIN SELECT 1", "begins with EXPLAIN"),
        ("SELECTED", "begins with SELECTED"),
        ("SELECT 1; SELECT 2", "more than one statement"),
        ("SELECT 1; DROP TABLE x;", "more than one statement"),
    ],
)
def test_it_says_what_is_wrong_with_anything_else(sql: str, problem: str) -> None:
    with pytest.raises(SourceMisconfigured, match=problem):
        one_select(sql, "sqlite")
