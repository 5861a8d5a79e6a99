"""What is fit for a post, and what a sentence is worth."""

import pytest

from bot.formatter.analysis import Sentence
from bot.formatter.judge import analyse
from tests.unit.formatter.samples import a_summary


def judged(text: str) -> Sentence:
    """The last sentence of `text`, judged."""
    return analyse(a_summary(text=text)).sentences[-1]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("I think that this method will change everything.", id="the reviewer speaks"),
        pytest.param("This is a really nice paper about neural networks.", id="praise of the paper"),
        pytest.param("Anne-Marie Möwe et al., Journal of Gulls 2018.", id="who wrote it, and where it came out"),
        pytest.param("The paper on gulls makes four main contributions.", id="announces what is not there"),
        pytest.param("We saw last time that gulls and terns both breed on the coast.", id="a lesson repeated"),
        pytest.param("The gulls of last week’s paper were counted by hand and by eye.", id="a reading group"),
        pytest.param("This is the second post in a series on birds and their calls.", id="a part of a series"),
        pytest.param("To me, the result seems to be a little too good.", id="an opinion"),
        pytest.param("Does the network learn what we want it to learn?", id="a question"),
        pytest.param("The authors make the contributions that follow here:", id="leads into a list"),
        pytest.param("The loss function is defined as follows in the paper.", id="leads into a formula"),
        pytest.param(
            "The weights are updated with $\\begin{matrix}a\\end{matrix}$ in every step.", id="has lost a formula"
        ),
        pytest.param("See also the paper on residual networks by others.", id="see also"),
        pytest.param("Figure 3 shows how the error decreases over time.", id="a figure"),
        pytest.param("The architecture is shown in the figure below this text.", id="a figure below"),
        pytest.param("(The authors do not say how they came to this.)", id="a note in brackets"),
        pytest.param('"Deep nets remain mysterious for many reasons to all."', id="a quotation"),
        pytest.param("What if the network could look at both at once.", id="a question without its mark"),
        pytest.param("Where x is the input and y is the output of it.", id="explains a formula"),
        pytest.param("* Batch size of 128; momentum of 0.9; no noise at all", id="a list's fragment"),
        pytest.param("The authors chose small ears for two reasons.", id="leads into reasons"),
        pytest.param("There are two ways of counting, enumerated below in the text.", id="leads to what is below"),
        pytest.param("The network is a language for goals that can be used for.", id="the end is missing"),
        pytest.param("The paper has two points: 1. the ears hear gulls at night.", id="the first of several points"),
        pytest.param("Code samples are taken from the pages of the authors.", id="where code is from"),
        pytest.param("The words for each of the birds were taken from here.", id="a link that is gone"),
        pytest.param("We chose this paper to learn more about birds and sounds.", id="why it was chosen"),
        pytest.param("The authors compare (?) the ears with those of owls.", id="a doubt of the writer"),
        pytest.param("* Learning to Hear the Gulls of Northern Coasts with Buoys", id="the title of something"),
        pytest.param('Lovelace, Ada, et al. "Hearing gulls at night by small ears."', id="a reference"),
        pytest.param("Ada Lovelace et al., Submitted on 27 Apr 2017.", id="who wrote it and when"),
        pytest.param("Ada Lovelace et al., Nov 2018 version, Gulls 2018.", id="which version it is"),
        pytest.param("Ada Lovelace and Mary Somerville, 4 Nov 2018, Gulls 2018.", id="who wrote it, and the day"),
        pytest.param(
            "Ada Lovelace,Mary Somerville, C. Herschel and E. Châtelet.",
            id="who wrote it",
        ),
        pytest.param("Reviewed by a student of the northern coast of gulls.", id="who reviewed it"),
        pytest.param("Hearing gulls with small ears - Summary yet to be added!", id="what is still to be written"),
        pytest.param("The authors heard a number of different gulls including.", id="a list that was lost"),
        pytest.param("Ada Lovelace * ¹ ² Alan Turing ¹ Grace Hopper ² are there.", id="names of people"),
        pytest.param("Whereas the other birds of the coast are asleep at night.", id="half of a sentence"),
        pytest.param("* Authors: Ada Lovelace and Alan Turing have them", id="a label"),
        pytest.param("A title of a paper.", id="repeats the title"),
        pytest.param("The network is trained in (a way that nobody) knows) well.", id="brackets that do not match"),
        pytest.param("There are two steps: 1. The first network is trained on images of birds.", id="a step"),
        pytest.param("The code is available at http://x.org/code for everyone.", id="the code"),
    ],
)
def test_it_keeps_out_what_no_post_should_say(text: str) -> None:
    assert judged(text).score is None
    assert judged(text).reasons


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        pytest.param(
            "This paper proposes a layer that normalizes its input.",
            "Networks are trained with many layers today.",
            id="deed",
        ),
        pytest.param(
            "The key idea is to skip some of the layers at times.",
            "Layers are stacked upon each other in such nets.",
            id="idea",
        ),
        pytest.param(
            "The authors show that the network needs no labels.",
            "Typically, networks are trained with many labels.",
            id="background",
        ),
        pytest.param(
            "The method outperforms all others by two points.",
            "The learning rate is 0.1 and the batch size is 128.",
            id="detail",
        ),
        pytest.param(
            "The network learns to count without any labels.",
            "Unfortunately, it is unclear how the network counts.",
            id="doubt",
        ),
        pytest.param(
            "The model reads a sentence and writes an image.",
            "Use the model to write an image of the sentence.",
            id="instruction",
        ),
        pytest.param(
            "The model writes images that look like photos.",
            "For example, the model writes images of birds.",
            id="example",
        ),
    ],
)
def test_it_prefers_what_the_paper_does_or_finds(better: str, worse: str) -> None:
    assert (judged(better).score or 0) > (judged(worse).score or 0)


@pytest.mark.parametrize(
    ("text", "leans"),
    [
        ("It adds a branch for masks to the network.", True),
        ("This makes the training of the network faster.", True),
        ("They are trained to write what they have read.", True),
        ("For example, birds are drawn by the network.", True),
        ("The authors replace it with a small network.", True),
        ("The model removes those weights with a mask.", True),
        ("The authors argue that this is caused by the weights.", True),
        ("The paper suggests this is important for small networks.", True),
        ("The trick of the paper makes that assumption of each network.", True),
        ("In practice, it helps to train the network longer.", True),
        ("Like all networks it has many layers and weights.", True),
        ("The network fixes that by adding another branch.", True),
        ("This overcomes the above problems with one branch.", True),
        ("The authors argue that, in networks, more is better.", False),
        ("This paper adds a branch for masks to a network.", False),
        ("They propose a network that draws birds from words.", False),
        ("The network adds a branch that predicts masks.", False),
        ("They review how gulls sleep on windy islands.", False),
        ("They summarize what storms do and how to handle them.", False),
        ("They show what storms do; networks handle them.", True),
        ("He argues that gulls count people on each beach.", False),
    ],
)
def test_it_knows_what_leans_on_the_sentence_before(text: str, leans: bool) -> None:
    assert judged(text).leans is leans


def test_a_word_of_the_title_is_a_noun_that_is_not_lost() -> None:
    text = "The paper proposes a network that can find such graphs in images."
    assert analyse(a_summary(text=text)).sentences[0].leans
    assert not analyse(a_summary(text=text, title="Finding Graphs")).sentences[0].leans


@pytest.mark.parametrize(
    ("text", "written"),
    [
        (
            "* Propose a network that hears gulls in a storm.",
            "The authors propose a network that hears gulls in a storm.",
        ),
        (
            "* Showed that gulls sleep on each windy island.",
            "The authors showed that gulls sleep on each windy island.",
        ),
        (
            "* She shows that gulls sleep on each windy island.",
            "The author shows that gulls sleep on each windy island.",
        ),
        ("* Tackles the noise of the sea with two nets.", "The paper tackles the noise of the sea with two nets."),
        ("* Improves greatly aided with a map of the coast.", "Improves greatly aided with a map of the coast."),
        ("* Present methods are tried on gulls in a storm.", "Present methods are tried on gulls in a storm."),
        ("* Show the gulls to the network and count them.", "Show the gulls to the network and count them."),
        ("`log(b*b)` stays between zero and one for gulls.", "log(b*b) stays between zero and one for gulls."),
        ("* gulls.count stays between zero and one here.", "gulls.count stays between zero and one here."),
        ("* a gull stays on the coast of an island in winter.", "A gull stays on the coast of an island in winter."),
        ("* Addresses no longer need to be kept by gulls.", "Addresses no longer need to be kept by gulls."),
        ("So Somerville et al. show that gulls sleep in winter.", "Somerville et al. show that gulls sleep in winter."),
        ("* gulls stay on the coast of an island in winter.", "Gulls stay on the coast of an island in winter."),
    ],
)
def test_it_gets_its_subject_and_its_capital(text: str, written: str) -> None:
    assert judged(text).opened == written


def test_headings_count() -> None:
    good = judged("## Key contributions\n\n* The network counts without any labels at all.")
    bad = judged("## Questions and notes\n\n* The network counts without any labels at all.")
    assert (good.score or 0) > (bad.score or 0)


def test_without_prose_the_abstract_speaks() -> None:
    abstract = "We propose a network that counts objects\nwithout any labels. It beats all others."
    analysis = analyse(a_summary(text="* Batch size 128\n* 5 layers", abstract=abstract))
    assert analysis.origin == "abstract"
    assert analysis.sentences[0].text == "We propose a network that counts objects without any labels."


def test_without_either_nothing_is_of_use() -> None:
    assert analyse(a_summary(text="* 5 layers", abstract="")).origin == "none"


def test_a_summary_is_judged_once_for_all_accounts() -> None:
    summary = a_summary(text="This paper proposes a layer that normalizes its input.")
    assert analyse(summary) is analyse(summary)


@pytest.mark.parametrize(
    "text",
    [
        "The network combines what it saw last time step with the frame and counts the birds.",
        "The model predicts for each post in a series whether it is a rumor about birds.",
        "The recordings are part of a larger series from forty coasts and hold a million calls.",
        "Today we can train networks with a thousand layers on images of birds.",
        "Today’s reading comprehension systems fail on sentences that the authors add.",
        "The authors predict this week's papers on birds from the citations of earlier ones.",
        "λ-returns mix rewards over many steps and lower the variance of the policy.",
    ],
)
def test_what_only_looks_like_chatter_or_a_fragment_is_fit(text: str) -> None:
    assert judged(text).score is not None
    assert not judged(text).fragment


@pytest.mark.parametrize("text", ["- The network’s layers, all but the last", "- The layers → all but the last"])
def test_a_sign_that_is_not_ascii_hides_no_fragment(text: str) -> None:
    assert judged(text).reasons[0].startswith("no verb")


def test_what_is_written_in_another_script_is_no_fragment() -> None:
    assert not judged("- Птицы на берегу моря, все кроме последней").reasons[0].startswith("no verb")
