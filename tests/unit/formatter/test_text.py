"""Plain text from the site's Markdown."""

import pytest

from bot.formatter.characters import BREAK, LOST, TIGHT
from bot.formatter.text import plain, read


def words(markdown: str) -> list[str]:
    return [block.text.replace(TIGHT, " ").replace(BREAK, " ") for block in read(markdown).blocks]


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        pytest.param(
            "Some *emphasis*, **weight**, ~~strike~~ and `code`.",
            ["Some emphasis, weight, strike and code."],
            id="marks",
        ),
        pytest.param("A [link](http://x.org) keeps its words.", ["A link keeps its words."], id="a link"),
        pytest.param("A ![net](http://x.org/a.png)picture goes.", ["A picture goes."], id="a picture"),
        pytest.param("https://i.imgur.com/abc.png\n\nWords.", ["Words."], id="a bare picture"),
        pytest.param("It works (http://x.org/page) well.", ["It works well."], id="an address in brackets"),
        pytest.param(
            "Code is at http://x.org/page.", [f"Code is at {LOST}."], id="an address that the sentence leans on"
        ),
        pytest.param("As shown \\cite{a/b/C15}, it works.", ["As shown, it works."], id="a citation"),
        pytest.param("As in \\cite{a/b/C15} it works.", [f"As in {LOST} it works."], id="a citation used as a noun"),
        pytest.param("It works[^3] well[^note].\n\n[^3]: A note.", ["It works well."], id="footnotes"),
        pytest.param("It works[2,3] well.[4] Not `data[12]`.", ["It works well. Not data[12]."], id="citations"),
        pytest.param("It reads data[12] from Uniform[0,1].", ["It reads data[12] from Uniform[0,1]."], id="an index"),
        pytest.param(
            "So `a[[1]]` of (Type I and II) is.", ["So a[[1]] of (Type I and II) is."], id="no remark, no link"
        ),
        pytest.param("See [[ears|the ear]] of [[gulls]].", ["See the ear of gulls."], id="links of a wiki"),
        pytest.param("It works (I think) on coasts (my notes here), IMO.", ["It works on coasts."], id="own remarks"),
        pytest.param("It works (see \\cite{a/b}).", ["It works."], id="a citation in brackets"),
        pytest.param("It works (code: http://x.org/page).", ["It works."], id="an address in brackets with a label"),
        pytest.param("R&D &amp; more &lt;b&gt; &theta; &nbsp;x", ["R&D & more <b> θ x"], id="entities"),
        pytest.param("a<br>b <i>c</i> H<sub>2</sub>O x<sup>2</sup>", ["a b c H₂O x²"], id="tags"),
        pytest.param("<div>\nIn a <b>division</b>.\n</div>", ["In a division."], id="a block of tags"),
        pytest.param("So $y\\_i = \\theta_{t+1}$ holds.", ["So yᵢ = θₜ₊₁ holds."], id="a formula with an escape"),
        pytest.param("So $a*b*c$ and $d*e$.", ["So a*b*c and d*e."], id="stars in formulas"),
        pytest.param("It is\n\n$$a = b$$\n\nhere.", ["It is", LOST, "here."], id="a displayed formula"),
        pytest.param("It costs $5 and $10.", ["It costs $5 and $10."], id="money"),
        pytest.param(
            "The $\\begin{matrix}a\\end{matrix}$ is.", [f"The {LOST} is."], id="what cannot be written leaves a mark"
        ),
        pytest.param("> quoted\n\nSaid.", ["Said."], id="a quotation"),
        pytest.param("| a | b |\n|---|---|\n| 1 | 2 |\n\nText.", ["Text."], id="a table"),
        pytest.param("```\ncode\n```\nText.", ["Text."], id="a block of code"),
        pytest.param("It maps a -> b --> c, not p->next.", ["It maps a → b → c, not p->next."], id="arrows"),
        pytest.param("{% include a.html x=1 %}\nIt works.", ["It works."], id="a command of a site's generator"),
        pytest.param("A [gull]({% post_url gull %}) calls.", ["A gull calls."], id="or as an address"),
        pytest.param("It fills in `{% x %}` for us.", ["It fills in {% x %} for us."], id="which may be spoken of"),
        pytest.param("One two.They did.", ["One two. They did."], id="a lost space"),
        pytest.param("One *two*.They did.", ["One two. They did."], id="a lost space behind a mark"),
        pytest.param(
            "By @karpathy, ＠bob, $TSLA and #1, recall @5.",
            ["By karpathy, bob, TSLA and no. 1, recall at 5."],
            id="signs",
        ),
        pytest.param("59% mAp@0.5 in C# costs $5.", ["59% mAp@0.5 in C# costs $5."], id="signs that link nothing"),
        pytest.param(
            "Zero\u200bwidth, \u202eright\u202c, nul\x00, soft\u00adhyphen.",
            ["Zerowidth, right, nul, softhyphen."],
            id="unseen",
        ),
        pytest.param(
            "A family \U0001f468\u200d\U0001f469\u200d\U0001f467 stays.",
            ["A family \U0001f468\u200d\U0001f469\u200d\U0001f467 stays."],
            id="emoji",
        ),
        pytest.param("The \\textbf{bold} and \\emph{soft} \\alpha.", ["The bold and soft α."], id="LaTeX outside math"),
        pytest.param("``so'' it goes -- on", ["“so” it goes – on"], id="TeX's quotes and dashes"),
        pytest.param(
            "One (Figure 1), two (see Fig. 2b and 3), three (Sec. 4.1), four (Table 2, left), five (figure below).",
            ["One, two, three, four, five."],
            id="brackets that point at figures",
        ),
        pytest.param(
            "As in (Eq. 2), (Figure eight) knots (table tennis, section 3) hold (algorithms).",
            ["As in (Eq. 2), (Figure eight) knots (table tennis, section 3) hold (algorithms)."],
            id="brackets that say something",
        ),
    ],
)
def test_it_reads_as_plain_text(markdown: str, text: list[str]) -> None:
    assert words(markdown) == text


def test_it_remembers_pictures() -> None:
    images = read('![a net](http://x.org/a.png)\n\n<img src="b.jpg">\n\nhttps://i.imgur.com/c.png').images
    assert [(image.address, image.alt) for image in images] == [
        ("http://x.org/a.png", "a net"),
        ("b.jpg", ""),
        ("https://i.imgur.com/c.png", ""),
    ]


@pytest.mark.parametrize(
    ("markdown", "blocks"),
    [
        pytest.param("## Results\n\nIt works.", [(("Results",), "It works.")], id="a heading"),
        pytest.param("##Results\nIt works.", [(("Results",), "It works.")], id="a heading without a space"),
        pytest.param("Results\n=======\nIt works.", [(("Results",), "It works.")], id="an underlined heading"),
        pytest.param("**Results**\n\nIt works.", [((), "It works.")], id="a bold line alone says nothing"),
        pytest.param("**Results:** It works.", [(("Results",), "It works.")], id="a bold lead-in"),
        pytest.param("**Results** It works.", [(("Results",), "It works.")], id="a bold lead-in without a colon"),
        pytest.param("**Batch norm** is a layer.", [((), "Batch norm is a layer.")], id="bold words of a sentence"),
        pytest.param("* What\n  * It works.", [(("What",), "It works.")], id="a label of a nested list"),
        pytest.param("* It works.\n* It is fast.", [((), "It works."), ((), "It is fast.")], id="a list"),
        pytest.param(
            "## Evaluation The learning rate starts at 0.1 and is divided by ten when the error stays.",
            [(("Evaluation",), "The learning rate starts at 0.1 and is divided by ten when the error stays.")],
            id="a heading that swallowed its paragraph",
        ),
        pytest.param(
            "#### What do we gain? The network trains several times faster than it did before.",
            [(("What do we gain?",), "The network trains several times faster than it did before.")],
            id="a question as a heading that swallowed its paragraph",
        ),
    ],
)
def test_it_knows_under_which_heading_a_block_stands(markdown: str, blocks: list[tuple[tuple[str, ...], str]]) -> None:
    assert [(block.section, block.text) for block in read(markdown).blocks] == blocks


@pytest.mark.parametrize(
    ("line", "written"),
    [
        pytest.param("$\\beta$-VAE: {Learning} Basics", "β-VAE: Learning Basics", id="LaTeX and BibTeX's braces"),
        pytest.param("{\\'E}tude on \\emph{Nets}", "Étude on Nets", id="accents"),
        pytest.param("AT&amp;T's @home\u202e", "AT&T's home", id="entities, signs and unseen characters"),
        pytest.param("*Star* and_under", "*Star* and_under", id="Markdown is not read"),
    ],
)
def test_a_line_that_is_no_markdown_keeps_its_stars(line: str, written: str) -> None:
    assert plain(line) == written
