"""The moments in the tables of docs/configuration.md are computed anew from the settings that stand above them."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.accounts import Turns, build_turns
from bot.cadence import Decision, History
from bot.config import load_config
from bot.ledger.models import AccountState
from bot.ledger.rows import Turn

PAGE = (Path(__file__).parents[2] / "docs" / "configuration.md").read_text(encoding="utf-8")
# Of the tables with one column of moments, as the page says.
ASKED = datetime(2026, 11, 20, 16, 40, tzinfo=UTC)
EXAMPLE = re.compile(
    r"\*\*(?P<title>[^*\n]+?)\.?\*\*[^`|]*(?:`[^`\n]*`[^`|]*)*```toml\n(?P<toml>[^`]*)```\n\n(?P<table>(?:\|.*\n)+)"
)


@dataclass(frozen=True)
class Example:
    title: str
    toml: str
    head: list[str]
    rows: list[list[str]]


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split("|")]


def examples() -> list[Example]:
    found = [match for match in EXAMPLE.finditer(PAGE) if "cadence]" in match["toml"]]
    tables = [[cells(line) for line in match["table"].splitlines()] for match in found]
    return [
        Example(match["title"], match["toml"], table[0], table[2:]) for match, table in zip(found, tables, strict=True)
    ]


def decisions(turns: Turns, start: datetime, number: int) -> list[Decision]:
    """What the bot says, one post after the other, of an account that has enough to post."""
    turn, found = Turn(AccountState(turns.name, opened_at=start), "", None, History()), []
    for _ in range(number):
        decision = turns.decide(turn, start)
        assert decision.at is not None
        found.append(decision)
        start, history = decision.at, turn.history.after(decision.at, turns.cost_usd, turns.month(decision.at))
        turn = Turn(turn.account, "", None, history)
    return found


def shown(turns: Turns, decision: Decision) -> str:
    assert decision.at is not None
    return f"{decision.at.astimezone(turns.settings.cadence.timezone):%a %-d %b %H:%M %Z}"


def test_the_page_has_its_tables() -> None:
    titles = [example.title for example in examples()]
    assert titles == [
        "A few a day, by day",
        "Office hours",
        "The archive, one a day",
        "By day",
        "By night",
        "By half an hour",
    ]


@pytest.mark.parametrize("example", examples(), ids=lambda example: example.title)
def test_a_table_shows_what_the_settings_above_it_give(example: Example, tmp_path: Path) -> None:
    file = tmp_path / "bot.toml"
    file.write_text(example.toml, encoding="utf-8")
    [turns] = build_turns(load_config(file)).values()
    if example.head == ["post", "why not sooner"]:
        found = [[shown(turns, decision), decision.reason] for decision in decisions(turns, ASKED, len(example.rows))]
        assert example.rows == found
        return
    for column, head in enumerate(example.head):
        words, _, zone = head.removeprefix("from ").rpartition(" ")
        start = datetime.strptime(words, "%a %d %b %Y %H:%M").replace(tzinfo=turns.settings.cadence.timezone)
        assert f"{start:%Z}" == zone
        found_here = [shown(turns, decision) for decision in decisions(turns, start, len(example.rows))]
        assert [row[column] for row in example.rows] == found_here
