import pytest

from bot.source.names import authors, squeeze, tags


@pytest.mark.parametrize(
    ("joined", "expected"),
    [
        ("Chiyuan Zhang and Samy Bengio", ("Chiyuan Zhang", "Samy Bengio")),
        ("Ren, Shaoqing and Girshick, Ross B.", ("Shaoqing Ren", "Ross B. Girshick")),
        ("van der Maaten, Laurens", ("Laurens van der Maaten",)),
        ("Smith, Jr., John", ("John Smith Jr.",)),
        ("Smith, John, Jr.", ("John Smith Jr.",)),
        ("Henry, III, William", ("William Henry III",)),
        ("Ioffe, Sergey and Christian Szegedy", ("Sergey Ioffe", "Christian Szegedy")),
        ("Silver, David and others", ("David Silver",)),
        ("Sun, Jian 0001 and Wei Wang 0049", ("Jian Sun", "Wei Wang")),
        ("  A  B\n and C,  D ", ("A B", "D C")),
        ("Plato", ("Plato",)),
        ("Ada Lovelace; Charles Babbage", ("Ada Lovelace", "Charles Babbage")),
        ("Anderson, Sandy and Band, Andy", ("Sandy Anderson", "Andy Band")),
        ("", ()),
        (None, ()),
    ],
)
def test_it_writes_names_first_name_first(joined: str | None, expected: tuple[str, ...]) -> None:
    assert authors(joined) == expected


@pytest.mark.parametrize(
    ("joined", "expected"),
    [
        ("cs.LG, stat.ML", ("cs.LG", "stat.ML")),
        ("image, imagenet, thema:deepwalk", ("image", "imagenet", "thema:deepwalk")),
        ("dblp", ("dblp",)),
        (" a b ,, a b,c ", ("a b", "c")),
        (None, ()),
    ],
)
def test_it_splits_tags(joined: str | None, expected: tuple[str, ...]) -> None:
    assert tags(joined) == expected


def test_it_puts_text_on_one_line() -> None:
    assert squeeze(" a\n\tb\u00a0 c ") == "a b c"
    assert squeeze(None) == ""
