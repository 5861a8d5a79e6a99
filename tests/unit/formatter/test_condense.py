"""Which sentences stand in a post, and beside which others. Each case was once wrong with a real text; the words here
are others."""

from collections.abc import Callable

import pytest

from bot.formatter import knowledge, shorten
from tests.unit.formatter.samples import a_summary, excerpt, for_facebook, for_x

TITLE = "Counting Birds with Small Networks"
DEED = "The paper proposes a network that counts birds from sound alone."
LONG_DEED = f"{DEED[:-1]}, at night and in fog, with one microphone for a mile of coast and no person awake."


def on_x(text: str) -> str:
    return excerpt(text, title=TITLE)


def on_facebook(text: str) -> str:
    """What stands below title and byline."""
    return for_facebook().compose(a_summary(text=text, title=TITLE)).post.text.partition("\n\n")[2]


def items(*texts: str, heading: str = "What") -> str:
    return f"## {heading}\n\n" + "\n".join(f"* {text}" for text in texts)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            f"{DEED}\n\n## Loudness\n\nThe paper also proposes a measure of how loud a flock is.",
            f"{DEED} The paper also proposes a measure of how loud a flock is.",
            id="a further point, but never first",
        ),
        pytest.param(
            f"{DEED}\n\n## Results\n\nIn an ablation study, the authors show that a second microphone improves it.",
            DEED,
            id="not one of the experiments",
        ),
        pytest.param(
            f"{DEED} The proposed network is called CROW.",
            f"{DEED} The proposed network is called CROW.",
            id="what it is called, behind what it does",
        ),
        pytest.param(
            items("Bird counts usually come from slow people.", "They like gulls.", "They went to many coasts.")
            + "\n* They show that people can rest while a buoy listens for calls of gulls at night.",
            "The authors show that people can rest while a buoy listens for calls of gulls at night.",
            id="the authors for they",
        ),
        pytest.param(
            items(
                "Flocks grow.",
                "To cope with the noise of the sea, they add a second microphone to the network of birds.",
                "They suggest nothing else.",
            ),
            "The authors add a second microphone to the network of birds. They suggest nothing else.",
            id="an introduction that leans is left out before they",
        ),
        pytest.param(
            "The model was tried in May. In May, they achieve the best count of birds. They suggest counting birds.",
            "The model was tried in May. In May, they achieve the best count of birds. "
            "The authors suggest counting birds.",
            id="what they find only behind where it holds",
        ),
        pytest.param(
            "The paper models a flock p(n|s) as a distribution p(n, s) over size and sound.",
            "The paper models a flock p(n|s) as a distribution p(n, s) over size and sound.",
            id="brackets of two arguments match",
        ),
        pytest.param(
            "The paper considers coasts where the data is available in small portions, one each month.",
            "The paper considers coasts where the data is available in small portions, one each month.",
            id="data that becomes available is no download",
        ),
        pytest.param(
            "However, one expensive evening of counting birds is still needed for it.",
            "Ada Lovelace et al.",
            id="nothing rather than a contrast to what is not there",
        ),
        pytest.param(
            "TLDR; The authors train a small ear on ten coasts. It needs no more than one night.\n\n## Notes\n\n"
            "- The authors show that loud birds are counted twice.",
            "The authors train a small ear on ten coasts. It needs no more than one night.",
            id="the writer's own short version, and nothing else",
        ),
        pytest.param(
            "**TL;DR:** A corpus of ten thousand calls of gulls. Fishermen wrote down which gull it was.",
            "A corpus of ten thousand calls of gulls. Fishermen wrote down which gull it was.",
            id="which may begin with a noun",
        ),
        pytest.param(
            "TLDR; The authors carry what was learnt from coast 1 to coast 2. The ears stay as they are.",
            "The authors carry what was learnt from coast 1 to coast 2. The ears stay as they are.",
            id="a number that ends a sentence is none of a list",
        ),
        pytest.param(
            "* They introduced a loss that compares three calls at a time.",
            "The authors introduced a loss that compares three calls at a time.",
            id="an item of a list rather than nothing",
        ),
        pytest.param(
            "* They test whether a microphone or a camera hears more gulls.",
            "The authors test whether a microphone or a camera hears more gulls.",
            id="and what they ask",
        ),
        pytest.param(
            "The paper presents small networks for counting birds. "
            "Each of the networks takes one octave and learns to vote.",
            "The paper presents small networks for counting birds. "
            "Each of the networks takes one octave and learns to vote.",
            id="more than the title says",
        ),
        pytest.param(
            "The authors train an ear that hears gulls at night.\n\n## Ear\n\n"
            "The old ear is gone. The paper proves the bound under which PEARS hears every gull.",
            "The authors train an ear that hears gulls at night. "
            "The paper proves the bound under which PEARS hears every gull.",
            id="a side result only behind what is said first",
        ),
        pytest.param(
            "In methods that pool ([1](http://example.org/1), [2](http://example.org/2)), nights are summed. " + DEED,
            DEED,
            id="no labels of links that are gone",
        ),
        pytest.param(
            "Counting birds needs field glasses, so that it costs time. The replicas agree on the leader.",
            "Counting birds needs field glasses, so that it costs time.",
            id="not what takes as known what nobody named",
        ),
    ],
)
def test_a_post_on_x_says_what_the_paper_does(text: str, expected: str) -> None:
    assert on_x(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            f"Counting birds with field glasses takes many people for many nights. {DEED}",
            f"Counting birds with field glasses takes many people for many nights. {DEED}",
            id="the problem right before its solution",
        ),
        pytest.param(
            f"{DEED}\n\n## Method\n\nThe replicas agree on a leader and improve it.\n\nFLOCK improves the count.",
            DEED,
            id="not what takes as known what nobody named",
        ),
        pytest.param(
            f"{DEED} It hears a flock of small birds from a mile away. x_l is the input to the l-th unit of it.",
            f"{DEED} It hears a flock of small birds from a mile away.",
            id="not the letters of a formula",
        ),
        pytest.param(
            f"{DEED}\n\n## Results\n\nBirds outperform airplanes when it comes to noise.",
            f"{DEED}\n\nBirds outperform airplanes when it comes to noise.",
            id="from elsewhere what speaks of the title",
        ),
        pytest.param(
            f"{LONG_DEED}\n\n## Results\n\nAdding a second channel improves the score slightly.",
            LONG_DEED,
            id="from elsewhere no detail, even if it improves something, where enough is said",
        ),
        pytest.param(
            f"{DEED}\n\nThe authors show that one night is enough.\n\nThe authors show that a single night is enough.",
            f"{DEED} The authors show that one night is enough.",
            id="not the same twice",
        ),
        pytest.param(
            items(
                "Most counters of birds rely on what they see by day.",
                "They instead count with a microphone.",
                "They find that small networks suffice.",
            ),
            "Most counters of birds rely on what they see by day. The authors instead count with a microphone. "
            "They find that small networks suffice.",
            id="they are not the counters",
        ),
    ],
)
def test_a_post_on_facebook_hangs_together(text: str, expected: str) -> None:
    assert on_facebook(text) == expected


def test_a_relative_clause_goes_before_the_statement_is_lost() -> None:
    text = (
        "The paper proposes an algorithm called Wingbeat Estimation from Recordings (WER) that combines networks of "
        "several coasts with maps of the wind and with the counts that people made there in the years before."
    )
    title = "Estimating the Size of Flocks at Sea from an Hour of Sound and Two Microphones in a Box"
    assert excerpt(text, title=title).endswith("several coasts with maps of the wind…")
    longer = f"{title} on a Ship in the North"
    assert excerpt(text, title=longer).endswith("Wingbeat Estimation from Recordings (WER)…")


def test_an_aside_without_a_space_behind_it_holds_two_words_apart() -> None:
    sentence = "The nets (both of the old kind)for gulls are small."
    assert shorten.without_asides(sentence) == sentence


def test_what_judges_in_brackets_is_no_aside() -> None:
    text = "The paper proposes boxes (very slow) that record birds at night, and also that send what they hear to land."
    for number in range(20, 60):
        found = excerpt(text, title="Counting " + "birds " * number)
        assert "boxes that" not in found


def test_a_fourth_points_at_three() -> None:
    far = "It was tried (see Fig. 2) on three coasts that look like this."
    assert on_x(f"{DEED} {far} Ideally, there would be a fourth, which improves the state of the art.") == DEED


def test_half_of_a_pair_is_not_cut_off() -> None:
    text = "The paper deals with boxes that can both record birds at night, and also send what they heard to the coast."
    assert "both" not in excerpt(text, title="Counting " + "birds " * 30)


def test_pictures_are_found_behind_the_part_that_is_read() -> None:
    text = DEED + "\n\nBirds sing.\n" * 1200 + '![a bird](http://x.org/b.png) <img src="http://x.org/c.png">'
    composed = for_facebook().compose(a_summary(text=text))
    assert [(image.address, image.alt) for image in composed.images] == [
        ("http://x.org/b.png", "a bird"),
        ("http://x.org/c.png", ""),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "A classic paper that looks into ways to hear flocks of crows at night.",
            "The paper looks into ways to hear flocks of crows at night.",
            id="a paper that",
        ),
        pytest.param(
            items("They visualize a flock.", "They use additive noise from windy fields instead of rain."),
            "The authors use additive noise from windy fields instead of rain.",
            id="they who visualize are the authors",
        ),
        pytest.param(
            items("They didn't observe an improved count when two microphones listen at once."),
            "The authors didn't observe an improved count when two microphones listen at once.",
            id="a finding that denies",
        ),
        pytest.param(
            "The novelty here is that the authors listen to every wing with a filter of its own.",
            "The novelty here is that the authors listen to every wing with a filter of its own.",
            id="the novelty",
        ),
        pytest.param(
            "An alternative is to listen. Small Network Counting (SNC) is such a method to hear flocks at night.",
            "Small Network Counting (SNC) is a method to hear flocks at night.",
            id="such a method",
        ),
        pytest.param(
            items("Swarm: many crows", "The crow network uses several pairs of ears.", heading="Idea"),
            "The crow network uses several pairs of ears.",
            id="uses is a verb",
        ),
        pytest.param(
            "In dark fields at night, which no bird leaves, an owl recorder remains silent until a call.",
            "In dark fields at night, which no bird leaves, an owl recorder remains silent until a call.",
            id="the sentence comes behind a clause",
        ),
        pytest.param(
            items("Flocks of northern crows are heard by two recorders at once.", heading="Nights"),
            "Flocks of northern crows are heard by two recorders at once.",
            id="better than the title alone",
        ),
        pytest.param(
            "Who flies there? b-SNAP proposes a filter for every wing of a flock that nobody has to train.",
            "b-SNAP proposes a filter for every wing of a flock that nobody has to train.",
            id="a name that begins with a small letter",
        ),
        pytest.param(
            "Small networks hear owls that, alone at night, answer one another in at most as many steps as crows.",
            "Small networks hear owls that, alone at night, answer one another in at most as many steps as crows.",
            id="as many is no list to come",
        ),
        pytest.param(
            "Small networks keep a learning rate for every wing of a flock, and halve it for each that is silent.",
            "Small networks keep a learning rate for every wing of a flock, and halve it for each that is silent.",
            id="a detail of training that the text begins with",
        ),
    ],
)
def test_a_title_does_not_stand_alone_if_a_sentence_can_stand_below_it(text: str, expected: str) -> None:
    assert on_x(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(items("The text is hard to follow and lacks any test with owls."), id="a complaint"),
        pytest.param(items("It is heard by two recorders, and the vat is dry."), id="a pronoun without its noun"),
        pytest.param(items("Batch size of 128 and momentum of 0.9"), id="a detail of training"),
        pytest.param(items("Is a flock heard by two recorders at once or by none?"), id="a question"),
        pytest.param(items("A flock of crows is heard by the recorders in:"), id="leads into what is not there"),
    ],
)
def test_a_title_stands_alone_where_nothing_can_stand_below_it(text: str) -> None:
    assert on_x(text) == "Ada Lovelace et al."


EAR = "It listens to the beach at night and tells each gull from the surf by its pitch."
HALF = "The authors show that microphones make half as many mistakes."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            f"The authors present a method for counting birds. {EAR}",
            f"The authors present a method for counting birds. {EAR}",
            id="what says no more than the title takes the next sentence along",
        ),
        pytest.param(
            items(
                "The authors are motivated to let volunteers sleep in winter.", "They leave the night to a microphone."
            ),
            "The authors are motivated to let volunteers sleep in winter. They leave the night to a microphone.",
            id="a motive takes the deed along",
        ),
        pytest.param(
            f"A detector of gulls that listens and needs no labels.\n\n## Notes\n\n* {HALF}",
            f"A detector of gulls that listens and needs no labels. {HALF}",
            id="the line above all headings is the writer's short version",
        ),
        pytest.param(
            "A detector of gulls that listens and needs no labels. \\[[code](http://example.org/c)\\]\n\n"
            f"## Notes\n\n* {HALF}",
            f"A detector of gulls that listens and needs no labels. {HALF}",
            id="a link in escaped brackets is neither a formula nor part of the line",
        ),
        pytest.param(
            "## TL;DR\n\n- Proposes a microphone that tells gulls from terns by the rhythm of their calls.",
            "The paper proposes a microphone that tells gulls from terns by the rhythm of their calls.",
            id="a line of notes gets its subject",
        ),
        pytest.param(
            "**Problem**: Birds are hard to see in the dark, and people want to sleep.\n\n"
            "**Solution**: A microphone listens to the beach and tells each gull from the surf by its pitch.",
            "A microphone listens to the beach and tells each gull from the surf by its pitch.",
            id="the solution comes before the problem",
        ),
        pytest.param(
            "The authors propose to learn (1) where birds sleep, (2) when they call, and (3) how many there are.",
            "The authors propose to learn (1) where birds sleep, (2) when they call, and (3) how many there are.",
            id="an enumeration in a sentence points at no formula",
        ),
        pytest.param(
            f"The below figure displays the idea of the paper. {DEED}", DEED, id="no figure that is not there"
        ),
        pytest.param(f"See Counting Gulls by Ear for more on microphones. {DEED}", DEED, id="no other reading"),
        pytest.param(
            f"The authors use the microphone of before in the heads of (b) and (c). {DEED}",
            DEED,
            id="no letters of a list",
        ),
        pytest.param(
            items("They propose nests of microphones.", "They perform better than people on windy nights."),
            "The authors propose nests of microphones. They perform better than people on windy nights.",
            id="what performs better is no author",
        ),
        pytest.param(
            f"CB is a paradigm in which people count what they see and add it up. {HALF}",
            f"CB is a paradigm in which people count what they see and add it up. {HALF}",
            id="what a word of the title means is no claim of the paper, and does not stand alone",
        ),
        pytest.param(
            f"We need to ensure that every bird is counted once and not twice by two people. {HALF}",
            HALF,
            id="not what the writer needs",
        ),
        pytest.param(
            items("Propose a microphone that tells gulls from terns at night.", "Show that it saves one week of work."),
            "The authors propose a microphone that tells gulls from terns at night. They show that it saves one week of"
            " work.",
            id="a list of deeds gets its subjects",
        ),
    ],
)
def test_a_post_says_more_than_its_title(text: str, expected: str) -> None:
    assert on_x(text) == expected


NOUN = "A microphone, hung below a kite and taught with old tapes (of terns), for telling gulls from surf."
NOBODY = "Ada Lovelace et al."
AIM = "To hear each gull on a windy island without waking those that sleep."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(f"Summary:\n\n{NOUN}\n\nTapes:\n\n* old\n* new", NOUN, id="a noun"),
        pytest.param(
            "* Microphone that hears gulls and terns in a storm over one windy island.",
            "Microphone that hears gulls and terns in a storm over one windy island.",
            id="a noun with a clause",
        ),
        pytest.param(
            "* Predict when 30 kinds of gulls leave an island.",
            "Predict when 30 kinds of gulls leave an island.",
            id="the deed that a note begins with",
        ),
        pytest.param(f"## Background\n\n* gulls\n\n## Problem\n\n{AIM}", AIM, id="an aim"),
        pytest.param(f"## Background\n\n* {NOUN}", NOBODY, id="no noun of the background"),
        pytest.param("* Need for tapes of gulls and terns in a storm over windy islands.", NOBODY, id="no need"),
        pytest.param("* Microphones and kites for people.", NOBODY, id="no noun that says little"),
        pytest.param(
            "* Microphone > kite > tapes of gulls and terns > island, all in a storm.", NOBODY, id="no sketch"
        ),
        pytest.param(f"* old\n\n{DEED}\n\n* {NOUN}", DEED, id="no noun where there is a sentence"),
    ],
)
def test_a_noun_is_better_than_the_title_alone(text: str, expected: str) -> None:
    assert on_x(text) == expected


GULLS = "The authors propose to count birds with small networks."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            f"{GULLS}\n\n## Method\n\nThey ask ten people.\n\n## Results\n\nA microphone for a mile of coast "
            "outperforms four observers in fog and rain.",
            f"{GULLS} A microphone for a mile of coast outperforms four observers in fog and rain.",
            id="a result from further down beside what only restates the title",
        ),
        pytest.param(
            f"{GULLS}\n\n## Results\n\nThe authors show that one microphone for each mile of a coast outperforms four "
            "observers with field glasses in fog, in rain and by night, and that nobody has to stay awake.",
            "The authors show that one microphone for each mile of a coast outperforms four observers with field "
            "glasses in fog, in rain and by night, and that nobody has to stay awake.",
            id="a result instead, where both have no room",
        ),
        pytest.param(
            f"{GULLS} A microphone listens for the calls of gulls between the waves at night. It sleeps all of the day."
            "\n\n## Results\n\nA microphone outperforms four observers with field glasses.",
            f"{GULLS} A microphone listens for the calls of gulls between the waves at night. A microphone outperforms "
            "four observers with field glasses.",
            id="what goes on from the opening, then what came of it",
        ),
        pytest.param(
            f"{DEED}\n\n## Training\n\nThey feed it with recordings of a year from the harbor. They rest it in May.",
            DEED,
            id="no detail from elsewhere, whoever does it",
        ),
        pytest.param(
            "The paper presents a network that tells gulls from terns (another name for which is sea swallows, and in "
            "books of the north it is kirre) by the rhythm of their calls. It needs no labels, since all of the gulls "
            "call in turns.",
            "The paper presents a network that tells gulls from terns by the rhythm of their calls. It needs no "
            "labels, since all of the gulls call in turns.",
            id="an aside goes where the next sentence then has room",
        ),
        pytest.param(
            f"{GULLS} Given the sound of a beach at night, a microphone marks each call and hands all calls that are "
            "not of the surf to a second microphone, which counts them and forgets what it heard before noon.",
            f"{GULLS} Given the sound of a beach at night, a microphone marks each call and hands all calls that are "
            "not of the surf to a second microphone…",
            id="half of how, where what only restates the title would stand alone",
        ),
        pytest.param(
            items("Gulls differ from terns.", heading="Birds")
            + "\n\n### Nights\n\n* Fog is wet.\n* The key takeaway is that fog and night need not be told apart.",
            "The key takeaway is that fog and night need not be told apart.",
            id="the takeaway, however far down",
        ),
        pytest.param(
            "TLDR; The authors let a buoy listen to the surf at night and tell gulls from terns by their calls;\n\n"
            "### Key Points\n\n- It rains.",
            "The authors let a buoy listen to the surf at night and tell gulls from terns by their calls.",
            id="a short version that ends in a semicolon is whole",
        ),
        pytest.param(
            "Firstly, gulls are hard to see in fog. Secondly, the surf is louder than a flock of gulls at rest. "
            "The key to a good count is a microphone in the sand that hears steps.",
            "The key to a good count is a microphone in the sand that hears steps.",
            id="no second point without the first",
        ),
    ],
)
def test_a_post_is_worth_most_as_a_whole(text: str, expected: str) -> None:
    assert on_x(text) == expected


@pytest.mark.parametrize("compose", [on_x, on_facebook])
def test_what_the_next_sentence_speaks_against_stands_only_before_it(compose: Callable[[str], str]) -> None:
    ear = "The authors present an ear for birds that hears gulls at night."
    most = "Small networks count most birds on coasts with little light."
    cheap = "Counting birds with small networks has become cheap on most coasts."
    assert compose(f"{ear} {most} However, they are deaf to gulls.") == ear
    assert compose(f"{ear} {most} They are deaf to gulls.").startswith(f"{ear} {most}")
    assert compose(f"{ear} {cheap} However, nobody has done it by night.") == (
        f"{ear} {cheap} However, nobody has done it by night."
    )


@pytest.mark.parametrize(
    "after",
    [
        "However, I did not like the writing of the paper.",
        "However, see Figure 3 for details.",
        "But how does it work?",
        "However many birds sing at once, the count stays exact.",
        "Yet another network removes the noise of waves.",
        "Still images are not used.",
    ],
)
def test_what_only_begins_as_a_contrast_takes_nothing_back(after: str) -> None:
    ear = "The authors present an ear for birds that hears gulls at night."
    most = "Small networks count most birds on coasts with little light."
    assert on_facebook(f"{ear} {most} {after}").startswith(f"{ear} {most}")


def test_a_contrast_that_is_itself_taken_back_comes_whole_or_not_at_all() -> None:
    ear = "The authors present an ear for birds that hears gulls at night."
    rest = (
        "Counting birds with small networks has become cheap on most coasts. However, nobody has done it by night. "
        "But owls are counted by night with small networks."
    )
    assert on_facebook(f"{ear} {rest}") in (ear, f"{ear} {rest}")


def test_what_the_next_sentence_speaks_against_does_not_open_a_post() -> None:
    taught = "Counting birds by ear is taught in many schools."
    point = "A small network counts birds from the calls of one night."
    assert on_facebook(f"{taught} However, it is seldom done.\n\n{point}") == point
    assert on_facebook(f"{taught} It is often done.\n\n{point}").startswith(taught)


@pytest.mark.parametrize("chatter", ["In today’s paper, ", "In this week's post, "])
def test_what_a_series_says_in_front_of_a_sentence_goes(chatter: str) -> None:
    assert on_x(f"{chatter}the authors count birds from sound alone.") == "The authors count birds from sound alone."


def test_background_that_hangs_together_is_no_better_than_a_lone_finding() -> None:
    text = (
        "Harbors have lamps on high poles, which people switch on at dusk. Lamps draw moths and flies to the quay, and "
        "cats to where those fall.\n\n## Results\n\n* The authors show that two gulls on the quay stand for ten at sea."
    )
    assert "The authors show that two gulls on the quay stand for ten at sea." in on_facebook(text)


def test_a_first_result_comes_before_a_further_detail() -> None:
    text = (
        f"{DEED} A microphone in the sand listens for the calls of gulls between two waves. "
        "The sand is dry in summer and wet in winter, and the box is of wood that was found on the beach and painted "
        "in a red that can be seen from a boat far out at sea, with a lid, two hooks and a handle made of rope. "
        "\n\n## Results\n\nThe authors find that one microphone for a mile outperforms four observers in fog."
    )
    composed = for_facebook(max_length=400).compose(a_summary(text=text, title=TITLE))
    assert composed.used == (0, 1, 3)


@pytest.mark.parametrize(
    ("text", "title", "expected"),
    [
        pytest.param("The paper proposes a novel method for training networks.", "Nets", set(), id="of any paper"),
        pytest.param("They count gulls.", "A GullCounter", set(), id="of the title, in one word"),
        pytest.param("It generates calls of gulls.", "Birds", {"gener", "call", "gull"}, id="not empty"),
    ],
)
def test_news_is_what_the_title_does_not_say(text: str, title: str, expected: set[str]) -> None:
    assert knowledge.news(text, {knowledge.root(word) for word in knowledge.known_from(title)}) == expected


@pytest.mark.parametrize(
    ("sentence", "half"),
    [
        pytest.param("The network hears all calls of gulls in an ear inspired by owls.", "inspired…", id="by what"),
        pytest.param(
            "The network counts all of the gulls that call if a fox comes near.", "that call…", id="on what condition"
        ),
        pytest.param("The network hears gulls and terns and counts and identifies all of them.", "counts…", id="whom"),
        pytest.param(
            "Two networks read all of the calls of gulls from left and right respectively.",
            "from left…",
            id="and where else",
        ),
        pytest.param(
            "The authors propose a way to classify the calls of gulls by their age as loud, soft or of no kind at all.",
            "of gulls…",
            id="as what",
        ),
        pytest.param(
            "Unlike other networks which rely on light by day and on radar by night, it hears the gulls.",
            "by day…",
            id="what it is about",
        ),
        pytest.param(
            "A large network contains a small one that is initialized such that it hears as many gulls as all of it.",
            "that is initialized…",
            id="what for",
        ),
        pytest.param(
            "The words that the network knows are the union of the words of gulls and the words of all of the terns.",
            "of gulls…",
            id="a union of one",
        ),
        pytest.param(
            "The ear consists of (1) a box that hears the gulls and terns, and (2) a box that counts them all.",
            "gulls and terns…",
            id="of the first of two points",
        ),
    ],
)
def test_no_cut_leaves_half_of_what_is_said(sentence: str, half: str) -> None:
    for room in range(len(sentence)):
        short = shorten.closest_fit(sentence, lambda text, room=room: len(text) <= room)
        assert short is None or not short.text.endswith(half)


def test_what_limits_a_claim_is_no_aside() -> None:
    sentence = "The buoy (a red one) is cheap and (nearly) matches ten observers (if they sleep)."
    assert shorten.without_asides(sentence) == "The buoy is cheap and (nearly) matches ten observers (if they sleep)."


def test_hashtags_give_way_to_a_sentence_that_stands_whole() -> None:
    sentence = (
        "The paper proposes a network that hears the calls of birds on a beach at night and counts them without any "
        "label, and it shows that one microphone is enough for a mile of coast, in winter as well."
    )
    summary = a_summary(text=sentence, title=TITLE, tags=("cs.LG", "cs.CV"))
    posts = [for_x(most_hashtags=most).compose(summary) for most in (0, 2)]
    assert all(sentence in post.post.text for post in posts)
    assert "#MachineLearning" in posts[1].post.text
    assert "#ComputerVision" not in posts[1].post.text
    assert posts[1].warnings == ("hashtags left out",)


def test_no_sentence_stands_twice_in_a_post() -> None:
    """A sentence that begins a series brings the next one along, which may stand there already."""
    text = (
        "This paper mainly focuses on the argument against counting birds by eye, asking people not to put what they "
        "see into the count and to put more energy on ears. The first part compares counts in the field to counts in "
        "the house. The author argues that what people believe in is no count but that there is a social process to "
        "make a count correct. However, such a process cannot exist by eye since it's not as interesting."
    )
    post = on_facebook(text)
    assert post.count("a social process") == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "What keeps people awake at night? The authors propose to solve this problem by ears that need no light.",
            "Ada Lovelace et al.",
            id="not what solves a problem that is not there",
        ),
        pytest.param(
            "What is it about? The authors propose a way of dealing with such a problem: ears for each of the coasts.",
            "Ada Lovelace et al.",
            id="nor what deals with it",
        ),
        pytest.param(
            "Who counts? Instead of field glasses, they propose to use ears that need no light for counting gulls.",
            "Instead of field glasses, they propose to use ears that need no light for counting gulls.",
            id="what gives its own ground",
        ),
    ],
)
def test_what_leans_stands_alone_only_with_its_own_ground(text: str, expected: str) -> None:
    assert on_x(text) == expected
