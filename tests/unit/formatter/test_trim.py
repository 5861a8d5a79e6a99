"""What may go from within a sentence, and what must stay."""

import pytest

from bot.formatter.trim import trimmed


def texts(sentence: str) -> list[str]:
    return [version.text for version in trimmed(sentence)]


GOES = [
    ("a label", "TLDR; The keepers count gulls from the roof.", "The keepers count gulls from the roof."),
    (
        "a label before a clause",
        "Solution: The keeper reads the tide from a single gauge.",
        "The keeper reads the tide from a single gauge.",
    ),
    (
        "who found it",
        "The authors show that herons sleep on one leg in cold weather.",
        "Herons sleep on one leg in cold weather.",
    ),
    (
        "that it was found",
        "Experiments show that small boats drift faster than large ones.",
        "Small boats drift faster than large ones.",
    ),
    (
        "who found it, before an impersonal clause",
        "They find that it is possible to count bats by sound in the dark.",
        "It is possible to count bats by sound in the dark.",
    ),
    (
        "what it is for the reader",
        "The key takeaway is that old maps are wrong about the coast.",
        "Old maps are wrong about the coast.",
    ),
    (
        "that it is worth noting",
        "It is worth noting that the lamp burns oil through the winter.",
        "The lamp burns oil through the winter.",
    ),
    (
        "where it is said",
        "In this paper, the authors propose a lighthouse without a keeper.",
        "The authors propose a lighthouse without a keeper.",
    ),
    (
        "a connecting word",
        "Moreover, the harbour freezes in every second winter.",
        "The harbour freezes in every second winter.",
    ),
    (
        "a leading So",
        "So the ferry takes the longer way around the island.",
        "The ferry takes the longer way around the island.",
    ),
    (
        "a connecting word inside",
        "Fine nets, however, are torn by the larger seals.",
        "Fine nets are torn by the larger seals.",
    ),
    ("then", "The eggs are then moved to a warmer shelf.", "The eggs are moved to a warmer shelf."),
    (
        "also",
        "The authors also introduce a scale for the weight of fog.",
        "The authors introduce a scale for the weight of fog.",
    ),
    (
        "the purpose before what the authors do",
        "To cope with strong currents, the authors add a second anchor.",
        "The authors add a second anchor.",
    ),
    (
        "an aside in brackets",
        "The paper compares five harbours (all of them in the north) by the age of their piers.",
        "The paper compares five harbours by the age of their piers.",
    ),
    (
        "an aside in brackets with brackets",
        "The paper compares five harbours (see the maps (all five) in print) by the age of their piers.",
        "The paper compares five harbours by the age of their piers.",
    ),
    (
        "an aside between dashes",
        "The old lamp - a gift of the town - still turns by hand every night.",
        "The old lamp still turns by hand every night.",
    ),
    (
        "a clause between subject and verb",
        "The second lamp, which is on the pier, is lit by gas at all times.",
        "The second lamp is lit by gas at all times.",
    ),
    (
        "examples between subject and verb",
        "Sea birds, such as herons and storks, are counted from the dike.",
        "Sea birds are counted from the dike.",
    ),
    (
        "what a name stands for",
        "GullNet, a small network for birds, is trained on a thousand hours of sound.",
        "GullNet is trained on a thousand hours of sound.",
    ),
    (
        "a last clause with which",
        "The authors train a network on the sound of the harbour, which was recorded over three winters.",
        "The authors train a network on the sound of the harbour.",
    ),
    (
        "a consequence",
        "The method reads each chart from its two ends, making the search for reefs twice as fast.",
        "The method reads each chart from its two ends.",
    ),
    (
        "examples",
        "The paper compares several ways to count birds such as traps, rings and radar.",
        "The paper compares several ways to count birds.",
    ),
    (
        "a further clause",
        "The paper introduces a lamp that turns by itself, and it can be used on buoys as well.",
        "The paper introduces a lamp that turns by itself.",
    ),
    (
        "a further predicate",
        "The new lamp is brighter than all of the old ones, and can be used on buoys as well.",
        "The new lamp is brighter than all of the old ones.",
    ),
    (
        "a finding after a deed",
        "The authors study the drift of boats in the bay and show that it follows the moon.",
        "The authors study the drift of boats in the bay.",
    ),
    (
        "what follows a semicolon",
        "The network learns from the sea at night; its first layers are trained on wind.",
        "The network learns from the sea at night.",
    ),
    (
        "a purpose",
        "The authors add a second microphone to the buoy in order to hear the larger whales.",
        "The authors add a second microphone to the buoy.",
    ),
    (
        "a reason",
        "The authors count the birds of the island by night, because the gulls are away then.",
        "The authors count the birds of the island by night.",
    ),
    (
        "the alternative",
        "The model predicts the height of the next wave instead of the whole shape of the sea.",
        "The model predicts the height of the next wave.",
    ),
    (
        "what follows a dash",
        "The paper describes the life on the rock - nights of oil and fog.",
        "The paper describes the life on the rock.",
    ),
    (
        "a short form that is not used",
        "The authors use the North Sea Lamp Index (NSLI) of the harbours.",
        "The authors use the North Sea Lamp Index of the harbours.",
    ),
    (
        "how much",
        "A second lamp significantly reduces the number of wrecks.",
        "A second lamp reduces the number of wrecks.",
    ),
    (
        "a further deed",
        "The authors describe the lamps of the northern coast and compare them with those of ships.",
        "The authors describe the lamps of the northern coast.",
    ),
    (
        "the way of a deed",
        "The authors extend the range of the lamp by adding a second mirror.",
        "The authors extend the range of the lamp.",
    ),
    (
        "all that stands in brackets",
        "The authors compare lamps (all of brass), bells (one of them cracked) and horns (hand-made).",
        "The authors compare lamps, bells and horns.",
    ),
    (
        "a clause with a condition of its own",
        "The authors train a network on the sound of the harbour, which is recorded if the sea is calm.",
        "The authors train a network on the sound of the harbour.",
    ),
    (
        "two parts",
        "The authors show that nets of hemp are stronger than others, which was known to fishermen.",
        "Nets of hemp are stronger than others.",
    ),
]


@pytest.mark.parametrize(("sentence", "shorter"), [pytest.param(*row, id=name) for name, *row in GOES])
def test_it_leaves_out(sentence: str, shorter: str) -> None:
    assert shorter in texts(sentence)


STAYS = [
    ("a hedge of its finders", "The authors argue that herons sleep on one leg in cold weather."),
    ("what hangs on its finders", "The authors show that they need three boats for a count."),
    ("a pronoun without its noun", "Results show that it drifts faster than all other boats."),
    ("what else the authors do", "The authors show that herons sleep on one leg and propose a new count."),
    ("a second finding", "The authors show that herons sleep on one leg and that storks do not."),
    ("where it holds", "Experiments on the northern coast show that small boats drift faster."),
    ("a condition", "If the sea is calm, the small boats drift faster than the large ones."),
    ("a condition at the end", "The small boats drift faster than the large ones, if the sea is calm."),
    ("a condition in brackets", "The small boats drift faster (if the sea is calm) than the large ones."),
    ("a scope in brackets", "The small boats drift faster (on the northern coast) than the large ones."),
    ("a hedge in brackets", "The small boats are (approximately) twice as fast as the large ones."),
    ("a negation in brackets", "The small boats drift faster (but not at night) than the large ones."),
    ("a short form of nothing in the sentence", "The paper describes a scale for lamps (NSLI) in the harbours."),
    ("a short form that is used", "The paper describes the North Sea Lamp Index (NSLI) and why the NSLI is low."),
    ("a part of a formula", "The height of a wave is twice that of the last one at (x, y) in the chart."),
    ("a word in part", "The paper is on learning from (un)labelled pictures of the same boat."),
    ("a restrictive clause", "The authors count the birds which sleep on the northern cliffs."),
    ("a clause that limits", "The method finds all of the reefs in a chart, which holds only for calm water."),
    ("examples that limit", "The method finds reefs in charts such as those of the northern coast."),
    ("items of a list", "The lamp has a tank, a wick, and the glass that is around them."),
    ("the second item of three", "The lamp needs a tank, a wick, which burns, and glass."),
    ("a verb behind a clause", "Boats of the kind described above, which are small, quickly drift away."),
    ("the rest of an introduction", "Unlike the older lamps, which burn oil, this one turns by itself."),
    ("the half of a condition", "When the lamp is lit, and the sea is calm, then boats can land."),
    ("half of a pair", "The lamp is both brighter than the old one, and can be lit from afar."),
    ("what is needed", "It is necessary to dim the lamp in order to see the smaller boats."),
    ("a purpose that is a condition", "To see the smaller boats, the authors need a lamp that must be dimmed."),
    ("a part of a quotation", "The keepers say “the lamp, which is old, is the best one” of their lamp."),
    ("a minus", "The height of the wave is given as the sum x - y in meters above zero."),
    ("a deed of the reader", "Solution: Maximize the light of the lamp over all nights of a year."),
    ("a contrast at the end", "The lamp is bright; however, boats without a mast cannot see it."),
    ("how much, where that is denied", "A second lamp does not significantly reduce the number of wrecks."),
    ("how much, where the article hangs on it", "The keepers use a significantly older lamp on the rock."),
    ("a purpose, where the deed is denied", "The authors do not use a second lamp in order to save oil."),
    ("a way, where the deed is denied", "The authors cannot extend the range of the lamp by adding a mirror."),
    ("what is compared", "The model is better with the height of the next wave instead of the last one."),
    ("one kind of a thing", "The paper describes herons as birds, which stand on one leg."),
    ("a quantity as a kind", "Many lamps similar to this one and therefore as bright are used."),
    ("entries of a glossary", "NSLI - an index of lamps - and others like it are used by the coast guard."),
    ("a question", "Do the authors show that herons sleep on one leg in cold weather?"),
    ("then with if", "If the lamp is lit, boats are then led to the northern pier."),
    ("half of not only but also", "The lamp can not only be seen but can also be heard from the boats."),
]


@pytest.mark.parametrize("sentence", [pytest.param(sentence, id=name) for name, sentence in STAYS])
def test_it_leaves_in(sentence: str) -> None:
    assert texts(sentence) == []


LONG = (
    "In this paper, the authors also describe a lamp (a gift of the town), which turns by itself, and a tank for its"
    " oil (some of it from whales), making the old keeper of the rock free to read; the lamp is then sold in order to"
    " buy boats."
)


def test_the_one_that_loses_least_comes_first() -> None:
    costs = [version.cost for version in trimmed(LONG)]
    assert costs == sorted(costs)
    assert 1 < len(costs) <= 8


@pytest.mark.parametrize("sentence", [LONG, *(row[1] for row in GOES)])
def test_every_version_is_shorter_begins_with_a_capital_and_ends_once(sentence: str) -> None:
    for version in trimmed(sentence):
        assert len(version.text) < len(sentence)
        assert version.text[0].isupper()
        assert version.text.endswith(".")
        assert not version.text.endswith("..")
        assert "  " not in version.text
        assert version.how


def test_a_name_in_small_letters_is_not_made_to_begin_with_a_capital() -> None:
    assert texts("The authors show that k-means finds the harbours of the coast.") == []


def test_the_less_is_left_the_more_it_costs() -> None:
    short = trimmed("The authors train a network on the sound of the harbour, which was recorded in winter.")
    long = trimmed(
        "The authors train a network on the sound of the harbour, which was recorded in winter from a small boat that"
        " was moored at the end of the northern pier by its former keeper."
    )
    assert short[0].text == long[0].text
    assert short[0].cost < long[0].cost


@pytest.mark.parametrize(
    "sentence", ["", ".", "Too short.", "(" * 400 + ".", ", which " * 200 + ".", "a - " * 200 + "."]
)
def test_odd_input_is_left_alone(sentence: str) -> None:
    assert trimmed(sentence) == []


def test_a_sentence_of_many_parts_has_no_more_versions_than_others() -> None:
    sentence = "The lamp is lit by its keeper" + " and the lamp is bright, making it good" * 20 + "."
    assert 0 < len(trimmed(sentence)) <= 8
