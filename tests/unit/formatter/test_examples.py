"""The ten examples of docs/formatting.md are what the formatter makes of them."""

from pathlib import Path

import pytest

from tests.unit.formatter.samples import a_summary, excerpt, for_facebook

DOCS = " ".join((Path(__file__).parents[3] / "docs" / "formatting.md").read_text("utf-8").split())


@pytest.mark.parametrize(
    "text",
    [
        "This is a really neat paper. Usually, every weight of a network is updated in every step. The authors "
        "propose to "
        "let most weights sleep and to wake a random tenth of them in each step. It saves a third of the time.",
        r"The rotation is $\begin{pmatrix} c & -s \\ s & c \end{pmatrix}$ for every pair. The paper proposes to "
        r"divide the "
        r"scores by $\sqrt{d_k}$ and to add $\lambda \cdot \|W\|_2^2$ to the loss, with $\lambda = 10^{-4}$.",
        "## Key contributions The authors show that a network which sees only *half* of a crowd counts it as well "
        "as one "
        "that sees all.They need no labels for it.",
        "The paper introduces MaskLess, a detector without masks. It finds the outline of things from their boxes "
        "alone. "
        "Batch size was 128.",
        "* Counts of birds usually come from what people see by day.\n* To cope with the noise of the sea, they add "
        "a second "
        "microphone.\n* They find that it halves the error.",
        "The paper by @ada proposes to learn from README.md files, which are #1 among the things that people forget to "
        "write.",
        "As in \\cite{a/b/C15}, depth helps.\n\n- Trains 1,000 layers\n- The paper suggests to skip layers at "
        "random, so that "
        "a deep network is trained like a shallow one (code: http://example.org/code)\n\n## See also\n\n* this",
    ],
)
def test_an_example_for_x(text: str) -> None:
    assert excerpt(text) in DOCS


def test_the_example_of_a_long_title() -> None:
    text = (
        "The authors present a model that looks at a tenth of an image, which is enough for most classes, and that "
        "learns "
        "by itself where to look next."
    )
    assert excerpt(text, title="T" * 140) in DOCS


def test_the_example_of_an_abstract() -> None:
    abstract = "Large datasets are common. We show that six hundred images suffice to train a classifier of birds."
    assert excerpt("* 5 datasets\n* batch size 64", abstract=abstract) in DOCS


def test_the_example_for_facebook() -> None:
    text = (
        "Counting birds with field glasses takes many people for many nights. The paper proposes a network that counts "
        "birds from sound alone.\n\n## Method\n\nThe replicas agree on a leader. x_l is the input to the l-th unit. "
        "Adding a "
        "second channel improves the score slightly.\n\n## Results\n\nThe authors show that one night is enough for "
        "a coast."
    )
    post = for_facebook().compose(a_summary(text=text, title="Counting Birds with Small Networks")).post.text
    assert " ".join(post.partition("\n\n")[2].split()) in DOCS
