"""A list that finishes the sentence before it."""

import pytest

from tests.unit.formatter.samples import excerpt

TITLE = "Counting Birds with Small Networks"


def listed(lead: str, *items: str) -> str:
    return f"{lead}\n\n" + "\n".join(f"* {item}" for item in items)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            listed("The paper studies three ways to hear a gull:", "a kite", "a buoy", "a lighthouse."),
            "The paper studies three ways to hear a gull: a kite, a buoy and a lighthouse.",
            id="short items",
        ),
        pytest.param(
            listed("The authors propose a network that:", "Hears gulls at night", "learns from old tapes"),
            "The authors propose a network that hears gulls at night and learns from old tapes.",
            id="the sentence goes on in its items",
        ),
        pytest.param(
            listed(
                "The paper proposes two ears for gulls:", "near: hears ten feet. It is cheap.", "far: hears a mile."
            ),
            "The paper proposes two ears for gulls: near and far.",
            id="the labels of items that explain",
        ),
        pytest.param(
            listed(
                "The paper proposes two rules for counting:",
                "count what is seen, not heard",
                "count nothing twice, ever",
            ),
            "The paper proposes two rules for counting: count what is seen, not heard; and count nothing twice, ever.",
            id="items with commas of their own",
        ),
        pytest.param(
            listed("The authors find that the small ear:", "Hears gulls at night", "Costs less than a boat"),
            "The authors find that the small ear hears gulls at night and costs less than a boat.",
            id="what its subject does",
        ),
        pytest.param(
            listed("The authors studied several birds of the coast including", "Gulls of the north", "Terns"),
            "The authors studied several birds of the coast including gulls of the north and Terns.",
            id="a lead without its colon",
        ),
        pytest.param(
            listed("The paper studies three kinds of birds:", "Northern gulls", "southern terns", "Hybrid crows"),
            "The paper studies three kinds of birds: Northern gulls, southern terns and Hybrid crows.",
            id="capitals as they are where one may be a name",
        ),
        pytest.param(
            listed("The paper studies three kinds of birds:", "Coastal gulls", "Migrating terns", "Royal Crows"),
            "The paper studies three kinds of birds: coastal gulls, migrating terns and Royal Crows.",
            id="no capitals but those of names",
        ),
        pytest.param(
            "* The paper studies two ways to hear a gull:\n  * a kite\n  * a buoy\n* Kites are old\n* Buoys leak",
            "The paper studies two ways to hear a gull: a kite and a buoy.",
            id="no items of the list around it",
        ),
        pytest.param(
            listed("The paper studies the following birds:", "gulls of the north", "terns of the south"),
            "The paper studies the following birds: gulls of the north and terns of the south.",
            id="what follows is there",
        ),
    ],
)
def test_a_sentence_ends_with_its_list(text: str, expected: str) -> None:
    assert excerpt(text, title=TITLE) == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(listed("The paper proposes one rule for counting birds:", "count nothing twice"), id="one item"),
        pytest.param(
            listed("The paper proposes these birds for counting:", *["a gull that flies over the sea"] * 9),
            id="a long list",
        ),
        pytest.param(
            listed("The paper proposes two rules for counting:", "Count what is seen. Always.", "Count twice. Never."),
            id="items of several sentences without labels",
        ),
        pytest.param("The paper proposes two rules for counting:\n\nCount what is seen.", id="a paragraph"),
        pytest.param(
            listed("The paper proposes an ear that hears a gull if:", "the gull is loud or", "the night is quiet"),
            id="one or the other",
        ),
        pytest.param(
            listed(
                "The paper proposes three ears for gulls:", "near: hears ten feet. It is cheap.", "far: hears a mile."
            ),
            id="fewer labels than it says",
        ),
    ],
)
def test_what_makes_no_sentence_is_not_joined(text: str) -> None:
    assert "The paper proposes" not in excerpt(text, title=TITLE)
