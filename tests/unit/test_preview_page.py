"""The preview page without a browser: what is marked and linked, and that words of others stay words."""

import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest

from bot.mistakes import ConfigMistakes
from bot.preview_page import Piece, display_address, page, pieces, safe_address
from bot.resources import packaged
from tests.previews import HOSTILE, LINK, LONG_WORD, NOW, hostile_plans, plan, planned

FOLDERS = [packaged("templates")]
ACCOUNTS = ("twitter", "facebook")


class Parsed(HTMLParser):
    """The elements of a page with their attributes, and the text between them; of <style> and <title> beside it."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def values(self, name: str) -> list[str]:
        return [attributes[name] or "" for _, attributes in self.elements if name in attributes]


def shown(*posts: object, **rest: object) -> str:
    """The text of a page with these posts on X."""
    return " ".join("".join(Parsed(page([plan("twitter", posts, **rest)], FOLDERS, NOW)).text).split())  # type: ignore[arg-type]


# --- words of others --------------------------------------------------------------------------------------------


def test_nothing_in_a_summary_becomes_an_element_or_an_attribute() -> None:
    posts = {name: [planned(name, "Words #Tag", warnings=("a",)), planned(name, "", due=None)] for name in ACCOUNTS}
    harmless = [plan(name, posts[name], more=1, notes=("b",)) for name in ACCOUNTS]
    plain = Parsed(page(harmless, FOLDERS, NOW, ["c"]))
    hostile = Parsed(page(hostile_plans(), FOLDERS, NOW, HOSTILE))
    assert {tag for tag, _ in hostile.elements} <= {tag for tag, _ in plain.elements}
    known = {name for _, attributes in plain.elements for name in attributes}
    assert {name for _, attributes in hostile.elements for name in attributes} <= known
    assert [tag for tag, _ in hostile.elements if tag in ("script", "img", "iframe", "link", "base")] == []
    assert len([tag for tag, _ in hostile.elements if tag == "style"]) == 1


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_are_shown_as_they_are(words: str) -> None:
    for name in ACCOUNTS:
        parsed = Parsed(page([plan(name, [planned(name, words, warnings=(words,))])], FOLDERS, NOW))
        assert "".join(parsed.text).count(words) >= 1
        assert words in parsed.text


def test_every_address_that_can_be_followed_is_http_or_a_place_on_the_page() -> None:
    parsed = Parsed(page(hostile_plans(), FOLDERS, NOW))
    places = {f"#{place}" for place in parsed.values("id")}
    addresses = parsed.values("href")
    assert LINK in addresses
    assert [one for one in addresses if one not in places and not re.match(r"https?://[\w.]+(?![^/?#])", one)] == []


def test_the_page_loads_nothing_and_forbids_itself_to() -> None:
    text = page([plan("twitter", [planned("twitter", "Words")])], FOLDERS, NOW)
    policies = [rule for tag, rule in Parsed(text).elements if rule.get("http-equiv") == "Content-Security-Policy"]
    assert [rule["content"] for rule in policies] == [
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
    ]
    assert Parsed(text).values("src") == []
    style = text.split("<style>")[1].split("</style>")[0]
    assert "url(" not in style
    assert "@import" not in style


@pytest.mark.parametrize(
    ("address", "safe"),
    [
        (LINK, True),
        ("https://example.org", True),
        ("HTTPS://example.org/", True),
        ("javascript:alert(1)//http://example.org", False),
        ("java\nscript:alert(1)", False),
        (" javascript:alert(1)", False),
        ("data:text/html,<script>", False),
        ("vbscript:x", False),
        ("file:///etc/passwd", False),
        ("//example.org/", False),
        ("http:///nowhere", False),
        ("http://[broken", False),
        ("http://example.org/\u202egpj.exe", False),
        ("http://example.org/a b", False),
        ("", False),
    ],
)
def test_only_web_addresses_can_be_followed(address: str, safe: bool) -> None:
    assert (safe_address(address) is not None) is safe


# --- a post as its readers see it -------------------------------------------------------------------------------


def marked(text: str, link: str = "") -> list[str]:
    return [piece.text for piece in pieces(text, link) if piece.marked]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("#MachineLearning and #NLP", ["#MachineLearning", "#NLP"]),
        ("no. #1, C#, a#b, &#x27; and # alone", []),
        ("＃日本語 #שלום #2fast", ["＃日本語", "#שלום", "#2fast"]),
        ("by @someone, not me@example", ["@someone"]),
        ("see https://example.org/a#b for it", ["example.org/a#b"]),
        ("nothing at all", []),
    ],
)
def test_what_a_network_would_link_is_marked(text: str, expected: list[str]) -> None:
    assert marked(text) == expected


def test_a_posts_own_link_is_shown_short_and_leads_to_all_of_it() -> None:
    text = f"A title\n\nWords. #Tag\n{LINK}"
    assert pieces(text, LINK) == (
        Piece("A title\n\nWords. "),
        Piece("#Tag", marked=True),
        Piece("\n"),
        Piece("shortscience.org/paper?bibtexKe…", marked=True, href=LINK),
    )


@pytest.mark.parametrize("text", [*HOSTILE, LONG_WORD, "#a #b\n\n  #c", ""])
def test_marking_changes_nothing_in_a_post_but_how_addresses_are_shown(text: str) -> None:
    cut = "".join(piece.text for piece in pieces(text, "http://absent.example/"))
    assert re.sub("https?://", "", cut) == re.sub("https?://", "", text)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://example.org", "example.org"),
        ("http://www.example.org/short", "example.org/short"),
        ("https://developer.example.com/en/products/twitter-api", "developer.example.com/en/products/tw…"),
    ],
)
def test_a_link_is_shown_as_x_shows_it(address: str, expected: str) -> None:
    assert display_address(address) == expected


def test_a_link_card_stands_where_the_link_is_not_in_the_text() -> None:
    title = r"Bounds of $\log n$."
    on_facebook = page([plan("facebook", [planned("facebook", "Words.", title=title)])], FOLDERS, NOW)
    assert 'class="card"' in on_facebook
    assert '<span class="host">shortscience.org</span><bdi class="title">Bounds of log n</bdi>' in on_facebook
    assert 'class="card"' not in page([plan("twitter", [planned("twitter", "Words.", title=title)])], FOLDERS, NOW)


@pytest.mark.parametrize(
    ("length", "fullness", "filled"),
    [(140, "", "50.0"), (259, "", "92.5"), (260, "nearly", "92.9"), (281, "over", "100.0")],
)
def test_the_ring_fills_and_warns_as_the_post_grows(length: int, fullness: str, filled: str) -> None:
    text = page([plan("twitter", [planned("twitter", "Words", length=length)])], FOLDERS, NOW)
    assert f'class="ring {fullness}"' in text
    assert f'stroke-dasharray="{filled} 100"' in text
    assert f"{length}/280" in text


def test_beside_a_post_stand_its_moment_in_the_accounts_zone_its_cost_and_its_warnings() -> None:
    due = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)
    text = shown(planned("twitter", "Words", due=due, warnings=("title shortened",)))
    assert "1. Sat 21 Nov 18:30 EST one post every 2h" in text
    assert "Length 200/280" in text
    assert "Cost$0.200" in text
    assert "title shortened" in text
    assert "as of Saturday 21 November 2026, 07:00 EST" in text


def test_the_page_counts_and_says_what_it_leaves_out() -> None:
    text = shown(planned("twitter", "One"), planned("twitter", "Two"), more=7, notes=("the next pull will hold them",))
    assert "2 posts $0.400 in all" in text
    assert "the next pull will hold them" in text
    assert "… and 7 more; --limit shows more at once." in text
    assert "Nothing to post." in shown()
    assert " more; --limit" not in shown()


def test_a_post_that_cannot_be_made_shows_why_and_no_post() -> None:
    text = shown(planned("twitter", "", due=None, why="cannot be composed, would be held: no room", length=0))
    assert "1. never cannot be composed, would be held: no room" in text
    assert "There is no post to show." in text


def test_what_wants_a_persons_eye_stands_at_the_top() -> None:
    text = page([plan("twitter", [])], FOLDERS, NOW, ["twitter is paused: paused by hand"])
    assert text.index("<li>twitter is paused: paused by hand</li>") < text.index("<main>")


# --- the template -----------------------------------------------------------------------------------------------


def test_the_operators_own_template_comes_first(tmp_path: Path) -> None:
    (tmp_path / "preview.html.j2").write_text("{{ count }} of {{ sections[0].name }}", encoding="utf-8")
    assert page([plan("twitter", [planned("twitter", "Words")])], [tmp_path, *FOLDERS], NOW) == "1 of twitter"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("\n{{ cout }}", "templates/preview.html.j2, line 2: 'cout' is undefined"),
        ("\n\n{% if %}", "templates/preview.html.j2, line 3: Expected an expression"),
        ("{% include 'absent.j2' %}", "templates/absent.j2: not found"),
        ("{{ ''.__class__.__mro__ }}", "templates/preview.html.j2, line 1: access to attribute '__class__'"),
    ],
)
def test_a_mistake_in_it_is_named_with_file_and_line(source: str, expected: str, tmp_path: Path) -> None:
    (tmp_path / "preview.html.j2").write_text(source, encoding="utf-8")
    with pytest.raises(ConfigMistakes) as caught:
        page([plan("twitter", [])], [tmp_path], NOW)
    assert str(caught.value).startswith(expected)
