import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.source.encoding import BYTE_OF, repair

UNLIKELY_CHARACTERS = "".join(map(chr, (*range(0x590, 0x5B0), *range(0x700, 0x900))))
CHARACTER_OF = {byte: character for character, byte in BYTE_OF.items()}


def as_latin1(text: str) -> str:
    """What a client reads that takes the bytes of UTF-8 text for MySQL's latin1."""
    return "".join(CHARACTER_OF[byte] for byte in text.encode())


def test_it_knows_every_byte_of_mysqls_latin1() -> None:
    assert sorted(BYTE_OF.values()) == list(range(256))
    assert as_latin1("layer’s") == "layerâ€™s"
    assert as_latin1("”") == "â€\x9d"


@pytest.mark.parametrize("number", range(0x80, 0x100))
def test_it_repairs_every_character_of_latin1(number: int) -> None:
    assert repair(as_latin1(f"a{chr(number)}b")) == f"a{chr(number)}b"


@pytest.mark.parametrize(
    "text",
    [
        "layer’s",
        "“quoted”",
        "Dollár, Piotr",
        "θ → ∞",
        "日本語",
        "😀 👩‍🔬",
        "Ελληνικά и кириллица",
        "naïve – café…",
        "Łukasz Å",
    ],
)
def test_it_repairs_text_of_any_script(text: str) -> None:
    assert repair(as_latin1(text)) == text


@given(st.text(st.characters(codec="utf-8", exclude_characters=[*UNLIKELY_CHARACTERS])))
def test_it_repairs_any_text(text: str) -> None:
    assert repair(as_latin1(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "plain",
        "Dollár",
        "café",
        "André",
        "São Paulo",
        "Müller und Söhne",
        "“quoted”",
        "“CAFÉ” and naïve",
        "„Fuß“",
        "Fuß“",
        "à «gauche»",
        "à \u00a0«",
        "5 × 3² ± ½",
        "it’s – well… “so”",
        "layer’s → Ã©",
        "日本語",
        "\x00\x81\x9d",
    ],
)
def test_it_leaves_proper_text_alone(text: str) -> None:
    assert repair(text) == text


def test_it_repairs_the_parts_of_a_mixed_text_that_need_it() -> None:
    assert repair("Dollár wrote layerâ€™s and Müller wrote " + as_latin1("“größer”")) == (
        "Dollár wrote layer’s and Müller wrote “größer”"
    )


@pytest.mark.parametrize("character", ["é", "’", "😀"])
def test_it_drops_a_character_that_the_end_of_a_column_has_cut(character: str) -> None:
    for length in range(1, len(character.encode())):
        cut = ("ü and more " + character).encode()[: len("ü and more ".encode()) + length]
        assert repair("".join(CHARACTER_OF[byte] for byte in cut)) == "ü and more "


@pytest.mark.parametrize("tail", ["Ã", "Â", "â€", "ðŸ", "ðŸ˜"])
def test_it_drops_a_tail_that_no_proper_text_ends_in(tail: str) -> None:
    assert repair(f"plain {tail}") == "plain "
