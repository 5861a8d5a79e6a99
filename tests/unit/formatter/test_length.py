"""How long X counts a text, where the conformance cases say nothing."""

import re
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.formatter import links
from bot.formatter.length import weighted_length, without_links

# What hosts, addresses and what is none of both are made of.
PIECES = (
    "a x com co uk org In README md 1 5 . . . . / // http:// https:// HTTP:// @ # $ - _ é 数 한 xn--p1ai рф "
    "( ) ? q=1 & : 80 t.co/ みんな , ! + ~ ％ ＠ com.com"
).split()


@pytest.mark.parametrize(
    ("text", "length"),
    [
        pytest.param("", 0, id="nothing"),
        pytest.param("README.md", 23, id="a bare name"),
        pytest.param("proposals.In", 23, id="a lost space"),
        pytest.param("foo.bar", 23, id="a name that has become a domain"),
        pytest.param("foo.baz", 7, id="a name that is none"),
        pytest.param("mail me@x.org", 13, id="an address of mail"),
        pytest.param("$x.org", 6, id="behind a sign"),
        pytest.param("(x.org)", 25, id="in brackets"),
        pytest.param("http://x.org/a(b)c?d=e, so", 27, id="an address with brackets and a query"),
        pytest.param("深度.com", 23 - 23 + 8, id="a host not in Latin letters is none without http"),
        pytest.param("http://深度.com", 23, id="with http it is one"),
        pytest.param("https://t.co/abc/def", 23 + 4, id="X's own short address ends with its slug"),
        pytest.param("a\u0301", 1, id="an accent joins its letter"),
        pytest.param("👩🏽‍💻", 2, id="a joined emoji"),
        pytest.param("🇩🇪🇫🇷", 4, id="flags"),
        pytest.param("©", 2, id="a light character that is an emoji"),
        pytest.param(
            "\U0001f9d1\u200d\U0001fa70", 5, id="a joined emoji newer than the table counts the larger weight"
        ),
        pytest.param("\U0001faea", 2, id="an emoji newer than the table"),
        pytest.param("a\r\nb", 3, id="a line end of two characters"),
    ],
)
def test_it_counts_as_x_does(text: str, length: int) -> None:
    assert weighted_length(text) == length


@pytest.mark.parametrize(
    "part",
    [
        "a.",
        "a.com ",
        "日.",
        "_a.com-.",
        "a.co/(",
        "http://",
        "a.co中b.",
        "👩‍💻",
        "-.",
        "xn--.",
        "a.co?",
        "x" * 50 + ".",
    ],
)
def test_the_time_is_linear_in_the_text(part: str) -> None:
    once, fourfold = (measured(part * (count * 20_000 // len(part))) for count in (1, 4))
    assert fourfold < 12 * once + 0.05


def measured(text: str) -> float:
    """Seconds of processor time, the best of three."""
    return min(timed(text) for _ in range(3))


def timed(text: str) -> float:
    started = time.process_time()
    weighted_length(text)
    return time.process_time() - started


def test_a_bare_name_is_broken_with_a_visible_character() -> None:
    assert without_links("See README.md and foo.py.") == "See README․md and foo․py."
    assert weighted_length(without_links("README.md")) == len("README.md") + 1
    assert without_links("It ends. Here 3.5 and e.g. this.") == "It ends. Here 3.5 and e.g. this."


@given(st.lists(st.sampled_from([*PIECES, " ", "\u200e", "a" * 63, "a" * 64]), min_size=1, max_size=25).map("".join))
def test_the_short_way_through_plain_labels_finds_the_same_links(text: str) -> None:
    text = unicodedata.normalize("NFC", text)
    quick = links.links(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(links, "_SIMPLE", re.compile("(?!)"))
        assert links.links(text) == quick
