import re
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.formatter.length import LINK_WEIGHT, weighted_length
from bot.source.links import ANONYMOUS, paper_address, summary_link, tidy_address

SITE = "http://www.shortscience.org"
AWKWARD = "10.1002/(SICI)1097-0258(19980815/30)17:15/16<1661::AID-SIM968>3.0.CO;2-2"
KEYS = ["conf/nips/RenHGS15", "journals/corr/1611.03530", "krizhevsky2012imagenet", AWKWARD]
# What twitter-text 3.1 lets stand in the query of a link, and at its end: validUrlQueryChars, validUrlQueryEndingChars.
X_QUERY = re.compile(r"[a-z0-9!?*'@();:&=+$/%#\[\]\-_.,~|]*[a-z0-9\-_&=#/]", re.IGNORECASE)


def asked_for(link: str) -> tuple[str, ...]:
    """Key and username as the site's PHP decodes them."""
    query = parse_qs(urlsplit(link).query, strict_parsing=True)
    return query["bibtexKey"][0], query["a"][0]


@pytest.mark.parametrize(
    "username", ["martinthoma", ANONYMOUS, "m okafor", "jin@lab", "zoë.k", "dot.", "hyphen-", "~", "a&b=c#d+e%20"]
)
@pytest.mark.parametrize("key", [*KEYS, "ends-in-.", "tilde~", "a'b\"c", "100%", "ключ", "a+b c", "x_(y)", "a//b/"])
def test_it_makes_one_link_that_the_site_can_open(key: str, username: str) -> None:
    link = summary_link(SITE, key, username)
    assert asked_for(link) == (key, username)
    assert X_QUERY.fullmatch(urlsplit(link).query)
    assert weighted_length(link) == LINK_WEIGHT
    assert weighted_length(f"({link}). “{link}”") == 2 * LINK_WEIGHT + len("(). “”")
    assert re.fullmatch(r"[A-Za-z0-9:/.?=&%_-]*[A-Za-z0-9]", link)


@given(st.text(min_size=1), st.text(min_size=1))
def test_it_makes_one_link_of_anything(key: str, username: str) -> None:
    try:
        (key + username).encode()
    except UnicodeEncodeError:
        return
    link = summary_link(SITE, key, username)
    assert asked_for(link) == (key, username)
    assert re.fullmatch(r"[A-Za-z0-9:/.?=&%_-]*[A-Za-z0-9]", link)


def test_it_leaves_plain_keys_as_the_site_writes_them() -> None:
    assert summary_link(SITE, KEYS[1], "bob_1") == f"{SITE}/paper?bibtexKey=journals/corr/1611.03530&a=bob_1"
    assert summary_link(f"{SITE}/", KEYS[0], None) == f"{SITE}/paper?bibtexKey=conf/nips/RenHGS15"


@pytest.mark.parametrize(
    ("urls", "key", "expected"),
    [
        ("http://arxiv.org/abs/1611.03530", "x", "https://arxiv.org/abs/1611.03530"),
        ("http://www.a.org/p.pdf, http://arxiv.org/pdf/1611.03530v2.pdf", "x", "https://arxiv.org/abs/1611.03530"),
        ("https://arxiv.org/abs/cs/0301001", "x", "https://arxiv.org/abs/cs/0301001"),
        ("http://a.org/p.pdf, http://dx.doi.org/10.1109/CVPR.2016.90", "x", "https://doi.org/10.1109/CVPR.2016.90"),
        ("ftp://a.org/x, javascript:alert(1), http://a.org/x (1).pdf", "x", "http://a.org/x"),
        ("http://a.org/p_(1).", "x", "http://a.org/p_%281%29%2E"),
        ("", "journals/corr/1611.03530", "https://arxiv.org/abs/1611.03530"),
        (None, "journals/corr/abs-1611-03530", "https://arxiv.org/abs/1611.03530"),
        (None, "10.1038/nature16961", "https://doi.org/10.1038/nature16961"),
        ("not an address", "conf/nips/RenHGS15", None),
        (None, "krizhevsky2012imagenet", None),
        (None, "journals/corr/HeZRS15", None),
    ],
)
def test_it_finds_the_papers_own_address(urls: str | None, key: str, expected: str | None) -> None:
    assert paper_address(urls, key) == expected


def test_it_encodes_an_awkward_doi() -> None:
    address = paper_address(None, AWKWARD)
    assert address is not None
    assert re.fullmatch(r"https://doi\.org/[A-Za-z0-9/%.-]+", address)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (" https://example.org/a?b=c&d=%20#e ", "https://example.org/a?b=c&d=%20#e"),
        ("http://example.org", "http://example.org"),
        ("http://example.org/", "http://example.org/"),
        ("http://example.org/ä b~(c)", "http://example.org/%C3%A4%20b%7E%28c%29"),
        ("http://example.org/100%", "http://example.org/100%25"),
        ("http://bücher.example/x", "http://xn--bcher-kva.example/x"),
        ("HTTP://Example.org:8080/x.", "http://example.org:8080/x%2E"),
        ("http://user:secret@example.org/x", None),
        ("example.org/x", None),
        ("http://", None),
        ("http://a b/", None),
        ("http://[::1/", None),
        ("http://example.org:port/", None),
        ("", None),
        (None, None),
    ],
)
def test_it_tidies_the_addresses_of_others(given: str | None, expected: str | None) -> None:
    assert tidy_address(given) == expected
