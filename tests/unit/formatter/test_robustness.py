"""Whatever a summary holds: no exception, no post over its limit, the link whole.

`FORMATTER_EXAMPLES=50000` runs as many documents as the specification asks for.
"""

import os
import re
import time
import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.formatter.compose import CannotCompose
from bot.formatter.length import weighted_length
from bot.formatter.links import links
from tests.unit.formatter.samples import a_summary, for_facebook, for_x

EXAMPLES = int(os.environ.get("FORMATTER_EXAMPLES", "300"))
ON_X, ON_FACEBOOK = for_x(), for_facebook()
FORBIDDEN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ue000-\uf8ff]"
)

WORDS = st.sampled_from(
    (
        "the paper proposes a network that counts birds. They show It is this authors (see Fig. 3) 深度学习。 "
        "שלום مرحبا 𝔼 é́ 👩‍💻 🏳️‍🌈 e.g. i.e. et al. README.md "
        "foo.py proposals.In @name ＠name $TICK $5 #1 http://x.org/a www.x.org "
        "&amp; &#0; \\cite{a} \\alpha \\frac{1}{2} \\begin{x} $x_i$ $ $$ \\( \\) \\[ {{ }} {% %} <b> </b> <br> <!-- "
        "![a](b) [a](b) ` ``` "
        "* ** _ __ ~~ > - 1. # ## | --- === \x00 \u202e \u200b \ue000 \ue001 \u2028 \ufeff a. : ; "
        ", … ? ! \" ' ( ) [ ]"
    ).split(" ")
)
LINES = st.lists(WORDS | st.text(max_size=6), max_size=14).map(" ".join)
INDENTS = st.sampled_from(["", "  ", "    ", "* ", "  * ", "1. ", "> ", "> > ", "# ", "#### ", "\t", "$$", "```", "| "])
DOCUMENTS = st.lists(st.tuples(INDENTS, LINES).map("".join), max_size=14).map("\n".join)
SPANS = st.lists(DOCUMENTS | st.text(max_size=40), max_size=3).map("\n\n".join)


@pytest.mark.timeout(120 + EXAMPLES // 20)
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=SPANS, title=LINES, author=st.text(max_size=30), venue=st.text(max_size=20), abstract=LINES)
def test_any_document_makes_posts_that_fit(text: str, title: str, author: str, venue: str, abstract: str) -> None:
    summary = a_summary(
        text=text, title=title, authors=(author,), venue=venue, abstract=abstract, tags=("cs.LG", text[:9])
    )
    for composer in (ON_X, ON_FACEBOOK):
        post = composer.compose(summary).post
        assert not FORBIDDEN.search(post.text)
        assert unicodedata.is_normalized("NFC", post.text)
    on_x = ON_X.compose(summary).post.text
    assert weighted_length(on_x) <= 280
    assert [on_x[link.start : link.end] for link in links(on_x)] == [summary.link]
    assert len(ON_FACEBOOK.compose(summary).post.text) <= 600


HOSTILE = {
    "dotted": "a." * 50_000,
    "dollars": "$" * 5_000,
    "spaced dollars": "$ " * 50_000,
    "brackets": "[" * 50_000,
    "pictures": "![" * 50_000,
    "stars": "*a " * 30_000,
    "underlines": "_a" * 50_000,
    "ticks": "` `` " * 20_000,
    "braces": "$" + "{" * 300 + "$ " + "{" * 50_000,
    "fractions": "$" + "\\frac{" * 60 + "$",
    "environments": "\\begin{a}" * 10_000,
    "a long line": "word " * 20_000,
    "a long word": "x" * 100_000,
    "a long table": "|" * 30_000 + "\n|-|-|\n",
    "headings": "# a\n" * 10_000,
    "items": "1. a\n" * 10_000,
    "nested lists": "".join("  " * depth + "- a\n" for depth in range(300)),
    "comments": "<!--" * 20_000,
    "addresses": "http://a.com/" * 8_000,
    "citations": "in \\cite" * 10_000,
    "abbreviations": "Dr. " * 20_000,
    "commas": "the, " * 20_000,
    "nul": "\0" * 50_000,
    "Chinese": "深度学习。" * 20_000,
    "right to left": "שלום עולם. " * 10_000,
    "emoji": "👩‍💻 " * 20_000,
    "spaces": " " * 100_000 + "a",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_cost_a_bounded_time(name: str) -> None:
    """The bound is wide, for a busy machine; without the bounds on what is read these take minutes."""
    started = time.process_time()
    for summary in (a_summary(text=HOSTILE[name]), a_summary(title=HOSTILE[name])):
        for composer in (ON_X, ON_FACEBOOK):
            try:
                assert composer.compose(summary).length <= composer.limit
            except CannotCompose:
                assert not summary.title.strip()
    assert time.process_time() - started < 5
