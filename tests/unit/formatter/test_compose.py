"""From a summary to a post that fits."""

import re

import pytest

from bot.formatter.compose import CannotCompose, Composer
from bot.formatter.length import weighted_length
from bot.formatter.links import links
from tests.unit.formatter.samples import FACEBOOK, TEMPLATES, X, a_summary, excerpt, for_facebook, for_x, real_summaries

DEED = "This paper proposes a small network that counts birds in photos of the sea."
RESULT = "It outperforms all other networks by two points."
LONG = "The authors show that counting birds is easier than counting fish, because birds seldom hide behind each other"

REMNANTS = re.compile(
    r"\\[A-Za-z]|\$[^\d]|\*\*|(?<!\w)_\w|\]\(|<\w+>|&\w+;|!\[|\{\{|^#+ |[\ue000-\uf8ff\u200b\u202a-\u202e\u2066-\u2069]"
)
real = pytest.mark.parametrize(
    "summary",
    [pytest.param(summary, id=summary.title[:30]) for summary in real_summaries()]
    or [pytest.param(None, marks=pytest.mark.skip("../shared/data/shortscience/summaries.json is missing"))],
)


def test_a_post_on_x_is_title_excerpt_hashtags_and_link() -> None:
    composed = for_x().compose(a_summary(text=f"{DEED} {RESULT}", tags=("cs.CV", "cs.LG")))
    assert composed.post.text == (
        f"A Title of a Paper\n\n{DEED} {RESULT}\n\n#ComputerVision #MachineLearning\n"
        "http://www.shortscience.org/paper?bibtexKey=conf%2Fx%2FLovelace16&a=reader"
    )
    assert composed.length == weighted_length(composed.post.text)
    assert (composed.limit, composed.warnings, composed.gave_way) == (280, (), ())


def test_a_post_on_facebook_has_more_room_and_no_link_in_it() -> None:
    composed = for_facebook().compose(a_summary(text=f"{DEED} {RESULT}", tags=("cs.CV",)))
    assert composed.post.text == (
        f"A Title of a Paper\nAda Lovelace et al. · arXiv 2016\n\n{DEED} {RESULT}\n\n#ComputerVision"
    )
    assert composed.post.link == "http://www.shortscience.org/paper?bibtexKey=conf%2Fx%2FLovelace16&a=reader"
    assert composed.limit == 600


def test_on_facebook_a_paragraph_begins_where_text_was_left_out() -> None:
    text = f"{DEED}\n\nDoes it?\n\nThe authors show that the network needs fewer photos than any other network."
    assert f"{DEED}\n\nThe authors show" in for_facebook().compose(a_summary(text=text)).post.text


def test_facebooks_own_limit_holds_whatever_is_configured() -> None:
    assert for_facebook(max_length=10**9).limit == 63_206


def test_the_excerpts_further_sentences_give_way_first() -> None:
    text = f"{DEED} {RESULT} {LONG}."
    composed = for_x().compose(a_summary(text=text, title="T" * 60, tags=("cs.CV",)))
    assert excerpt(text, title="T" * 60, tags=("cs.CV",)) == f"{DEED} {RESULT}"
    assert "#ComputerVision" in composed.post.text
    assert "T" * 60 in composed.post.text


def test_then_something_in_it_is_left_out_so_that_it_stays_whole() -> None:
    composed = for_x().compose(a_summary(text=f"{LONG}.", title="A " + "T" * 150))
    assert "\n\nCounting birds is easier than counting fish, because birds seldom hide" in composed.post.text
    assert composed.warnings == ("excerpt without its lead-in",)


def test_then_it_is_shortened_at_a_clause() -> None:
    text = "The paper proposes a network that hears all of the birds of a coast without a sound, if only they breathe."
    composed = for_x().compose(a_summary(text=text, title="A " + "T" * 170))
    assert "\n\nThe paper proposes a network that hears all of the birds of a coast…\n" in composed.post.text
    assert composed.warnings == ("excerpt shortened at a clause",)


def test_then_it_goes_and_hashtags_and_title_stay() -> None:
    composed = for_x().compose(a_summary(text=f"{LONG}.", title="A " + "T" * 214, tags=("cs.CV",)))
    assert composed.post.text.startswith("A " + "T" * 214)
    assert "#ComputerVision" in composed.post.text
    assert "ounting birds" not in composed.post.text


def test_then_hashtags_go_the_least_important_first() -> None:
    composed = for_x().compose(a_summary(text=DEED, title="A " + "T" * 235, tags=("cs.CV", "cs.LG")))
    assert "#ComputerVision" in composed.post.text
    assert "#MachineLearning" not in composed.post.text
    assert "hashtags left out" in composed.warnings


def test_at_last_the_title_is_shortened_at_a_word_and_the_link_is_whole() -> None:
    summary = a_summary(text=DEED, title="word " * 80, tags=("cs.CV",))
    composed = for_x().compose(summary)
    assert composed.post.text.split("\n")[0].endswith("word…")
    assert composed.post.text.endswith(summary.link)
    assert composed.gave_way[-1] == "title"
    assert 270 < composed.length <= 280


def test_a_title_without_spaces_is_cut_between_characters() -> None:
    composed = for_x().compose(a_summary(text="", title="深" * 300))
    assert composed.post.text.startswith("深" * 50)
    assert composed.length <= 280


def test_without_a_sentence_the_authors_stand_there() -> None:
    composed = for_x().compose(a_summary(text="* 5 layers\n* batch size 128"))
    assert composed.post.text.split("\n\n")[1] == "Ada Lovelace et al."
    assert composed.warnings == ("no excerpt: nothing in the text could stand there",)


def test_it_says_when_the_abstract_was_used() -> None:
    composed = for_x().compose(a_summary(text="* 5 layers", abstract=DEED))
    assert DEED in composed.post.text
    assert composed.warnings == ("no prose: abstract used",)


def test_it_explains_what_was_considered() -> None:
    composed = for_x().compose(a_summary(text=f"I think that it is good for birds. {DEED}"))
    assert [(sentence.score is None, sentence.place in composed.used) for sentence in composed.considered] == [
        (True, False),
        (False, True),
    ]
    assert composed.considered[0].reasons == ("chatter about the review",)


def test_pictures_are_remembered() -> None:
    composed = for_x().compose(a_summary(text=f"{DEED}\n\n![birds](http://x.org/birds.png)"))
    assert [image.address for image in composed.images] == ["http://x.org/birds.png"]


def test_a_post_holds_one_link_its_own() -> None:
    text = "This paper proposes README.md and proposals.In a file foo.py at http://x.org/a for networks that count."
    composed = for_x().compose(a_summary(text=text, title="About foo.py and node.js", abstract=text))
    assert [composed.post.text[link.start : link.end] for link in links(composed.post.text)] == [composed.post.link]


def test_nobody_is_mentioned_and_nothing_tagged() -> None:
    text = "This paper by @bob, ＠eve and $TSLA proposes a #deep net that is #1 in counting birds."
    assert excerpt(text) == "This paper by bob, eve and TSLA proposes a deep net that is no. 1 in counting birds."


def test_the_template_may_write_the_excerpt_in_capitals_twice() -> None:
    folder = TEMPLATES.parent / "templates"
    assert Composer("twitter.j2", [folder], X, link_in_text=True).compose(a_summary(text=DEED)).length <= 280


def test_a_post_that_cannot_fit_is_refused() -> None:
    with pytest.raises(CannotCompose):
        Composer("facebook.j2", [TEMPLATES], FACEBOOK, link_in_text=False, max_length=3).compose(
            a_summary(title="Title")
        )


@real
def test_a_real_summary_makes_posts_without_a_remnant(summary: object) -> None:
    for composer in (for_x(), for_facebook()):
        composed = composer.compose(summary)  # type: ignore[arg-type]
        assert composed.length <= composed.limit
        assert not REMNANTS.search(composed.post.text.replace(composed.post.link, ""))
        assert composed.used
        for opening, closing in ("()", "[]", "“”"):
            assert composed.post.text.count(opening) == composed.post.text.count(closing)


@real
def test_a_real_post_on_x_has_one_link(summary: object) -> None:
    post = for_x().compose(summary).post  # type: ignore[arg-type]
    assert [post.text[link.start : link.end] for link in links(post.text)] == [post.link]
