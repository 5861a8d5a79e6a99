"""New lines that are new sentences, and those that are none."""

import pytest

from bot.formatter import sentences
from bot.formatter.text import read

LONG = " ".join(["The net hears the gulls of the whole coast", *["and the terns of the next"] * 4])


def said(text: str) -> list[str]:
    return [sentence for block in read(text).blocks for sentence in sentences.split(block.text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "Gulls are loud\n99 tapes\nEach tape is heard",
            ["Gulls are loud", "99 tapes", "Each tape is heard"],
            id="typed line by line",
        ),
        pytest.param(
            f"{LONG} alike\nThe tapes are old", [f"{LONG} alike", "The tapes are old"], id="a line that nobody wraps"
        ),
        pytest.param(
            "The net hears the\nGull of the north\nand drowns",
            ["The net hears the Gull of the north and drowns"],
            id="wrapped at a name",
        ),
        pytest.param(
            "Gulls of the\nNorth and the\nSouth are loud",
            ["Gulls of the North and the South are loud"],
            id="wrapped at names only",
        ),
        pytest.param(
            "A net of the state-\nof-the-art kind", ["A net of the state-of-the-art kind"], id="a word with hyphens"
        ),
        pytest.param(
            "* Gulls are loud\n            * Terns are not, as a rule\n",
            ["Gulls are loud", "Terns are not, as a rule"],
            id="a list that stands too deep",
        ),
        pytest.param(f"{LONG} alike\nGULL nets hear", [f"{LONG} alike GULL nets hear"], id="a wide line before a name"),
        pytest.param(
            "The ear hears with several\nGULL boxes and then goes on with\nTERN boxes that are of large\nCoastal size.",
            ["The ear hears with several GULL boxes and then goes on with TERN boxes that are of large Coastal size."],
            id="wrapped before names",
        ),
        pytest.param("**Takeaway**\nThe ear hears gulls", ["The ear hears gulls"], id="a bold line is a heading"),
        pytest.param("**GULL**\nhears terns", ["GULL hears terns"], id="a bold subject is none"),
        pytest.param("Short-\nand long-winged gulls", ["Short- and long-winged gulls"], id="half of a word for two"),
        pytest.param(
            "**The authors build a net that hears all of the gulls**\nof the coast",
            ["The authors build a net that hears all of the gulls of the coast"],
            id="a bold beginning is none",
        ),
    ],
)
def test_sentences_end_where_their_lines_do_on_purpose(text: str, expected: list[str]) -> None:
    assert said(text) == expected
